"""Results: past calls say what their sources say, those made here are counted once announced."""

from datetime import date, datetime, timedelta
from decimal import Decimal

import pytest
from django.utils import timezone

from applications import actions as application_actions
from applications.models import Submission
from calls.models import Call, Fund
from fondsportal.demo import facts
from selection import results
from tests import factories
from tests.clock import from_now
from tests.database import past_the_guards

pytestmark = pytest.mark.django_db


def past_call(fund=None, *, closed_on=None, **fields):
    call = factories.CallFactory(
        published=True,
        imported=True,
        opens_at=fields.pop("opens_at", None),
        fund=fund or factories.FundFactory(),
        **fields,
    )
    if closed_on:
        midnight = timezone.make_aware(datetime.combine(closed_on, datetime.min.time())) + timedelta(days=1)
        call.rounds.update(closes_at=midnight)
    else:
        call.rounds.all().delete()
    return Call.objects.get(pk=call.pk)


def result_of(call):
    [found] = results.of([call])
    return found


def test_a_delay_is_counted_in_days_from_the_last_day_of_the_call():
    call = past_call(
        closed_on=date(2018, 3, 15), committee_on=date(2018, 5, 22), announced_on=date(2018, 6, 20)
    )

    found = result_of(call)

    assert (found.days_to_committee, found.days_to_announcement) == (68, 97)


def test_a_delay_between_dates_of_which_one_is_unknown_is_unknown():
    found = result_of(past_call(announced_on=date(2018, 11, 12)))

    assert (found.days_to_announcement, found.cells[-1]) == (None, "non communiqué")


def test_a_rate_is_of_what_is_known():
    told = result_of(past_call(facts={"candidates": 122, "laureates": 17}))
    half_told = result_of(past_call(facts={"laureates": 17}))

    assert (told.cells[2], half_told.cells[2]) == ("13,9\u00a0%", "non communiqué")


def test_what_a_source_does_not_say_is_never_zero():
    assert set(result_of(past_call()).cells) == {"non communiqué"}


def test_a_sum_says_of_how_many_calls_it_is():
    fund = factories.FundFactory()
    told = [
        past_call(fund, facts={"candidates": 27, "granted_eur": 90_000_000, "granted_qualifier": "approx"}),
        past_call(fund, facts={"candidates": 29}),
        past_call(fund),
    ]

    together = results.Together(results.of(told))

    assert (together.told("candidates"), together.told("granted"), together.told("laureates")) == (
        "56 (2 appels sur 3)",
        "environ 90\u00a0M€ (1 appel sur 3)",
        "non communiqué",
    )


def close(call):
    call.rounds.update(closes_at=from_now(seconds=-1))


def test_a_call_made_here_is_counted_from_its_own_filings_once_announced():
    call = factories.CallFactory(published=True)
    for _ in range(2):
        factories.filed_application(call=call, grant=Decimal(600_000))
    factories.draft(call=call)
    close(call)
    announcement = factories.announcement_of(call)

    found = result_of(Call.objects.get(pk=call.pk))

    assert (found.candidates, found.requested, found.laureates, found.granted) == (2, 1_200_000, 1, 5_000_000)
    assert found.announced_on == timezone.localdate(announcement.publish_at)


def test_candidates_are_unknown_while_a_round_is_open():
    call = factories.CallFactory(published=True)
    factories.filed_application(call=call)
    close(call)
    call.rounds.create(number=2, closes_at=from_now(days=9))
    factories.announcement_of(call)

    found = result_of(Call.objects.get(pk=call.pk))

    assert (found.candidates, found.requested, found.cells[0]) == (None, None, "non communiqué")


@pytest.mark.parametrize(("when", "candidates"), [("before", 1), ("after", 2)])
def test_a_dossier_withdrawn_after_its_deadline_was_a_candidate(when, candidates):
    call = factories.CallFactory(published=True)
    factories.filed_application(call=call)
    given_up = factories.filed_application(call=call)
    if when == "after":
        close(call)
    application_actions.withdraw(given_up, by=factories.certifier_of(given_up.organisation))
    if when == "before":
        call.rounds.update(closes_at=from_now(seconds=0))
    factories.announcement_of(call)

    assert result_of(Call.objects.get(pk=call.pk)).candidates == candidates


def test_a_grant_that_no_form_asked_for_is_unknown():
    call = factories.CallFactory(published=True)
    factories.filed_application(call=call)
    with past_the_guards():
        content = Submission.objects.get().content | {"financing": []}
        Submission.objects.update(content=content, requested_grant=0)
    close(call)
    factories.announcement_of(call)

    found = result_of(Call.objects.get(pk=call.pk))

    assert (found.candidates, found.requested) == (1, None)


def test_a_partly_unknown_grant_is_a_minimum_and_what_the_press_says_is_told():
    call = factories.CallFactory(published=True)
    announcement = factories.announcement_of(call)
    for number, amount in enumerate([Decimal(1_000_000), None]):
        factories.laureate(
            call=call,
            slug=f"l{number}",
            announcement=announcement,
            amount=amount,
            amount_qualifier="press" if amount else "",
        )

    [found] = results.of([Call.objects.get(pk=call.pk)])

    assert found.cells[4] == (
        "au moins 6\u00a0M€ (dont 1 montant non communiqué, dont 1 montant d’après la presse)"
    )
    assert results.Together([found]).told("granted") == "au moins 6\u00a0M€ (en partie d’après la presse)"


def test_a_sum_partly_about_is_never_a_minimum_alone():
    fund = factories.FundFactory()
    told = [
        past_call(fund, facts={"granted_eur": 90_000_000, "granted_qualifier": "approx"}),
        past_call(fund, facts={"granted_eur": 10_000_000, "granted_qualifier": "more_than"}),
    ]

    assert results.Together(results.of(told)).told("granted") == "au moins environ 100\u00a0M€"


def test_what_is_invented_has_its_row_and_adds_to_no_total(client):
    fund = factories.FundFactory()
    past_call(fund, facts={"candidates": 27})
    past_call(fund, fictitious=True, facts={"candidates": 100})

    context = client.get(f"/resultats/{fund.slug}/").context

    assert len(context["results"]) == 2
    assert context["key_figures"][:2] == [("1", "appel"), ("27", "candidatures")]
    assert context["table"].rows[0][1:3] == ["1", "27"]


def test_key_figures_agree_with_their_number(client):
    fund = factories.FundFactory()
    past_call(fund, facts={"candidates": 1})

    figures = client.get(f"/resultats/{fund.slug}/").context["key_figures"]

    assert figures[:3] == [("1", "appel"), ("1", "candidature"), ("Non communiqués", "lauréats")]


def test_laureates_still_under_embargo_are_not_counted_beside_those_announced():
    call = factories.CallFactory(published=True)
    factories.announcement_of(call)
    hidden = factories.announcement_of(
        factories.CallFactory(published=True, fund=call.fund), publish_at=from_now(hours=1)
    )
    hidden.laureates.update(call=call)
    hidden.call = call
    hidden.save()

    assert result_of(Call.objects.get(pk=call.pk)).laureates == 1


def test_every_fund_has_a_line_even_without_results(client):
    factories.FundFactory(name="Fonds sans appel")
    factories.FundFactory(name="Fonds de répétition", rehearsal=True)

    table = client.get("/resultats/").context["table"]

    assert [["Fonds sans appel" in row[0], row[1]] for row in table.rows] == [[True, "0"]]


@pytest.mark.parametrize("slug", ["inconnu", "x" * 300])
def test_the_results_of_an_unknown_fund_do_not_exist(client, slug):
    assert client.get(f"/resultats/{slug}/").status_code == 404


@pytest.mark.parametrize(("most", "is_capped"), [(1, True), (2, False)])
def test_only_the_latest_calls_are_read_and_that_is_said(client, monkeypatch, most, is_capped):
    monkeypatch.setattr(results, "MOST_CALLS", most)
    fund = factories.FundFactory()
    for _ in range(2):
        past_call(fund)

    response = client.get(f"/resultats/{fund.slug}/")

    assert (len(response.context["results"]), response.context["is_capped"]) == (most, is_capped)


def test_a_fund_of_which_no_call_was_read_is_unknown_and_not_zero(client, monkeypatch):
    monkeypatch.setattr(results, "MOST_CALLS", 1)
    past_call(opens_at=from_now(days=-9))
    past_call(opens_at=from_now(days=-90))

    rows = client.get("/resultats/").context["table"].rows

    assert sorted(row[1] for row in rows) == ["1", "non communiqué"]


# The real facts


@pytest.fixture
def ftap(db):
    facts.load()
    return Fund.objects.get(slug="ftap")


def test_official_indicators_are_shown_with_their_target_definition_and_sources(client, ftap):
    page = client.get("/resultats/ftap/")

    delay, contracts, selectivity = page.context["indicators"]
    assert (delay["targets"], contracts["targets"], selectivity["targets"]) == (
        "au plus 60 jours puis 45 jours",
        "au moins 75\u00a0% puis 100\u00a0%",
        "50\u00a0%",
    )
    assert delay["table"].rows[-1] == ["2023", "non communiqué", "La source dit : non déterminé."]
    assert [len(each["sources"]) for each in (delay, contracts, selectivity)] == [4, 2, 3]


def test_savings_are_shown_beside_their_target_and_every_ratio_with_its_definition(client, ftap):
    savings = client.get("/resultats/ftap/").context["savings"]

    assert savings["table"].rows == [
        ["Économies visées", "2\u00a0Md€"],
        ["Économies réalisées", "339\u00a0M€"],
    ]
    assert [each["text"] for each in savings["ratios"]] == ["1,50", "0,53", "0,49"]
    assert [bool(each["definition"] and each["sources"]) for each in savings["ratios"]] == [True] * 3


def test_a_fund_without_indicators_shows_none(client, ftap):
    response = client.get("/resultats/fast/")

    assert (response.status_code, response.context["indicators"], response.context["savings"]) == (
        200,
        [],
        None,
    )
