"""What makes a form of a valid shape unfit to be published, each told in one French sentence."""

import pytest

from calls.questionnaire.coherence import problems, quantities
from calls.questionnaire.definition import default_definition

YES_NO = {"key": "groupe", "type": "boolean", "label": "Groupé ?"}
COUNT = {"key": "nombre", "type": "integer", "label": "Combien ?"}
CHOICE = {
    "key": "voie",
    "type": "choice",
    "label": "Voie",
    "choices": [{"key": "a", "label": "A"}, {"key": "b", "label": "B"}],
}
CHECK = {"key": "k", "left": "@grant", "operator": "at_most", "amount": "1", "message": "Trop"}


def when(asked, operator="answered", value=None):
    return {
        "condition": {"match": "all", "tests": [{"question": asked, "operator": operator, "value": value}]}
    }


def section(*questions, key="s", kind="text", **fields):
    return {"key": key, "title": key.upper(), "kind": kind, "questions": list(questions), **fields}


def form(*sections, checks=()):
    return {"sections": list(sections), "checks": list(checks)}


@pytest.mark.parametrize(
    "definition",
    [
        default_definition(),
        form(section(YES_NO, COUNT | when("groupe", "is", True))),
        form(section(YES_NO), section(COUNT, key="t", **when("groupe", "is", False))),
        form(section(CHOICE, COUNT | when("voie", "is_not", "b"))),
        form(section(COUNT), checks=[CHECK | {"left": "nombre"}]),
    ],
)
def test_a_sound_form_has_no_problem(definition):
    assert problems(definition) == []


@pytest.mark.parametrize(
    ("definition", "told"),
    [
        (form(), "Le formulaire n’a aucune section."),
        (form(section()), "La section « S » n’a aucune question."),
        (form(section(COUNT), section(YES_NO)), "Deux sections ont la même clé « s »."),
        (form(section(COUNT, COUNT | {"label": "Et ?"})), "Deux questions ont la même clé « nombre »."),
        (
            form(section(COUNT), checks=[CHECK | {"left": "nombre"}] * 2),
            "Deux contrôles ont la même clé « k ».",
        ),
        (
            form(section(kind="savings"), section(key="t", kind="savings")),
            "La section « T » existe en double : une seule suffit.",
        ),
        (
            form(section(COUNT | when("partie"))),
            "« Combien ? » dépend d’une question qui n’existe pas ou plus (« partie »).",
        ),
        (
            form(section(COUNT | when("groupe"), YES_NO)),
            "« Combien ? » dépend de « Groupé ? », qui vient après :"
            " une condition porte sur une question posée avant.",
        ),
        (
            form(section(COUNT, **when("groupe")), section(YES_NO, key="t")),
            "« S » dépend de « Groupé ? », qui vient après :"
            " une condition porte sur une question posée avant.",
        ),
        (
            form(section(YES_NO, COUNT | when("groupe", "at_least", "2"))),
            "La condition de « Combien ? » ne convient pas aux réponses à « Groupé ? ».",
        ),
        (
            form(section(CHOICE, COUNT | when("voie", "is", "c"))),
            "La condition de « Combien ? » attend une réponse que « Voie » ne propose pas.",
        ),
        (
            form(section(COUNT, YES_NO | when("nombre", "at_least", "beaucoup"))),
            "La condition de « Groupé ? » attend une réponse que « Combien ? » ne propose pas.",
        ),
        (
            form(section(COUNT), checks=[CHECK]),
            "Le contrôle « Trop » compte avec « @grant », que ce formulaire ne demande pas.",
        ),
        (
            form(section(YES_NO), checks=[CHECK | {"left": "groupe"}]),
            "Le contrôle « Trop » compte avec « groupe », que ce formulaire ne demande pas.",
        ),
        (
            form(section(COUNT), checks=[CHECK | {"left": "nombre"} | when("partie")]),
            "Le contrôle « Trop » dépend d’une question qui n’existe pas ou plus (« partie »).",
        ),
        (
            form(section(CHOICE, COUNT), checks=[CHECK | {"left": "nombre"} | when("voie", "is", "c")]),
            "La condition du contrôle « Trop » attend une réponse que « Voie » ne propose pas.",
        ),
        (
            form(section(COUNT | {"criterion": "perdu"})),
            "« Combien ? » est rattachée à un critère qui n’existe pas ou plus.",
        ),
    ],
)
def test_what_does_not_hold_together_is_told(definition, told):
    assert problems(definition) == [told]


@pytest.mark.parametrize(
    ("definition", "labels"),
    [
        (form(section(COUNT | when("nombre"))), ["Combien ?"]),
        (form(section(COUNT | when("groupe"), YES_NO | when("nombre"))), ["Groupé ?", "Combien ?"]),
        (form(section(COUNT, **when("nombre"))), ["Combien ?"]),
    ],
)
def test_questions_that_wait_for_each_other_are_named(definition, labels):
    [told, *_] = problems(definition)

    assert told.startswith("Des questions dépendent l’une de l’autre en rond : ")
    assert sorted(part for part in labels if f"« {part} »" in told) == sorted(labels)


def test_three_hundred_questions_in_a_chain_are_judged_at_once():
    questions = [COUNT | {"key": f"q{number}"} for number in range(300)]
    chained = [questions[0]] + [
        question | when(f"q{number}") for number, question in enumerate(questions[1:])
    ]

    assert problems(form(section(*chained))) == []


def test_a_check_may_compute_with_what_the_form_asks():
    lines = {"key": "achats", "type": "rows", "label": "Achats", "columns": [COUNT, YES_NO]}

    known = [reference for reference, _ in quantities(form(section(COUNT | {"key": "n"}, lines)))]

    assert known == ["@threshold", "@ceiling", "n", "achats.nombre", "achats.#"]


@pytest.mark.parametrize("key", ["version", "periode-debut"])
def test_a_key_that_a_page_needs_for_itself_is_refused(key):
    told = f"La clé « {key} » est réservée : donnez-en une autre à cette question."

    assert problems(form(section(YES_NO | {"key": key}))) == [told]


def test_a_section_that_no_server_would_take_at_once_is_refused():
    columns = [COUNT | {"key": f"n{number}"} for number in range(12)]
    group = {"key": "g", "type": "rows", "label": "G", "columns": columns, "max_rows": 200}

    [told] = problems(form(section(group, group | {"key": "h"})))

    assert told.startswith("La section « S » demande jusqu’à 10000 réponses d’un coup : 5000 au plus.")
