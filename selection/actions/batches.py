"""One act on many dossiers: each is a transaction of its own, done once, or refused with what prevents it.

The rows are the queue: whoever runs takes the next one that nobody holds, so that a worker killed in the middle
leaves what it did not finish to the next.
"""

import logging
from datetime import datetime

from django.core.exceptions import PermissionDenied
from django.db import transaction

from accounts.models import User
from applications.actions.exchanges import send
from applications.models import Application
from journal import actions as journal
from journal import clock
from journal.refusals import Refused, refuse_unless, require
from selection import batches, desk, desk_emails, message_templates, rules
from selection.actions.desk import assign, label_case, unlabel_case
from selection.actions.eligibility import let_through
from selection.actions.opinions import request_opinion
from selection.actions.standing import locked_case
from selection.models import Batch, BatchRow, Case, Label, OpinionRequest

logger = logging.getLogger(__name__)
Act, State = Batch.Act, BatchRow.State
FAILED = (
    "Une erreur du portail a empêché ce dossier, où rien n’a été fait. L’équipe du portail en est prévenue."
)


@transaction.atomic(durable=True)
def ask_batch(fund, *, act, given, rows, nonce, by):
    """Write down what was previewed and confirmed; the same preview confirmed twice is one batch.

    Args:
        rows: (application's key in database, the state its case was in, what prevented it or nothing).
    """
    require(rules.can_act_on_many(by, fund))
    batch, new = Batch.objects.get_or_create(
        nonce=nonce, defaults={"fund": fund, "act": act, "given": given, "asked_by": by}
    )
    if not new:
        require(batch.asked_by_id == by.pk)
        return batch
    now = clock.now()
    BatchRow.objects.bulk_create(
        [
            BatchRow(
                batch=batch,
                application_id=pk,
                case_state=state,
                state=State.REFUSED if reason else State.WAITING,
                reason=reason,
                done_at=now if reason else None,
            )
            for pk, state, reason in rows
        ],
        batch_size=1000,
    )
    journal.record("batch.asked", batch, by=by, act=act, dossiers=len(rows))
    if len(rows) > batches.AT_ONCE:
        from selection import tasks

        journal.ring(tasks.run_batch, batch.pk)
    return batch


@transaction.atomic(durable=True)
def do_next(batch=None):
    """Do what is asked of the next dossier, of any batch unless one is given; say whether there was one to do."""
    rows = BatchRow.objects.filter(state=State.WAITING)
    if batch:
        rows = rows.filter(batch=batch)
    rows = rows.select_for_update(skip_locked=True, of=["self"])
    row = rows.select_related("batch__fund", "batch__asked_by").order_by("id").first()
    if row is None:
        return False
    row.state = State.REFUSED
    try:
        with transaction.atomic():
            _do(row)
        row.state = State.DONE
    except Refused as refusal:
        row.reason = refusal.reason
    except PermissionDenied:
        row.reason = "Vous ne pouvez pas, ou plus, traiter ce dossier."
    except Exception:
        logger.exception("row %s of batch %s could not be done", row.pk, row.batch_id)
        row.reason = FAILED
    row.done_at = clock.now()
    row.save(update_fields=["state", "reason", "done_at"])
    _end(row.batch)
    return True


# Steps


def _do(row):
    """Do it on one dossier that did not move since the preview."""
    batch, by = row.batch, row.batch.asked_by
    application = Application.objects.locked(row.application)
    require(rules.can_keep_in_order(by, application))
    case = locked_case(application)
    case.application = application
    reason = desk.why_given_up(application)
    refuse_unless(not reason, reason)
    refuse_unless(
        case.state == row.case_state,
        f"Ce dossier a changé entre-temps : il était « {Case.State(row.case_state).label} »,"
        f" il est « {case.get_state_display()} ».",
    )
    reason = batches.why_not(batch.act, [case], batch.given, by).get(case.pk)
    refuse_unless(not reason, reason)
    STEPS[batch.act](case, batch, by)


def _assign(case, batch, by):
    assign(case, User.objects.get(pk=batch.given["officer"]), by=by)


def _label(case, batch, by):
    label_case(case, Label(pk=batch.given["label"]), by=by)  # read again once locked


def _unlabel(case, batch, by):
    unlabel_case(case, Label.objects.get(pk=batch.given["label"]), by=by)


def _write(case, batch, by):
    values = message_templates.values_of([case])[case.application_id]
    text = message_templates.fill(batch.given["text"], values)
    send(case.application, text=text, nonce=f"batch {batch.pk}", by=by, from_secretariat=True)


def _ask_opinion(case, batch, by):
    """Open the whole dossier, but for what is withheld; one message will tell the expert of all of them."""
    given = batch.given
    anonymous = case.submission.content.get("anonymous", False)
    names = ("body", "email", "purpose", "questions", "on_criteria", "confidentiality")
    request_opinion(
        case,
        by=by,
        due_at=datetime.fromisoformat(given["due_at"]),
        sees={
            "sections": None,
            "attachments": given["attachments"],
            "carrier": given["carrier"] and not anonymous,
        },
        quietly=True,
        **{name: given[name] for name in names},
    )


def _let_through(case, batch, by):
    let_through(case.application, by=by, reason=batch.given.get("reason", ""))


STEPS = {
    Act.ASSIGN: _assign,
    Act.LABEL: _label,
    Act.UNLABEL: _unlabel,
    Act.MESSAGE: _write,
    Act.OPINION: _ask_opinion,
    Act.ELIGIBLE: _let_through,
}


def _end(batch):
    """Once nothing waits any more, note it, and tell who was given these dossiers, or is asked opinions on them.

    Of two that do the last two rows, whoever comes second here sees the other's row done.
    """
    batch = Batch.objects.select_for_update(of=["self"]).select_related("asked_by").get(pk=batch.pk)
    if batch.rows.filter(state=State.WAITING).exists():
        return
    done, refused = (batch.rows.filter(state=state).count() for state in (State.DONE, State.REFUSED))
    journal.record("batch.finished", batch, done=done, refused=refused)
    treated = batch.rows.filter(state=State.DONE).values("application")
    if batch.act == Act.ASSIGN and done:
        officer = User.objects.get(pk=batch.given["officer"])
        theirs = batches.treatable_by(officer).filter(application__in=treated, officer=officer).count()
        if officer != batch.asked_by and officer.is_active and theirs:
            journal.post(desk_emails.dossiers_entrusted(batch, theirs, officer))
    if batch.act == Act.OPINION and done:
        expert = User.objects.filter(email__iexact=batch.given["email"]).first()
        requests = OpinionRequest.objects.asked_of(expert) if expert else OpinionRequest.objects.all()
        theirs = (
            requests.standing()
            .filter(case__application__in=treated, email__iexact=batch.given["email"])
            .count()
        )
        if theirs:
            journal.post(desk_emails.opinions_asked(batch, theirs))
