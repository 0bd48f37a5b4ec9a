"""Two people of the desk at the same instant: one is done, the other is told; neither is a failure."""

from concurrent.futures import ThreadPoolExecutor
from functools import partial

import pytest
from django.db import connection, transaction

from journal.models import Entry
from journal.refusals import Refused
from selection.actions import agenda, decisions, desk, hearings, reviewers, scoring, votes
from selection.actions import saved_views as views
from selection.actions import session as sessions
from selection.actions.recusal import recuse
from selection.models import Ballot, Case, Hearing, Label, SavedView, Scorecard
from tests.database import in_parallel
from tests.factories import (
    FundFactory,
    agenda_item,
    case_in,
    chair_of,
    committee_session,
    member_of,
    officer_of,
)
from tests.selection.attendance_factories import all_present, present_member
from tests.selection.hearing_factories import hearing_call, hearing_of
from tests.selection.review_factories import assigned

TWICE = 6  # pairs: each is a throw of the dice


def unforeseen(answers):
    """What neither was done nor told."""
    return [each for each in answers if isinstance(each, Exception) and not isinstance(each, Refused)]


@pytest.mark.django_db(transaction=True)
def test_one_view_saved_twice_at_once_is_one_view():
    fund = FundFactory()
    officer = officer_of(fund)

    answers = in_parallel(
        *(
            lambda n=n: views.save_view(fund, name="Lundi", query=f"q={n}", shared=False, by=officer)
            for n in range(TWICE)
        )
    )

    assert (unforeseen(answers), SavedView.objects.count()) == ([], 1)


@pytest.mark.django_db(transaction=True)
def test_two_dossiers_that_exchange_their_slots_do_not_block_each_other():
    call = hearing_call()
    officers = [officer_of(call.fund), officer_of(call.fund)]
    for _ in range(TWICE):
        first, second = hearing_of(call), hearing_of(call)

        answers = in_parallel(
            partial(hearings.give_slot, second.slot, first.case, by=officers[0]),
            partial(hearings.give_slot, first.slot, second.case, by=officers[1]),
        )

        assert [type(each) for each in answers] == [Refused, Refused]
        Hearing.objects.all().delete()


@pytest.mark.django_db(transaction=True)
def test_merging_a_label_while_it_is_put_on_a_dossier_blocks_nobody():
    case = case_in(Case.State.UNDER_REVIEW)
    fund = case.call.fund
    officers = [officer_of(fund), officer_of(fund)]
    desk.make_label(fund, name="Urgent", by=officers[0])
    for rank in range(TWICE):
        old = desk.make_label(fund, name=f"Pressé {rank}", by=officers[0])
        case.labels.set([old])

        answers = in_parallel(
            lambda old=old: desk.rename_label(old, name="URGENT", by=officers[0]),
            lambda old=old: desk.put_label(case.application, old, by=officers[1]),
        )

        assert unforeseen(answers) == []
    assert Label.objects.count() == 1


@pytest.mark.django_db(transaction=True)
def test_one_label_made_twice_at_once_is_one_label():
    fund = FundFactory()
    officers = [officer_of(fund), officer_of(fund)]

    answers = in_parallel(*(lambda by=by: desk.make_label(fund, name="Urgent", by=by) for by in officers))

    assert (unforeseen(answers), Label.objects.count()) == ([], 1)


# The committee


@pytest.mark.django_db(transaction=True)
def test_one_card_sealed_from_two_devices_at_once_is_kept_once_and_holds():
    session = committee_session(FundFactory())
    item, seat = agenda_item(session), member_of(session.committee)
    criteria = item.case.application.call.criteria.all()

    def sealing(value):
        scores = dict.fromkeys(criteria, value)
        return lambda: scoring.score(item, scores=scores, comment="", by=seat.user, read="")

    answers = in_parallel(*map(sealing, range(4)))

    [kept] = [each for each in answers if isinstance(each, Scorecard)]
    assert [type(each) for each in answers if each is not kept] == [scoring.CardConflict] * 3
    scoring.reveal(item, by=chair_of(session))
    kept.refresh_from_db()
    assert (kept.set_aside, item.commitments.count()) == (False, 1)


@pytest.mark.django_db(transaction=True)
def test_a_decision_waits_for_the_recusal_that_takes_its_majority_away():
    session = all_present(committee_session(FundFactory()))
    item, member = agenda_item(session, state="vote_open"), present_member(session).user
    votes.vote(item, choice="for", amount=1000, by=member)
    votes.close_vote(item, by=chair_of(session))
    select = partial(decisions.decide, item, outcome="selected", amount=1000, by=chair_of(session))

    with ThreadPoolExecutor() as pool:
        with transaction.atomic():
            recuse(Case.objects.locked(item.case), member, "Conjointe au sein du porteur.", by=member)
            decided = pool.submit(in_parallel, select)
            wait_until_it_waits(decided)
        [answer] = decided.result()

    assert (type(answer), item.decisions.count()) == (Refused, 0)


def wait_until_it_waits(act):
    """Return once what another connection does waits for a lock, or is done."""
    with connection.cursor() as cursor:
        waits = None
        while not (waits or act.done()):
            waits = cursor.execute("SELECT 1 FROM pg_locks WHERE NOT granted").fetchone()


@pytest.mark.django_db(transaction=True)
def test_one_vote_cast_from_two_devices_at_once_is_one_ballot_that_of_the_last():
    session = committee_session(FundFactory())
    item = agenda_item(session, state="vote_open")
    seat = present_member(session)

    def casting(choice):
        return lambda: votes.vote(item, choice=choice, number=1, by=seat.user)

    answers = in_parallel(*map(casting, ["for", "against", "abstain", "for"]))

    last = Entry.objects.filter(event="ballot.cast").latest("pk").details.content["choice"]
    assert (unforeseen(answers), Ballot.objects.get().choice) == ([], last)


def test_what_a_colleague_just_took_away_is_told(db):
    case = case_in(Case.State.UNDER_REVIEW)
    officer = officer_of(case.call.fund)
    review, view = (
        assigned(case),
        views.save_view(case.call.fund, name="Lundi", query="", shared=False, by=officer),
    )
    item = agenda_item(committee_session(case.call.fund))
    reviewers.unassign_reviewer(review, by=officer)
    views.delete_view(view, by=officer)
    sessions.remove_from_agenda(item, by=officer)

    for act in (
        lambda: reviewers.unassign_reviewer(review, by=officer),
        lambda: views.delete_view(view, by=officer),
        lambda: views.change_view(view, name="Mardi", shared=True, by=officer),
        lambda: sessions.remove_from_agenda(item, by=officer),
        lambda: agenda.move_item(item, up=True, by=officer),
    ):
        with pytest.raises(Refused, match="vient d’être"):
            act()
