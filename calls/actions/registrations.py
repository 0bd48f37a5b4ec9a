"""Coming to an event: a seat or a rank, given under the lock of the event's row."""

from datetime import timedelta

from django.db import transaction

from calls import emails, rules
from calls.models import Event, Registration
from journal import actions as journal
from journal import clock
from journal.refusals import Refused, refuse_unless, require

State = Registration.State
TOLD_AGAIN_AFTER = timedelta(minutes=10)
PUBLIC_AGENTS = (
    "Cet événement est réservé aux agents publics. Inscrivez-vous avec votre adresse professionnelle, ou"
    " connectez-vous avec le compte rattaché à votre organisme : le secrétariat du fonds peut vous y aider."
)


@transaction.atomic(durable=True)
def register(event, *, email, name, body="", by, fictitious=False):
    """Give a seat, or a rank on the waiting list; an address that already has one is only told again.

    The page that asked says the same in both cases: what an address has is told to that address alone.
    """
    event, now = _locked(event), clock.now()
    if event.state != Event.State.PUBLISHED or now >= event.registration_closes_at:
        raise Refused("Les inscriptions à cet événement sont closes.")
    refuse_unless(rules.may_register(by, event, email), PUBLIC_AGENTS)
    known = event.registrations.filter(email__iexact=email).first()
    if known and known.state != State.CANCELLED:
        if known.told_at < now - TOLD_AGAIN_AFTER:
            known.told_at = now
            known.save(update_fields=["told_at"])
            _tell(known)
        return known
    registration = known or Registration(event=event, email=email.lower())
    registration.name, registration.body, registration.fictitious = name, body, fictitious
    registration.state = State.SEATED if _has_room(event) else State.WAITING
    registration.registered_at = registration.told_at = now
    registration.save()
    journal.record("registration.made", registration, at=event.slug, state=registration.state)
    _tell(registration)
    return registration


@transaction.atomic(durable=True)
def cancel_registration(registration):
    """Give up a seat or a rank; the first who waits takes the seat, and is told."""
    event = _locked(registration.event)
    registration = Registration.objects.select_for_update().get(pk=registration.pk)
    if registration.state == State.CANCELLED:
        return
    refuse_unless(
        event.state == Event.State.PUBLISHED, "Cet événement est annulé, et toute inscription avec."
    )
    refuse_unless(clock.now() < event.begins_at, "Cet événement a commencé : l’inscription ne s’annule plus.")
    registration.state = State.CANCELLED
    registration.save(update_fields=["state"])
    journal.record("registration.cancelled", registration, at=event.slug)
    promote_waiting(event)


@transaction.atomic(durable=True)
def mark_attendance(event, *, shown, ticked, present, by):
    """Say who came, among the seated people of a page: ids of registrations.

    `shown` are those that the page showed, `ticked` those already ticked there, `present` those ticked now. Only a tick
    that changed is written: what a colleague marked since then stays.
    """
    event = _locked(event)
    require(rules.can_prepare_event(by, event))
    refuse_unless(
        event.state == Event.State.PUBLISHED and clock.now() >= event.starts_at,
        "Les présences se cochent à partir du début d’un événement publié.",
    )
    seated = event.registrations.seated().filter(pk__in=shown)
    came = seated.filter(pk__in=present - ticked).update(attended=True)
    missed = seated.filter(pk__in=ticked - present).update(attended=False)
    missed += seated.exclude(pk__in=present).filter(attended=None).update(attended=False)
    journal.record("event.attendance_marked", event, by=by, came=came, missed=missed)


# Steps


def promote_waiting(event):
    """Give the free seats of an event, whose row is locked, to those who wait, in their order; return who got one."""
    promoted = []
    if event.state != Event.State.PUBLISHED or clock.now() >= event.begins_at:
        return promoted
    for registration in event.registrations.waiting():
        if not _has_room(event):
            break
        registration.state = State.SEATED
        registration.save(update_fields=["state"])
        journal.record("registration.promoted", registration, at=event.slug)
        journal.post(emails.registration_promoted(registration))
        promoted.append(registration)
    return promoted


def _locked(event):
    return Event.objects.select_for_update(of=["self"]).select_related("fund").get(pk=event.pk)


def _has_room(event):
    return event.capacity is None or event.registrations.seated().count() < event.capacity


def _tell(registration):
    if registration.state == State.SEATED:
        journal.post(emails.registration_confirmed(registration))
    else:
        journal.post(emails.registration_waiting(registration, registration.rank()))
