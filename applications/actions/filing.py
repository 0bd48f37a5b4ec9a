"""Visa, filing, taking back, giving up."""

from django.db import connection, transaction
from django.db.models import Max

from accounts.actions.notices import tell
from accounts.models import NoticePreference
from applications import completeness, emails, exchange_emails, form_actions, lifecycle, rules, snapshot
from applications.certifiers import lenders
from applications.lifecycle import UNFILED, State
from applications.models import Application, Remark
from calls.models import Round
from calls.models.call import deadline_text
from documents import actions as documents
from journal import actions as journal
from journal import clock
from journal.refusals import refuse_unless, require

WORK = NoticePreference.Kind.WORK
WHY_NOT_FILED = {
    State.FILED: "Ce dossier est déjà déposé. Reprenez-le d’abord si vous voulez le corriger.",
    State.CLARIFYING: "Le secrétariat demande des compléments : on y répond depuis la demande, sans déposer à nouveau.",
    State.WITHDRAWN: "Ce dossier est retiré : il ne peut plus être déposé.",
}


@transaction.atomic(durable=True)
def ask_for_visa(application, *, by, comment=""):
    """Hand the dossier to the carrier's certifiers, who are told, with a word of who asks."""
    application = Application.objects.locked(application)
    require(rules.can_ask_for_visa(by, application))
    form_actions.refuse_outdated(application)
    _refuse_incomplete(application)
    lifecycle.move(application, State.AWAITING_VISA)
    application.remarks = ""
    application.save(update_fields=["state", "remarks"])
    journal.record("application.visa_asked", application, by=by)
    tell(WORK, emails.visa_requested(application, by=by, comment=comment))


@transaction.atomic(durable=True)
def return_to_writers(application, *, by, remarks="", by_section=None):
    """Give the dossier back with the certifier's remarks, on the whole and on the sections that are to be corrected.

    Args:
        by_section: a remark by section key.
    """
    application = Application.objects.locked(application)
    require(rules.can_return(by, application))
    refuse_unless(application.state == State.AWAITING_VISA, "Ce dossier n’attend pas de visa.")
    lifecycle.move(application, State.DRAFT)
    application.remarks = remarks
    application.save(update_fields=["state", "remarks"])
    titles = {section["key"]: section["title"] for section in application.form.sections}
    told = {key: text for key, text in (by_section or {}).items() if key in titles}
    Remark.objects.bulk_create(
        Remark(application=application, kind=Remark.Kind.VISA, section_key=key, text=text, written_by=by)
        for key, text in [("", remarks), *told.items()]
        if text
    )
    journal.record("application.returned", application, by=by, remarks=remarks, sections=told)
    on_sections = [(titles[key], text) for key, text in told.items()]
    tell(WORK, emails.returned(application, by=by, on_sections=on_sections))


@transaction.atomic(durable=True)
def file_application(application, *, by):
    """Freeze the dossier, number it, and order its receipt.

    Idempotent: filing what is already filed returns the standing submission. The rounds are locked, *then* the
    clock is read; the counter of numbers is locked last, so that filings wait for each other as little as possible.
    """
    application = Application.objects.locked(application)
    require(rules.can_file(by, application))
    if application.state == State.FILED:
        return application.submissions.latest()
    refuse_unless_to_file(application)
    application.round, filed_at = _refuse_late(application)
    form_actions.refuse_outdated(application)
    _refuse_incomplete(application)
    lifecycle.move(application, State.FILED)
    if application.number is None:
        application.number = _next_number(application.call)
        application.reference = f"{application.call.code}-{application.number:04d}"
    application.remarks = ""
    application.save(update_fields=["state", "round", "number", "reference", "remarks"])
    _end_support(application, at=filed_at, by=by)
    return freeze(snapshot.submission(application), at=filed_at, by=by)


@transaction.atomic(durable=True)
def take_back(application, *, by):
    """Reopen a filed dossier before the deadline; what was filed stays valid until it is replaced."""
    application = Application.objects.locked(application)
    require(rules.can_take_back(by, application))
    refuse_unless(application.state == State.FILED, "Seul un dossier déposé peut être repris.")
    refuse_unless(application.taken_up_at is None, "Le secrétariat a commencé l’instruction de ce dossier.")
    _refuse_late(application)
    lifecycle.move(application, State.DRAFT)
    application.save(update_fields=["state"])
    journal.record("application.taken_back", application, by=by)
    form_actions.move_to(application, form_actions.current_form(application), by=by)


@transaction.atomic(durable=True)
def withdraw(application, *, by, reason=""):
    """Give the application up, and say why; what was filed is kept but no longer stands, and nothing more is asked."""
    application = Application.objects.locked(application)
    require(rules.can_withdraw(by, application))
    give_up(application, reason=reason, by=by)
    tell(WORK, emails.withdrawn(application, by))
    if application.number:
        tell(WORK, exchange_emails.filed_withdrawn(application))


# Steps


def give_up(application, *, reason, by):
    """Move a locked dossier to withdrawn; who composes this step tells whom it concerns."""
    lifecycle.move(application, State.WITHDRAWN)
    application.withdrawal_reason = reason
    application.save(update_fields=["state", "withdrawal_reason"])
    application.clarifications.open().update(called_off_at=clock.now())
    journal.record("application.withdrawn", application, by=by, reason=reason)


def refuse_unless_to_file(application):
    """Stop a filing of what is no draft any more; the view calls it too, before it shows the page.

    An answer to the secretariat is a filing as well, of the sections that it names and no others: it has its own
    action, and this one must not stand for it.
    """
    refuse_unless(application.state in UNFILED, WHY_NOT_FILED.get(application.state))


def freeze(submission, *, at, by):
    """Keep what a locked dossier says as its next submission: record it, send its proof, order its documents."""
    application = submission.application
    last = application.submissions.aggregate(last=Max("revision"))["last"] or 0
    submission.revision, submission.filed_at, submission.filed_by = last + 1, at, by
    submission.save(force_insert=True)
    journal.record(
        "application.filed",
        application,
        by=by,
        reference=application.reference,
        sha256=submission.sha256,
        in_place_of=[certifier.pk for certifier in lenders(by, application)],
    )
    journal.post(*emails.filing_receipt(application, submission))
    documents.request("applications.receipt", str(submission.pk))
    documents.request("applications.dossier", str(submission.pk))
    return submission


def take_up(application):
    """Close a dossier to its carrier, once the secretariat begins: what was filed stands, whatever was typed since.

    Past the deadline, a dossier taken back and never filed again is filed as it was: its name, its themes and
    its form are again those of its last submission. More that was asked for and did not come in time is done without.
    """
    if application.state == State.CLARIFYING:
        _go_on(application)
    elif application.state != State.FILED:
        refuse_unless(
            clock.now() >= application.round.closes_at,
            "Le porteur a repris ce dossier, qu’il peut déposer à nouveau jusqu’à la date limite.",
        )
        filed = application.submissions.latest().content
        application.title = filed["title"]
        application.themes.set(application.call.themes.filter(label__in=filed["themes"]))
        application.form = application.call.form_versions.get(number=filed["form"]["number"])
        lifecycle.move(application, State.FILED)
    application.taken_up_at = clock.now()
    application.save(update_fields=["state", "title", "form", "taken_up_at"])


def _go_on(application):
    """End a request for more whose time is past: the last submission stands."""
    asked, now = application.clarifications.open().get(), clock.now()
    refuse_unless(
        now >= asked.due_at,
        f"Des compléments sont attendus jusqu’au {deadline_text(asked.due_at)} : levez d’abord la demande.",
    )
    asked.called_off_at = now
    asked.save(update_fields=["called_off_at"])
    lifecycle.move(application, State.FILED)
    journal.record("application.clarification_called_off", application)


def _refuse_late(application):
    """The round that this filing is for and the time, unless it is past the deadline.

    What was filed once keeps its round; what never was goes to the next one still open. The rounds are locked against
    a change of deadline, *then* the clock is read: in this order only is it fair.
    """
    rounds = Round.objects.raw(
        "SELECT * FROM calls_round WHERE call_id = %s ORDER BY id FOR SHARE", [application.call_id]
    )
    rounds, now = sorted(rounds, key=lambda each: each.closes_at), clock.now()
    own = next(each for each in rounds if each.pk == application.round_id)
    to_come = [each for each in rounds if now < each.closes_at]
    chosen = own if own in to_come or application.number or not to_come else to_come[0]
    refuse_unless(
        now < chosen.closes_at,
        f"La date limite de dépôt était le {chosen.deadline_text}. Votre brouillon est conservé tel quel.",
    )
    return chosen, now


def _refuse_incomplete(application):
    gaps = completeness.missing(application)
    refuse_unless(not gaps, "Ce dossier n’est pas complet. " + " ".join(gaps))


def _end_support(application, *, at, by):
    """Filing ends it for good: were the dossier taken back, who will instruct it must not read what is typed then."""
    if application.support_requests.filter(closed_at=None).update(closed_at=at, closed_by=by):
        journal.record("application.support_closed", application, by=by)


def _next_number(call):
    """The next number of a call, under a lock of that call's own that ends with the transaction."""
    with connection.cursor() as cursor:
        cursor.execute("SELECT pg_advisory_xact_lock(hashtext('application-number'), %s)", [call.pk])
    return (Application.objects.filter(call=call).aggregate(last=Max("number"))["last"] or 0) + 1
