"""Whether a dossier may be reviewed at all."""

import pytest
from django.core.exceptions import PermissionDenied

from applications import actions as applications
from applications.models import Recusal
from journal.models import Entry, OutgoingEmail
from journal.refusals import Refused
from selection.actions import eligibility as actions
from selection.actions import reviews
from selection.models import Case, EligibilityCheck
from tests.clock import from_now
from tests.database import refused_by_the_database
from tests.factories import (
    CallFactory,
    FundFactory,
    auditor_of,
    case_in,
    certifier_of,
    filed_application,
    officer_of,
)

State = Case.State


def recused_officer(application):
    officer = officer_of(application.call.fund)
    Recusal.objects.create(application=application, user=officer, reason="Ancien employeur")
    return officer


# Shortlist


@pytest.fixture
def call(db):
    return CallFactory(published=True)


# Eligibility


def test_an_officer_lets_a_dossier_through(db):
    application = filed_application()

    case = actions.declare_eligible(application, by=officer_of(application.call.fund))

    assert (case.state, case.eligibility.eligible) == (State.ELIGIBLE, True)
    assert Entry.objects.filter(event="case.declared_eligible").count() == 1


def test_declaring_ineligible_tells_the_writers_why(db):
    application = filed_application()
    OutgoingEmail.objects.all().delete()

    actions.declare_ineligible(
        application, reason="Projet déjà commencé", by=officer_of(application.call.fund)
    )

    [email] = OutgoingEmail.objects.all()
    assert (email.to, email.context["reason"]) == (application.created_by.email, "Projet déjà commencé")
    assert Case.objects.get().state == State.INELIGIBLE


def test_an_ineligibility_without_a_reason_is_refused_by_the_database(db):
    case = case_in(State.TO_CHECK)

    with refused_by_the_database():
        EligibilityCheck.objects.create(
            case=case, eligible=False, reason="", checked_by=officer_of(case.application.call.fund)
        )


def test_eligibility_is_decided_once(db):
    application = filed_application()
    officer = officer_of(application.call.fund)
    actions.declare_ineligible(application, reason="Hors sujet", by=officer)
    sent = OutgoingEmail.objects.count()

    with pytest.raises(Refused):
        actions.declare_ineligible(application, reason="Hors sujet", by=officer)
    with pytest.raises(Refused):
        actions.declare_eligible(application, by=officer)

    assert OutgoingEmail.objects.count() == sent


def test_what_is_taken_back_may_change_until_the_deadline(db):
    application = filed_application()
    applications.take_back(application, by=application.created_by)

    with pytest.raises(Refused):
        actions.declare_eligible(application, by=officer_of(application.call.fund))


def test_what_is_taken_back_and_never_filed_again_stands_as_it_was_filed(db):
    application = filed_application(title="Nom déposé")
    writer = application.created_by
    applications.take_back(application, by=writer)
    applications.change_identity(application, title="Nom changé", themes=[], by=writer)
    application.call.rounds.update(closes_at=from_now(seconds=-1))

    case = actions.declare_eligible(application, by=officer_of(application.call.fund))

    case.application.refresh_from_db()
    assert (case.submission.revision, case.application.title, case.application.state) == (
        1,
        "Nom déposé",
        "filed",
    )


def test_what_the_secretariat_took_up_is_not_taken_back(db):
    application = filed_application()
    actions.declare_eligible(application, by=officer_of(application.call.fund))

    with pytest.raises(Refused):
        applications.take_back(application, by=application.created_by)


def test_what_was_withdrawn_is_not_checked(db):
    application = filed_application()
    applications.withdraw(application, by=certifier_of(application.organisation))

    with pytest.raises(Refused):
        actions.declare_eligible(application, by=officer_of(application.call.fund))


@pytest.mark.parametrize("role", [auditor_of, lambda fund: officer_of(FundFactory())])
def test_only_the_secretariat_of_the_fund_checks_eligibility(db, role):
    application = filed_application()

    with pytest.raises(PermissionDenied):
        actions.declare_eligible(application, by=role(application.call.fund))


def test_a_recused_officer_neither_checks_nor_reviews(db):
    case = case_in(State.ELIGIBLE)
    officer = recused_officer(case.application)

    with pytest.raises(PermissionDenied):
        actions.declare_eligible(case.application, by=officer)
    with pytest.raises(PermissionDenied):
        reviews.save_review(
            case,
            scores=[],
            comment="",
            recommendation="",
            proposed_amount=None,
            finished=False,
            by=officer,
        )
