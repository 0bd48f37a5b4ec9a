"""What was typed when an act comes too late: the page gives it back, says why, and answers 409."""

import pytest
from django.urls import reverse

from selection.actions import eligibility, flags, hearings
from selection.actions import opinions as asking
from selection.actions import session as sessions
from selection.eligibility import examined
from selection.models import AgendaItem, Case, Hearing, IneligibilityProposal, Review
from tests.factories import CallFactory, case_in, committee_session, filed_application, head_of, officer_of
from tests.selection.hearing_factories import hearing_call, hearing_of
from tests.selection.opinion_factories import opinion_asked
from tests.selection.review_factories import FINISH, assigned, review, reviewed_by, typed

WORDS = "Un texte que personne ne veut taper deux fois."


def of_dossier(name, case, *more):
    return reverse(f"selection:{name}", args=[case.application.reference, *more])


@pytest.fixture
def sent(client, db):
    """Send a form as someone; what the page says, its status, and whether it gives the words back."""

    def send(by, address, **data):
        client.force_login(by)
        answer = client.post(address, data)
        return answer.status_code, WORDS in answer.text, answer.text

    return send


@pytest.fixture
def late(db):
    """An expert whose page was read before the session opened."""
    asked = opinion_asked()
    session = committee_session(asked.case.call.fund, state="convened")
    AgendaItem.objects.create(session=session, case=asked.case, position=1)
    sessions.open_session(session, by=head_of(asked.case.call.fund))
    return asked


def test_an_opinion_sent_after_the_opening_is_given_back_with_the_dossier(sent, late):
    status, given_back, page = sent(
        late.expert, late.get_absolute_url(), text=WORDS, give="1", position="reserved"
    )

    assert (status, given_back, "clos depuis l’ouverture" in page) == (409, True, True)


def test_an_opinion_whose_request_was_withdrawn_meanwhile_is_given_back_without_the_dossier(sent, db):
    asked = opinion_asked()
    asking.revoke(asked, reason="Double emploi.", by=asked.asked_by)

    status, given_back, page = sent(asked.expert, asked.get_absolute_url(), text=WORDS, draft="1")

    assert (status, given_back, "Motif : Double emploi." in page) == (409, True, True)
    assert asked.case.title not in page


@pytest.mark.parametrize("when", ["finished", "moved", "agreed"])
def test_a_grid_that_is_closed_meanwhile_is_given_back(sent, when):
    case = case_in(Case.State.UNDER_REVIEW)
    mine = assigned(case)
    if when == "finished":
        review(case, 1, 2, 3, 4, by=mine.reviewer)
    if when == "moved":
        Case.objects.update(state=Case.State.SHORTLISTED)
    if when == "agreed":
        Review.objects.update(state="finished", finished_at=case.opened_at, recommendation="favourable")

    status, given_back, page = sent(
        mine.reviewer, of_dossier("review", case), **typed(case, 4, 4, 4, 4, comment=WORDS)
    )

    assert (status, given_back, "rien n’en est enregistré" in page) == (409, True, True)


def test_a_consensus_reopened_meanwhile_is_given_back(sent):
    case = reviewed_by((1, 2, 3, 4), (4, 3, 2, 1))
    Review.objects.filter(pk=case.reviews.first().pk).update(state="draft", finished_at=None)

    status, given_back, page = sent(
        officer_of(case.call.fund),
        of_dossier("consensus", case),
        **typed(case, 4, 4, 4, 4, comment=WORDS, **FINISH),
    )

    assert (status, given_back, "quand toutes les évaluations confiées" in page) == (409, True, True)


def test_notes_on_a_hearing_closed_meanwhile_are_given_back_beside_those_kept(sent):
    hearing = hearing_of(hearing_call())
    officer = officer_of(hearing.case.call.fund)
    hearings.note_hearing(hearing, notes="Close ainsi.", result="confirmed", closed=True, by=officer)

    status, given_back, page = sent(officer, of_dossier("hearing", hearing.case), notes=WORDS, result="")

    assert (status, given_back, "Close ainsi." in page, "est close" in page) == (409, True, True, True)


def test_two_who_note_one_hearing_read_both_texts_then_choose(client, db):
    hearing = hearing_of(hearing_call())
    officer, address = officer_of(hearing.case.call.fund), of_dossier("hearing", hearing.case)
    client.force_login(officer)
    stale = client.get(address).context["form"]["read"].value()
    hearings.note_hearing(hearing, notes="Noté par l’autre.", result="", closed=False, by=officer)

    met = client.post(address, {"notes": WORDS, "result": "", "read": stale})
    again = client.post(address, {"notes": WORDS, "result": "", "read": met.context["form"]["read"].value()})

    assert (met.status_code, met.text.count("Noté par l’autre."), met.text.count(WORDS)) == (409, 1, 1)
    assert (again.status_code, Hearing.objects.get().notes) == (302, WORDS)


def test_a_hearing_with_notes_is_not_cancelled(sent):
    hearing = hearing_of(hearing_call())
    officer = officer_of(hearing.case.call.fund)
    hearings.note_hearing(hearing, notes=WORDS, result="", closed=False, by=officer)

    status, _, _ = sent(officer, of_dossier("cancel_hearing", hearing.case))

    assert (status, Hearing.objects.get().notes) == (409, WORDS)


@pytest.fixture
def to_check(db):
    return filed_application(call=CallFactory(published=True)).case


def test_a_rule_settled_once_the_dossier_is_decided_gives_its_reason_back(sent, to_check):
    officer = officer_of(to_check.call.fund)
    rule = examined(to_check)[0].finding.rule
    Case.objects.update(state=Case.State.ELIGIBLE)

    status, given_back, page = sent(
        officer, of_dossier("settle_fact", to_check, rule), verdict="broken", reason=WORDS
    )

    assert (status, given_back, "est déjà décidée" in page) == (409, True, True)


def test_a_second_proposal_of_ineligibility_gives_its_reason_back(sent, to_check):
    first, second = officer_of(to_check.call.fund), officer_of(to_check.call.fund)
    eligibility.propose_ineligible(to_check.application, reason="Le premier motif.", by=first)

    status, given_back, page = sent(second, of_dossier("ineligibility", to_check), reason=WORDS)

    assert (status, given_back, "Une irrecevabilité est proposée" in page) == (409, True, True)
    assert IneligibilityProposal.objects.count() == 1


def test_an_answer_to_a_proposal_settled_meanwhile_is_given_back(sent, to_check):
    first, second = officer_of(to_check.call.fund), officer_of(to_check.call.fund)
    proposal = eligibility.propose_ineligible(to_check.application, reason="Le premier motif.", by=first)
    eligibility.settle_ineligibility(proposal, accepted=False, answer="Non.", by=second)

    status, given_back, _ = sent(second, of_dossier("ineligibility", to_check), accepted="non", answer=WORDS)

    assert (status, given_back) == (409, True)


def test_the_reason_of_an_alert_lifted_twice_is_given_back(sent, to_check):
    officer = officer_of(to_check.call.fund)
    flag = flags.raise_flag(to_check, kind="risk", text="À voir.", by=officer)
    flags.lift_flag(flag, because="Vu.", by=officer)

    status, given_back, page = sent(officer, of_dossier("lift_flag", to_check, flag.pk), because=WORDS)

    assert (status, given_back, "déjà levée" in page) == (409, True, True)
