"""Asking for opinions: who is asked, how they enter, reminders, postponement, withdrawal."""

from datetime import timedelta

import pytest
from django.core.exceptions import PermissionDenied
from django.urls import reverse
from django.utils import timezone

from accounts.models import Invitation, Membership, User
from applications.models import Recusal
from journal.models import Entry, OutgoingEmail
from journal.refusals import Refused
from selection.actions import expertise
from selection.actions import opinions as actions
from selection.models import Case, OpinionRequest
from selection.tasks import remind_experts
from tests.factories import UserFactory, auditor_of, case_in, officer_of
from tests.selection.opinion_factories import opinion_asked, opinion_given, token_in


@pytest.fixture
def case(db):
    return case_in(Case.State.UNDER_REVIEW)


def emails(template):
    found = OutgoingEmail.objects.filter(template=f"selection/emails/{template}.txt").order_by("pk")
    return [email.to for email in found]


def set_back(asked, **moments):
    OpinionRequest.objects.filter(pk=asked.pk).update(**moments)
    asked.refresh_from_db()


# Asking


def test_an_account_has_the_request_in_its_space_at_once(case):
    expert = UserFactory(email="Expert@Budget.example")

    asked = opinion_asked(case, email="expert@budget.EXAMPLE")

    assert list(OpinionRequest.objects.asked_of(expert)) == [asked]
    assert (asked.invitation, emails("opinion_asked")) == (None, ["Expert@Budget.example"])


def test_an_address_without_account_is_invited_and_opens_one_by_the_link(case, client):
    asked = opinion_asked(case, email="nouvelle@sgpi.example")
    link = reverse("selection:accept_opinion", args=[token_in("opinion_asked")])
    account = {"name": "Experte", "new_password1": "phrase-de-passe-9", "new_password2": "phrase-de-passe-9"}

    answer = client.post(link, account)

    asked.refresh_from_db()
    assert (answer.status_code, answer.url) == (302, asked.get_absolute_url())
    assert asked.expert == User.objects.get(email="nouvelle@sgpi.example")


def test_the_link_of_an_invitation_serves_once_and_for_its_address_alone(case, client):
    opinion_asked(case, email="nouvelle@sgpi.example")
    link = reverse("selection:accept_opinion", args=[token_in("opinion_asked")])
    client.force_login(UserFactory())
    of_another = client.post(link).status_code
    client.force_login(UserFactory(email="nouvelle@sgpi.example"))
    client.post(link)
    client.logout()

    again = client.get(link).status_code

    assert (of_another, again) == (403, 404)


def test_an_expired_invitation_opens_nothing(case, client):
    opinion_asked(case, email="nouvelle@sgpi.example")
    Invitation.objects.update(expires_at=timezone.now() - timedelta(seconds=1))

    answer = client.get(reverse("selection:accept_opinion", args=[token_in("opinion_asked")]))

    assert answer.status_code == 404


def test_the_same_address_is_not_asked_twice_of_one_dossier(case):
    opinion_asked(case, email="expert@budget.example")

    with pytest.raises(Refused):
        opinion_asked(case, email="EXPERT@budget.example")


@pytest.mark.parametrize("tie", ["recused", "of the carrier"])
def test_an_expert_in_conflict_is_refused_with_the_reason(case, tie):
    expert = UserFactory()
    if tie == "recused":
        Recusal.objects.create(application=case.application, user=expert, reason="Ancien employeur")
    else:
        Membership.objects.create(
            user=expert, organisation=case.application.organisation, role=Membership.Role.CONTRIBUTOR
        )

    with pytest.raises(Refused, match="ne peut pas être demandé"):
        opinion_asked(case, email=expert.email)


def test_who_is_invited_then_found_in_conflict_does_not_enter(case):
    asked = opinion_asked(case, email="nouvelle@sgpi.example")
    expert = UserFactory(email="nouvelle@sgpi.example")
    Recusal.objects.create(application=case.application, user=expert, reason="Ancien employeur")

    with pytest.raises(Refused):
        expertise.accept(asked, by=expert)


def test_an_auditor_asks_nobody(case):
    with pytest.raises(PermissionDenied):
        opinion_asked(case, by=auditor_of(case.application.call.fund))


def test_the_case_says_how_many_are_asked_and_received_and_when_the_first_is_due(case):
    first, second = opinion_asked(case), opinion_asked(case, due_in=timedelta(days=2))
    opinion_asked(case, due_in=timedelta(days=20))
    opinion_given(first)
    opinion_given(second)
    opinion_given(second)

    case.refresh_from_db()

    assert (case.opinions_asked, case.opinions_received) == (3, 2)
    assert case.opinion_due_at > timezone.now() + timedelta(days=19)


# The page


def test_the_page_asks_for_what_is_ticked(case, client):
    client.force_login(officer_of(case.application.call.fund))
    sections = [section["key"] for section in case.submission.content["sections"]]

    client.post(
        reverse("selection:ask_opinion", args=[case.application.reference]),
        {
            "body": "DINUM",
            "email": "expert@dinum.example",
            "purpose": "L’architecture.",
            "questions": " Quel socle ? \n\nQuelle reprise ?",
            "day": (timezone.localdate() + timedelta(days=5)).isoformat(),
            "sections": sections[:1],
            "confidentiality": "secretariat",
        },
    )

    asked = OpinionRequest.objects.get()
    assert (asked.questions, asked.on_criteria) == (["Quel socle ?", "Quelle reprise ?"], False)
    assert asked.sees == {"sections": sections[:1], "attachments": False, "carrier": False}


def test_a_refusal_comes_back_on_the_page_with_what_was_typed(case, client):
    expert = opinion_asked(case).expert
    client.force_login(officer_of(case.application.call.fund))
    typed = {
        "body": "DINUM",
        "email": expert.email,
        "purpose": "L’architecture.",
        "day": (timezone.localdate() + timedelta(days=5)).isoformat(),
        "sections": [section["key"] for section in case.submission.content["sections"]],
        "confidentiality": "committee",
    }

    answer = client.post(reverse("selection:ask_opinion", args=[case.application.reference]), typed)

    assert list(answer.context["form"].errors) == ["email"]
    assert OpinionRequest.objects.count() == 1


def test_the_page_shows_the_late_ones_and_every_version(case, client):
    late, given = opinion_asked(case), opinion_asked(case, body="SGPI")
    opinion_given(given, "Première lecture.")
    opinion_given(given, "Seconde lecture.")
    set_back(late, due_at=timezone.now() - timedelta(hours=1))
    client.force_login(auditor_of(case.application.call.fund))

    page = client.get(reverse("selection:opinions", args=[case.application.reference])).content.decode()

    assert all(said in page for said in ("en retard", "Première lecture.", "Seconde lecture."))


# Reminders


def test_an_expert_is_reminded_once_before_and_once_when_late(case):
    asked = opinion_asked(case)
    now = timezone.now()
    set_back(asked, asked_at=now - timedelta(days=9), due_at=now + timedelta(days=1))
    remind_experts()
    remind_experts()
    before = len(emails("opinion_reminder"))
    set_back(asked, due_at=now - timedelta(hours=1), reminded_at=now - timedelta(hours=2))

    remind_experts()
    remind_experts()

    assert (before, len(emails("opinion_reminder"))) == (1, 2)


@pytest.mark.parametrize("why", ["given", "revoked", "withdrawn", "just asked"])
def test_nobody_is_reminded_of_what_is_not_awaited(case, why):
    asked = opinion_asked(case)
    now = timezone.now()
    if why == "given":
        opinion_given(asked)
    if why == "revoked":
        actions.revoke(asked, reason="Doublon", by=asked.asked_by)
    if why == "withdrawn":
        Case.objects.update(withdrawn=True)
    asked_at = now if why == "just asked" else now - timedelta(days=9)
    set_back(asked, asked_at=asked_at, due_at=now + timedelta(days=1))

    remind_experts()

    assert emails("opinion_reminder") == []


def test_reminding_who_did_not_enter_sends_a_new_link(case):
    asked = opinion_asked(case, email="nouvelle@sgpi.example")
    before = token_in("opinion_asked")

    actions.remind(asked, by=asked.asked_by)

    assert before != token_in("opinion_reminder")


def test_two_reminders_by_hand_on_one_day_are_one(case):
    asked = opinion_asked(case)
    actions.remind(asked, by=asked.asked_by)

    with pytest.raises(Refused):
        actions.remind(asked, by=asked.asked_by)

    assert len(emails("opinion_reminder")) == 1


# Postponing and withdrawing


def test_a_deadline_is_postponed_and_the_expert_told(case):
    asked = opinion_asked(case)
    later = asked.due_at + timedelta(days=3)

    actions.postpone(asked, due_at=later, by=asked.asked_by)

    case.refresh_from_db()
    assert (case.opinion_due_at, emails("opinion_postponed")) == (later, [asked.email])


def test_a_deadline_is_never_brought_forward(case):
    asked = opinion_asked(case)

    with pytest.raises(Refused):
        actions.postpone(asked, due_at=asked.due_at - timedelta(days=1), by=asked.asked_by)


def test_a_withdrawn_request_kills_its_invitation_and_counts_no_more(case, client):
    asked = opinion_asked(case, email="nouvelle@sgpi.example")

    actions.revoke(asked, reason="Demandé par erreur", by=asked.asked_by)

    case.refresh_from_db()
    link = reverse("selection:accept_opinion", args=[token_in("opinion_asked")])
    assert (case.opinions_asked, client.get(link).status_code) == (0, 404)
    assert emails("opinion_revoked") == ["nouvelle@sgpi.example"]


def test_after_a_withdrawal_the_same_address_may_be_asked_again(case):
    asked = opinion_asked(case, email="expert@budget.example")
    actions.revoke(asked, reason="Mauvais dossier", by=asked.asked_by)

    again = opinion_asked(case, email="expert@budget.example")

    assert list(OpinionRequest.objects.standing()) == [again]


def test_the_life_of_a_request_is_told_in_the_journal_of_the_case(case):
    asked = opinion_asked(case)
    actions.remind(asked, by=asked.asked_by)
    opinion_given(asked)
    actions.revoke(asked, reason="Conflit déclaré ensuite", by=asked.asked_by)

    told = Entry.objects.filter(subject_id=str(case.pk), event__startswith="case.opinion").order_by("pk")

    assert [entry.event for entry in told] == [
        "case.opinion_asked",
        "case.opinion_reminded",
        "case.opinion_given",
        "case.opinion_revoked",
    ]
