"""The tables of a dossier: typed, kept, read again, frozen, printed; and what a form checks across them."""

from decimal import Decimal

import pytest

from applications import actions, completeness
from applications.dossier import present
from applications.models import Submission
from applications.tables import TABLES
from documents.produced import builders
from tests.applications import grids
from tests.applications.test_questions import FILM, answering, filed, film, page_of, posted, question
from tests.documents.conforming import failures
from tests.factories import CallFactory, OrganisationFactory, draft, filed_application

TYPED = {
    "financing": {"source": "fund", "nature": "staff", "label": "Achats", "2026": "1 000,50"},
    "savings": {"nature": "running", "label": "Loyers", "2029": "2000", "recurring": "on"},
    "indicators": {
        "label": "Délai",
        "unit": "jours",
        "baseline": "",
        "target": "12,5",
        "target_year": "2028",
    },
    "milestones": {"label": "Mise en service", "due_on": "2027-06-30", "evidence": "Procès-verbal"},
    "partners": {"name": "Une association", "role": "Essais", "contribution": "300"},
    "components": {"title": "Guichet", "carrier": "Préfecture", "grant": "10", "total_cost": "20"},
}
READ = {
    "financing": ["subvention du fonds", "personnel", "Achats", "1\u202f000,50", "1\u202f000,50"],
    "savings": ["fonctionnement", "Loyers", "oui", "2\u202f000", "2\u202f000"],
    "indicators": ["Délai", "jours", "à mesurer", "", "12,5\u00a0jours", 2028, ""],
    "milestones": ["Mise en service", "30 juin 2027", "Procès-verbal"],
    "partners": ["Une association", "Essais", "300\u00a0€"],
    "components": ["Guichet", "Préfecture", "10\u00a0€", "20\u00a0€", ""],
}


def section(kind, **more):
    return {"key": kind.replace("_", "-"), "kind": kind, "title": kind.capitalize(), "required": True} | more


def with_tables(*kinds, questions=(), checks=(), **call):
    sections = [section(kind) for kind in kinds]
    if questions:
        sections.insert(0, section("text", key="tout", questions=list(questions)))
    return draft(
        call=CallFactory(published=True, form={"sections": sections, "checks": list(checks)}, **call)
    )


def rows(*lines, version=0):
    if any(name.isdecimal() for name in lines[0]):
        years = {name for line in lines for name in line if name.isdecimal()}
        return grids.posted(*lines, years=years, version=version)
    data = {"section_version": version, "rows-TOTAL_FORMS": len(lines), "rows-INITIAL_FORMS": 0}
    for number, line in enumerate(lines):
        data |= {f"rows-{number}-{name}": value for name, value in line.items()}
    return data


def test_every_table_is_kept_frozen_and_read(client, db):
    application = with_tables(*TABLES)
    client.force_login(application.created_by)

    for kind in TABLES:
        client.post(page_of(application, kind), rows(TYPED[kind]))
        shown = as_shown(client.get(page_of(application, kind)))
        client.post(page_of(application, kind), rows(shown, version=1))
    sections = present(filed(application))["sections"]

    assert {
        each["kind"]: [[cell for cell, _ in row] for row in each["table"]["rows"]] for each in sections
    } == {kind: [READ[kind]] for kind in TABLES}


def as_shown(page):
    """The first line as its page gives it back to be typed again."""
    if page.context["grid"]:
        first = page.context["grid"].rows[0]
        amounts = {str(year): text for year, text in first.amounts.items()}
        return {name: "on" if value is True else value for name, value in first.said.items()} | amounts
    return {name: value for name, value in page.context["formset"].initial[0].items() if value is not None}


@pytest.mark.parametrize(
    ("kind", "line", "told"),
    [
        ("partners", {"role": "Essais"}, "Choisissez un organisme ou écrivez son nom."),
        (
            "components",
            TYPED["components"] | {"grant": "30"},
            "La subvention ne dépasse pas le coût total du projet.",
        ),
    ],
)
def test_a_line_that_makes_no_sense_is_told(client, db, kind, line, told):
    application = with_tables(kind)
    client.force_login(application.created_by)

    page = client.post(page_of(application, kind), rows(line))

    assert page.context["formset"].forms[0].non_field_errors() == [told]


def test_the_colleagues_lines_are_shown_beside_ones_own(client, db):
    application = with_tables("milestones")
    client.force_login(application.created_by)
    client.post(page_of(application, "milestones"), rows(TYPED["milestones"]))

    page = client.post(page_of(application, "milestones"), rows(TYPED["milestones"] | {"label": "Le mien"}))

    [theirs] = page.context["theirs"]["rows"]
    assert [cell for cell, _ in theirs] == READ["milestones"]
    assert page.context["formset"].forms[0]["label"].value() == "Le mien"
    assert page.context["version"] == 1


# Checks across answers


HALF = {
    "key": "moitie",
    "left": "@grant",
    "operator": "at_most",
    "share": "0.5",
    "right": "@total_cost",
    "message": "La subvention dépasse la moitié du coût.",
}


def financed(application, grant, own):
    lines = [{"year": 2026, "source": "fund", "amount": Decimal(grant)}]
    lines += [{"year": 2026, "source": "own", "amount": Decimal(own)}]
    actions.set_table(application, "financing", lines, by=application.created_by)
    return completeness.sections(application)


@pytest.mark.parametrize(("grant", "gaps"), [(50, []), (51, ["Financing : " + HALF["message"]])])
def test_a_check_that_does_not_hold_prevents_filing(db, grant, gaps):
    application = with_tables("financing", checks=[HALF])

    assert completeness.gaps(financed(application, grant, 50 if grant == 50 else 49)) == gaps


def test_a_check_that_does_not_block_is_advice(db):
    states = financed(with_tables("financing", checks=[HALF | {"blocking": False}]), 51, 49)

    assert (completeness.gaps(states), completeness.advice(states)) == (
        [],
        ["Financing : " + HALF["message"]],
    )


def test_component_projects_add_up_to_the_threshold_of_the_call(db):
    check = {
        "key": "seuil",
        "left": "@components_grant",
        "operator": "at_least",
        "right": "@threshold",
        "message": "Les projets n’atteignent pas le seuil.",
    }
    application = with_tables("components", checks=[check], threshold=Decimal(100))
    line = {"title": "Guichet", "carrier": "Préfecture", "total_cost": Decimal(90)}

    gaps = []
    for grants in ((60, 39), (60, 40)):
        lines = [line | {"grant": Decimal(grant)} for grant in grants]
        actions.set_table(application, "components", lines, by=application.created_by)
        gaps.append(completeness.missing(application))

    assert gaps == [["Components : Les projets n’atteignent pas le seuil."], []]


def test_a_text_over_a_limit_since_lowered_is_told(db):
    application = with_tables(questions=[question("long_text", max_words=2)])
    answering(application, long_text="un deux trois")

    assert completeness.missing(application) == [
        "Text : « Question long_text » : 3 mots : la limite est de 2. Rien n’est perdu, raccourcissez."
    ]


def test_a_required_column_is_filled_in_on_every_row(db):
    group = question("rows", columns=[{"key": "nom", "type": "short_text", "label": "Nom", "required": True}])
    application = with_tables(questions=[group | {"required": True}])
    answering(application, rows=[{"nom": "Un"}, {"nom": ""}])

    assert completeness.missing(application) == ["Text : « Question rows », ligne 2 : « Nom » est à remplir."]


# What was filed, read again


def test_a_dossier_filed_when_answers_were_texts_alone_is_still_read(db):
    submission = filed_application().submissions.get()
    content = submission.content
    for name in ("anonymous", "round", "indicators", "milestones", "partners", "components"):
        del content[name]
    for each in content["sections"]:
        each["answers"] = [
            {key: answer[key] for key in ("key", "label", "text")} for answer in each["answers"]
        ]

    read = present(
        Submission(
            application=submission.application,
            content=content,
            requested_grant=1,
            total_cost=2,
            promised_savings=3,
        )
    )

    assert read["sections"][0]["answers"][0]["text"] == "Réponse à resume."
    assert read["sections"][4]["table"]["rows"][0][0] == ("subvention du fonds", False)


def test_a_dossier_of_every_kind_prints_to_both_standards(client, db, tmp_path):
    OrganisationFactory(slug="dinum", name="Direction du numérique")
    asked = [question("rows"), question("markdown"), question("siret", confidentiality="secret"), FILM]
    application = with_tables(*TABLES, questions=asked)
    client.force_login(application.created_by)
    typed = {"rows-TOTAL_FORMS": "1", "rows-INITIAL_FORMS": "0", "rows-0-achat": "Un écran"}
    client.post(page_of(application), posted("markdown", "siret", files=[film()], **typed))
    for kind in TABLES:
        client.post(page_of(application, kind), rows(TYPED[kind]))
    target = tmp_path / "dossier.pdf"

    builders["applications.dossier"](str(filed(application).pk), target)

    pdf = target.read_bytes()
    assert (failures(pdf, "ua1"), failures(pdf, "3a")) == (set(), set())
