"""When what is public last changed, by facts of the database: only what one may see counts."""

from django.db.models import CharField, F, Max, OuterRef, Subquery
from django.db.models.functions import Cast, Greatest, Now

from calls.models import Call, Correction, Round
from journal.models import Entry
from selection.models import Announcement, LaureateChange

# A postponed deadline is told by a correction, which has its own date.
QUESTIONS_END = Entry.objects.filter(subject_type=Call._meta.label_lower, event="call.questions_end_set")
ANNOUNCEMENTS = Entry.objects.filter(subject_type=Announcement._meta.label_lower)


def with_last_change(calls):
    """Each call with `changed_at`: its publication, its last correction or its last end of questions."""
    corrections = Correction.objects.filter(call=OuterRef("pk")).order_by("-published_at")
    questions = QUESTIONS_END.filter(subject_id=Cast(OuterRef("pk"), CharField())).order_by("-id")
    return calls.annotate(
        changed_at=Greatest(  # PostgreSQL leaves the unknown ones out
            "published_at",
            Subquery(corrections.values("published_at")[:1]),
            Subquery(questions.values("at")[:1]),
        )
    )


def calls_changed_at():
    """The last change of a public call, its opening and its deadlines among them: its state is then another one."""
    public = Call.objects.public()
    here = public.filter(imported=False)
    return latest(
        public.aggregate(at=Max("published_at")),
        Correction.objects.filter(call__in=public).aggregate(at=Max("published_at")),
        QUESTIONS_END.filter(subject_id__in=keys(public)).aggregate(at=Max("at")),
        here.filter(opens_at__lte=Now(), opens_at__gt=F("published_at")).aggregate(at=Max("opens_at")),
        Round.objects.filter(call__in=here, closes_at__lte=Now()).aggregate(at=Max("closes_at")),
    )


def laureates_changed_at():
    """The last announcement made or taken back, or the import of the history, which came with its calls."""
    imported = Call.objects.public().filter(imported=True)
    public = Announcement.objects.public()
    seen = Announcement.objects.filter(call__fund__rehearsal=False, publish_at__lte=Now())
    withdrawn = seen.filter(state=Announcement.State.WITHDRAWN)
    return latest(
        public.aggregate(at=Max("publish_at")),
        # One may be scheduled for the minute that has begun: it shows from then on.
        ANNOUNCEMENTS.filter(event="announcement.scheduled", subject_id__in=keys(public)).aggregate(
            at=Max("at")
        ),
        ANNOUNCEMENTS.filter(
            event="announcement.withdrawn",
            subject_id__in=keys(withdrawn),
            # One withdrawn before its minute was never seen.
            at__gte=Subquery(
                withdrawn.annotate(key=Cast("pk", CharField()))
                .filter(key=OuterRef("subject_id"))
                .values("publish_at")[:1]
            ),
        ).aggregate(at=Max("at")),
        LaureateChange.objects.public().aggregate(at=Greatest(Max("publish_at"), Max("approved_at"))),
        imported.aggregate(at=Max("published_at")),
    )


def keys(rows):
    """Their primary keys, as the journal writes them."""
    return rows.annotate(key=Cast("pk", CharField())).values("key")


def latest(*found):
    return max((each["at"] for each in found if each["at"]), default=None)
