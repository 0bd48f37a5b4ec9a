"""Showing an announcement before its minute, by personal links."""

import secrets

from django.db import transaction

from accounts.actions.invitations import token_hash
from journal import actions as journal
from journal import clock
from journal.refusals import refuse_unless, require
from selection import preview_emails, rules
from selection.lifecycle import Notice
from selection.models import Announcement, Preview

NO_MINUTE = "Programmez d’abord l’annonce : la presse doit savoir jusqu’à quand dure l’embargo."


@transaction.atomic(durable=True)
def open_preview(announcement, *, purpose, name, email, expires_at, send, by):
    """Make a personal link and return what it ends with, which nothing gives again; send it if asked."""
    announcement = Announcement.objects.select_for_update().get(pk=announcement.pk)
    require(rules.can_open_preview(by, announcement, purpose))
    refuse_unless(
        announcement.state != Notice.WITHDRAWN, "Cette annonce est retirée : elle ne se montre plus."
    )
    refuse_unless(purpose != Preview.Purpose.PRESS or announcement.state == Notice.SCHEDULED, NO_MINUTE)
    token = secrets.token_urlsafe(32)
    preview = Preview.objects.create(
        announcement=announcement,
        purpose=purpose,
        name=name,
        email=email,
        token_sha256=token_hash(token),
        expires_at=expires_at,
        created_by=by,
    )
    journal.record(
        "announcement.preview_made", announcement, by=by, preview=preview.pk, purpose=purpose, sent=send
    )
    if send:
        journal.post(preview_emails.opened(preview, token))
    return token


@transaction.atomic(durable=True)
def revoke_preview(preview, *, by):
    """Close a link at once, for whoever has it open too."""
    require(rules.can_write_announcement(by, preview.announcement))
    preview = Preview.objects.select_for_update().get(pk=preview.pk)
    if preview.revoked_at is None:
        preview.revoked_at = clock.now()
        preview.save(update_fields=["revoked_at"])
        journal.record("announcement.preview_revoked", preview.announcement, by=by, preview=preview.pk)


@transaction.atomic(durable=True)
def enter_preview(preview):
    """Its holder accepts the embargo and reads on: the journal says which link, and when."""
    preview = Preview.objects.standing().select_for_update(of=["self"]).filter(pk=preview.pk).first()
    refuse_unless(preview, "Ce lien vient d’expirer ou d’être révoqué.")
    preview.openings += 1
    preview.last_opened_at = clock.now()
    preview.save(update_fields=["openings", "last_opened_at"])
    journal.record("announcement.preview_opened", preview.announcement, preview=preview.pk)
