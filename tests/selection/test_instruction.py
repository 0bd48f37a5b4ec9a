"""The secretariat's part: eligibility, reviews, shortlist."""

from decimal import Decimal

import pytest
from django.core.exceptions import PermissionDenied

from applications import actions as applications
from applications.models import Application, Recusal
from documents.models import StoredFile
from journal.models import Entry, OutgoingEmail
from journal.refusals import Refused
from selection.actions import instruction as actions
from selection.models import Case, EligibilityCheck, Review
from tests.clock import from_now
from tests.database import refused_by_the_database
from tests.factories import (
    CallFactory,
    FundFactory,
    StoredFileFactory,
    auditor_of,
    case_in,
    certifier_of,
    complete_draft,
    filed_application,
    head_of,
    officer_of,
    reviewed_case,
)

State = Case.State


def scores(case, *values):
    criteria = case.application.call.criteria.all()
    return [
        {"criterion": criterion, "value": value, "comment": ""}
        for criterion, value in zip(criteria, values, strict=True)
    ]


def review(case, *values, by=None, finished=True, **facts):
    facts = {"comment": "", "recommendation": "favourable", "proposed_amount": None} | facts
    by = by or officer_of(case.application.call.fund)
    return actions.save_review(case, scores=scores(case, *values), finished=finished, by=by, **facts)


# What is given up


def test_the_secretariat_reads_why_a_filed_dossier_was_given_up(client, db):
    application = filed_application()
    certifier = certifier_of(application.organisation)
    applications.withdraw(application, by=certifier, reason="Le budget a été voté sans nous.")
    client.force_login(officer_of(application.call.fund))

    page = client.get("/secretariat/dossiers/").content.decode()

    assert page.count("Le budget a été voté sans nous.") == 1


def test_why_a_draft_was_given_up_stays_its_carriers_own(client, db):
    draft = complete_draft()
    applications.withdraw(draft, by=draft.created_by, reason="Le budget a été voté sans nous.")
    client.force_login(officer_of(draft.call.fund))

    page = client.get("/secretariat/dossiers/").content.decode()

    assert page.count(draft.title) == 0


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


def recused_officer(application):
    officer = officer_of(application.call.fund)
    Recusal.objects.create(application=application, user=officer, reason="Ancien employeur")
    return officer


def test_a_recused_officer_neither_checks_nor_reviews(db):
    case = case_in(State.ELIGIBLE)
    officer = recused_officer(case.application)

    with pytest.raises(PermissionDenied):
        actions.declare_eligible(case.application, by=officer)
    with pytest.raises(PermissionDenied):
        review(case, 1, 2, 3, 4, by=officer)


# Reviews


def test_the_first_review_begins_the_instruction(db):
    case = case_in(State.ELIGIBLE)

    review(case, 4, None, None, None, finished=False)

    case.refresh_from_db()
    assert (case.state, case.review_score) == (State.UNDER_REVIEW, None)


def test_a_review_may_be_kept_then_finished(db):
    case = case_in(State.ELIGIBLE)
    officer = officer_of(case.application.call.fund)
    review(case, 1, 1, 1, 1, by=officer, finished=False)

    review(case, 5, 4, 3, 2, by=officer)

    case.refresh_from_db()
    assert Review.objects.get().state == Review.State.FINISHED
    # 40 % of 5, 30 % of 4, 20 % of 3, 10 % of 2
    assert case.review_score == Decimal("4.000")


def test_the_score_is_the_mean_of_the_finished_reviews(db):
    case = case_in(State.ELIGIBLE)
    review(case, 5, 4, 3, 2)
    review(case, 2, 2, 2, 2)
    review(case, 0, 0, 0, 0, finished=False)

    case.refresh_from_db()

    assert case.review_score == Decimal("3.000")


def test_the_score_is_kept_to_the_thousandth(db):
    case = case_in(State.ELIGIBLE, call=CallFactory(published=True, criteria=(34, 33, 33)))
    review(case, 5, 4, 3)
    review(case, 4, 4, 4)
    review(case, 1, 2, 4)

    case.refresh_from_db()

    # (34 × 10/3 + 33 × 10/3 + 33 × 11/3) / 100
    assert case.review_score == Decimal("3.443")


def test_a_finished_review_does_not_change(db):
    case = case_in(State.ELIGIBLE)
    officer = officer_of(case.application.call.fund)
    review(case, 5, 4, 3, 2, by=officer)

    with pytest.raises(Refused) as refusal:
        review(case, 1, 1, 1, 1, by=officer)

    assert refusal.value.reason == "Votre évaluation est terminée : elle ne se modifie plus."


def test_a_finished_review_recommends(db):
    review_ = Review.objects.create(case=case_in(State.UNDER_REVIEW), reviewer=head_of(FundFactory()))

    with refused_by_the_database():
        Review.objects.filter(pk=review_.pk).update(state=Review.State.FINISHED)


@pytest.mark.parametrize("state", [State.TO_CHECK, State.INELIGIBLE, State.SHORTLISTED, State.ON_AGENDA])
def test_a_dossier_is_reviewed_during_its_instruction_only(db, state):
    with pytest.raises(Refused):
        review(case_in(state), 1, 2, 3, 4)


# Shortlist


@pytest.fixture
def call(db):
    return CallFactory(published=True)


def test_the_shortlist_keeps_the_ticked_ones_and_turns_down_the_others(call):
    kept, other = reviewed_case(call=call), reviewed_case(call=call)
    unfinished = case_in(State.UNDER_REVIEW, call=call)

    count = actions.draw_shortlist(call, [kept.application.reference], by=officer_of(call.fund))

    states = dict(Case.objects.values_list("pk", "state"))
    assert count == 1
    assert states == {
        kept.pk: State.SHORTLISTED,
        other.pk: State.NOT_SHORTLISTED,
        unfinished.pk: State.UNDER_REVIEW,
    }


def test_an_empty_shortlist_is_refused(call):
    reviewed_case(call=call)

    with pytest.raises(Refused) as refusal:
        actions.draw_shortlist(call, [], by=officer_of(call.fund))

    assert refusal.value.reason == "Cochez au moins un dossier."


def test_a_dossier_of_another_call_is_not_shortlisted(call):
    reviewed_case(call=call)
    other = reviewed_case()

    with pytest.raises(Refused):
        actions.draw_shortlist(call, [other.application.reference], by=officer_of(call.fund))


def test_what_was_withdrawn_is_not_shortlisted(call):
    case = reviewed_case(call=call)
    applications.withdraw(case.application, by=certifier_of(case.application.organisation))

    with pytest.raises(Refused):
        actions.draw_shortlist(call, [case.application.reference], by=officer_of(call.fund))


def test_a_call_without_a_shortlist_draws_none(db):
    call = CallFactory(published=True, has_shortlist=False)
    case = reviewed_case(call=call)

    with pytest.raises(Refused):
        actions.draw_shortlist(call, [case.application.reference], by=officer_of(call.fund))


def test_who_is_recused_from_a_dossier_of_a_call_does_not_draw_its_shortlist(call):
    mine, other = reviewed_case(call=call), reviewed_case(call=call)
    officer = recused_officer(mine.application)

    with pytest.raises(Refused):
        actions.draw_shortlist(call, [other.application.reference], by=officer)

    assert set(Case.objects.values_list("state", flat=True)) == {State.UNDER_REVIEW}


def test_who_is_recused_reads_nothing_of_the_dossier_in_any_list(call, client):
    case = reviewed_case(call=call, title="Marqueur du dossier")
    Case.objects.update(state=State.UNDER_REVIEW)
    client.force_login(recused_officer(case.application))

    pages = [
        client.get(address).content.decode()
        for address in ("/secretariat/dossiers/", f"/secretariat/appels/{call.slug}/preselection/")
    ]

    assert [page.count("Marqueur du dossier") + page.count(case.application.reference) for page in pages] == [
        0,
        0,
    ]


@pytest.mark.parametrize("value", ["inconnu", "\0", "'", "9" * 5000])
def test_an_unknown_filter_filters_nothing(call, client, value):
    reviewed_case(call=call)
    client.force_login(officer_of(call.fund))

    page = client.get("/secretariat/dossiers/", {"appel": value, "etat": value, "page": value})

    assert (page.status_code, page.context["total"]) == (200, 1)


def test_the_list_counts_the_dossiers_by_state(call, client):
    reviewed_case(call=call)
    filed_application(call=call)
    client.force_login(officer_of(call.fund))

    page = client.get("/secretariat/dossiers/")

    assert page.context["states"] == [
        ("to_check", "recevabilité à examiner", 1),
        ("under_review", "en instruction", 1),
    ]


def test_a_draft_is_never_in_the_list_of_the_secretariat(call, client):
    complete_draft(call=call)
    client.force_login(officer_of(call.fund))

    assert (Application.objects.count(), client.get("/secretariat/dossiers/").context["total"]) == (1, 0)


# Files


def test_a_file_that_is_withheld_says_why_beside_its_name(client, db):
    draft = complete_draft()
    file = StoredFileFactory(scan_state="pending")
    applications.attach(draft, file=file, name="plan.pdf", by=draft.created_by)
    StoredFile.objects.update(scan_state="clean", scanned_at=from_now())
    applications.file_application(draft, by=certifier_of(draft.organisation))
    StoredFile.objects.update(scan_state="infected", virus="Eicar")
    draft.refresh_from_db()
    client.force_login(officer_of(draft.call.fund))

    page = client.get(f"/secretariat/dossiers/{draft.reference}/").text

    assert page.count("Virus trouvé (Eicar)") == 1
