"""The ranking, simulated against the envelope; what goes on the agenda, and in which order."""

from decimal import Decimal
from types import SimpleNamespace

import pytest

from applications.models import Recusal
from journal.refusals import Refused
from selection import simulation
from selection.actions import agenda as actions
from selection.actions import decisions
from selection.models import AgendaItem, Case, CommitteeSession, Review
from tests.factories import (
    CallFactory,
    FundFactory,
    agenda_item,
    chair_of,
    committee_session,
    officer_of,
    reviewed_case,
)

Place = simulation.Place


@pytest.fixture
def session(db):
    return committee_session(FundFactory(), commitments=Decimal(1000))


@pytest.fixture
def officer(session):
    return officer_of(session.fund)


def candidate(session, *, value=4, amount=None, **fields):
    """A shortlisted dossier of the session's fund, with what its review proposes."""
    case = reviewed_case(value, call=CallFactory(fund=session.fund, published=True), **fields)
    Case.objects.filter(pk=case.pk).update(state=Case.State.SHORTLISTED, proposed_amount=amount)
    return Case.objects.get(pk=case.pk)


def address(session, page="classement/"):
    return f"/secretariat/seances/{session.pk}/{page}"


def titles(page, *wanted):
    """These titles in the order of the page."""
    return sorted((title for title in wanted if title in page), key=page.index)


def test_the_line_passes_above_the_first_that_no_longer_fits():
    pairs = [(None, Decimal(amount)) for amount in (600, 300, 200, 100)]

    lines, rest = simulation.simulate(pairs, Decimal(1000))

    assert [(line.cumulated, line.place, line.is_cut) for line in lines] == [
        (600, Place.WITHIN, False),
        (900, Place.WITHIN, False),
        (1100, Place.BEYOND, True),
        (1200, Place.FITS, False),
    ]
    assert rest == 0


def test_what_fits_to_the_euro_is_within_and_an_unknown_amount_counts_for_nothing():
    lines, rest = simulation.simulate([(None, None), (None, Decimal(1000))], Decimal(1000))

    assert [(line.place, line.cumulated) for line in lines] == [(Place.UNKNOWN, None), (Place.WITHIN, 1000)]
    assert rest == 0


def test_payments_follow_each_schedule_in_the_proportion_simulated():
    financing = [
        {"source": "fund", "year": 2019, "amount": "600.00", "payment": "400.00"},
        {"source": "fund", "year": 2020, "amount": "400.00", "payment": None},
        {"source": "own", "year": 2019, "amount": "900.00", "payment": None},
    ]
    filed = SimpleNamespace(content={"financing": financing}, requested_grant=Decimal(1000))
    without = SimpleNamespace(content={"financing": []}, requested_grant=Decimal(0))
    pairs = [(SimpleNamespace(submission=each), Decimal(500)) for each in (filed, without)]
    lines, _ = simulation.simulate(pairs, Decimal(1000))

    assert simulation.payments(lines) == ({2019: Decimal("200.00"), 2020: Decimal("200.00")}, 1)


def test_the_ranking_goes_by_score_and_includes_what_was_deferred_with_what_was_asked(
    session, officer, client
):
    candidate(session, value=2, title="Projet bas"), candidate(session, value=5, title="Projet haut")
    earlier = agenda_item(session, state=AgendaItem.State.VOTED, value=3, title="Projet ajourné")
    decisions.decide(earlier, outcome="deferred", asked="Revoir le chiffrage.", by=chair_of(session))
    later = CommitteeSession.objects.create(
        committee=session.committee,
        envelope=session.envelope,
        title="Séance suivante",
        held_on=session.held_on,
        prepared_by=officer,
    )
    client.force_login(officer)

    page = client.get(address(later)).text

    assert titles(page, "Projet bas", "Projet haut", "Projet ajourné", "Revoir le chiffrage.") == [
        "Projet haut", "Projet ajourné", "Revoir le chiffrage.", "Projet bas",
    ]  # fmt: skip


def test_a_simulation_writes_nothing_and_putting_on_the_agenda_keeps_its_amounts(session, officer, client):
    case = candidate(session, amount=800)
    client.force_login(officer)
    typed = {f"dossier-{case.pk}-amount": "1 200,50", f"dossier-{case.pk}-add": "on"}

    page = client.post(address(session), typed).text
    before = session.items.count()
    client.post(address(session), typed | {"keep": "1"})

    assert (Place.BEYOND.label in page, before) == (True, 0)
    assert session.items.get().proposed_amount == Decimal("1200.50")


@pytest.mark.parametrize("typed", ["-1", "9" * 40, "\0", "abc"])
def test_an_amount_that_is_none_is_refused_and_kept_on_the_page(session, officer, client, typed):
    case = candidate(session)
    client.force_login(officer)

    response = client.post(
        address(session),
        {f"dossier-{case.pk}-amount": typed, f"dossier-{case.pk}-add": "on", "keep": "1"},
    )

    assert (response.status_code, session.items.count()) == (200, 0)


def test_an_item_that_the_page_did_not_have_keeps_its_amount(session, officer, client):
    item = agenda_item(session)
    AgendaItem.objects.update(proposed_amount=500)
    client.force_login(officer)

    client.post(address(session), {"keep": "1"})

    item.refresh_from_db()
    assert item.proposed_amount == 500


def test_an_amount_that_a_colleague_changed_meanwhile_is_told_and_the_others_are_kept(
    session, officer, client
):
    changed, mine, new = agenda_item(session), agenda_item(session), candidate(session)
    client.force_login(officer)
    page = {
        form.add_prefix("read"): form["read"].value()
        for form in client.get(address(session)).context["forms"]
    }
    typed = page | {f"dossier-{item.case_id}-amount": "700" for item in (changed, mine)}
    typed |= {f"dossier-{new.pk}-amount": "300", f"dossier-{new.pk}-add": "on", "keep": "1"}
    AgendaItem.objects.filter(pk=changed.pk).update(proposed_amount=650)

    met = client.post(address(session), typed)
    kept = dict(session.items.values_list("case", "proposed_amount"))
    shown = {form.case.pk: form for form in met.context["forms"]}[changed.case_id]
    client.post(address(session), typed | {shown.add_prefix("read"): shown["read"].value()})

    assert (met.status_code, kept) == (409, {changed.case_id: 650, mine.case_id: 700, new.pk: 300})
    assert ("entre-temps 650" in shown.errors["amount"][0], shown["amount"].value()) == (True, "700")
    assert session.items.get(pk=changed.pk).proposed_amount == 700


def test_a_ticked_dossier_that_left_the_ranking_meanwhile_is_named_and_the_rest_is_done(
    session, officer, client
):
    gone, fit = candidate(session), candidate(session)
    client.force_login(officer)
    typed = {
        f"dossier-{case.pk}-{name}": value
        for case in (gone, fit)
        for name, value in [("amount", "1"), ("add", "on")]
    }
    gone.application.state = "withdrawn"
    gone.application.save()

    page = client.post(address(session), typed | {"keep": "1"}, follow=True).text

    assert [item.case for item in session.items.all()] == [fit]
    assert f"ne peuvent plus venir à cette séance : {gone}." in page


def test_who_is_recused_sees_neither_the_dossier_nor_the_simulation(session, officer, client):
    case = candidate(session, title="Marqueur", amount=100)
    candidate(session, title="Autre projet", amount=100)
    Recusal.objects.create(application=case.application, user=officer, reason="Ancien employeur")
    client.force_login(officer)

    page = client.get(address(session)).text

    assert (page.count("Marqueur"), page.count("Cumul simulé"), page.count("reste")) == (0, 0, 0)
    assert "Autre projet" in page


def test_who_owes_a_review_of_what_is_still_under_review_sees_no_score_of_it(session, officer, client):
    call = CallFactory(fund=session.fund, published=True, has_shortlist=False)
    case = reviewed_case(4, call=call)
    Case.objects.update(proposed_amount=123_456)
    Review.objects.create(case=case, reviewer=officer)
    client.force_login(officer)

    page = client.get(address(session)).text

    assert (page.count("4,00"), page.count("123")) == (0, 0)


def order(session):
    return [item.pk for item in session.items.order_by("position")]


def test_an_item_moves_up_and_down_by_one(session, officer):
    first, second, third = (agenda_item(session) for _ in range(3))

    actions.move_item(third, up=True, by=officer)
    actions.move_item(first, up=False, by=officer)

    assert order(session) == [third.pk, first.pk, second.pk]


def test_the_first_goes_no_higher(session, officer):
    item = agenda_item(session)

    with pytest.raises(Refused):
        actions.move_item(item, up=True, by=officer)


def test_ranking_the_agenda_follows_the_scores_after_what_is_frozen(session, officer):
    frozen = agenda_item(session, value=1)
    actions.freeze_book(session, seen=[str(frozen)], by=officer)
    low, high = agenda_item(session, value=2), agenda_item(session, value=5)

    actions.rank_items(session, by=officer)

    assert order(session) == [frozen.pk, high.pk, low.pk]


def test_who_is_recused_from_an_item_leaves_the_order_to_a_colleague(session, officer):
    mine, other = agenda_item(session), agenda_item(session)
    Recusal.objects.create(application=mine.case.application, user=officer, reason="Ancien employeur")

    with pytest.raises(Refused):
        actions.move_item(other, up=True, by=officer)


def test_the_dossiers_that_prevent_keeping_the_ranking_are_all_named_beside_their_box(
    session, officer, client
):
    fit, asked, owed = candidate(session), candidate(session), candidate(session)
    Case.objects.filter(pk=owed.pk).update(state=Case.State.UNDER_REVIEW)
    type(owed.call).objects.filter(pk=owed.call.pk).update(has_shortlist=False)
    Review.objects.create(case=owed, reviewer=officer)
    type(asked.application).objects.filter(pk=asked.application.pk).update(state="clarification_requested")
    client.force_login(officer)
    typed = {f"dossier-{case.pk}-add": "on" for case in (fit, asked, owed)}

    response = client.post(address(session), typed | {"keep": "1"})

    wrong = {form.case.pk: "add" in form.errors for form in response.context["forms"]}
    assert (response.status_code, session.items.count()) == (409, 0)
    assert wrong == {fit.pk: False, asked.pk: True, owed.pk: True}
