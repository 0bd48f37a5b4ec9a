"""When what is public last changed, by facts of the database: only what one may see counts."""

from django.db.models import CharField, Max, OuterRef, Subquery
from django.db.models.functions import Cast, Greatest

from calls.models import Call, Correction
from journal.models import Entry
from selection.models import Announcement

POSTPONED = Entry.objects.filter(subject_type=Call._meta.label_lower, event="call.deadline_postponed")


def with_last_change(calls):
    """Each call with `changed_at`: its publication, its last correction or its last postponement."""
    corrections = Correction.objects.filter(call=OuterRef("pk")).order_by("-published_at")
    postponements = POSTPONED.filter(subject_id=Cast(OuterRef("pk"), CharField())).order_by("-id")
    return calls.annotate(
        changed_at=Greatest(  # PostgreSQL leaves the unknown ones out
            "published_at",
            Subquery(corrections.values("published_at")[:1]),
            Subquery(postponements.values("at")[:1]),
        )
    )


def calls_changed_at():
    """The last publication, correction or postponement of a public call."""
    public = Call.objects.public()
    postponed = POSTPONED.filter(subject_id__in=public.annotate(key=Cast("pk", CharField())).values("key"))
    return latest(
        public.aggregate(at=Max("published_at")),
        Correction.objects.filter(call__in=public).aggregate(at=Max("published_at")),
        postponed.aggregate(at=Max("at")),
    )


def laureates_changed_at():
    """The last announcement, or the import of the history, which came with its calls."""
    imported = Call.objects.public().filter(imported=True)
    return latest(
        Announcement.objects.public().aggregate(at=Max("publish_at")),
        imported.aggregate(at=Max("published_at")),
    )


def latest(*found):
    return max((each["at"] for each in found if each["at"]), default=None)
