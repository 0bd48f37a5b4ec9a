"""The messages of selection; built here, sent by the outbox."""

from django.conf import settings
from django.urls import reverse

from journal.models import OutgoingEmail
from selection import rules


def ineligibility_notice(case, reason):
    """To those who wrote the dossier: it cannot be reviewed, and why."""
    application = case.application
    context = {
        "reference": application.reference,
        "title": application.title,
        "call": application.call.title,
        "reason": reason,
        "contact": application.call.contact_email,
    }
    return [
        OutgoingEmail(
            to=collaborator.user.email, template="selection/emails/ineligibility_notice.txt", context=context
        )
        for collaborator in application.collaborators.select_related("user")
    ]


# Reviews


def review_assigned(review):
    """To a reviewer: a dossier is entrusted to them. Like what follows, to nobody who no longer deals with it."""
    return _to_reviewer(review, "review_assigned", by=str(review.assigned_by))


def review_taken_back(review):
    """To a reviewer: a dossier is no longer theirs to review."""
    return _to_reviewer(review, "review_taken_back")


def review_reopened(review, reason):
    """To who wrote a finished review: it is open again, and why."""
    return _to_reviewer(review, "review_reopened", reason=reason)


def _to_reviewer(review, template, **more):
    application, reviewer = review.case.application, review.reviewer
    if not (reviewer.is_active and rules.can_review(reviewer, application)):
        return []
    address = "selection:review" if review.is_own else "selection:consensus"
    context = {
        "reference": application.reference,
        "title": review.case.title,
        "address": settings.PORTAL_URL + reverse(address, args=[application.reference]),
        **more,
    }
    template = f"selection/emails/{template}.txt"
    return [OutgoingEmail(to=reviewer.email, template=template, context=context)]
