"""What is published to apply to."""

from calls.models.call import (
    Call,
    CallDocument,
    CarrierRule,
    Correction,
    Criterion,
    FormVersion,
    Round,
    deadline_text,
)
from calls.models.fund import Envelope, Fund, FundRole, Programme, Theme

__all__ = [
    "Call",
    "CallDocument",
    "CarrierRule",
    "Correction",
    "Criterion",
    "Envelope",
    "FormVersion",
    "Fund",
    "FundRole",
    "Programme",
    "Round",
    "Theme",
    "deadline_text",
]
