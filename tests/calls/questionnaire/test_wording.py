"""Conditions and checks in French."""

import pytest

from calls.questionnaire.wording import asked_only_if, check_words

QUESTIONS = [
    {"key": "groupe", "type": "boolean", "label": "Dossier groupé ?"},
    {"key": "cout", "type": "amount", "label": "Coût"},
    {"key": "taux", "type": "percentage", "label": "Taux"},
    {"key": "agents", "type": "integer", "label": "Agents formés", "unit": "agents"},
    {"key": "engagement", "type": "declaration", "label": "Je m’engage"},
    {
        "key": "publics",
        "type": "choices",
        "label": "Publics",
        "choices": [{"key": "agents", "label": "Agents"}, {"key": "usagers", "label": "Usagers"}],
    },
    {
        "key": "achats",
        "type": "rows",
        "label": "Achats",
        "columns": [{"key": "montant", "type": "amount", "label": "Montant"}],
    },
]
FORM = {"sections": [{"key": "s", "title": "S", "kind": "text", "questions": QUESTIONS}], "checks": []}


def condition(*tests, match="all"):
    named = [dict(zip(("question", "operator", "value"), test, strict=False)) for test in tests]
    return {"match": match, "tests": named}


@pytest.mark.parametrize(
    ("given", "said"),
    [
        (condition(("groupe", "is", True)), "la réponse à « Dossier groupé ? » est « Oui »"),
        (condition(("groupe", "is_not", True)), "la réponse à « Dossier groupé ? » est autre que « Oui »"),
        (condition(("publics", "includes", "agents")), "la réponse à « Publics » contient « Agents »"),
        (
            condition(("publics", "excludes", "usagers")),
            "la réponse à « Publics » ne contient pas « Usagers »",
        ),
        (
            condition(("cout", "at_least", "500000")),
            "la réponse à « Coût » vaut au moins 500\u202f000\u00a0€",
        ),
        (
            condition(("agents", "at_most", "12")),
            "la réponse à « Agents formés » vaut au plus 12\u00a0agents",
        ),
        (condition(("engagement", "is", True)), "« Je m’engage » est cochée"),
        (condition(("cout", "answered")), "« Coût » a une réponse"),
        (condition(("cout", "not_answered")), "« Coût » n’a pas de réponse"),
        (
            condition(("groupe", "is", True), ("cout", "answered"), match="any"),
            "la réponse à « Dossier groupé ? » est « Oui » ou si « Coût » a une réponse",
        ),
        (condition(("partie", "answered")), "« partie » a une réponse"),
        (condition(("publics", "includes", "partis")), "la réponse à « Publics » contient « partis »"),
        (condition(("cout", "at_least", "beaucoup")), "la réponse à « Coût » vaut au moins beaucoup"),
    ],
)
def test_a_condition_is_said_in_french(given, said):
    assert asked_only_if(given, FORM) == f"À remplir seulement si {said}."


def test_what_is_always_asked_says_nothing():
    assert asked_only_if(None, FORM) == ""


@pytest.mark.parametrize(
    ("check", "said"),
    [
        (
            {"left": "@grant", "operator": "at_most", "share": "0.5", "right": "@total_cost"},
            "La subvention demandée vaut au plus 50\u00a0% du coût total.",
        ),
        (
            {"left": "@savings", "operator": "at_least", "share": "1.5", "right": "@grant"},
            "Les économies attendues valent au moins 1,5 fois la subvention demandée.",
        ),
        (
            {"left": "@components_grant", "operator": "at_least", "right": "@threshold"},
            "La somme des subventions des projets composants vaut au moins le seuil de l’appel pour ce porteur.",
        ),
        (
            {"left": "@grant", "operator": "at_least", "amount": "100000.00"},
            "La subvention demandée vaut au moins 100\u202f000\u00a0€.",
        ),
        (
            {"left": "taux", "operator": "at_most", "amount": "50.0000"},
            "La réponse à « Taux » vaut au plus 50\u00a0%.",
        ),
        (
            {"left": "achats.montant", "operator": "equal", "right": "cout"},
            "La somme de « Montant » dans « Achats » vaut exactement la réponse à « Coût ».",
        ),
        (
            {"left": "achats.montant", "operator": "at_most", "amount": "1000"},
            "La somme de « Montant » dans « Achats » vaut au plus 1\u202f000\u00a0€.",
        ),
        (
            {"left": "achats.#", "operator": "at_least", "amount": "2.00"},
            "Le nombre de lignes de « Achats » vaut au moins 2.",
        ),
        (
            {
                "left": "@components",
                "operator": "at_least",
                "amount": "2",
                "condition": condition(("groupe", "is", True)),
            },
            "Si la réponse à « Dossier groupé ? » est « Oui », le nombre de projets composants vaut au moins 2.",
        ),
        (
            {"left": "partie.montant", "operator": "at_most", "right": "@inconnue"},
            "La somme de « montant » dans « partie » vaut au plus @inconnue.",
        ),
    ],
)
def test_a_check_is_said_in_french(check, said):
    assert check_words(check, FORM) == said
