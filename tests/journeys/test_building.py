"""The four real calls, built from nothing through the pages: what the portal then exports is what was typed."""

import hashlib
from datetime import date, datetime, timedelta
from decimal import Decimal

import pytest
from django.utils.timezone import localdate, localtime, make_aware

from calls.exchange import archive
from calls.exchange.schema import CallContent
from calls.models import Call, FormVersion, Programme
from calls.questionnaire.schema import plain
from tests import factories
from tests.calls.exchanged import REAL, document, pdf, uploaded
from tests.journeys import building
from tests.journeys.everything import everything

SPECIFICATIONS = pdf("Cahier des charges")
# What no source says of these calls, and that an officer has to say, or might.
UNSAID = {
    "contact_email": "appel@secretariat.example",
    "description": "Le fonds finance :\n\n- le numérique ;\n- l’organisation.",
    "next_steps": "Le secrétariat vous écrit sous dix jours.",
    "documents": [
        {
            "kind": "specifications",
            "title": "Cahier des charges de l’appel",
            "name": "cahier.pdf",
            "sha256": hashlib.sha256(SPECIFICATIONS).hexdigest(),
            "size": len(SPECIFICATIONS),
            "content_type": "application/pdf",
        }
    ],
}
SEVERAL = ["2018-03-16T00:00:00+01:00", "2018-06-15T12:00:00+02:00", "2018-10-01T00:00:00+02:00"]
LEVELS = [
    {"score": 0, "text": "Rien ne le montre."},
    {"score": 5, "text": "Tout est prouvé : essais, chiffres."},
]


def test_a_contest_is_built_from_nothing_and_comes_out_as_it_was_typed(enter, tmp_path):
    wanted = to_come(document("futurs-publics-2018")["call"])

    got = built_and_exported(wanted, enter, tmp_path)

    assert by_position(got) == by_position(wanted)


@pytest.mark.heavy
@pytest.mark.parametrize("name", sorted(REAL.keys() - {"futurs-publics-2018"}))
def test_a_real_call_is_built_from_nothing_and_comes_out_as_it_was_typed(name, enter, tmp_path):
    wanted = to_come(document(name)["call"])

    got = built_and_exported(wanted, enter, tmp_path)

    assert by_position(got) == by_position(wanted)


@pytest.mark.heavy
def test_all_that_a_call_can_say_is_built_from_nothing_and_comes_out_as_it_was_typed(enter, tmp_path):
    wanted = to_come(everything())

    got = built_and_exported(wanted, enter, tmp_path)

    assert by_position(got) == by_position(wanted)


# The way


def built_and_exported(wanted, enter, tmp_path):
    """Have two people build and publish a call, and read the file that the portal then hands out."""
    fund = factories.FundFactory(slug=wanted["fund"])
    if "programme" in wanted:
        Programme.objects.create(
            fund=fund, slug=wanted["programme"], position=1, name="Un programme du fonds"
        )
    for slug in wanted.get("themes", []):
        factories.ThemeFactory(slug=slug, label=f"Thème {slug}")
    specifications = tmp_path / "cahier.pdf"
    specifications.write_bytes(SPECIFICATIONS)
    officer = enter("agent", factories.officer_of(fund))
    head = enter("responsable", factories.head_of(fund))

    building.build(officer, wanted, specifications=specifications)
    building.submit(officer)
    building.publish(head, wanted)

    officer.page.reload()
    content, carried = archive.read(uploaded(officer.download("L’appel entier dans un fichier")))
    assert FormVersion.objects.get().call == Call.objects.get(state=Call.State.PUBLISHED)
    assert carried == {hashlib.sha256(SPECIFICATIONS).hexdigest(): "application/pdf"}
    return plain(content)


# The document


def to_come(call):
    """The plain document of a call, at dates to come, with what no source says of it."""
    call |= UNSAID
    call.pop("sources", None)  # facts of the past call, which nobody types
    if call.get("threshold_base") == "unspecified":
        call["threshold_base"] = "grant"
    if "max_rate" in call:
        call["max_rate"] = f"{Decimal(call['max_rate']):.4f}"  # as the database gives it back
    call["criteria"][0] |= {"levels": LEVELS, "minimum": 2}
    call["opens_at"] = call.get("opens_at") or "2018-02-01T09:30:00+01:00"
    call["rounds"] = call.get("rounds") or SEVERAL
    first = datetime.fromisoformat(call["rounds"][0]).date()
    later = timedelta(weeks=(localdate() - first).days // 7 + 10)
    call["rounds"] = [moved(each, later) for each in call["rounds"]]
    for name in ("opens_at", "questions_until"):
        if name in call:
            call[name] = moved(call[name], later)
    for name in ("committee_on", "announced_on"):
        if name in call:
            call[name] = (date.fromisoformat(call[name]) + later).isoformat()
    return plain(CallContent.model_validate(call))


def moved(text, later):
    """The same hour of Paris, another day, whatever the season."""
    there = localtime(datetime.fromisoformat(text)).replace(tzinfo=None) + later
    return make_aware(there).isoformat()


def by_position(call):
    """The document with its keys replaced by the place of what they name: the builder makes keys of its own."""
    form = call["form"]
    questions = [question for section in form["sections"] for question in section.get("questions", [])]
    names = {criterion["key"]: f"critere {n}" for n, criterion in enumerate(call["criteria"])}
    asked = {question["key"]: f"question {n}" for n, question in enumerate(questions)}
    columns = {
        f"{question['key']}.{column['key']}": f"{asked[question['key']]}.{n}"
        for question in questions
        for n, column in enumerate([*question.get("columns", []), {"key": "#"}])
    }
    options = {
        (question["key"], option["key"]): f"reponse {n}"
        for question in questions
        for n, option in enumerate(question.get("choices", []))
    }

    def ordered(pieces, **changes):
        return [
            {**piece, "key": n} | {name: change(piece) for name, change in changes.items() if name in piece}
            for n, piece in enumerate(pieces)
        ]

    def condition(piece):
        tests = [
            test
            | {"question": asked[test["question"]]}
            | (
                {"value": options.get((test["question"], test["value"]), test["value"])}
                if "value" in test
                else {}
            )
            for test in piece["condition"]["tests"]
        ]
        return piece["condition"] | {"tests": tests}

    def side(name):
        def renamed(check):
            return asked.get(check[name]) or columns.get(check[name]) or check[name]

        return renamed

    def choices(piece):
        return ordered(piece["choices"])

    return call | {
        "criteria": ordered(call["criteria"]),
        "form": {
            "sections": ordered(
                form["sections"],
                condition=condition,
                questions=lambda section: ordered(
                    section["questions"],
                    criterion=lambda question: names[question["criterion"]],
                    condition=condition,
                    choices=choices,
                    columns=lambda question: ordered(question["columns"], choices=choices),
                ),
            ),
            "checks": ordered(
                form.get("checks", []), left=side("left"), right=side("right"), condition=condition
            ),
        },
    }
