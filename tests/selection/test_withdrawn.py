"""A dossier that its carrier gave up: it is still read, nothing more is done of it, and nobody waits for it."""

import icalendar
import pytest
from django.urls import reverse

from applications.actions import withdraw
from journal.models import OutgoingEmail
from journal.refusals import Refused
from selection.access import reviews_to_do
from selection.actions import flags, hearings, reviewers
from selection.models import Case, Hearing, Note, OpinionRequest, Review
from selection.tasks import settle_withdrawals
from tests.factories import auditor_of, case_in, certifier_of, officer_of
from tests.selection.hearing_factories import hearing_call, hearing_of
from tests.selection.opinion_factories import opinion_asked, opinion_given
from tests.selection.review_factories import assigned, typed

WHY = "Le projet est abandonné."


def given_up(case):
    application = case.application
    withdraw(application, by=certifier_of(application.organisation), reason=WHY)
    case.refresh_from_db()
    return case


@pytest.fixture
def case(db):
    return given_up(case_in(Case.State.UNDER_REVIEW))


READ = [
    "case",
    "eligibility",
    "reviews",
    "flags",
    "hearing",
    "opinions",
    "messages",
    "clarify",
    "notes",
    "history",
]


@pytest.mark.parametrize("page", [*READ, "similar"])
def test_its_pages_are_read_with_why_it_was_given_up_and_no_form(client, case, page):
    client.force_login(officer_of(case.call.fund))

    answer = client.get(reverse(f"selection:{page}", args=[case.application.reference]))

    body = answer.text.split("<main")[1].split("</main>")[0]
    assert (answer.status_code, WHY in body, body.count("<form")) == (200, True, 0)


ACTS = {
    "review": {"comment": "Trop tard."},
    "consensus": {"comment": "Trop tard."},
    "reviews": {"reviewers": "1"},
    "flags": {"kind": "risk", "text": "Trop tard."},
    "hearing": {"notes": "Trop tard."},
    "ask_opinion": {"purpose": "Trop tard."},
    "messages": {"text": "Trop tard."},
    "clarify": {"text": "Trop tard."},
    "notes": {"text": "Trop tard."},
    "assign": {"officer": ""},
    "ineligibility": {"reason": "Trop tard."},
    "recuse_oneself": {"reason": "Trop tard."},
}


@pytest.mark.parametrize("page", ACTS)
def test_every_act_on_it_is_refused_with_why_and_gives_back_what_was_typed(client, case, page):
    client.force_login(officer_of(case.call.fund))

    answer = client.post(reverse(f"selection:{page}", args=[case.application.reference]), ACTS[page])

    given_back = "Trop tard." in answer.text or "Trop tard." not in ACTS[page].values()
    assert (answer.status_code, "retiré par son porteur" in answer.text, given_back) == (409, True, True)


def test_an_act_that_its_page_let_through_is_refused_under_the_lock(case):
    officer = officer_of(case.call.fund)
    review = assigned(case)

    for act in (
        lambda: flags.raise_flag(case, kind="risk", text="Trop tard.", by=officer),
        lambda: reviewers.unassign_reviewer(review, by=officer),
        lambda: opinion_asked(case, by=officer),
    ):
        with pytest.raises(Refused, match="retiré par son porteur"):
            act()


def test_an_autosave_is_told_in_the_words_of_a_script(client, case):
    review = assigned(case)
    client.force_login(review.reviewer)

    answer = client.post(
        reverse("selection:autosave_review", args=[case.application.reference]), typed(case, 1, 2, 3, 4)
    )

    assert (answer.status_code, "retiré par son porteur" in answer.json()["reason"]) == (409, True)


def test_the_list_leads_to_it(client, case):
    client.force_login(auditor_of(case.call.fund))

    page = client.get(reverse("selection:cases")).text

    assert page.count(f'href="{case.get_absolute_url()}"') == 1


def test_a_review_of_it_is_no_longer_owed(db):
    case = case_in(Case.State.UNDER_REVIEW)
    review = assigned(case)

    given_up(case)

    assert (list(reviews_to_do(review.reviewer)), Review.objects.count()) == ([], 1)


def test_its_slot_is_free_again_and_the_panel_told_once(db):
    hearing = hearing_of(hearing_call())
    [member] = hearing.slot.panel.all()
    hearings.note_hearing(hearing, notes="À demander.", result="", closed=False, by=member)
    given_up(hearing.case)
    OutgoingEmail.objects.exclude(calendar="").delete()

    settle_withdrawals()
    settle_withdrawals()

    [told] = OutgoingEmail.objects.filter(to=member.email).exclude(calendar="")
    calendar = icalendar.Calendar.from_ical(told.calendar)
    assert (str(calendar["METHOD"]), Hearing.objects.count()) == ("CANCEL", 0)
    assert "Le porteur a retiré son dossier." in told.body
    assert Note.objects.get().text.endswith("À demander.")


def test_a_hearing_that_was_held_stays(db):
    hearing = hearing_of(hearing_call())
    by = officer_of(hearing.case.call.fund)
    hearings.note_hearing(hearing, notes="Entendu.", result="confirmed", closed=True, by=by)
    given_up(hearing.case)

    settle_withdrawals()

    assert Hearing.objects.get().notes == "Entendu."


def test_its_experts_are_told_that_nothing_is_asked_any_more_and_what_they_gave_stays(db):
    case = case_in(Case.State.UNDER_REVIEW)
    waited, given = opinion_asked(case), opinion_asked(case)
    opinion_given(given)
    given_up(case)

    settle_withdrawals()
    settle_withdrawals()

    [told] = OutgoingEmail.objects.filter(template="selection/emails/opinion_revoked.txt")
    case.refresh_from_db()
    assert (told.to, "le porteur a retiré son dossier" in told.context["reason"]) == (waited.email, True)
    assert (case.opinions_asked, case.opinions_received) == (1, 1)
    assert list(OpinionRequest.objects.standing()) == [given]
