"""From a call in preparation to a public one, by two people: one submits, another publishes, at once or later.

A call whose publication is set for later is published already: nothing has to run at its minute. Until the database's
clock has come to it, nobody outside the fund may see it, and a head may call it back.
"""

from django.db import transaction

from calls import emails, lifecycle, readiness, rules
from calls.lifecycle import State
from calls.models import Call, FormDraft, FormVersion
from calls.questionnaire.definition import BLANK_FORM, published_definition, sha256
from documents import actions as documents
from journal import actions as journal
from journal import clock, dates
from journal.refusals import refuse_unless, require

WAITING = (
    "Cet appel est soumis à publication : reprenez d’abord sa préparation,"
    " pour que personne ne publie autre chose que ce qu’il a lu."
)


@transaction.atomic(durable=True)
def submit_call(call, *, by):
    """Hand a call that lacks nothing to the heads who may publish it, who are told; nothing of it changes meanwhile."""
    call = _locked(call)
    require(rules.can_submit_call(by, call))
    lifecycle.move(call, State.SUBMITTED)
    _refuse_unready(call)
    call.submitted_at, call.submitted_by = clock.now(), by
    call.save(update_fields=["state", "submitted_at", "submitted_by"])
    journal.record("call.submitted", call, by=by, code=call.code)
    journal.post(*emails.call_submitted(call))


@transaction.atomic(durable=True)
def return_call(call, *, remarks, by):
    """Give a submitted call back to who submitted it, who is told why."""
    call = _locked(call)
    require(rules.can_return_call(by, call))
    refuse_unless(call.state == State.SUBMITTED, "Cet appel n’est pas soumis à publication.")
    submitter = call.submitted_by
    _reopen(call, return_remarks=remarks)
    journal.record("call.returned", call, by=by, remarks=remarks)
    journal.post(emails.call_returned(call, submitter))


@transaction.atomic(durable=True)
def take_back(call, *, by):
    """Go on with the preparation of a call that was submitted, and that no head has published yet."""
    call = _locked(call)
    require(rules.can_submit_call(by, call))
    refuse_unless(call.state == State.SUBMITTED, "Cet appel n’est pas soumis à publication.")
    _reopen(call)
    journal.record("call.taken_back", call, by=by)


@transaction.atomic(durable=True)
def publish_call(call, *, by, at=None):
    """Make a submitted call public, now or at a whole minute to come; freeze its form, and have it printed.

    Args:
        at: an aware datetime, whose seconds are left out; not after an opening still to come.
    """
    call = _locked(call)
    require(rules.can_publish_call(by, call))
    lifecycle.move(call, State.PUBLISHED)
    _refuse_unready(call)
    now = clock.now()
    call.published_at = at.replace(second=0, microsecond=0) if at else now
    refuse_unless(call.published_at >= now, "Cette minute est passée : choisissez-en une à venir.")
    _refuse_beyond(call.published_at, call, now=now)
    call.return_remarks = ""
    call.save(update_fields=["state", "published_at", "return_remarks"])
    draft = call.form_draft
    definition = published_definition(call, draft.definition)
    form = FormVersion.objects.create(
        call=call,
        definition=definition,
        sha256=sha256(definition),
        published_at=call.published_at,
        published_by=by,
    )
    draft.delete()
    documents.request(BLANK_FORM, str(form.pk))
    event = "call.scheduled" if call.published_at > now else "call.published"
    journal.record(event, call, by=by, code=call.code, published_at=call.published_at)
    return call


@transaction.atomic(durable=True)
def call_back(call, *, by):
    """Give up a publication whose minute has not come: the call is in preparation again, its form too."""
    call = _locked(call)
    require(rules.can_call_back(by, call))
    refuse_unless(call.state == State.PUBLISHED, "La publication de cet appel n’est pas prévue.")
    refuse_unless(
        not call.is_known_at(clock.now()), "Cet appel est public : il se corrige, mais ne se reprend plus."
    )
    minute = call.published_at
    lifecycle.move(call, State.DRAFT)
    call.published_at = None
    call.submitted_at = call.submitted_by = None
    call.save(update_fields=["state", "published_at", "submitted_at", "submitted_by"])
    form = call.form_versions.get()
    documents.forget(BLANK_FORM, str(form.pk))
    form.delete()
    written = {name: form.definition[name] for name in ("sections", "checks") if name in form.definition}
    FormDraft.objects.create(call=call, definition=written, changed_by=call.prepared_by)
    journal.record("call.called_back", call, by=by, planned=minute)


# Steps


def planned(call):
    """« La publication de cet appel est prévue le … », while that minute is still to come; empty otherwise."""
    if call.state == State.PUBLISHED and not call.is_known_at(clock.now()):
        return (
            f"La publication de cet appel est prévue le {dates.moment(call.published_at)} :"
            " jusque-là, il ne change plus. Pour le changer, une personne responsable du secrétariat"
            " annule d’abord cette publication."
        )
    return ""


def refuse_while_waiting(call):
    """Stop who would change a call that a head is reading, or that is set to be public later."""
    sentence = planned(call)
    refuse_unless(not sentence, sentence)
    refuse_unless(call.state != State.SUBMITTED, WAITING)


def _locked(call):
    return Call.objects.select_for_update().get(pk=call.pk)


def _reopen(call, **fields):
    lifecycle.move(call, State.DRAFT)
    call.submitted_at = call.submitted_by = None
    for name, value in fields.items():
        setattr(call, name, value)
    call.save(update_fields=["state", "submitted_at", "submitted_by", *fields])


def _refuse_unready(call):
    gaps = readiness.missing(call)
    refuse_unless(not gaps, "Cet appel n’est pas prêt : " + " ".join(gaps))


def _refuse_beyond(at, call, *, now):
    """Readiness speaks of now: a later publication must find a call that can still be applied to, and asked about."""
    last = call.rounds.order_by("-closes_at").first()
    refuse_unless(
        at < last.closes_at,
        f"La date limite de dépôt est le {last.deadline_text} : l’appel doit être public avant.",
    )
    refuse_unless(
        call.opens_at <= now or at <= call.opens_at,
        f"La publication doit précéder l’ouverture (le {dates.moment(call.opens_at)}) :"
        " avancez-la, ou reprenez les dates de l’appel.",
    )
    until = call.questions_until
    refuse_unless(
        until is None or at < until,
        "Les questions se termineraient avant la publication : publiez l’appel plus tôt, ou reprenez ses dates.",
    )
