"""What the secretariat and the committee may read of what was filed. Every page of theirs starts from here."""

import hashlib
from datetime import timedelta

from django.contrib.postgres.expressions import ArraySubquery
from django.db.models import (
    DateTimeField,
    DurationField,
    Exists,
    ExpressionWrapper,
    F,
    OuterRef,
    TextField,
    Value,
)
from django.db.models.functions import Concat

from applications.models import Application, Submission
from calls.models import FundRole
from selection import rules
from selection.models import Case, Decision, OpinionRequest, Review


def submissions_readable_by(user):
    """The last submissions of the funds where this person is of the secretariat or audits, minus recusals.

    Those of withdrawn dossiers are among them: they are read, nothing more is done of them.
    """
    return Submission.objects.filter(
        pk=F("application__case__submission"), application__in=_dealt_with_by(user)
    ).select_related("application__call__fund", "application__organisation", "application__case")


def _dealt_with_by(user):
    roles = FundRole.objects.filter(
        fund=OuterRef("call__fund"),
        user=user,
        role__in=[FundRole.Role.OFFICER, FundRole.Role.HEAD, FundRole.Role.AUDITOR],
    )
    return Application.objects.filter(Exists(roles)).not_recusing(user)


def items_readable_by(user, session):
    """The items of a session that this person may read: their seat's scope, or all, minus recusals."""
    items = session.items.select_related(
        "session", "case__application__organisation", "case__application__call", "decision"
    )
    seat = rules.seat_of(user, session)
    if seat:
        return items.within_scope_of(seat)
    return items.filter(case__application__in=Application.objects.not_recusing(user))


def numbered(items):
    """Items in the order of the agenda, each with its `number` among those that are read.

    The agenda has no gap: who reads all of it reads the places themselves, and who does not infers nothing from them.
    """
    items = sorted(items, key=lambda item: item.position)
    for number, item in enumerate(items, start=1):
        item.number = number
    return items


def reads_every_decision(user, envelope):
    """Whether someone may read all that an envelope was drawn on for: who may not is told no total of it."""
    unread = (
        Decision.objects.standing()
        .filter(envelope=envelope)
        .exclude(item__case__application__in=Application.objects.not_recusing(user))
    )
    return not unread.exists()


def reads_whole_session(user, session):
    """Whether nothing of a session, nor of its envelope, is kept from someone: who may not read it all would infer."""
    readable = items_readable_by(user, session).count()
    return readable == session.items.count() and reads_every_decision(user, session.envelope)


def readable_cases(user, books):
    """{reference: case} of what frozen books hold and this person may read, on the agenda still or not."""
    references = {row["reference"] for book in books for row in book.content}
    cases = Case.objects.readable_by(user).filter(application__reference__in=references)
    return {case.application.reference: case for case in cases.select_related("application", "submission")}


def reads_whole(user, book):
    """Whether nothing of a frozen book is kept from someone of the secretariat or audit."""
    return len(readable_cases(user, [book])) == len(book.content)


def book_key(user, session):
    """Which committee book this person may have: the whole one, or one made of just what they read now.

    What it holds is in the key: after a recusal, or once the agenda changed, the book made before is nobody's any more.
    """
    rows = _book_rows(items_readable_by(user, session))
    if len(rows) == session.items.count():
        return f"session/{session.pk}/{_digest(rows)}"
    return f"session/{session.pk}/user/{user.pk}/{_digest(rows)}"


def whole_book_key(session):
    """The key of the book of all that is on the agenda now."""
    return f"session/{session.pk}/{_digest(_book_rows(session.items.all()))}"


def _book_rows(items):
    """What a book is made of: of each item its place, the opinions and reviews on it, what was filed, the amount."""
    read = OpinionRequest.objects.standing().filter(
        case=OuterRef("case"), confidentiality=OpinionRequest.Confidentiality.COMMITTEE
    )
    given = read.filter(opinions__isnull=False).order_by("opinions").values("opinions")
    reviews = Review.objects.counted().filter(case=OuterRef("case"), state=Review.State.FINISHED)
    reviewed = reviews.order_by("pk").values(
        key=Concat("pk", Value("/"), "finished_at", output_field=TextField())
    )
    items = items.annotate(given=ArraySubquery(given), reviewed=ArraySubquery(reviewed))
    names = ("pk", "position", "given", "reviewed", "book", "case__submission", "proposed_amount")
    rows = items.order_by("position", "pk").values_list(*names)
    return [row[:5] if row[4] else row for row in rows]  # what is frozen keeps what it was frozen with


def _digest(rows):
    return hashlib.sha256(repr(rows).encode()).hexdigest()[:16]


def reviews_to_do(user):
    """What this person has still to review, with `due_at`: the deadline of the round, plus the time the fund aims at.

    The nearest due first; those of a fund that aims at nothing come last, the oldest entrusted first.
    """
    days = ExpressionWrapper(F("case__call__fund__review_target_days") * timedelta(days=1), DurationField())
    due = ExpressionWrapper(F("case__application__round__closes_at") + days, DateTimeField())
    found = _reviews_of(user).blinding(user).filter(case__withdrawn=False)
    return found.annotate(due_at=due).order_by(F("due_at").asc(nulls_last=True), "assigned_at", "pk")


def reviews_done(user):
    """What this person has finished reviewing, the latest first."""
    return _reviews_of(user).filter(state=Review.State.FINISHED).order_by("-finished_at", "-pk")


def _reviews_of(user):
    cases = Case.objects.readable_by(user)
    reviews = Review.objects.own().filter(reviewer=user, case__in=cases)
    return reviews.select_related("case__application", "case__call", "assigned_by")


def statistics_key(user, call):
    """Which printed statistics of a call this person may have: those made of just what they read now."""
    hidden = ",".join(map(str, sorted(Case.objects.filter(call=call).hidden_from(user))))
    return f"{call.pk}/{user.pk}/{hashlib.sha256(hidden.encode()).hexdigest()[:16]}"
