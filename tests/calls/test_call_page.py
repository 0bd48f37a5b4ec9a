"""The public page of a call."""

from datetime import UTC, date, datetime

import pytest

from calls import summary
from tests.clock import from_now
from tests.factories import CallFactory, FundFactory, officer_of

pytestmark = pytest.mark.django_db


def page_of(call, client):
    return client.get(call.get_absolute_url())


def test_an_open_call_says_when_it_closes(client):
    call = CallFactory(published=True)
    call.rounds.update(closes_at=from_now(days=3, minutes=1))

    response = page_of(call, client)

    assert response.context["countdown"].text == "Ferme dans 3\u00a0jours"


def test_the_dates_of_a_call_to_come_are_forecasts(client):
    coming, opened = CallFactory(published=True, opens_at=from_now(days=1)), CallFactory(published=True)

    told = ["Dates prévisionnelles" in page_of(call, client).content.decode() for call in (coming, opened)]

    assert told == [True, False]


def test_a_draft_call_says_that_it_is_one_to_its_secretariat(client):
    call = CallFactory()
    client.force_login(officer_of(call.fund))

    response = page_of(call, client)

    assert response.context["countdown"] is None
    assert "Cet appel est en préparation" in response.content.decode()


def test_the_latest_calls_of_the_same_fund_are_offered(client):
    call = CallFactory(published=True)
    others = [
        CallFactory(fund=call.fund, published=True, opens_at=from_now(days=-days - 1)) for days in range(5)
    ]
    CallFactory(fund=call.fund)
    CallFactory(published=True)
    CallFactory(fund=call.fund, published=True, imported=True, opens_at=None)

    offered = page_of(call, client).context["other_calls"]

    assert list(offered) == others[:4]


def test_nothing_of_a_rehearsal_is_offered(client):
    call = CallFactory(fund=FundFactory(rehearsal=True), published=True)
    CallFactory(fund=call.fund, published=True)
    client.force_login(officer_of(call.fund))

    assert list(page_of(call, client).context["other_calls"]) == []


def test_the_figures_of_a_past_call_are_told_with_what_their_source_says_of_them():
    call = CallFactory(
        published=True,
        imported=True,
        facts={
            "candidates": 1220,
            "laureates": None,
            "requested_eur": 827_000_000,
            "granted_eur": 126_000_000,
            "granted_qualifier": "approx",
        },
    )

    assert summary.published_figures(call) == [
        ("Candidatures", "1\u202f220"),
        ("Lauréats", "non communiqués"),
        ("Coût total des projets", "non communiqué"),
        ("Subventions demandées", "827\u00a0M€"),
        ("Enveloppe", "non communiquée"),
        ("Subventions accordées", "environ 126\u00a0M€"),
    ]


def test_a_figure_of_the_press_is_said_to_be():
    call = CallFactory(facts={"granted_eur": 126_000_000, "granted_qualifier": "press", "preselected": 33})

    told = dict(summary.published_figures(call))

    assert told["Subventions accordées"] == "126\u00a0M€ (chiffre donné par la presse)"
    assert told["Présélectionnés"] == "33"


def test_only_a_past_call_shows_published_figures(client):
    past = CallFactory(published=True, imported=True)

    shown = [bool(page_of(call, client).context["figures"]) for call in (past, CallFactory(published=True))]

    assert shown == [True, False]


@pytest.mark.parametrize(
    ("fields", "told"),
    [
        ({"cofinancing_required": True}, "exigé"),
        ({}, "non exigé"),
        ({"imported": True}, "non communiqué"),
        ({"imported": True, "cofinancing_required": True}, "exigé"),
    ],
)
def test_cofinancing_is_told_as_far_as_it_is_known(fields, told):
    assert dict(summary.rules(CallFactory(**fields)))["Cofinancement"] == told


@pytest.mark.parametrize(
    ("accepted", "told"),
    [
        (None, "non communiqué"),
        (False, "refusés"),
        (True, "acceptés : un dossier peut porter plusieurs petits projets, dont les montants s’ajoutent"),
    ],
)
def test_grouped_applications_are_told_as_far_as_they_are_known(accepted, told):
    assert dict(summary.rules(CallFactory(grouped_accepted=accepted)))["Dossiers groupés"] == told


def test_the_end_of_questions_is_a_key_date():
    call = CallFactory(
        published=True,
        opens_at=datetime(2018, 1, 31, 23, tzinfo=UTC),
        questions_until=datetime(2018, 3, 1, 23, tzinfo=UTC),
        committee_on=date(2018, 5, 15),
    )

    told = summary.key_dates(call, now=datetime(2018, 2, 15, tzinfo=UTC))

    assert told[1] == ("Fin des questions", "1er mars 2018 à minuit", "current")


def test_key_dates_are_told_in_the_order_in_which_they_come():
    call = CallFactory(
        published=True,
        opens_at=datetime(2018, 1, 31, 23, tzinfo=UTC),
        questions_until=datetime(2018, 6, 1, 22, tzinfo=UTC),
        committee_on=date(2018, 5, 15),
        announced_on=date(2018, 5, 16),
    )
    call.rounds.update(closes_at=datetime(2018, 5, 14, 22, tzinfo=UTC))

    told = summary.key_dates(call, now=datetime(2018, 5, 14, 23, tzinfo=UTC))

    assert [(label, state) for label, _, state in told] == [
        ("Ouverture", "past"),
        ("Date limite de dépôt", "past"),
        ("Comité de pilotage", "current"),
        ("Annonce des lauréats", "future"),
        ("Fin des questions", "future"),
    ]


def test_what_the_sources_add_on_a_rule_is_told_with_its_source(client):
    source = [{"title": "Aides-territoires", "publisher": None, "date": None}]
    call = CallFactory(
        published=True,
        imported=True,
        facts={"rule_notes": [{"text": "Le porteur apporte 25 %.", "sources": source}]},
    )

    page = page_of(call, client).content.decode()

    assert ("<li>Le porteur apporte 25 %." in page, "<li>Aides-territoires</li>" in page) == (True, True)


def test_the_guidance_of_a_past_criterion_is_told_where_it_is_known(client):
    guided = {
        "criteria": ["Économies"],
        "criteria_guidance": [{"label": "Économies", "guidance": ["1 € pour 1 €"], "sources": []}],
    }
    pages = []
    for facts in (guided, {"criteria": ["Économies"]}):
        call = CallFactory(published=True, imported=True, facts=facts)
        call.criteria.all().delete()
        pages.append(page_of(call, client).content.decode())

    assert ["<li>1 € pour 1 €</li>" in page for page in pages] == [True, False]
    assert [page.count("<li>Économies") for page in pages] == [1, 1]
