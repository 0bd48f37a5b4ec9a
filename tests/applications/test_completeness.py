"""What a dossier still lacks, said section by section."""

from decimal import Decimal

import pytest

from applications import completeness
from applications.models import FinancingLine
from calls.models import Call, CarrierRule
from calls.questionnaire.types import word_count
from tests.factories import CallFactory, OrganisationFactory, complete_draft, draft

FINANCING = "Plan de financement"


def gaps_with(lines, call=None, kind="operateur", **rules):
    """What the financing plan lacks under the rules of a call; lines are (source, euros)."""
    call = call or CallFactory(published=True, **rules)
    application = complete_draft(call=call, organisation=OrganisationFactory(kind=kind))
    application.financing_lines.all().delete()
    for source, amount in lines:
        FinancingLine.objects.create(
            application=application, year=2018, source=source, amount=Decimal(amount)
        )
    return [gap.removeprefix(f"{FINANCING} : ") for gap in completeness.missing(application)]


def test_a_complete_dossier_lacks_nothing(db):
    assert completeness.missing(complete_draft()) == []


def test_an_empty_draft_lacks_every_required_answer(db):
    application = draft()

    missing = completeness.missing(application)

    required = [
        question
        for section in application.form.sections
        for question in section.get("questions", [])
        if question["required"]
    ]
    assert len(missing) == len(required) + 2
    assert missing[0] == "Le projet : « Résumé du projet » est à remplir."
    assert missing[-2:] == [
        "Plan de financement : ajoutez au moins une ligne.",
        "Économies attendues : ajoutez au moins une ligne, même à zéro si le projet n’attend pas d’économie.",
    ]


def test_an_answer_of_spaces_is_no_answer(db):
    application = complete_draft()
    row = application.sections.get(section_key="projet")
    row.answers["resume"] = " \n "
    row.save()

    assert completeness.missing(application) == ["Le projet : « Résumé du projet » est à remplir."]


def test_an_optional_answer_may_be_left_out(db):
    application = complete_draft()
    row = application.sections.get(section_key="gouvernance")
    row.answers["risques"] = ""
    row.save()

    assert completeness.missing(application) == []


def test_a_plan_without_the_fund_asks_for_nothing(db):
    assert gaps_with([("own", 5)]) == ["aucune ligne ne demande de subvention au fonds."]


BELOW = "le montant ({}\u202f000\u00a0€) est inférieur au seuil de l’appel (500\u202f000\u00a0€)."
ABOVE = "le montant ({}\u202f000\u00a0€) dépasse le plafond de l’appel (500\u202f000\u00a0€)."


@pytest.mark.parametrize(
    ("base", "grant", "own", "expected"),
    [
        (Call.Base.GRANT, 500_000, 0, []),
        (Call.Base.GRANT, 499_000, 9_000, [BELOW.format(499)]),
        (Call.Base.UNSPECIFIED, 499_000, 9_000, []),
        (Call.Base.UNSPECIFIED, 490_000, 9_000, [BELOW.format(499)]),
        (Call.Base.TOTAL_COST, 499_000, 9_000, []),
        (Call.Base.TOTAL_COST, 400_000, 99_000, [BELOW.format(499)]),
        (Call.Base.ELIGIBLE_COST, 400_000, 100_000, []),
        (Call.Base.ELIGIBLE_COST, 400_000, 99_000, [BELOW.format(499)]),
    ],
)
def test_a_threshold_bears_on_its_base(db, base, grant, own, expected):
    lines = [("fund", grant), ("own", own)]

    assert gaps_with(lines, threshold=Decimal(500_000), threshold_base=base) == expected


@pytest.mark.parametrize(
    ("base", "grant", "own", "expected"),
    [
        (Call.Base.GRANT, 500_000, 900_000, []),
        (Call.Base.GRANT, 501_000, 0, [ABOVE.format(501)]),
        (Call.Base.TOTAL_COST, 400_000, 101_000, [ABOVE.format(501)]),
        (Call.Base.ELIGIBLE_COST, 400_000, 101_000, []),
        (Call.Base.UNSPECIFIED, 501_000, 9_000, [ABOVE.format(501)]),
    ],
)
def test_a_ceiling_bears_on_its_base(db, base, grant, own, expected):
    lines = [("fund", grant), ("own", own)]

    assert gaps_with(lines, ceiling=Decimal(500_000), threshold_base=base) == expected


def test_a_call_reserved_to_others_takes_no_dossier(db):
    call = CallFactory(published=True)
    CarrierRule.objects.create(call=call, kind="juridiction")

    assert gaps_with([("fund", 5)], call=call) == [
        "cet appel est réservé à d’autres organismes que le vôtre : juridiction."
    ]


TERRITORIAL = " pour un organisme de nature « service déconcentré »"


@pytest.mark.parametrize(
    ("kind", "grant", "expected"),
    [
        ("operateur", 499_000, [BELOW.format(499)]),
        ("operateur", 600_000, []),
        ("service-deconcentre", 200_000, []),
        (
            "service-deconcentre",
            199_000,
            [BELOW.format(199).replace("appel (500", f"appel{TERRITORIAL} (200")],
        ),
        ("service-deconcentre", 500_000, []),
        ("service-deconcentre", 501_000, [ABOVE.format(501).replace("appel", f"appel{TERRITORIAL}")]),
    ],
)
def test_a_kind_of_carrier_has_its_own_amounts(db, kind, grant, expected):
    call = CallFactory(published=True, threshold=Decimal(500_000), threshold_base=Call.Base.GRANT)
    CarrierRule.objects.create(call=call, kind="operateur")
    CarrierRule.objects.create(
        call=call, kind="service-deconcentre", threshold=Decimal(200_000), ceiling=Decimal(500_000)
    )

    assert gaps_with([("fund", grant), ("own", 9_000)], call=call, kind=kind) == expected


def test_a_call_may_ask_for_cofinancing(db):
    assert gaps_with([("fund", 5)], cofinancing_required=True) == [
        "cet appel exige un cofinancement : ajoutez une autre source que le fonds."
    ]
    assert gaps_with([("fund", 5), ("partner", 1)], cofinancing_required=True) == []


@pytest.mark.parametrize(
    ("grant", "own", "expected"),
    [
        (50, 50, []),
        (
            51,
            49,
            [
                "la part demandée au fonds (51\u00a0%) dépasse le taux maximal de l’appel (50\u00a0%) :"
                " 50\u00a0€ au plus pour ce coût total."
            ],
        ),
    ],
)
def test_the_share_of_the_fund_has_a_maximum(db, grant, own, expected):
    assert gaps_with([("fund", grant), ("own", own)], max_rate=Decimal("0.5")) == expected


def test_an_unknown_maximum_rate_refuses_nothing(db):
    assert gaps_with([("fund", 5)], max_rate=None) == []


def test_amounts_that_add_up_beyond_what_can_be_kept_are_refused(db):
    most = "999999999999.99"

    assert gaps_with([("fund", most), ("own", "0.01")]) == [
        "le total dépasse 999\u202f999\u202f999\u202f999,99\u00a0€ : vérifiez les montants."
    ]


def test_each_section_says_how_far_it_is(db):
    states = {section.key: section.label for section in completeness.sections(draft())}

    assert states == {
        "projet": "À commencer",
        "qualite": "À commencer",
        "strategie": "À commencer",
        "gouvernance": "À commencer",
        "financement": "À commencer",
        "economies": "À commencer",
        "pieces": "Facultatif",
    }


@pytest.mark.parametrize(
    ("text", "words"), [("", 0), (None, 0), ("  un  deux\ntrois ", 3), ("l’été arrive", 2)]
)
def test_words_are_counted_as_people_count_them(text, words):
    assert word_count(text) == words


def test_a_call_for_others_is_told_even_where_no_money_is_asked(db):
    question = {"key": "resume", "label": "Résumé", "type": "short_text"}
    section = {"key": "projet", "kind": "text", "title": "Projet", "required": False, "questions": [question]}
    call = CallFactory(published=True, form={"sections": [section], "checks": []})
    CarrierRule.objects.create(call=call, kind="juridiction")

    application = draft(call=call, organisation=OrganisationFactory(kind="operateur"))

    assert completeness.missing(application) == [
        "Projet : cet appel est réservé à d’autres organismes que le vôtre : juridiction."
    ]


def test_a_check_that_does_not_hold_is_told_even_where_no_section_is_asked(db):
    application = draft(call=CallFactory(published=True, threshold=Decimal(10)))
    never = {"match": "all", "tests": [{"question": "absente", "operator": "is", "value": True}]}
    question = {"key": "avis", "label": "Votre avis", "type": "long_text", "required": True}
    section = {"key": "suite", "title": "La suite", "kind": "text", "required": True, "condition": never}
    check = {"key": "seuil", "left": "@threshold", "operator": "at_most", "amount": "1"}
    application.form.definition = {
        "sections": [section | {"questions": [question]}],
        "checks": [check | {"message": "le seuil est trop haut."}],
    }

    assert completeness.missing(application) == ["La suite : le seuil est trop haut."]
