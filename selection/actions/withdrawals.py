"""What a withdrawal leaves behind: its carrier gives a dossier up in an app that knows nothing of instruction, so the
beat frees the slot of the hearing and closes what experts were asked, once, and tells them."""

import logging

from django.db import transaction
from django.db.models import Exists, OuterRef, Q
from django.db.models.functions import Now

from applications.models import Application
from journal import actions as journal
from selection import opinion_emails
from selection.actions.hearings import call_off
from selection.actions.opinions import withdraw
from selection.actions.standing import count_again
from selection.models import Case, Hearing, Note, Opinion, OpinionRequest

logger = logging.getLogger(__name__)
REASON = "le porteur a retiré son dossier."


@transaction.atomic(durable=True)
def settle_next(*, after=0):
    """Settle the next withdrawn dossier that something still waits on; return its case's key, or None at the end.

    Two workers never take the same; one that fails stops nobody, and is tried again at the next round.
    """
    case = to_settle().filter(pk__gt=after).order_by("pk").first()
    if case is None:
        return None
    try:
        with transaction.atomic():
            application = Application.objects.select_for_update(skip_locked=True).filter(
                pk=case.application_id
            )
            if not application:
                return case.pk
            case = Case.objects.locked(case)
            for hearing in _to_come().filter(case=case).select_for_update(of=["self"]):
                _keep_notes(hearing)
                call_off(hearing)
            for asked in _awaited().filter(case=case).select_for_update(of=["self"]):
                withdraw(asked, reason=REASON)
                journal.post(*opinion_emails.revoked(asked))
            count_again(case)
    except Exception:
        logger.exception("what waits on the withdrawn case %s could not be settled", case.pk)
    return case.pk


def to_settle():
    """The withdrawn cases that are still to be heard, or whose experts still owe an opinion."""
    waited = Q(Exists(_to_come().filter(case=OuterRef("pk")))) | Q(
        Exists(_awaited().filter(case=OuterRef("pk")))
    )
    return Case.objects.filter(waited, withdrawn=True)


# Steps


def _to_come():
    return Hearing.objects.filter(closed_at=None, slot__begins_at__gt=Now()).select_related("slot", "case")


def _awaited():
    given = Opinion.objects.filter(request=OuterRef("pk"))
    asked = OpinionRequest.objects.standing().filter(~Exists(given))
    return asked.select_related("case__application__call", "expert", "invitation")


def _keep_notes(hearing):
    """Put among the notes of the dossier what was prepared for a hearing that will not be held."""
    if hearing.notes:
        told = f"Préparé pour l’audition prévue {hearing.slot.when}, annulée par le retrait du dossier :"
        text = f"{told}\n\n{hearing.notes}"
        note = Note.objects.create(
            application=hearing.case.application, text=text, written_by=hearing.invited_by
        )
        journal.record("case.note_written", hearing.case, note=note.pk)
