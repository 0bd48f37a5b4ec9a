"""What is published to apply to."""

from calls.models.call import (
    LATEST_FIRST,
    Call,
    CallDocument,
    CarrierRule,
    Round,
    closing_day,
    deadline_text,
)
from calls.models.event import Event, EventFile, Registration
from calls.models.form import Correction, Criterion, FormDraft, FormVersion, Outcome
from calls.models.fund import Envelope, Fund, FundRole, Programme, Theme
from calls.models.question import PublicQuestion, questions_close_at
from calls.models.subscription import Notice, Subscription, SubscriptionRequest, Topic

__all__ = [
    "LATEST_FIRST",
    "Call",
    "CallDocument",
    "CarrierRule",
    "Correction",
    "Criterion",
    "Envelope",
    "Event",
    "EventFile",
    "FormDraft",
    "FormVersion",
    "Fund",
    "FundRole",
    "Notice",
    "Outcome",
    "Programme",
    "PublicQuestion",
    "Registration",
    "Round",
    "Subscription",
    "SubscriptionRequest",
    "Theme",
    "Topic",
    "closing_day",
    "deadline_text",
    "questions_close_at",
]
