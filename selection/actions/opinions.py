"""Asking for opinions: of whom, until when, reminded, postponed, withdrawn. What the experts do is in `expertise`."""

import logging
from datetime import timedelta

from django.conf import settings
from django.db import transaction
from django.db.models import F, Q
from django.db.models.functions import Now

from accounts.actions import invitations
from accounts.actions.notices import tell
from accounts.models import NoticePreference, User
from journal import actions as journal
from journal import clock
from journal.refusals import refuse_unless, require
from selection import conflicts, opinion_emails, opinions, rules
from selection.actions.standing import count_again, refuse_if_given_up
from selection.lifecycle import State
from selection.models import Case, OpinionRequest

logger = logging.getLogger(__name__)

SETTLED = {State.INELIGIBLE, State.SELECTED, State.RESERVE, State.REJECTED}
GONE = "Cette demande d’avis a été retirée ou déclinée entre-temps : rien n’a été changé."
GIVEN = "L’avis est déjà rendu : rien n’a été changé."
TOO_SOON = "Cette personne a déjà été relancée il y a moins d’un jour : rien n’est parti une seconde fois."


@transaction.atomic(durable=True)
def ask_opinion(case, *, by, **asked):
    """Ask one person for an opinion on a dossier."""
    return request_opinion(Case.objects.locked(case), by=by, **asked)


@transaction.atomic(durable=True)
def remind(asked, *, by):
    """Remind an expert by hand; who did not take up their invitation is sent a new link, and the former one is dead."""
    asked = _locked(asked, by)
    refuse_unless(not asked.opinions.exists(), GIVEN)
    recent = asked.reminded_at and asked.reminded_at > clock.now() - timedelta(days=1)
    refuse_unless(not recent, TOO_SOON)
    _refuse_barred(asked)
    _send_reminder(asked, by=by)


@transaction.atomic(durable=True)
def postpone(asked, *, due_at, by):
    """Give an expert more time."""
    asked = _locked(asked, by)
    refuse_unless(not asked.opinions.exists(), GIVEN)
    _refuse_barred(asked)
    refuse_unless(due_at > max(asked.due_at, clock.now()), "Un délai se prolonge, il ne se raccourcit pas.")
    before, asked.due_at = asked.due_at, due_at
    asked.save(update_fields=["due_at"])
    count_again(asked.case)
    journal.record(
        "case.opinion_postponed", asked.case, by=by, request=asked.pk, before=before, due_at=due_at
    )
    journal.post(*opinion_emails.postponed(asked))


@transaction.atomic(durable=True)
def revoke(asked, *, reason, by):
    """Withdraw a request: the expert reads nothing of the dossier any more; what they gave stays in the file."""
    asked = _locked(asked, by)
    withdraw(asked, reason=reason, by=by)
    count_again(asked.case)
    journal.post(*opinion_emails.revoked(asked))


@transaction.atomic(durable=True)
def remind_next(*, after=0):
    """Remind the next expert whose time is nearly over, or over; return the key of the request, or None at the end.

    Two workers never take the same; one that fails stops nobody, and is tried again at the next round.
    """
    due = to_remind().filter(pk__gt=after).order_by("pk")
    asked = due.select_for_update(of=["self"], skip_locked=True).first()
    if asked is None:
        return None
    try:
        with transaction.atomic():
            if not opinion_emails.is_barred(asked):
                _send_reminder(asked)
    except Exception:
        logger.exception("the reminder of opinion request %s could not be sent", asked.pk)
    return asked.pk


def to_remind():
    """The requests to remind: once when the deadline nears, once when it is past. What is closed is not waited for.

    A reminder by hand is one: nobody is told twice of the same. One asked when the deadline was near is not told so.
    """
    hours = timedelta(hours=settings.OPINION_REMINDER_HOURS)
    near = Q(due_at__gt=Now(), due_at__lte=Now() + hours, asked_at__lte=F("due_at") - hours)
    near &= Q(reminded_at=None) | Q(reminded_at__lt=F("due_at") - hours)
    late = Q(due_at__lte=Now()) & (Q(reminded_at=None) | Q(reminded_at__lt=F("due_at")))
    awaited = OpinionRequest.objects.awaited().exclude(case__in=opinions.closed_cases())
    return awaited.filter(near | late).select_related("case__application__call", "expert", "invitation")


# Steps


def request_opinion(
    case,
    *,
    body,
    email,
    purpose,
    confidentiality,
    due_at,
    by,
    questions=(),
    on_criteria=True,
    sees=None,
    quietly=False,
):
    """Ask one person for an opinion on a locked case: they have it in their space at once, or are invited to it.

    `sees` is what they may read, all of it without. Nothing is asked twice of the same address. An act on many tells
    them once of all: `quietly` leaves it to it, where they have an account.
    """
    application, email = case.application, email.strip().lower()
    require(rules.can_ask_opinions(by, application))
    refuse_if_given_up(case)
    refuse_unless(case.state not in SETTLED, "Ce dossier est décidé : plus aucun avis ne s’y demande.")
    closed = opinions.why_closed(opinions.sessions_closing(case))
    refuse_unless(not closed, closed)
    refuse_unless(due_at > clock.now(), "Ce moment est passé : choisissez-en un à venir.")
    asked_already = OpinionRequest.objects.standing().filter(case=case, email=email).exists()
    refuse_unless(not asked_already, f"Un avis est déjà demandé à {email} sur ce dossier.")
    expert = User.objects.filter(email__iexact=email).first()
    if expert:
        why = why_not_asked(expert, application)
        refuse_unless(not why, why)
    asked = OpinionRequest(
        case=case,
        body=body,
        email=email,
        expert=expert,
        purpose=purpose,
        questions=list(questions),
        on_criteria=on_criteria,
        sees=sees or {"sections": None, "attachments": True, "carrier": True},
        confidentiality=confidentiality,
        due_at=due_at,
        asked_by=by,
    )
    token = None
    if expert is None:
        asked.invitation, token = invitations.invite(email, by=by)
    asked.save()
    asked.refresh_from_db(fields=["asked_at"])
    count_again(case)
    journal.record("case.opinion_asked", case, by=by, request=asked.pk, body=body, due_at=due_at)
    if not (quietly and expert):
        journal.post(*opinion_emails.asked(asked, token))
    return asked


def withdraw(asked, *, reason, by=None):
    """Note that nothing is asked any more; the request and its case are locked, and its case is to count again.

    Nobody does it where the dossier itself is withdrawn.
    """
    asked.revoked_at, asked.revoked_by, asked.revoke_reason = clock.now(), by, reason
    asked.save(update_fields=["revoked_at", "revoked_by", "revoke_reason"])
    if asked.invitation and asked.expert_id is None:
        invitations.revoke(asked.invitation)
    journal.record("case.opinion_revoked", asked.case, by=by, request=asked.pk, reason=reason)


def why_not_asked(expert, application):
    """Why no opinion may be asked of this account, in a sentence; empty when it may."""
    if not expert.is_active:
        return f"Le compte de {expert} est fermé : demandez l’avis d’une autre personne."
    if why := conflicts.why_not_assigned(expert, application):
        return f"L’avis de {expert} ne peut pas être demandé : rien n’est parti. {why}"
    return ""


def _refuse_barred(asked):
    refuse_unless(
        not opinion_emails.is_barred(asked),
        "Un conflit d’intérêts écarte cette personne du dossier : rien n’est parti. Retirez la demande.",
    )


def _locked(asked, by):
    """A request that stands, and its case: both locked."""
    case = Case.objects.locked(asked.case)
    require(rules.can_ask_opinions(by, case.application))
    refuse_if_given_up(case)
    found = OpinionRequest.objects.standing().select_related("expert", "invitation")
    found = found.select_for_update(of=["self"]).filter(pk=asked.pk).first()
    refuse_unless(found, GONE)
    found.case = case
    return found


def _send_reminder(asked, *, by=None):
    """Write to the expert; by itself the portal respects how often they want to be reminded, an officer is heard."""
    asked.reminded_at = clock.now()
    asked.save(update_fields=["reminded_at"])
    token = invitations.renew(asked.invitation) if asked.expert is None else None
    journal.record("case.opinion_reminded", asked.case, by=by, request=asked.pk)
    found = opinion_emails.reminder(asked, token, late=asked.due_at <= asked.reminded_at)
    if by or token:
        journal.post(*found)
    else:
        tell(
            NoticePreference.Kind.DEADLINES,
            found,
            worth_until=None if asked.due_at <= asked.reminded_at else asked.due_at,
        )
