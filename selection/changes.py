"""What changes of the laureates once they are announced: what there is to tell, and who may tell it.

A project taken from the reserve list has no row among the laureates before its change is prepared, and shows nowhere
before the minute of that change (`LaureateQuerySet.listed`).
"""

from dataclasses import dataclass

from django.utils import timezone

from applications.models import Application
from calls.models import FundRole
from calls.rules import has_role, is_in_secretariat
from journal.models import Entry
from selection.models import Announcement, Case, Decision, Laureate, LaureateChange, Withdrawal

Kind = LaureateChange.Kind
PROPOSED = {
    Kind.WITHDREW: "Le porteur renonce à la subvention accordée à ce projet.",
    Kind.JOINED: "Ce projet, inscrit sur la liste complémentaire, est retenu à la suite d’un désistement.",
}


@dataclass(frozen=True)
class ToTell:
    """Something that happened to a laureate, and what was prepared to tell it."""

    kind: str
    case: Case
    on: object
    change: LaureateChange | None

    @property
    def label(self):
        return Kind(self.kind).label


def can_tell(user, announcement):
    """Of the secretariat, and kept from nothing that is announced there, or is to be."""
    followed = Announcement.objects.followed_by(user).filter(pk=announcement.pk)
    return is_in_secretariat(user, announcement.call.fund) and followed.exists()


def can_publish(user, change):
    """Two people: a head who neither prepared what is told nor described the laureate."""
    announcement = change.laureate.announcement
    described = Entry.objects.filter(
        event="laureate.described",
        actor_id=user.pk,
        subject_type=Laureate._meta.label_lower,
        subject_id=str(change.laureate_id),
        at__gte=change.prepared_at,
    )
    return (
        has_role(user, announcement.call.fund, FundRole.Role.HEAD)
        and can_tell(user, announcement)
        and change.prepared_by_id != user.pk
        and not described.exists()
    )


def of_announcement(announcement, user):
    """What happened to its laureates and its call's reserve list, told or not, in the order it happened."""
    cases = Case.objects.readable_by(user).filter(application__call=announcement.call_id)
    changes = {
        (each.laureate.case_id, each.kind): each
        for each in LaureateChange.objects.filter(laureate__announcement=announcement).select_related(
            "laureate", "prepared_by", "approved_by"
        )
    }
    gone = Withdrawal.objects.filter(
        decision__item__case__in=cases, decision__item__case__laureate__announcement=announcement
    )
    taken = Decision.objects.filter(promotion__isnull=False, item__case__in=cases)
    # Selected before the announcement, which named it like the others: nothing of it changed since.
    taken = taken.exclude(item__case__laureate__in=Laureate.objects.named_at_first())
    taken = taken.exclude(
        item__case__application__state=Application.State.WITHDRAWN, item__case__laureate=None
    )
    found = [
        ToTell(
            Kind.WITHDREW, each.decision.item.case, each.given_on, _of(changes, each.decision, Kind.WITHDREW)
        )
        for each in gone.select_related("decision__item__case__application")
    ]
    found += [
        ToTell(
            Kind.JOINED, each.item.case, timezone.localdate(each.decided_at), _of(changes, each, Kind.JOINED)
        )
        for each in taken.select_related("item__case__application", "item__case__laureate")
        if getattr(each.item.case, "laureate", None) is None
        or each.item.case.laureate.announcement_id == announcement.pk
    ]
    return sorted(found, key=lambda each: each.on)


def _of(changes, decision, kind):
    return changes.get((decision.item.case_id, kind))


def is_joining(laureate):
    """Whether it comes from the reserve list and nothing of it is published, nor scheduled, yet."""
    return laureate.changes.filter(kind=Kind.JOINED, publish_at=None).exists()


def is_stale(announcement):
    """Whether an announcement names a laureate that gave up."""
    gone = announcement.laureates.filter(case__application__state=Application.State.WITHDRAWN)
    return gone.exists()


def awaited(call):
    """The decisions of the projects of a call that are selected, and that no announcement names."""
    return (
        Decision.objects.standing()
        .deciding()
        .kept()
        .filter(outcome=Decision.Outcome.SELECTED, item__case__application__call=call)
        .filter(item__case__state=Case.State.SELECTED, item__case__laureate=None)
        .exclude(item__case__application__state=Application.State.WITHDRAWN)
        .select_related("item__case__application__organisation", "item__session")
    )
