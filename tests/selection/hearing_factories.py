"""Slots and hearings to test with."""

from datetime import timedelta

from django.utils import timezone

from selection.actions import hearings as actions
from selection.models import HearingSlot
from tests.factories import CallFactory, case_in, officer_of


def hearing_call(**fields):
    return CallFactory(published=True, has_hearings=True, **fields)


def hearing_slot(call, *, begins_in=timedelta(days=3), panel=None):
    """A slot of half an hour; its panel is an officer of the fund unless said."""
    begins_at = timezone.now().replace(minute=0, second=0, microsecond=0) + begins_in
    slot = HearingSlot.objects.create(
        call=call, begins_at=begins_at, ends_at=begins_at + timedelta(minutes=30), place="Salle 1"
    )
    slot.panel.set([panel or officer_of(call.fund)])
    return slot


def hearing_of(call, **fields):
    """A shortlisted dossier invited to a slot, as an officer would."""
    case = case_in("shortlisted", call=call, **fields)
    return actions.give_slot(hearing_slot(call), case, by=officer_of(call.fund))
