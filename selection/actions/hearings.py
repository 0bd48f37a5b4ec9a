"""Hearings of the shortlisted: slots are made, given, moved, taken back; what was heard is noted, then closed."""

from django.db import IntegrityError, transaction
from django.db.models import Q
from django.utils.timezone import localtime

from accounts.models import User
from applications.models import Application
from journal import actions as journal
from journal import clock, dates
from journal.refusals import Refused, refuse_unless, require
from selection import conflicts, rules
from selection.actions.standing import refuse_if_given_up
from selection.hearing_emails import hearing_news
from selection.lifecycle import State
from selection.models import Case, Hearing, HearingSlot

HEARD = (State.SHORTLISTED, State.ON_AGENDA)


class NotesConflict(Refused):
    """The notes changed since their page was read; nothing was written over them."""


@transaction.atomic(durable=True)
def make_slots(call, times, *, place, panel, by):
    """Make a slot for each (begins, ends), all with one place and one panel; none where a single one is refused."""
    require(rules.can_hold_hearings(by, call))
    refuse_unless(call.has_hearings, "Cet appel ne prévoit pas d’audition.")
    made = []
    for begins_at, ends_at in times:
        _refuse_overlap(call, panel, begins_at, ends_at)
        slot = HearingSlot.objects.create(call=call, begins_at=begins_at, ends_at=ends_at, place=place)
        slot.panel.set(panel)
        journal.record(
            "hearing.slot_made", slot, by=by, begins_at=begins_at, panel=[each.pk for each in panel]
        )
        made.append(slot)
    return made


@transaction.atomic(durable=True)
def change_slot(slot, *, begins_at, ends_at, place, panel, by):
    """Give a slot another time, place or panel; whoever is invited to it is told, and their calendars follow."""
    slot, hearing = _locked(slot)
    require(rules.can_hold_hearings(by, slot.call))
    _refuse_closed(hearing)
    _refuse_overlap(slot.call, panel, begins_at, ends_at, but=slot)
    if hearing:
        require(not rules.is_recused(by, hearing.case.application))
        _refuse_conflicts(panel, hearing.case.application)
    slot.begins_at, slot.ends_at, slot.place = begins_at, ends_at, place
    slot.save(update_fields=["begins_at", "ends_at", "place"])
    slot.panel.set(panel)
    journal.record("hearing.slot_changed", slot, by=by, begins_at=begins_at, place=place)
    if hearing:
        _tell_move(hearing, slot, by)
    return slot


@transaction.atomic(durable=True)
def remove_slot(slot, *, by):
    """Delete a slot that nobody is invited to."""
    slot, hearing = _locked(slot)
    require(rules.can_hold_hearings(by, slot.call))
    refuse_unless(
        hearing is None, "Un dossier est invité à ce créneau : annulez ou déplacez d’abord son audition."
    )
    journal.record("hearing.slot_removed", slot, by=by, begins_at=slot.begins_at)
    slot.delete()


@transaction.atomic(durable=True)
def give_slot(slot, case, *, by):
    """Invite a shortlisted dossier to a slot, or move it there from the one it had.

    The database refuses a slot to a second dossier, however near in time two officers are.
    """
    application = Application.objects.locked(case.application)
    case = Case.objects.locked(case)
    slot = _locked_slot(slot)
    require(rules.can_hold_hearings(by, slot.call) and not rules.is_recused(by, application))
    refuse_unless(case.call_id == slot.call_id, "Ce dossier est celui d’un autre appel.")
    refuse_if_given_up(case)
    refuse_unless(case.state in HEARD, "Seul un dossier présélectionné est auditionné.")
    _refuse_conflicts(slot.panel.all(), application)
    # Two dossiers that exchange their slots lock both hearings in one order.
    found = list(Hearing.objects.select_for_update().filter(Q(case=case) | Q(slot=slot)).order_by("pk"))
    hearing = next((each for each in found if each.case_id == case.pk), None)
    _refuse_closed(hearing)
    refuse_unless(hearing is None or hearing.slot_id != slot.pk, "Ce dossier est déjà invité à ce créneau.")
    try:
        with transaction.atomic():
            if hearing is None:
                hearing = Hearing.objects.create(case=case, slot=slot, invited_by=by)
                _tell(hearing, "invited", by)
            else:
                _tell_move(hearing, slot, by)
    except IntegrityError:
        refuse_unless(
            False,
            f"Le créneau {slot.when} vient d’être attribué par un collègue à un autre dossier. Rien n’est changé pour"
            f" {application.reference} : choisissez-lui un autre créneau.",
        )
    return hearing


@transaction.atomic(durable=True)
def cancel_hearing(hearing, *, by):
    """Take an invitation back: its slot is free again, and everyone is told. What was noted is not thrown away."""
    hearing = _locked_hearing(hearing, by)
    refuse_unless(
        not hearing.notes and not hearing.result,
        "Des notes ou un résultat sont gardés sur cette audition, et seraient perdus : elle n’est pas annulée."
        " Déplacez-la, ou effacez d’abord ses notes.",
    )
    call_off(hearing, by)


@transaction.atomic(durable=True)
def note_hearing(hearing, *, notes, result, closed, by, read=""):
    """Keep what was heard; closed, it no longer changes.

    `read` is the mark of what the page had read, to refuse to write over what a colleague noted meanwhile; empty, it
    overwrites.

    Raises:
        NotesConflict: something else was noted since.
    """
    hearing = _locked_hearing(hearing, by)
    if read and read != hearing.mark and (notes, result) != (hearing.notes, hearing.result):
        raise NotesConflict(
            "Un collègue a noté cette audition entre-temps : enregistrer remplacera ce qu’il a écrit."
        )
    refuse_unless(result or not closed, "Choisissez le résultat de l’audition avant de la clore.")
    hearing.notes, hearing.result = notes, result
    if closed:
        hearing.closed_at, hearing.closed_by = clock.now(), by
    hearing.save(update_fields=["notes", "result", "closed_at", "closed_by"])
    event = "case.hearing_closed" if closed else "case.hearing_noted"
    journal.record(event, hearing.case, by=by, result=result)
    return hearing


# Steps


def call_off(hearing, by=None):
    """Free the slot of a locked hearing, and tell everyone."""
    hearing.revision += 1
    _tell(hearing, "cancelled", by)
    hearing.delete()


def _locked_slot(slot):
    slot = HearingSlot.objects.select_for_update().filter(pk=slot.pk).first()
    refuse_unless(slot, "Ce créneau vient d’être supprimé par un collègue.")
    return slot


def _locked(slot):
    slot = _locked_slot(slot)
    hearing = Hearing.objects.select_for_update(of=["self"]).filter(slot=slot)
    return slot, hearing.select_related("case__application").first()


def _locked_hearing(hearing, by):
    case = Case.objects.locked(hearing.case)
    hearing = Hearing.objects.select_for_update().filter(pk=hearing.pk).first()
    refuse_unless(hearing, "Cette audition vient d’être annulée par un collègue.")
    refuse_if_given_up(case)
    application = hearing.case.application
    require(rules.can_hold_hearings(by, hearing.slot.call) and not rules.is_recused(by, application))
    _refuse_closed(hearing)
    return hearing


def _refuse_closed(hearing):
    refuse_unless(
        hearing is None or hearing.closed_at is None, "Cette audition est close : elle ne change plus."
    )


def _refuse_overlap(call, panel, begins_at, ends_at, but=None):
    """Nobody of a panel is in two rooms at once; their accounts are locked, so that two slots made at once see it."""
    panel = list(User.objects.select_for_update().filter(pk__in=[each.pk for each in panel]).order_by("pk"))
    allowed = set(rules.may_sit(call).filter(pk__in=[each.pk for each in panel]).values_list("pk", flat=True))
    refuse_unless(
        panel and allowed == {each.pk for each in panel},
        "Le jury se compose d’agents du secrétariat ou de membres des comités du fonds.",
    )
    taken = HearingSlot.objects.filter(panel__in=panel, begins_at__lt=ends_at, ends_at__gt=begins_at)
    other = taken.exclude(pk=but.pk if but else None).select_related("call").first()
    if other:
        busy = ", ".join(each.name for each in other.panel.filter(pk__in=[each.pk for each in panel]))
        asked = f"{dates.moment(begins_at)} à {localtime(ends_at):%H:%M}"
        refuse_unless(
            False,
            f"{busy} siège déjà dans un autre jury {other.when} ({other.call.title}) : le créneau du {asked} le"
            " chevauche. Aucun créneau n’est enregistré.",
        )


def _refuse_conflicts(panel, application):
    reasons = [reason for reason in (_why_not(each, application) for each in panel) if reason]
    refuse_unless(not reasons, f"{' '.join(reasons)} Choisissez un autre créneau, ou changez le jury.")


def _why_not(user, application):
    if rules.is_recused(user, application):
        return f"{user.name} est déporté de ce dossier."
    return conflicts.why_not_assigned(user, application)


def _tell_move(hearing, slot, by):
    hearing.slot, hearing.revision = slot, hearing.revision + 1
    hearing.save(update_fields=["slot", "revision"])
    _tell(hearing, "moved", by)


def _tell(hearing, name, by):
    application = hearing.case.application
    said = f"{hearing.slot.when}, {hearing.slot.place}"
    journal.record(f"hearing.{name}", application, by=by, hearing=said)
    journal.post(*hearing_news(hearing, name, at=clock.now()))
