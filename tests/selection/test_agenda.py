"""What the committee will hear of: convened, put on the agenda, opened."""

import pytest

from accounts.models import Membership
from applications import actions as applications
from applications.models import Recusal
from journal.models import OutgoingEmail
from journal.refusals import Refused
from selection.actions import decisions, scoring
from selection.actions import session as actions
from selection.models import (
    AgendaItem,
    Case,
    CommitteeSession,
)
from tests.factories import (
    CallFactory,
    FundFactory,
    agenda_item,
    case_in,
    certifier_of,
    chair_of,
    clarified_application,
    committee_session,
    head_of,
    member_of,
    officer_of,
    reviewed_case,
    taken_up,
)

Item = AgendaItem.State
Meeting = CommitteeSession.State


@pytest.fixture
def session(db):
    return committee_session(FundFactory())


def notes(item, *values):
    return dict(zip(item.case.application.call.criteria.all(), values, strict=True))


def score(item, seat, *values, comment=""):
    return scoring.score(item, scores=notes(item, *values), comment=comment, by=seat.user)


def test_convening_tells_each_seat(db):
    fund = FundFactory()
    held = committee_session(fund)
    member_of(held.committee)

    actions.convene(
        committee=held.committee,
        envelope=held.envelope,
        title="Deuxième séance",
        held_on=held.held_on,
        by=officer_of(fund),
    )

    assert sorted(email.to for email in OutgoingEmail.objects.all()) == sorted(
        seat.user.email for seat in held.committee.seats.all()
    )


def test_a_session_draws_on_its_own_fund(session):
    other = committee_session(FundFactory())

    with pytest.raises(Refused):
        actions.convene(
            committee=session.committee,
            envelope=other.envelope,
            title="Séance",
            held_on=session.held_on,
            by=officer_of(session.fund),
        )


@pytest.mark.parametrize("state", [Case.State.SHORTLISTED, Case.State.DEFERRED])
def test_a_shortlisted_or_deferred_case_goes_on_the_agenda(session, state):
    case = case_in(state, call=CallFactory(fund=session.fund, published=True))

    actions.add_to_agenda(session, [case.application.reference], by=officer_of(session.fund))

    case.refresh_from_db()
    assert (case.state, session.items.get().position) == (Case.State.ON_AGENDA, 1)


def test_the_agenda_keeps_the_order_given_after_what_it_holds(session):
    call = CallFactory(fund=session.fund, published=True)
    cases = [case_in(Case.State.SHORTLISTED, call=call) for _ in range(3)]
    references = [case.application.reference for case in cases]
    actions.add_to_agenda(session, references[:1], by=officer_of(session.fund))

    actions.add_to_agenda(session, [references[2], references[1]], by=officer_of(session.fund))

    assert [str(item) for item in session.items.order_by("position")] == [
        references[0], references[2], references[1],
    ]  # fmt: skip


NOT_SCHEDULABLE = [
    state for state in Case.State if state not in (Case.State.SHORTLISTED, Case.State.DEFERRED)
]


@pytest.mark.parametrize("state", NOT_SCHEDULABLE)
def test_no_other_case_goes_on_the_agenda(session, state):
    case = reviewed_case(call=CallFactory(fund=session.fund, published=True))
    Case.objects.update(state=state)

    with pytest.raises(Refused):
        actions.add_to_agenda(session, [case.application.reference], by=officer_of(session.fund))


def test_a_dossier_of_which_more_is_asked_does_not_go_on_the_agenda(session):
    application = clarified_application(call=CallFactory(fund=session.fund, published=True))
    taken_up(application, Case.State.SHORTLISTED)

    with pytest.raises(Refused) as refusal:
        actions.add_to_agenda(session, [application.reference], by=officer_of(session.fund))

    assert refusal.value.reason.startswith(
        f"Des compléments sont demandés sur le dossier {application.reference}"
    )


def test_nothing_more_is_asked_of_a_dossier_that_is_on_the_agenda(session, client):
    application = agenda_item(session).case.application
    client.force_login(officer_of(session.fund))
    address = f"/secretariat/dossiers/{application.reference}/complements/"

    page, answer = client.get(address), client.post(address, {})

    assert "retirez-le d’abord de l’ordre du jour" in page.text
    assert (answer.status_code, application.clarifications.count()) == (409, 0)


def test_where_no_shortlist_is_drawn_a_reviewed_case_goes_on_the_agenda(session):
    call = CallFactory(fund=session.fund, published=True, has_shortlist=False)
    case = reviewed_case(call=call)

    actions.add_to_agenda(session, [case.application.reference], by=officer_of(session.fund))

    assert session.items.get().case == case


@pytest.mark.parametrize("reference", ["INCONNUE-0001", "", "\0"])
def test_an_unknown_reference_is_refused_without_failing(session, reference):
    with pytest.raises(Refused):
        actions.add_to_agenda(session, [reference], by=officer_of(session.fund))

    assert session.items.count() == 0


def test_a_case_of_another_fund_is_refused(session):
    case = case_in(Case.State.SHORTLISTED)

    with pytest.raises(Refused):
        actions.add_to_agenda(session, [case.application.reference], by=officer_of(session.fund))


def test_what_was_withdrawn_does_not_go_on_the_agenda(session):
    case = case_in(Case.State.SHORTLISTED, call=CallFactory(fund=session.fund, published=True))
    applications.withdraw(case.application, by=certifier_of(case.application.organisation))

    with pytest.raises(Refused):
        actions.add_to_agenda(session, [case.application.reference], by=officer_of(session.fund))


def test_a_deferred_case_goes_on_a_later_agenda_and_not_on_the_same(session):
    item = agenda_item(session, state=Item.VOTED)
    decisions.decide(item, outcome="deferred", asked="Revoir.", by=chair_of(session))
    later = committee_session_of(session)
    reference = item.case.application.reference

    with pytest.raises(Refused):
        actions.add_to_agenda(session, [reference], by=officer_of(session.fund))
    actions.add_to_agenda(later, [reference], by=officer_of(session.fund))

    assert later.items.get().case == item.case


def committee_session_of(session):
    """A later session of the same committee."""
    return CommitteeSession.objects.create(
        committee=session.committee,
        envelope=session.envelope,
        title="Séance suivante",
        held_on=session.held_on,
        prepared_by=session.prepared_by,
    )


def test_who_is_of_the_carrier_does_not_put_it_on_the_agenda(session):
    case = case_in(Case.State.SHORTLISTED, call=CallFactory(fund=session.fund, published=True))
    officer = officer_of(session.fund)
    Membership.objects.create(user=officer, organisation=case.application.organisation, role="contributor")

    with pytest.raises(Refused):
        actions.add_to_agenda(session, [case.application.reference], by=officer)


def test_a_recused_officer_does_not_read_the_dossier_among_those_to_schedule(session, client):
    case = case_in(
        Case.State.SHORTLISTED, call=CallFactory(fund=session.fund, published=True), title="Marqueur"
    )
    officer = officer_of(session.fund)
    Recusal.objects.create(application=case.application, user=officer, reason="Ancien employeur")
    client.force_login(officer)

    page = client.get(f"/secretariat/seances/{session.pk}/classement/").content.decode()

    assert page.count("Marqueur") == 0


def test_what_nobody_scored_may_be_taken_off_the_agenda(session):
    item = agenda_item(session)

    actions.remove_from_agenda(item, by=officer_of(session.fund))

    item.case.refresh_from_db()
    assert (item.case.state, session.items.count()) == (Case.State.SHORTLISTED, 0)


def test_the_head_opens_a_session_that_has_an_agenda(db):
    session = committee_session(FundFactory(), state=Meeting.CONVENED)

    with pytest.raises(Refused):
        actions.open_session(session, by=head_of(session.fund))
    agenda_item(session)
    actions.open_session(session, by=head_of(session.fund))

    session.refresh_from_db()
    assert session.state == Meeting.OPEN


def test_what_leaves_the_agenda_leaves_no_gap_in_its_places(session):
    items = [agenda_item(session) for _ in range(4)]

    actions.remove_from_agenda(items[1], by=officer_of(session.fund))

    kept = [items[0].pk, items[2].pk, items[3].pk]
    assert list(session.items.values_list("pk", "position")) == list(zip(kept, [1, 2, 3], strict=True))


def test_an_item_that_someone_scored_stays_on_the_agenda(db):
    session = committee_session(FundFactory())
    item, member = agenda_item(session), member_of(session.committee).user
    scores = dict.fromkeys(item.case.application.call.criteria.all(), 3)
    scoring.score(item, scores=scores, comment="", by=member)

    with pytest.raises(Refused):
        actions.remove_from_agenda(item, by=officer_of(session.fund))
