"""Telling the public what changed of the laureates of an announcement: an officer prepares, a head publishes."""

from django.db import transaction

from journal import actions as journal
from journal import clock
from journal.refusals import refuse_unless, require
from selection import changes
from selection.actions.announcement import TooEarly, add_laureate
from selection.models import Announcement, Decision, LaureateChange

Kind = LaureateChange.Kind


@transaction.atomic(durable=True)
def prepare_change(announcement, *, kind, case, text, by):
    """Write what the public will read of a change; who comes from the reserve list gets a page, not yet seen."""
    announcement = Announcement.objects.select_for_update().get(pk=announcement.pk)
    require(changes.can_tell(by, announcement))
    refuse_unless(
        Announcement.objects.public().filter(pk=announcement.pk).exists(),
        "Cette annonce n’est pas publique : ce sont ses lauréats qui se mettent à jour.",
    )
    happened = {(each.kind, each.case.pk): each for each in changes.of_announcement(announcement, by)}
    found = happened.get((kind, case.pk))
    refuse_unless(found, "Ce changement n’a pas eu lieu, ou n’est pas de cette annonce.")
    change = found.change
    if change is None:
        laureate = announcement.laureates.filter(case=case).first()
        if kind == Kind.JOINED and laureate is None:
            laureate = add_laureate(
                announcement, Decision.objects.get(promotion__isnull=False, item__case=case)
            )
        change = LaureateChange(laureate=laureate, kind=kind, on=found.on)
    refuse_unless(
        change.publish_at is None, "Ce changement est publié, ou programmé : son texte ne change plus."
    )
    change.text, change.prepared_by = text, by
    change.save()
    journal.record("laureate.change_prepared", change.laureate, by=by, kind=kind, text=text)
    return change


@transaction.atomic(durable=True)
def publish_change(change, *, publish_at, by):
    """Set, or move while it has not come, the minute at which a change is told; the current one is the soonest."""
    Announcement.objects.select_for_update().get(pk=change.laureate.announcement_id)
    change = LaureateChange.objects.select_for_update(of=["self"]).get(pk=change.pk)
    require(changes.can_publish(by, change))
    now = clock.now()
    refuse_unless(
        change.publish_at is None or change.publish_at > now, "Ce changement est public : il ne change plus."
    )
    publish_at = publish_at.replace(second=0, microsecond=0)
    if publish_at < now.replace(second=0, microsecond=0):
        raise TooEarly("Cette minute est passée : choisissez-en une à venir.")
    change.publish_at, change.approved_at, change.approved_by = publish_at, now, by
    change.save(update_fields=["publish_at", "approved_at", "approved_by"])
    journal.record(
        "laureate.change_published", change.laureate, by=by, kind=change.kind, publish_at=change.publish_at
    )


@transaction.atomic(durable=True)
def call_off_change(change, *, by):
    """Give a change that nobody has read yet back to those who prepare it."""
    Announcement.objects.select_for_update().get(pk=change.laureate.announcement_id)
    change = LaureateChange.objects.select_for_update(of=["self"]).get(pk=change.pk)
    require(changes.can_publish(by, change))
    refuse_unless(
        change.publish_at and change.publish_at > clock.now(), "Ce changement n’est pas, ou plus, à venir."
    )
    change.publish_at = change.approved_at = change.approved_by = None
    change.save(update_fields=["publish_at", "approved_at", "approved_by"])
    journal.record("laureate.change_called_off", change.laureate, by=by, kind=change.kind)
