"""What narrows the public list of calls, and what happens to values that mean nothing."""

from decimal import Decimal
from urllib.parse import quote

import pytest
from django.http import QueryDict

from calls.call_filters import CallFilterSet
from calls.models import Call, CarrierRule
from tests.clock import from_now
from tests.factories import CallFactory, FundFactory

pytestmark = pytest.mark.django_db


def filters_of(query):
    return CallFilterSet(QueryDict(query), Call.objects.public())


def found(query):
    """The titles that the list shows, in its order."""
    return [call.title for calls in filters_of(query).ordered() for call in calls]


def call(title, *, opens=-2, closes=2, **fields):
    return CallFactory(
        published=True,
        title=title,
        opens_at=from_now(days=opens),
        closes_in=from_now(days=closes) - from_now(),
        **fields,
    )


def three_states():
    call("Clos", opens=-9, closes=-5)
    call("À venir", opens=3, closes=9)
    call("Ouvert")


# Words


@pytest.mark.parametrize(
    "typed", ["récépissés numériques", "recepisse numerique", "RÉCÉPISSÉ", "numérique -cloud"]
)
def test_accents_capitals_and_plurals_do_not_matter(typed):
    call("Récépissés numériques")
    call("Cloud numérique et récépissé") if "-" in typed else call("Autre chose")

    assert found(f"q={quote(typed)}") == ["Récépissés numériques"]


@pytest.mark.parametrize("field", ["code", "summary", "description"])
def test_words_are_looked_for_everywhere_in_a_call(field):
    call("Trouvé", **{field: "Archivage"})
    call("Autre")

    assert found("q=archivages") == ["Trouvé"]


# Choices


@pytest.mark.parametrize(
    ("query", "titles"),
    [
        ("", ["Ouvert", "À venir", "Clos"]),
        ("etat=ouvert", ["Ouvert"]),
        ("etat=a-venir", ["À venir"]),
        ("etat=clos", ["Clos"]),
        ("etat=clos&tri=titre", ["Clos"]),
    ],
)
def test_a_state_is_asked_of_the_dates(query, titles):
    three_states()

    assert found(query) == titles


def test_a_fund_keeps_its_own_calls():
    kept = call("Le bon")
    call("Autre")

    assert found(f"fonds={kept.fund.slug}") == ["Le bon"]


def test_the_years_of_public_calls_are_offered_and_kept():
    for title, year in (("De 2018", 2018), ("De 2020", 2020), ("Sans date", None)):
        past = call(title, imported=True)
        past.rounds.all().delete()
        Call.objects.filter(pk=past.pk).update(opens_at=None, year=year)

    years = [value for value, _ in filters_of("").form.fields["annee"].choices]

    assert (years, found("annee=2018"), found("annee=2019")) == (
        ["", "2020", "2019", "2018"],
        ["De 2018"],
        [],
    )


def test_neither_a_draft_nor_a_rehearsal_is_offered_or_found():
    CallFactory(title="Brouillon", opens_at=from_now(days=-9000))
    call("Répété", fund=FundFactory(rehearsal=True), opens=-9000)

    choices = {name: list(filters_of("").form.fields[name].choices)[1:] for name in ("fonds", "annee")}

    assert (found(""), choices["annee"]) == ([], [])
    assert [slug for slug, _ in choices["fonds"]] == [Call.objects.get(title="Brouillon").fund.slug]


# Who, and how much


def rules(of, *rows):
    for kind, threshold, ceiling in rows:
        CarrierRule.objects.create(call=of, kind=kind, threshold=threshold, ceiling=ceiling)


def test_a_kind_of_carrier_keeps_the_calls_that_name_it_and_those_that_name_nobody():
    rules(call("Opérateurs"), ("operateur", None, None))
    rules(call("Juridictions"), ("juridiction", None, None))
    call("Tous peut-être")
    rules(call("Passé", imported=True), ("juridiction", None, None))

    assert sorted(found("porteur=operateur")) == ["Opérateurs", "Passé", "Tous peut-être"]


@pytest.mark.parametrize(
    ("amount", "titles"),
    [
        ("199 999", ["Rien de dit", "Sans seuil"]),
        ("500 000 €", ["Rien de dit", "Sans plafond", "Sans seuil"]),
        ("1000000", ["Rien de dit", "Sans plafond", "Sans seuil"]),
        ("1 000 000,01", ["Rien de dit", "Sans plafond"]),
    ],
)
def test_an_amount_keeps_the_calls_that_hold_it_and_those_that_do_not_say(amount, titles):
    call("Sans plafond", threshold=Decimal(500_000), threshold_base=Call.Base.GRANT)
    call("Sans seuil", ceiling=Decimal(1_000_000))
    call("Rien de dit")

    assert sorted(found(f"montant={quote(amount)}")) == titles


@pytest.mark.parametrize("base", [Call.Base.TOTAL_COST, Call.Base.ELIGIBLE_COST, Call.Base.UNSPECIFIED])
def test_a_threshold_on_a_cost_proves_nothing_against_a_grant_but_a_ceiling_does(base):
    amounts = {"threshold": Decimal(500_000), "ceiling": Decimal(900_000), "threshold_base": base}
    call("Pour tous", **amounts)
    rules(call("Opérateurs", **amounts), ("operateur", None, None))

    kept = [sorted(found(f"montant={amount}&porteur=operateur")) for amount in (100_000, 900_001)]

    assert kept == [["Opérateurs", "Pour tous"], []]


@pytest.mark.parametrize(
    ("query", "titles"),
    [
        ("montant=200000", ["Territorial"]),
        ("montant=200000&porteur=service-deconcentre", ["Territorial"]),
        ("montant=200000&porteur=operateur", []),
        ("montant=1000000&porteur=operateur", ["Territorial"]),
        ("montant=60000000", []),
    ],
)
def test_an_amount_is_held_to_the_kind_of_carrier(query, titles):
    territorial = call(
        "Territorial",
        threshold=Decimal(1_000_000),
        ceiling=Decimal(50_000_000),
        threshold_base=Call.Base.GRANT,
    )
    rules(territorial, ("operateur", None, None), ("service-deconcentre", Decimal(200_000), None))

    assert found(query) == titles


@pytest.mark.parametrize(("base", "titles"), [("", []), (Call.Base.TOTAL_COST, ["Sur le coût"])])
def test_an_amount_is_held_to_the_base_that_a_kind_of_carrier_names(base, titles):
    measured = call("Sur le coût", threshold=Decimal(500_000), threshold_base=Call.Base.GRANT)
    CarrierRule.objects.create(call=measured, kind="operateur", base=base)

    assert found("montant=100000&porteur=operateur") == titles


# Order


def test_the_next_deadline_comes_first_then_the_next_opening_then_the_latest_past():
    call("Ouvert longtemps", closes=9)
    call("Ouvert bientôt clos", closes=1)
    call("À venir tard", opens=20, closes=30)
    call("À venir tôt", opens=3, closes=40)
    for year in (2018, None, 2020):
        past = call(f"Passé {year}", imported=True)
        past.rounds.all().delete()
        Call.objects.filter(pk=past.pk).update(opens_at=None, year=year)

    assert found("") == [
        "Ouvert bientôt clos", "Ouvert longtemps", "À venir tôt", "À venir tard",
        "Passé 2020", "Passé 2018", "Passé None",
    ]  # fmt: skip


@pytest.mark.parametrize(
    ("sort", "titles"),
    [("ouverture", ["Zébu", "étude", "Abri"]), ("titre", ["Abri", "étude", "Zébu"])],
)
def test_other_orders_may_be_chosen(sort, titles):
    call("étude", opens=-3)
    call("Abri", opens=-4)
    call("Zébu", opens=-2)

    assert found(f"tri={sort}") == titles


# What means nothing


@pytest.mark.parametrize(
    ("query", "ignored"),
    [
        ("annee=20x8", [("Année", "20x8")]),
        ("annee=" + quote("٢٠١٨"), [("Année", "٢٠١٨")]),
        ("annee=99999999999999999999", [("Année", "99999999999999999999")]),
        ("fonds=inconnu", [("Fonds", "inconnu")]),
        ("etat=%00", [("État", "\x00")]),
        ("q=%00", [("Mots à chercher", "\x00")]),
        ("q=" + "a" * 201, [("Mots à chercher", "a" * 60)]),
        ("montant=-1", [("Mon projet demande (en €)", "-1")]),
        ("montant=beaucoup&tri=jamais", [("Mon projet demande (en €)", "beaucoup"), ("Trier par", "jamais")]),
        ("fonds=%ff%fe", [("Fonds", "\ufffd\ufffd")]),
        ("inconnu=1&q=", []),
    ],
)
def test_a_value_that_means_nothing_is_ignored_and_told(query, ignored):
    call("Seul")

    filters = filters_of(query)

    assert filters.ignored == ignored
    assert (filters.active, filters.form.errors, found(query)) == ([], {}, ["Seul"])


def test_what_is_asked_is_told_with_the_way_to_lift_it():
    kept = call("Le bon")

    filters = filters_of(f"q=bon&fonds={kept.fund.slug}&annee=xx&tri=titre&page=1")

    assert filters.active == [
        {"label": "Mots à chercher", "value": "bon", "query": f"fonds={kept.fund.slug}&tri=titre"},
        {"label": "Fonds", "value": kept.fund.code, "query": "q=bon&tri=titre"},
    ]
    assert filters.query == f"q=bon&fonds={kept.fund.slug}&tri=titre&"
