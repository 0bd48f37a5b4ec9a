"""Who reviews a dossier: entrusted, taken back, reopened; and what each has to do."""

from datetime import timedelta

import pytest
from django.core.exceptions import PermissionDenied

from applications.models import Recusal
from journal.models import Entry, OutgoingEmail
from journal.refusals import Refused
from selection.access import reviews_to_do
from selection.actions import reviewers as actions
from selection.actions.reviews import reopen_review
from selection.models import Case, Review
from tests.factories import CallFactory, FundFactory, UserFactory, case_in, head_of, officer_of
from tests.selection.review_factories import assigned, consensus, review, reviewed_by

State = Case.State


@pytest.fixture
def case(db):
    return case_in(State.ELIGIBLE)


def fund_of(case):
    return case.application.call.fund


def sent(template):
    return OutgoingEmail.objects.filter(template=f"selection/emails/{template}.txt")


def test_a_reviewer_is_told_of_what_is_entrusted_to_them(case):
    reviewer, officer = officer_of(fund_of(case)), officer_of(fund_of(case))

    actions.assign_reviewers(case, [reviewer, officer], by=officer)

    case.refresh_from_db()
    assert [email.to for email in sent("review_assigned")] == [reviewer.email]
    assert (case.reviews_asked, case.reviews_finished, case.state) == (2, 0, State.ELIGIBLE)


def test_entrusting_twice_makes_one_review(case):
    reviewer, officer = officer_of(fund_of(case)), officer_of(fund_of(case))
    actions.assign_reviewers(case, [reviewer], by=officer)

    assert actions.assign_reviewers(case, [reviewer], by=officer) == 0


def test_where_one_may_not_review_nobody_is_entrusted(case):
    officer, recused = officer_of(fund_of(case)), officer_of(fund_of(case))
    Recusal.objects.create(application=case.application, user=recused, reason="Ancien employeur")

    with pytest.raises(actions.NotReviewer):
        actions.assign_reviewers(case, [officer, recused], by=officer)

    assert Review.objects.count() == 0


def test_someone_outside_the_secretariat_does_not_review(case):
    with pytest.raises(actions.NotReviewer):
        actions.assign_reviewers(case, [UserFactory()], by=officer_of(fund_of(case)))


def test_an_officer_of_another_fund_entrusts_nobody(case):
    with pytest.raises(PermissionDenied):
        actions.assign_reviewers(case, [officer_of(fund_of(case))], by=officer_of(FundFactory()))


def test_one_who_could_read_the_others_does_not_entrust_oneself(db):
    case = reviewed_by((4, 4, 4, 4))
    officer = officer_of(fund_of(case))

    with pytest.raises(actions.NotReviewer):
        actions.assign_reviewers(case, [officer], by=officer)


def test_a_review_not_begun_is_taken_back(case):
    given = assigned(case)

    actions.unassign_reviewer(given, by=officer_of(fund_of(case)))

    case.refresh_from_db()
    assert (Review.objects.count(), case.reviews_asked) == (0, 0)
    assert [email.to for email in sent("review_taken_back")] == [given.reviewer.email]


def test_a_review_begun_is_not_taken_back(case):
    given = review(case, 4, None, None, None, finished=False)

    with pytest.raises(Refused):
        actions.unassign_reviewer(given, by=officer_of(fund_of(case)))

    assert Review.objects.count() == 1


# Reopening


def test_the_head_reopens_a_review_with_a_reason(db):
    case = reviewed_by((4, 4, 4, 4))
    given = case.reviews.get()

    reopen_review(given, reason="Le plan de financement a changé.", by=head_of(fund_of(case)))

    case.refresh_from_db()
    given.refresh_from_db()
    assert (given.state, given.finished_at, case.review_score, case.reviews_finished) == (
        "draft",
        None,
        None,
        0,
    )
    assert Entry.objects.filter(event="case.review_reopened").count() == 1
    assert "Le plan de financement a changé." in sent("review_reopened").get().body


def test_an_officer_does_not_reopen(db):
    case = reviewed_by((4, 4, 4, 4))

    with pytest.raises(PermissionDenied):
        reopen_review(case.reviews.get(), reason="Non.", by=officer_of(fund_of(case)))


def test_a_review_stays_closed_once_the_consensus_is_found(db):
    case = reviewed_by((4, 4, 4, 4), (3, 3, 3, 3))
    consensus(case, 4, 4, 4, 4)

    with pytest.raises(Refused):
        reopen_review(case.reviews.own().first(), reason="Trop tard.", by=head_of(fund_of(case)))


def test_a_review_stays_closed_after_the_instruction(db):
    case = reviewed_by((4, 4, 4, 4))
    Case.objects.update(state=State.SHORTLISTED)

    with pytest.raises(Refused):
        reopen_review(case.reviews.get(), reason="Trop tard.", by=head_of(fund_of(case)))


# What one has to do


def test_the_nearest_due_is_the_first_to_do(db):
    fund = FundFactory(review_target_days=45)
    officer = officer_of(fund)
    late, soon = [case_in(State.UNDER_REVIEW, call=CallFactory(fund=fund, published=True)) for _ in range(2)]
    for case in (late, soon):
        assigned(case, officer)
    closing = soon.application.round.closes_at
    soon.application.call.rounds.update(closes_at=closing - timedelta(days=1))

    found = list(reviews_to_do(officer))

    assert [each.case for each in found] == [soon, late]
    assert found[1].due_at == late.application.round.closes_at + timedelta(days=45)


def test_what_is_no_longer_in_instruction_is_not_to_do(db):
    given = assigned(case_in(State.SHORTLISTED))

    assert list(reviews_to_do(given.reviewer)) == []
