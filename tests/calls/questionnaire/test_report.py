"""What is told of a form before it is public."""

import pytest
from django.urls import reverse

from calls.questionnaire.definition import default_definition
from calls.questionnaire.report import filling_minutes, filling_time, most_words, report
from tests.calls.questionnaire.forms import every_type
from tests.factories import CallFactory, auditor_of, officer_of


def form(*questions, **fields):
    return {"sections": [{"key": "s", "title": "S", "kind": "text", "questions": list(questions), **fields}]}


def question(key="q", **fields):
    return {
        "key": key,
        "type": "boolean",
        "label": "Oui ?",
        "help": "Aide.",
        "confidentiality": "public",
    } | fields


def told(definition, criteria=()):
    return {
        theme.title: [finding.text for finding in theme.findings] for theme in report(definition, criteria)
    }


def test_a_form_that_reads_well_has_nothing_told():
    assert told(form(question(criterion="c")), [("c", "Critère")]) == {}


@pytest.mark.parametrize(
    ("asked", "theme", "finding"),
    [
        (question(help=""), "Questions sans aide", "« Oui ? » : aucune aide."),
        (
            question(help="mot " * 26),
            "Lisibilité",
            "Phrase de 26 mots : « mot mot mot mot mot mot mot mot… »",
        ),
        (
            question(label="mot " * 21),
            "Lisibilité",
            f"« {'mot ' * 21} » : intitulé de 21 mots. Mettez le détail dans l’aide.",
        ),
        (
            question(help="Le RGAA s’applique."),
            "Lisibilité",
            "« RGAA » n’est écrit en entier nulle part, suivi de « (RGAA) ».",
        ),
        (
            question(type="choice", choices=[{"key": f"c{n}", "label": "Choix"} for n in range(16)]),
            "Choix",
            "« Oui ? » : 16 réponses proposées. Regroupez-les en 15 au plus.",
        ),
        (
            question(confidentiality="administration"),
            "Ensemble du formulaire",
            "Aucune réponse n’est publique : rien du formulaire ne pourra présenter un lauréat.",
        ),
    ],
)
def test_what_could_be_better_is_told_with_its_place(asked, theme, finding):
    assert told(form(asked)) == {theme: [finding]}


def test_an_acronym_written_in_full_once_is_known():
    spelled = question("a", help="Le référentiel d’accessibilité (RGAA) oblige.")

    assert told(form(spelled, question("b", help="Le RGAA ?"))) == {}


def test_criteria_and_questions_that_ignore_each_other_are_told():
    asked = [question("a", criterion="c"), question("b")]

    assert told(form(*asked), [("c", "Suivi"), ("d", "Oublié")]) == {
        "Critères sans question": ["« Oublié » n’est informé par aucune question."],
        "Ensemble du formulaire": ["1 question sur 2 n’informe aucun critère."],
    }


def test_a_form_that_requires_almost_everything_is_told():
    asked = [question(f"q{number}", required=True) for number in range(6)]

    assert told(form(*asked)) == {
        "Ensemble du formulaire": [
            "6 questions sur 6 sont obligatoires : gardez celles qui le sont vraiment."
        ]
    }


def test_the_time_grows_with_what_is_asked():
    short, long = question(type="long_text", max_words=100), question(type="long_text", max_words=950)

    assert filling_minutes(form(long)) == pytest.approx(80)  # 760 words written, 9.5 a minute
    assert (filling_time(form()), filling_time(form(short)), filling_time(form(long))) == (
        "environ 15\u00a0min",
        "environ 15\u00a0min",
        "environ 1\u00a0h 15",
    )
    assert filling_time({"sections": []}) == ""


def test_the_words_that_may_be_written_are_added():
    asked = [question("a", type="long_text", max_words=100), question("b", type="short_text"), question("c")]

    assert most_words(form(*asked)) == (100, 1)


@pytest.mark.parametrize("definition", [every_type(), default_definition()])
def test_every_type_and_every_kind_of_section_is_counted(definition):
    assert filling_minutes(definition) > 0
    assert isinstance(told(definition), dict)


@pytest.mark.parametrize(("who", "place"), [(officer_of, "calls:form_builder"), (auditor_of, "calls:form")])
def test_the_page_gives_each_finding_the_way_to_its_question(db, client, who, place):
    call = CallFactory(form=form(question(help="")) | {"checks": []})
    client.force_login(who(call.fund))

    page = client.get(reverse("calls:form_report", args=[call.slug])).content.decode()

    assert page.count(f'href="{reverse(place, args=[call.slug])}#question-q"') == 1


def test_a_form_without_a_section_is_not_judged(db, client):
    call = CallFactory(form={"sections": [], "checks": []})
    client.force_login(auditor_of(call.fund))

    page = client.get(reverse("calls:form_report", args=[call.slug])).content.decode()

    assert "Ce formulaire n’a encore aucune section." in page
