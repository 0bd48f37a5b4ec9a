"""What a carrier may know of a meeting that the secretariat suggests: nothing of the other, until both have agreed."""

from dataclasses import dataclass
from datetime import datetime

from applications import exchanges
from selection.models import MeetingSuggestion


@dataclass(frozen=True)
class Other:
    """Who the other carrier is, once met."""

    body: str
    project: str
    contact: str


@dataclass(frozen=True)
class Seen:
    """A suggestion as one of its two carriers sees it. What the other answered is not here."""

    pk: int
    text: str
    suggested_at: datetime
    called_off: bool
    agrees: bool | None
    answered_at: datetime | None
    answered_by: str
    other: Other | None


def seen_by(application):
    """The suggestions made to a dossier, as its carrier sees them, the last first."""
    found = MeetingSuggestion.objects.of(application.case).select_related(
        "first__application__organisation",
        "second__application__organisation",
        "first_answered_by",
        "second_answered_by",
    )
    return [_seen(each, application.case) for each in found]


def sides(suggestion, case):
    """("first", "second") when a case is the first one, else the reverse."""
    return ("first", "second") if suggestion.first_id == case.pk else ("second", "first")


def people_of(application):
    """Those who may answer for a carrier: its own writers, and who may file for it."""
    writers = application.collaborators.present().writers().filter(guest_of="").values("user")
    people = exchanges.people_of(application).filter(pk__in=writers)
    return people | exchanges.certifiers_of(application)


def _seen(suggestion, case):
    own, other = sides(suggestion, case)
    by = getattr(suggestion, f"{own}_answered_by")
    return Seen(
        pk=suggestion.pk,
        text=suggestion.text,
        suggested_at=suggestion.suggested_at,
        called_off=suggestion.called_off_at is not None,
        agrees=getattr(suggestion, f"{own}_agrees"),
        answered_at=getattr(suggestion, f"{own}_answered_at"),
        answered_by=by.name if by else "",
        other=_other(suggestion, other) if suggestion.met_at else None,
    )


def _other(suggestion, side):
    met = getattr(suggestion, side)
    return Other(met.carrier, met.title, getattr(suggestion, f"{side}_answered_by").email)
