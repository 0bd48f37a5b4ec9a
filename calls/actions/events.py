"""What the secretariat does with an event, before and after."""

from django.db import transaction
from django.utils.text import slugify
from django.utils.timezone import localtime

from calls import emails, lifecycle, rules
from calls.actions.registrations import promote_waiting
from calls.lifecycle import Meeting
from calls.models import Event, EventFile
from journal import actions as journal
from journal import clock
from journal.refusals import Refused, refuse_unless, require

# What those who come must be told of when it changes.
DATE_AND_PLACE = {"starts_at", "ends_at", "hours_known", "place", "address", "online_link"}
ROWS = {"programme", "quotes", "pitches"}
DRAFT_CALL = "L’appel à projets de cet événement n’est pas publié : publiez-le d’abord."
STALE = (
    "Une autre personne a modifié cet événement pendant que vous l’aviez sous les yeux."
    " Rien de ce que vous venez d’envoyer n’est enregistré : rouvrez la page."
)


@transaction.atomic(durable=True)
def prepare_event(*, fund, by, **fields):
    """Begin an event of a fund; nobody outside its secretariat sees it before publication."""
    event = Event(fund=fund, prepared_by=by, **fields)
    require(rules.can_prepare_event(by, event))
    event.slug = _free_slug(event)
    event.save()
    journal.record("event.prepared", event, by=by, slug=event.slug)
    return event


@transaction.atomic(durable=True)
def change_event(event, *, by, version=None, **fields):
    """Change an event; once it is public, and until it is over, those who come are told of a new date or place.

    `version` is that of the page the change was made on, so that who comes second is told.
    """
    event = _locked(event, by, version)
    before = {name: getattr(event, name) for name in fields if getattr(event, name) != fields[name]}
    for name, value in fields.items():
        setattr(event, name, value)
    public = event.state == Meeting.PUBLISHED
    refuse_unless(not public or _call_is_known(event), DRAFT_CALL)
    seated = event.registrations.seated().count()
    if event.capacity is not None and event.capacity < seated:
        people = "personnes ont" if seated > 1 else "personne a"
        raise Refused(
            f"{seated} {people} déjà une place : le nombre de places ne peut pas descendre au-dessous."
        )
    _save_changed(event, *fields)
    if "call" in before:
        before["call"] = before["call"] and before["call"].pk
    journal.record("event.changed", event, by=by, before=before)
    promoted = promote_waiting(event)
    if public and before.keys() & DATE_AND_PLACE and clock.now() < event.over_at:
        told = event.registrations.standing().exclude(pk__in=[each.pk for each in promoted])
        journal.post(*map(emails.event_changed, told))


@transaction.atomic(durable=True)
def publish_event(event, *, by):
    """Make an event public, and open its registration."""
    event = _locked(event, by)
    refuse_unless(_call_is_known(event), DRAFT_CALL)
    lifecycle.move_event(event, Meeting.PUBLISHED)
    event.published_at = clock.now()
    _save_changed(event, "state", "published_at")
    journal.record("event.published", event, by=by)


@transaction.atomic(durable=True)
def cancel_event(event, *, reason, by):
    """Call an event off, and tell everyone who was coming or waiting."""
    event = _locked(event, by)
    refuse_unless(clock.now() < event.begins_at, "Cet événement a commencé : il ne s’annule plus.")
    lifecycle.move_event(event, Meeting.CANCELLED)
    event.cancellation_reason = reason
    _save_changed(event, "state", "cancellation_reason")
    journal.record("event.cancelled", event, by=by, reason=reason)
    journal.post(*map(emails.event_cancelled, event.registrations.standing()))


@transaction.atomic(durable=True)
def set_rows(event, part, rows, *, by, version=None):
    """Replace the programme, the quotes or the pitches by a list of dictionaries, in their order.

    `version` is as in `change_event`.
    """
    if part not in ROWS:
        raise ValueError(part)
    event = _locked(event, by, version)
    before = getattr(event, part)
    setattr(event, part, rows)
    _save_changed(event, part)
    journal.record("event.rows_set", event, by=by, part=part, before=before)


# The report


@transaction.atomic(durable=True)
def write_report(event, *, report_text, by, version=None):
    """Write the text of a report; `version` is as in `change_event`."""
    event = _locked(event, by, version)
    before, event.report_text = event.report_text, report_text
    event.version += 1
    event.save(update_fields=["report_text", "version"])
    journal.record("event.report_written", event, by=by, before=before)


@transaction.atomic(durable=True)
def add_file(event, *, by, **fields):
    """Add a picture or a document to a report; on a published report it shows at once."""
    event = _locked(event, by)
    file = EventFile.objects.create(event=event, **fields)
    journal.record("event.file_added", event, by=by, kind=file.kind, sha256=file.file.sha256)
    return file


@transaction.atomic(durable=True)
def remove_file(file, *, by):
    event = _locked(file.event, by)
    journal.record("event.file_removed", event, by=by, kind=file.kind, title=str(file))
    file.delete()


@transaction.atomic(durable=True)
def publish_report(event, *, by):
    """Make public what was said that day."""
    event = _locked(event, by)
    refuse_unless(
        event.state == Meeting.PUBLISHED and clock.now() >= event.starts_at,
        "Le compte rendu se publie après le début d’un événement publié.",
    )
    refuse_unless(event.report_text, "Le compte rendu est vide : écrivez son texte d’abord.")
    refuse_unless(event.report_published_at is None, "Le compte rendu est déjà publié.")
    event.report_published_at = clock.now()
    event.save(update_fields=["report_published_at"])
    journal.record("event.report_published", event, by=by)


# Steps


def _locked(event, by, version=None):
    """The event as it now stands; refused once called off, or if a colleague was quicker than a page's version."""
    event = Event.objects.select_for_update(of=["self"]).select_related("fund", "call").get(pk=event.pk)
    require(rules.can_prepare_event(by, event))
    refuse_unless(event.state != Meeting.CANCELLED, "Cet événement est annulé : il ne change plus.")
    refuse_unless(version in (None, event.version), STALE)
    return event


def _call_is_known(event):
    """Whether nobody would learn of a call in preparation; a public event tied to one would vanish."""
    return event.call is None or event.call.is_known_at(clock.now())


def _save_changed(event, *fields):
    """Keep a change that calendars must hear of: the next sequence number, and its date."""
    event.sequence += 1
    event.version += 1
    event.changed_at = clock.now()
    event.save(update_fields=["sequence", "version", "changed_at", *fields])


def _free_slug(event):
    wanted = f"{slugify(event.title)[:60]}-{localtime(event.starts_at):%Y-%m-%d}".strip("-")
    taken = set(Event.objects.filter(slug__startswith=wanted).values_list("slug", flat=True))
    tries = [wanted, *(f"{wanted}-{number}" for number in range(2, len(taken) + 3))]
    return next(slug for slug in tries if slug not in taken)
