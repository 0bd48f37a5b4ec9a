"""The public pages of funds."""

from decimal import Decimal

import pytest
from django.urls import reverse

from calls import fund_facts
from calls.models import Programme
from tests.clock import from_now
from tests.factories import CallFactory, EnvelopeFactory, FundFactory

pytestmark = pytest.mark.django_db

SOURCE = [{"title": "RAP 2019", "publisher": "budget.gouv.fr", "date": "consulté le 3 mai 2026"}]


def page_of(client, fund):
    return client.get(fund.get_absolute_url()).content.decode()


def test_a_fund_that_says_nothing_of_itself_is_unknown_and_never_zero():
    assert fund_facts.identity(FundFactory()) == [
        ("Période", "non communiquée"),
        ("Enveloppe", "non communiquée"),
        ("Gestionnaire", "non communiqué"),
    ]


def test_a_fund_says_who_runs_it_and_since_when():
    fund = FundFactory(
        edition="2013-2019",
        manager="SGMAP",
        total_envelope=Decimal(110_600_000),
        facts={"co_instructors": ["SGPI", "DINUM"], "operator": "Caisse", "launched": "18 décembre 2013"},
    )

    assert fund_facts.identity(fund) == [
        ("Période", "2013-2019"),
        ("Enveloppe", "110,6\u00a0M€"),
        ("Gestionnaire", "SGMAP"),
        ("Instruit avec", "SGPI, DINUM"),
        ("Opérateur", "Caisse"),
        ("Lancé le", "18 décembre 2013"),
    ]


def test_each_published_envelope_shows_its_source(client):
    fund = FundFactory(facts={"envelopes": [{"label": "Loi de 2014", "amount_eur": 5, "sources": SOURCE}]})

    page = page_of(client, fund)

    assert "RAP 2019, budget.gouv.fr, consulté le 3 mai 2026" in page
    assert ("Valeurs publiées de l’enveloppe" in page, "Enveloppe de chaque année" in page) == (True, False)


def test_a_fund_without_published_facts_shows_its_own_envelopes(client):
    fund = EnvelopeFactory(year=2018, commitments=Decimal(10_000_000)).fund

    page = page_of(client, fund)

    assert ("10\u202f000\u202f000\u00a0€" in page, "non communiqués" in page) == (True, True)


def test_a_budget_tells_apart_what_is_unknown_and_says_so_of_missing_years():
    rows = [
        {"year": 2021, "ae": [40, 50, 0], "cp": [None, None, 7], "as_of": "", "note": "", "sources": SOURCE},
        {
            "year": 2023,
            "ae": [None] * 3,
            "cp": [None, 2, 1],
            "as_of": "20 mai 2023",
            "note": "Un mot.",
            "sources": [],
        },
    ]

    told = fund_facts.budget(FundFactory(facts={"budget": rows}))

    unknown = ["non communiquées"] * 3 + ["non communiqués"] * 3
    assert [(row["year"], row["note"]) for row in told] == [
        (2021, ""),
        (2022, "Aucune source trouvée."),
        (2023, "Situation au 20 mai 2023. Un mot."),
    ]
    assert told[0]["amounts"] == [
        "40\u00a0€",
        "50\u00a0€",
        "0\u00a0€",
        "non communiqués",
        "non communiqués",
        "7\u00a0€",
    ]
    assert told[1]["amounts"] == unknown


def test_a_fund_names_its_programmes_and_says_that_one_is_missing(client):
    fund = FundFactory(facts={"programmes_note": "Le neuvième n’est pas identifié."})
    Programme.objects.create(fund=fund, slug="open-data", name="Open data", position=1, sources=SOURCE)

    page = page_of(client, fund)

    assert ("Open data" in page, "Le neuvième n’est pas identifié." in page) == (True, True)


def test_a_fund_lists_its_open_calls_first_and_no_draft(client):
    fund = FundFactory()
    CallFactory(fund=fund, title="Brouillon")
    CallFactory(fund=fund, title="Passé", published=True, imported=True)
    CallFactory(fund=fund, title="À venir", published=True, opens_at=from_now(days=1))
    CallFactory(fund=fund, title="Ouvert", published=True)
    CallFactory(title="D’un autre fonds", published=True)

    shown = client.get(fund.get_absolute_url()).context["calls"]

    assert [call.title for call in shown] == ["Ouvert", "À venir", "Passé"]


def test_a_long_list_of_calls_is_cut_and_leads_to_the_others(client, monkeypatch):
    monkeypatch.setattr("calls.views.funds.CALLS_SHOWN", 1)
    fund = CallFactory(published=True).fund
    CallFactory(published=True, fund=fund)

    page = page_of(client, fund)

    assert ("Les 1 premiers appels, sur 2" in page, f"?fonds={fund.slug}" in page) == (True, True)


def test_a_fund_leads_to_its_parent_and_its_children(client):
    parent = FundFactory()
    child = FundFactory(parent=parent)
    FundFactory(parent=parent, rehearsal=True, name="Répétition")

    pages = {each: page_of(client, each) for each in (parent, child)}

    assert child.get_absolute_url() in pages[parent]
    assert parent.get_absolute_url() in pages[child]
    assert "Répétition" not in pages[parent]


def test_the_fund_of_a_rehearsal_has_no_page(client):
    fund = FundFactory(rehearsal=True)

    assert client.get(fund.get_absolute_url()).status_code == 404
    assert list(client.get(reverse("calls:funds")).context["funds"]) == []


def test_funds_with_an_open_call_come_first(client):
    past = CallFactory(published=True, imported=True, fund__code="A").fund
    is_open = CallFactory(published=True, fund__code="B").fund
    CallFactory(fund__code="C")

    found = client.get(reverse("calls:funds")).context["funds"]

    assert [(fund.code, fund.is_open) for fund in found][:2] == [(is_open.code, True), (past.code, False)]


def test_a_funds_page_offers_to_tell_of_its_new_calls(client, db):
    fund = FundFactory()

    page = client.get(fund.get_absolute_url()).content.decode()

    assert f"{reverse('calls:subscribe')}?fonds={fund.slug}" in page
