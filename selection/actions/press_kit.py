"""Having the press kit of an announcement made."""

from django.db import transaction

from documents import actions as documents
from documents.models import ProducedDocument
from journal import actions as journal
from journal.refusals import refuse_unless, require
from selection import rules
from selection.lifecycle import Notice
from selection.models import Announcement
from selection.press_kit.keys import KINDS, key_of


@transaction.atomic(durable=True)
def order_press_kit(announcement, *, by):
    """Have what is missing made of the press kit that says what the announcement says now."""
    announcement = Announcement.objects.select_for_update().get(pk=announcement.pk)
    require(rules.can_write_announcement(by, announcement))
    refuse_unless(
        announcement.state != Notice.WITHDRAWN,
        "Cette annonce est retirée : elle n’a plus de dossier de presse.",
    )
    if asked := request_press_kit(announcement):
        journal.record("announcement.press_kit_ordered", announcement, by=by, kinds=asked)


# Steps


def request_press_kit(announcement):
    """Ask for the files of the press kit that are neither made nor on their way; return which, by their kinds.

    A kit whose announcement has not changed is never made again.
    """
    key, asked = key_of(announcement), []
    for kind in KINDS.values():
        known = ProducedDocument.objects.latest(kind, key)
        if known is None or known.state == ProducedDocument.State.FAILED:
            documents.request(kind, key)
            asked.append(kind)
    return asked
