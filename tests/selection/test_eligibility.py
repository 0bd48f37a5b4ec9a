"""Whether a dossier may be reviewed at all."""

import pytest
from django.core.exceptions import PermissionDenied

from applications import actions as applications
from applications.models import Recusal
from journal.models import Entry, OutgoingEmail
from journal.refusals import Refused
from selection.actions import eligibility as actions
from selection.actions import reviews
from selection.models import Case, EligibilityCheck, IneligibilityProposal
from tests.clock import from_now
from tests.database import refused_by_the_database
from tests.factories import (
    CallFactory,
    FundFactory,
    auditor_of,
    case_in,
    certifier_of,
    filed_application,
    head_of,
    officer_of,
)
from tests.selection.eligibility_factories import proposed, turned_down

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

    turned_down(application, reason="Projet déjà commencé")

    [email] = OutgoingEmail.objects.filter(template__endswith="ineligibility_notice.txt")
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
    turned_down(application)
    sent = OutgoingEmail.objects.count()

    with pytest.raises(Refused):
        actions.propose_ineligible(application, reason="Hors sujet", by=officer)
    with pytest.raises(Refused):
        actions.declare_eligible(application, by=officer)

    assert OutgoingEmail.objects.count() == sent


# Two people


def test_who_proposes_an_ineligibility_does_not_decide_it(db):
    application = filed_application()
    officer = officer_of(application.call.fund)
    proposal = proposed(application, by=officer)

    with pytest.raises(PermissionDenied):
        actions.settle_ineligibility(proposal, accepted=True, by=officer)
    with refused_by_the_database():
        IneligibilityProposal.objects.update(settled_by=officer, settled_at=from_now(), accepted=True)


@pytest.mark.parametrize("read", [{}, {"proposal": ""}, {"proposal": "0"}])
def test_a_proposal_that_was_not_read_is_not_settled(client, db, read):
    proposal = proposed(filed_application())
    client.force_login(officer_of(proposal.case.call.fund))

    address = f"/secretariat/dossiers/{proposal.case.application.reference}/recevabilite/irrecevabilite/"
    answer = client.post(address, {"accepted": "oui", **read})

    proposal.refresh_from_db()
    assert (answer.status_code, proposal.settled_at) == (409, None)


def test_what_another_settled_meanwhile_is_said(client, db):
    proposal = proposed(filed_application())
    fund = proposal.case.call.fund
    actions.settle_ineligibility(proposal, accepted=False, answer="Du champ.", by=officer_of(fund))
    client.force_login(officer_of(fund))

    address = f"/secretariat/dossiers/{proposal.case.application.reference}/recevabilite/irrecevabilite/"
    answer = client.post(address, {"accepted": "oui", "proposal": str(proposal.pk)})

    assert (answer.status_code, "déjà tranchée" in answer.text) == (409, True)


def test_until_it_is_decided_the_carrier_is_told_nothing(db):
    application = filed_application()
    OutgoingEmail.objects.all().delete()

    proposal = proposed(application)

    asked = set(OutgoingEmail.objects.values_list("template", flat=True))
    assert asked == {"selection/emails/ineligibility_proposed.txt"}
    assert (proposal.case.state, EligibilityCheck.objects.count()) == (State.TO_CHECK, 0)


def test_a_proposal_without_a_second_person_is_refused(db):
    application = filed_application()

    with pytest.raises(Refused):
        actions.propose_ineligible(application, reason="Hors champ", by=officer_of(application.call.fund))


def test_while_an_ineligibility_is_proposed_nothing_else_is_decided(db):
    application = filed_application()
    proposed(application)

    with pytest.raises(Refused):
        actions.declare_eligible(application, by=officer_of(application.call.fund))


def test_a_refused_proposal_leaves_the_dossier_to_check(db):
    application = filed_application()
    proposal = proposed(application)
    head = head_of(application.call.fund)

    with pytest.raises(Refused):
        actions.settle_ineligibility(proposal, accepted=False, answer="", by=head)
    actions.settle_ineligibility(proposal, accepted=False, answer="Le projet est du champ.", by=head)

    assert actions.declare_eligible(application, by=head).state == State.ELIGIBLE


def test_what_was_filed_again_since_is_not_turned_down_on_what_it_said_before(db):
    application = filed_application()
    proposal = proposed(application)
    applications.take_back(application, by=application.created_by)
    applications.file_application(application, by=certifier_of(application.organisation))

    with pytest.raises(Refused):
        actions.settle_ineligibility(proposal, accepted=True, by=officer_of(application.call.fund))


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
    application.call.rounds.update(closes_at=from_now())

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
