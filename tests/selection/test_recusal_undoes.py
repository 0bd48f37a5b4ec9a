"""A recusal that comes late undoes what someone already had to do with a dossier, and nothing more reaches them."""

from decimal import Decimal

import pytest

from accounts.models import HeldNotice, Membership
from applications.models import Recusal
from documents.models import ProducedDocument
from journal.models import Entry, OutgoingEmail
from journal.refusals import Refused
from selection.access import book_key, whole_book_key
from selection.actions import conflicts as actions
from selection.actions import opinions as opinion_actions
from selection.actions.hearings import cancel_hearing
from selection.actions.reviewers import unassign_reviewer
from selection.actions.reviews import reopen_review, why_no_consensus
from selection.models import AgendaItem, Case, CommitteeSession, Review
from tests.factories import (
    FundFactory,
    UserFactory,
    agenda_item,
    case_in,
    committee_session,
    head_of,
    member_of,
    officer_of,
)
from tests.selection.conflicts_factories import declaration
from tests.selection.hearing_factories import hearing_call, hearing_of
from tests.selection.opinion_factories import opinion_asked, opinion_given, token_in
from tests.selection.review_factories import assigned, consensus, review, reviewed_by

State = Case.State


def recused(application, user):
    """Someone else settles that they are."""
    made = declaration(user, application, raised_by=head_of(application.call.fund))
    OutgoingEmail.objects.all().delete()
    actions.settle_declaration(made, recused=True, reason="Conjoint.", by=head_of(application.call.fund))


def sent_to(user):
    return [email.template.split("/")[-1] for email in OutgoingEmail.objects.filter(to=user.email)]


# The committee's book


def test_the_book_of_a_member_is_made_again_without_the_dossier(db):
    session = committee_session(FundFactory())
    items, seat = [agenda_item(session) for _ in range(3)], member_of(session.committee)

    for item in items[:2]:
        actions.recuse_oneself(item.case.application, reason="Conjoint", by=seat.user)

    asked = ProducedDocument.objects.filter(kind="selection.committee_book")
    asked = list(asked.values_list("subject_key", flat=True))
    told = [asked.count(key) for key in (whole_book_key(session), book_key(seat.user, session))]
    assert (told, len(asked)) == ([1, 1], 3)


# Reviews


def test_a_review_of_someone_recused_since_leaves_the_score_and_the_spread(db):
    case = reviewed_by((5, 5, 5, 5), (1, 1, 1, 1))
    gone = case.reviews.own().order_by("pk").last().reviewer

    actions.recuse_oneself(case.application, reason="Conjoint", by=gone)

    case.refresh_from_db()
    assert (case.review_score, case.score_spread) == (Decimal("5.000"), None)
    assert (case.reviews_asked, case.reviews_finished) == (1, 1)
    assert Entry.objects.filter(event="case.review_set_aside").count() == 1


def test_a_review_that_someone_recused_never_finished_keeps_nobody_from_the_consensus(db):
    case = reviewed_by((4, 4, 4, 4), (3, 3, 3, 3))
    owed = assigned(case)
    before = why_no_consensus(case)

    actions.recuse_oneself(case.application, reason="Conjoint", by=owed.reviewer)

    assert (bool(before), why_no_consensus(case)) == (True, "")


def test_a_consensus_is_agreed_again_without_who_is_recused_since(db):
    case = reviewed_by((5, 5, 5, 5), (3, 3, 3, 3), (3, 3, 3, 3))
    gone = case.reviews.own().order_by("pk").first().reviewer
    consensus(case, 5, 5, 5, 5, by=gone)

    actions.recuse_oneself(case.application, reason="Conjoint", by=gone)

    case.refresh_from_db()
    assert (case.review_score, case.reviews.get(kind="consensus").state) == (Decimal("3.000"), "draft")
    consensus(case, 4, 4, 4, 4)
    case.refresh_from_db()
    assert case.review_score == Decimal("4.000")


def test_the_secretariat_still_reads_the_review_and_is_told_that_it_no_longer_counts(db, client):
    case = reviewed_by((5, 5, 5, 5), (1, 1, 1, 1))
    actions.recuse_oneself(case.application, reason="Conjoint", by=case.reviews.own().first().reviewer)
    client.force_login(officer_of(case.application.call.fund))

    response = client.get(f"/secretariat/dossiers/{case.application.reference}/evaluations/")

    assert (len(response.context["shown"]), response.context["table"]) == (2, None)
    assert response.text.count("déporté depuis") == 2


def test_the_review_of_someone_recused_since_is_not_given_back_to_them(db):
    case = reviewed_by((4, 4, 4, 4))
    given = case.reviews.get()
    actions.recuse_oneself(case.application, reason="Conjoint", by=given.reviewer)

    with pytest.raises(Refused):
        reopen_review(given, reason="À revoir.", by=head_of(case.application.call.fund))

    given.refresh_from_db()
    assert given.state == Review.State.FINISHED


# Opinions


def test_what_was_asked_of_an_expert_is_withdrawn_by_their_recusal(db):
    asked = opinion_asked()
    officer = asked.asked_by

    recused(asked.case.application, asked.expert)

    asked.refresh_from_db()
    asked.case.refresh_from_db()
    assert (asked.revoke_reason, asked.case.opinions_asked) == ("Déport", 0)
    assert sent_to(officer) == ["recusal_told.txt"]
    assert sent_to(asked.expert) == ["declaration_settled.txt"]


def test_an_opinion_given_before_a_recusal_leaves_the_committee_s_book(db):
    session = committee_session(opinion_asked().case.application.call.fund, state="convened")
    asked = opinion_asked(case_in(State.ON_AGENDA, call__fund=session.fund))
    AgendaItem.objects.create(session=session, case=asked.case, position=1)
    opinion_given(asked)
    CommitteeSession.objects.update(state=CommitteeSession.State.OPEN)
    before = whole_book_key(session)

    recused(asked.case.application, asked.expert)

    assert whole_book_key(session) != before


def test_nothing_is_sent_to_an_expert_who_joined_the_carrier_since(db):
    asked = opinion_asked()
    Membership.objects.create(
        user=asked.expert, organisation=asked.case.application.organisation, role="contributor"
    )
    OutgoingEmail.objects.all().delete()

    with pytest.raises(Refused):
        opinion_actions.remind(asked, by=asked.asked_by)
    opinion_actions.revoke(asked, reason="Conflit", by=asked.asked_by)

    assert sent_to(asked.expert) == []


def test_an_invitation_tells_nothing_to_who_is_barred_from_the_dossier(db, client):
    asked = opinion_asked(email="experte@exemple.example", purpose="Marqueur du dossier")
    invited = UserFactory(email="experte@exemple.example")
    Membership.objects.create(
        user=invited, organisation=asked.case.application.organisation, role="contributor"
    )
    client.force_login(invited)

    response = client.get(f"/avis/invitations/{token_in('opinion_asked')}/")

    assert (response.status_code, response.text.count("Marqueur du dossier")) == (404, 0)


# Hearings


def test_who_is_recused_leaves_the_panel_and_hears_no_more_of_the_hearing(db):
    hearing = hearing_of(hearing_call())
    gone = hearing.slot.panel.get()

    actions.recuse_oneself(hearing.case.application, reason="Conjoint", by=gone)
    OutgoingEmail.objects.all().delete()
    cancel_hearing(hearing, by=officer_of(hearing.slot.call.fund))

    assert (list(hearing.slot.panel.all()), sent_to(gone)) == ([], [])


def test_who_left_the_fund_is_not_told_of_a_hearing(db):
    hearing = hearing_of(hearing_call())
    gone = hearing.slot.panel.get()
    gone.fund_roles.all().delete()
    OutgoingEmail.objects.all().delete()

    cancel_hearing(hearing, by=officer_of(hearing.slot.call.fund))

    assert sent_to(gone) == []


# What is told


def test_the_secretariat_is_told_once_of_all_that_a_recusal_undid(db):
    hearing = hearing_of(hearing_call())
    case, gone = hearing.case, hearing.slot.panel.get()
    Case.objects.filter(pk=case.pk).update(officer=gone)
    OutgoingEmail.objects.all().delete()

    actions.recuse_oneself(case.application, reason="Conjoint", by=gone)

    [told] = OutgoingEmail.objects.all()
    assert (told.to, told.body.count("\n- ")) == (hearing.invited_by.email, 2)


def test_what_waited_for_a_summary_of_someone_recused_since_is_not_told(db):
    case = reviewed_by((4, 4, 4, 4))
    gone = case.reviews.get().reviewer
    HeldNotice.objects.create(user=gone, subject="Message", body=f"Dossier {case.application.reference}.")
    HeldNotice.objects.create(user=gone, subject="Message", body=f"Dossier {case.application.reference}9.")

    actions.recuse_oneself(case.application, reason="Conjoint", by=gone)

    assert HeldNotice.objects.get().body == f"Dossier {case.application.reference}9."


def test_a_declaration_on_a_dossier_that_someone_never_knew_of_is_not_told_to_them(db, client):
    case = case_in(State.UNDER_REVIEW)
    expert = UserFactory()

    recused(case.application, expert)

    client.force_login(expert)
    assert sent_to(expert) == []
    assert client.get("/compte/interets/").context["declarations"] == []


def test_a_review_taken_back_from_who_is_recused_is_not_told_to_them(db):
    case = reviewed_by((4, 4, 4, 4))
    owed = assigned(case)
    Recusal.objects.create(application=case.application, user=owed.reviewer, reason="Conjoint")

    unassign_reviewer(owed, by=officer_of(case.application.call.fund))

    assert sent_to(owed.reviewer) == []


# Blindness


def test_who_is_named_again_after_a_review_was_finished_is_told_to_have_been_able_to_read_it(db, client):
    case = case_in(State.UNDER_REVIEW)
    fund = case.application.call.fund
    head, curious = head_of(fund), officer_of(fund)
    unassign_reviewer(assigned(case, curious), by=curious)
    given = review(case, 4, 4, 4, 4)
    reopen_review(given, reason="À revoir.", by=head)
    client.force_login(head)

    address = f"/secretariat/dossiers/{case.application.reference}/evaluations/"
    client.post(address, {"reviewers": [curious.pk]})

    assert case.reviews.get(reviewer=curious).could_read is True
    assert client.get(address).text.count("a pu lire une évaluation terminée") == 1
