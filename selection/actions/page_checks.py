"""Carriers check their public page before the announcement; after the deadline the secretariat's text stands."""

import logging

from django.db import transaction

from accounts.actions import notices
from accounts.models import NoticePreference
from applications.models import Application
from journal import actions as journal
from journal import clock
from journal.refusals import refuse_unless, require
from selection import page_check_emails, page_checks, rules
from selection.lifecycle import Notice
from selection.models import Announcement, AnnouncementPicture, Laureate, LaureateCheck
from selection.models.publishing import LONG

logger = logging.getLogger(__name__)
Answer = LaureateCheck.Answer
CHANGED = "Le secrétariat a changé cette page depuis que vous l’avez ouverte : relisez-la, puis répondez."
OVER = "Le délai de relecture est passé : le texte du secrétariat est publié. Écrivez-lui en cas d’erreur."


@transaction.atomic(durable=True)
def ask_checks(announcement, *, due_at, by):
    """Ask each carrier that has not answered, or remind it; the same deadline for all, which may move either way.

    Return how many are asked.
    """
    announcement = Announcement.objects.select_for_update().get(pk=announcement.pk)
    require(rules.can_write_announcement(by, announcement))
    refuse_unless(
        announcement.state == Notice.DRAFT, "Cette annonce est validée : ses pages ne changent plus."
    )
    laureates = announcement.laureates.exclude(case=None).exclude(page_check__answered_at__isnull=False)
    laureates = list(laureates.select_related("case__application__call", "page_check"))
    refuse_unless(laureates, "Aucun porteur n’est à interroger : tous ont répondu.")
    long = [each.name for each in laureates if len(each.summary) > LONG]
    refuse_unless(
        not long, f"Présentation de plus de {LONG} caractères à raccourcir d’abord : {', '.join(long)}."
    )
    for laureate in laureates:
        _ask(laureate, due_at, by)
    journal.record("announcement.checks_asked", announcement, by=by, laureates=len(laureates), due_at=due_at)
    return len(laureates)


@transaction.atomic(durable=True)
def answer_check(laureate, *, answer, by, texts=None, picture=None, seen=None):
    """A carrier accepts its page, or says in its own words what it should be; again as long as there is time.

    `seen` is the mark of the page that it accepts: what the secretariat wrote since is accepted by nobody.
    """
    require(Application.objects.copyable_by(by).filter(pk=laureate.case.application_id).exists())
    announcement = Announcement.objects.select_for_update().get(pk=laureate.announcement_id)
    check = LaureateCheck.objects.select_for_update().get(laureate=laureate)
    now = clock.now()
    refuse_unless(announcement.state == Notice.DRAFT and now < check.due_at, OVER)
    refuse_unless(check.settled_at is None, "Le secrétariat a déjà traité votre correction : écrivez-lui.")
    laureate = Laureate.objects.get(pk=laureate.pk)
    refuse_unless(seen in (None, page_checks.mark_of(laureate)), CHANGED)
    shown = {"short_text": laureate.short_text, "long_text": laureate.summary, "contact": laureate.contact}
    for name, value in (texts or shown).items():
        setattr(check, name, value)
    check.answer, check.answered_at, check.answered_by = answer, now, by
    check.save()
    if picture:
        announcement.pictures.filter(laureate=laureate, published=False).delete()
        AnnouncementPicture.objects.create(
            announcement=announcement, laureate=laureate, published=False, added_by=by, **picture
        )
    journal.record("laureate.checked", laureate, by=by, answer=answer, picture=bool(picture))


@transaction.atomic(durable=True)
def settle_check(check, *, take, by):
    """Say whether a carrier's words are published; they are kept as they were written either way."""
    announcement = Announcement.objects.select_for_update().get(pk=check.laureate.announcement_id)
    require(rules.can_write_announcement(by, announcement))
    refuse_unless(
        announcement.state == Notice.DRAFT, "Cette annonce est validée : ses pages ne changent plus."
    )
    check = LaureateCheck.objects.select_for_update().get(pk=check.pk)
    refuse_unless(check.answer == Answer.CORRECTED, "Ce porteur n’a rien corrigé.")
    if take:
        Laureate.objects.filter(pk=check.laureate_id).update(
            short_text=check.short_text, summary=check.long_text, contact=check.contact
        )
        journal.record(
            "laureate.described", check.laureate, by=by, fields=["contact", "short_text", "summary"]
        )
    check.settled_at, check.settled_by, check.taken = clock.now(), by, take
    check.save(update_fields=["settled_at", "settled_by", "taken"])
    journal.record("laureate.check_settled", check.laureate, by=by, taken=take)


@transaction.atomic(durable=True)
def remind_next(*, after=0):
    """Remind the next carrier that has not answered as its deadline nears; return the check's key, None at the end.

    Two workers never take the same; one that fails stops nobody, and is tried again at the next round.
    """
    due = page_checks.to_remind().filter(pk__gt=after).order_by("pk")
    check = due.select_for_update(of=["self"], skip_locked=True).first()
    if check is None:
        return None
    try:
        with transaction.atomic():
            check.reminded_at = clock.now()
            check.save(update_fields=["reminded_at"])
            told = page_check_emails.asked(check, again=True)
            notices.tell(NoticePreference.Kind.WORK, told, worth_until=check.due_at)
            journal.record("laureate.check_reminded", check.laureate, due_at=check.due_at)
    except Exception:
        logger.exception("the reminder of page check %s could not be sent", check.pk)
    return check.pk


# Steps


def _ask(laureate, due_at, by):
    now = clock.now()
    check = LaureateCheck.objects.filter(laureate=laureate).first()
    again = check is not None
    check = check or LaureateCheck(laureate=laureate, asked_at=now, asked_by=by)
    check.due_at = due_at
    check.reminded_at = now if again else None
    check.save()
    notices.tell(NoticePreference.Kind.WORK, page_check_emails.asked(check, again=again), worth_until=due_at)
