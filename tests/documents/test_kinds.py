"""Each kind of document, small and large: it keeps to both standards, and says all of its data and nothing else."""

from decimal import Decimal

import pytest
from django.utils import timezone

from applications import actions as applications
from applications.dossier import present
from applications.models import Attachment, FinancingLine, SectionAnswers
from calls.money import euros, grouped
from calls.questionnaire.definition import BLANK_FORM, default_definition, questions_of
from documents.models import StoredFile
from documents.produced import builders
from journal import dates
from selection.access import book_key, statistics_key, whole_book_key
from selection.models import Letter, Score
from tests.documents.conforming import faults, missing, words
from tests.factories import (
    CallFactory,
    FundFactory,
    agenda_item,
    certifier_of,
    committee_session,
    complete_draft,
    filed_application,
    member_of,
    officer_of,
    reviewed_case,
)
from tests.selection.eligibility_factories import turned_down
from tests.selection.letter_factories import over, sent
from tests.selection.minutes_factories import closed_session, signed_by_both

pytestmark = pytest.mark.django_db

SENTENCE = "L’équipe mesure chaque mois, avec les agents, ce que la démarche coûte à l’usager et à l’État. "
HOSTILE = (
    "</style><style>*{display:none}</style><script>alert(1)</script>",
    "<img src=file:///etc/passwd> file:///etc/passwd",
    "![x](http://127.0.0.1:9/a.png) <http://127.0.0.1:9/> [lien](javascript:alert(1))",
    "@import url(http://127.0.0.1:9/a.css); </p></body></html>",
    "<table><tr><td colspan=20000000>x</td></tr></table>",
    "{{ secret }} {% now 'Y' %} &lt;b&gt; &#x41; ]]>",
    "https://exemple.example/" + "a" * 200,  # wider than the sheet
)


@pytest.fixture
def built(tmp_path):
    """Makes a document, and returns its bytes."""

    def build(kind, key):
        target = tmp_path / "document.pdf"
        builders[kind](str(key), target)
        return target.read_bytes()

    return build


def filed(application):
    applications.file_application(application, by=certifier_of(application.organisation))
    application.refresh_from_db()
    return application.submissions.get()


def write(application, **answers):
    """Answer questions of a draft, by their key."""
    for row in SectionAnswers.objects.filter(application=application):
        row.answers |= {key: text for key, text in answers.items() if key in row.answers}
        row.save()


def attach(application, count):
    for number in range(count):
        file = StoredFile.objects.create(
            sha256=f"{number:064x}", size=1000 + number, content_type="application/pdf"
        )
        Attachment.objects.create(
            application=application,
            file=file,
            name=f"Annexe {number} – {'étude_d_impact_détaillée_' * 4}.pdf",
            description=f"Étude d’impact n° {number}",
            added_by=application.created_by,
        )


# The dossier and its receipt


def said_of(submission):
    """What a dossier must say, in order."""
    content = present(submission)
    yield from (content["reference"], content["carrier"], content["requested_grant"], content["total_cost"])
    for section in content["sections"]:
        yield section["title"]
        for answer in section["answers"]:
            yield answer["label"]
            yield from answer["text"].split("\n\n")
        for band in section["bands"]:
            yield from (text for row in band["rows"] for text, _ in row)


def test_a_small_dossier_says_what_was_filed_and_obeys_none_of_it(built):
    application = complete_draft(title="« Simple » & <b>sûr</b>", fictitious=True)
    write(application, resume="\n\n".join(HOSTILE), usagers="Cœur 😀 → 50 %\n\nمرحبا بكم")
    submission = filed(application)

    made = built("applications.dossier", submission.pk)

    assert faults(made) == []
    assert missing(made, ["« Simple » & <b>sûr</b>", *said_of(submission)]) == []
    assert "root:" not in words(made)


def test_what_a_carrier_is_given_tells_nothing_of_its_review(built):
    case = reviewed_case(value=4)
    Score.objects.update(comment="Chiffrage fragile")

    made = [built(kind, case.submission.pk) for kind in ("applications.dossier", "applications.receipt")]

    told = ["Chiffragefragile", "Favorable", "Note", case.get_state_display().replace(" ", "")]
    assert [each for each in told if any(each in words(document) for document in made)] == []


def test_a_dossier_of_12_000_words_and_300_rows_says_them_all(built):
    form = default_definition()
    for _, question in questions_of(form):
        question.pop("max_words", None)
    application = complete_draft(call=CallFactory(published=True, form=form))
    long = [
        f"Fait {number}. {'Au fil de l’an, on va vers le but qui a été dit. ' * 20}".strip()
        for number in range(55)
    ]
    write(application, description="\n\n".join(long))
    FinancingLine.objects.bulk_create(
        FinancingLine(
            application=application,
            row=row,
            year=2019 + row % 2,
            source="own",
            nature="running",
            label=f"Poste {row}, marché interministériel",
            amount=Decimal(1000 + row),
        )
        for row in range(1, 301)
    )
    submission = filed(application)
    assert sum(len(each.split()) for each in long) > 12_000

    made = built("applications.dossier", submission.pk)

    assert faults(made) == []
    assert missing(made, said_of(submission)) == []


@pytest.mark.parametrize("count", [0, 60])
def test_a_receipt_says_what_was_received(built, count):
    application = complete_draft()
    attach(application, count)
    submission = filed(application)

    made = built("applications.receipt", submission.pk)

    files = [part for each in submission.content["attachments"] for part in (each["name"], each["sha256"])]
    told = [
        application.reference, application.title, application.organisation.name, application.call.title,
        dates.moment(submission.filed_at, seconds=True), submission.filed_by.name, "n° 1",
        euros(submission.requested_grant), euros(submission.total_cost), submission.sha256,
    ]  # fmt: skip
    assert (len(files), faults(made)) == (2 * count, [])
    assert missing(made, [*told, *files]) == []


# The blank form


def long_form():
    """Sixty questions, with long helps."""
    question = {"type": "long_text", "required": True, "max_words": 400}
    sections = [
        {
            "key": f"s{at}",
            "title": f"Section {at}",
            "kind": "text",
            "required": True,
            "help": SENTENCE,
            "questions": [
                {
                    "key": f"q{at}-{number}",
                    "label": f"Question {at}.{number}",
                    "help": SENTENCE * 3,
                    **question,
                }
                for number in range(6)
            ],
        }
        for at in range(10)
    ]
    return {"sections": sections, "checks": []}


@pytest.mark.parametrize("form", [default_definition, long_form])
def test_a_blank_form_asks_everything_in_order(built, form):
    call = CallFactory(published=True, form=form())
    version = call.form_versions.get()

    made = built(BLANK_FORM, version.pk)

    asked = [question["label"] for _, question in questions_of(version.definition)]
    assert faults(made) == []
    assert missing(made, [call.title, call.code, *asked]) == []


# Letters


@pytest.mark.parametrize("outcome", ["selected", "reserve", "deferred", "rejected"])
def test_a_letter_says_what_was_decided_and_no_score(built, outcome):
    said = {"selected": "conditions", "deferred": "asked"}.get(outcome)
    sent(over(outcome, **({said: SENTENCE * 40} if said else {})))
    letter = Letter.objects.get()

    made = built("selection.decision_letter", letter.pk)

    content = letter.content
    reasons = [part for pair in content["reasons"] for part in pair]
    assert faults(made) == []
    assert (
        missing(
            made, [content["title"], content["object"], content["reference"], *reasons, content["appeal"]]
        )
        == []
    )
    assert [each for each in ("Note", "Moyenne", "/5") if each in words(made)] == []


@pytest.mark.parametrize("times", [1, 60])
def test_a_letter_of_ineligibility_says_its_reason(built, times):
    case = turned_down(filed_application(), reason=SENTENCE * times)

    made = built("selection.ineligibility_letter", case.pk)

    assert faults(made) == []
    assert (
        missing(made, [case.application.reference, case.title, case.carrier, SENTENCE * times, "R. 421-1"])
        == []
    )


# The committee


@pytest.mark.parametrize("items", [1, 20])
def test_minutes_say_each_decision(built, items):
    minutes = signed_by_both(closed_session(items=items))

    made = built("selection.minutes", minutes.pk)

    assert faults(made) == []
    references = [item["reference"] for item in minutes.recorded["items"]]
    assert missing(made, [minutes.session.title, *references, minutes.sha256]) == []


def test_a_book_whole_or_personal_says_each_dossier(built):
    session = committee_session(FundFactory())
    items = [agenda_item(session, title=f"Projet du livre {number}") for number in (1, 2)]
    member = member_of(session.committee).user

    made = [
        built("selection.committee_book", key) for key in (whole_book_key(session), book_key(member, session))
    ]

    said = [
        *(str(item) for item in items),
        *(text for item in items for text in said_of(item.case.submission)),
    ]
    assert [each for book in made for each in faults(book) if not each.startswith("number")] == []
    assert [missing(each, said) for each in made] == [[], []]


@pytest.mark.parametrize("count", [1, 9])
def test_statistics_count_the_dossiers(built, count):
    call = CallFactory(published=True)
    for _ in range(count):
        filed_application(call=call)
    reader = officer_of(call.fund)

    made = built("selection.statistics", statistics_key(reader, call))

    assert faults(made) == []
    assert missing(made, [call.title, dates.day(timezone.localdate()), grouped(count)]) == []
