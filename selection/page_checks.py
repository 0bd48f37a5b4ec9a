"""Where the carriers' checks of their public pages stand."""

from datetime import timedelta
from hashlib import sha256

from django.conf import settings
from django.db.models import F, Q
from django.db.models.functions import Now

from applications.models import Application
from journal import clock
from selection.models import Announcement, Laureate, LaureateCheck
from selection.rules import secretariats_of


def checked_by(user):
    """The laureates whose page this person's body is asked to check: its members alone know of it, never a guest.

    Who gave up is asked nothing more.
    """
    asked = Laureate.objects.exclude(page_check=None).exclude(
        announcement__state=Announcement.State.WITHDRAWN
    )
    asked = asked.exclude(case__application__state=Application.State.WITHDRAWN)
    asked = asked.select_related("page_check", "announcement__call__fund", "case__application")
    return asked.filter(case__application__in=Application.objects.copyable_by(user))


def mark_of(laureate):
    """A mark of what its page says and its carrier answers for: another one, another text."""
    said = "\0".join([laureate.short_text, laureate.summary, laureate.contact])
    return sha256(said.encode()).hexdigest()


def unanswered(announcement):
    return LaureateCheck.objects.filter(laureate__announcement=announcement, answered_at=None)


def to_remind():
    """The checks to remind: at each step before their deadline, once, of drafts that still await the answer.

    A reminder by hand is one; one asked once a step had come is not told of that step. The steps are days, in the
    settings; those that a stopped beat missed make one reminder.
    """
    due = Q(pk=None)
    for days in settings.PAGE_CHECK_REMINDER_DAYS:
        step = timedelta(days=days)
        told = Q(reminded_at=None) | Q(reminded_at__lt=F("due_at") - step)
        due |= Q(due_at__lte=Now() + step, asked_at__lt=F("due_at") - step) & told
    awaited = LaureateCheck.objects.filter(answered_at=None, due_at__gt=Now())
    awaited = awaited.filter(laureate__announcement__state=Announcement.State.DRAFT)
    awaited = awaited.exclude(laureate__case__application__state=Application.State.WITHDRAWN)
    return awaited.filter(due).select_related("laureate__case__application__call")


def to_settle(announcements):
    """Those that a carrier corrected, and of which the secretariat has not said what it publishes."""
    corrected = Q(answer=LaureateCheck.Answer.CORRECTED, settled_at=None)
    return LaureateCheck.objects.filter(corrected, laureate__announcement__in=announcements)


def to_settle_by(user):
    """The same, of all the drafts that someone may write in."""
    drafts = Announcement.objects.followed_by(user).filter(state=Announcement.State.DRAFT)
    return to_settle(drafts.filter(call__fund__in=secretariats_of(user)))


def why_not_ready(announcement):
    """Why the announcement cannot be validated yet, in a sentence; empty when it may be."""
    pending = unanswered(announcement).filter(due_at__gt=clock.now()).count()
    if pending:
        who = (
            "Un porteur relit encore sa page"
            if pending == 1
            else f"{pending} porteurs relisent encore leur page"
        )
        return f"{who} : attendez la réponse ou la date limite, que vous pouvez avancer."
    corrected = to_settle([announcement]).count()
    if corrected:
        who = (
            "Un porteur a corrigé sa page"
            if corrected == 1
            else f"{corrected} porteurs ont corrigé leur page"
        )
        return f"{who} : dites, dans le tableau des lauréats, quel texte est publié."
    return ""


def answer_of(laureate):
    """What its carrier answered, or nothing."""
    return laureate.page_check.answer if hasattr(laureate, "page_check") else ""


def standing_of(laureate, now):
    """(label, tone) of where the check of a laureate's page stands."""
    check = getattr(laureate, "page_check", None)
    if check is None:
        return "pas encore demandée", "neutral"
    if check.answered_at is None:
        return ("attendue", "info") if check.due_at > now else ("sans réponse : votre texte vaut", "warning")
    if check.answer == LaureateCheck.Answer.ACCEPTED:
        same = (check.short_text, check.long_text, check.contact) == (
            laureate.short_text,
            laureate.summary,
            laureate.contact,
        )
        return ("acceptée", "success") if same else ("acceptée, puis modifiée ici", "warning")
    if check.settled_at is None:
        return "corrigée, à traiter", "warning"
    return (
        ("corrigée, texte repris", "success") if check.taken else ("corrigée, votre texte gardé", "neutral")
    )
