"""Asking for more on a filed dossier, and answering."""

from django.db import transaction

from accounts.actions.notices import tell
from accounts.models import NoticePreference
from applications import completeness, exchange_emails, lifecycle, rules, snapshot
from applications.actions.exchanges import send
from applications.actions.filing import freeze, take_up
from applications.lifecycle import State
from applications.models import Application, Clarification
from calls.models.call import deadline_text
from journal import actions as journal
from journal import clock
from journal.refusals import refuse_unless, require

Kind = NoticePreference.Kind
PAST = "Ce délai est passé : choisissez-en un à venir."


@transaction.atomic(durable=True)
def ask_clarification(application, *, questions, due_at, by, text=""):
    """Ask for more on some sections of what was filed: they alone open again, until a time.

    It begins the instruction: the dossier can no longer be taken back.

    Args:
        questions: what is asked, by section key.
    """
    application = Application.objects.locked(application)
    require(rules.is_its_secretariat(by, application))
    stands = Application.objects.filed().filter(pk=application.pk).exists()
    refuse_unless(stands, "Ce dossier n’est pas déposé, ou il a été retiré.")
    refuse_unless(application.state != State.CLARIFYING, "Des compléments sont déjà demandés sur ce dossier.")
    take_up(application)
    filed = application.submissions.latest().content["sections"]
    sections = [
        {"key": section["key"], "title": section["title"], "question": questions[section["key"]]}
        for section in filed
        if section["key"] in questions
    ]
    refuse_unless(sections, "Posez au moins une question, sur une section de ce qui a été déposé.")
    refuse_unless(due_at > clock.now(), PAST)
    asked = Clarification.objects.create(
        application=application, sections=sections, text=text, due_at=due_at, asked_by=by
    )
    lifecycle.move(application, State.CLARIFYING)
    application.save(update_fields=["state"])
    keys = [section["key"] for section in sections]
    journal.record("application.clarification_asked", application, by=by, sections=keys, due_at=due_at)
    tell(Kind.MESSAGES, exchange_emails.clarification_asked(asked))
    return asked


@transaction.atomic(durable=True)
def extend_clarification(application, *, due_at, by):
    """Give more time to answer, even when there was none left."""
    application = Application.objects.locked(application)
    require(rules.is_its_secretariat(by, application))
    asked = _open(application)
    refuse_unless(
        due_at > asked.due_at, "Le délai accordé peut être prolongé, jamais raccourci : choisissez plus tard."
    )
    refuse_unless(due_at > clock.now(), PAST)
    asked.due_at = due_at
    asked.save(update_fields=["due_at"])
    journal.record("application.clarification_extended", application, by=by, due_at=due_at)
    tell(Kind.MESSAGES, exchange_emails.clarification_asked(asked, extended=True))


@transaction.atomic(durable=True)
def call_off_clarification(application, *, by):
    """Ask for nothing more: what was filed last stands."""
    application = Application.objects.locked(application)
    require(rules.is_its_secretariat(by, application))
    asked = _open(application)
    asked.called_off_at = clock.now()
    asked.save(update_fields=["called_off_at"])
    lifecycle.move(application, State.FILED)
    application.save(update_fields=["state"])
    journal.record("application.clarification_called_off", application, by=by)
    tell(Kind.MESSAGES, exchange_emails.clarification_called_off(asked))


@transaction.atomic(durable=True)
def answer_clarification(application, *, by, text=""):
    """File the sections that were asked for again, with a word or none; everything else stays as it was filed.

    Idempotent: answering what is already answered returns the submission that did.
    """
    application = Application.objects.locked(application)
    require(rules.can_file(by, application))
    last = application.clarifications.first()
    if last and last.submission_id and last.submission == application.submissions.latest():
        return last.submission
    asked, now = _open(application), clock.now()
    refuse_unless(
        now < asked.due_at,
        f"Le délai pour répondre était le {deadline_text(asked.due_at)}. Votre dernier dépôt fait foi.",
    )
    keys = {section["key"] for section in asked.sections}
    states = [state for state in completeness.sections(application) if state.key in keys]
    gaps = completeness.gaps(states)
    refuse_unless(not gaps, "Ces compléments ne sont pas complets. " + " ".join(gaps))
    answer = snapshot.submission(application, snapshot.completed(application, keys))
    before = application.submissions.latest()
    refuse_unless(
        text or answer.sha256 != before.sha256,
        "Rien n’a changé depuis votre dernier dépôt : complétez une section, ou écrivez un mot au secrétariat.",
    )
    lifecycle.move(application, State.FILED)
    application.save(update_fields=["state"])
    asked.submission, asked.answered_at = freeze(answer, at=now, by=by), now
    asked.save(update_fields=["submission", "answered_at"])
    journal.record("application.clarification_answered", application, by=by, revision=answer.revision)
    if text:
        send(application, text=text, nonce=f"clarification {asked.pk}", by=by)
    tell(Kind.MESSAGES, exchange_emails.clarification_answered(asked, by))
    return asked.submission


@transaction.atomic(durable=True)
def hand_clarification_over(application, *, by):
    """Tell those who file that the answer is written and awaits them."""
    application = Application.objects.locked(application)
    require(rules.can_ask_for_visa(by, application))
    asked = _open(application)
    refuse_unless(clock.now() < asked.due_at, "Le délai pour répondre est passé.")
    journal.record("application.clarification_handed_over", application, by=by)
    tell(Kind.WORK, exchange_emails.clarification_ready(asked, by))


# Steps


def _open(application):
    """The request for more that waits for an answer, if it does."""
    asked = application.clarifications.open().first()
    refuse_unless(
        application.state == State.CLARIFYING and asked, "Aucun complément n’est demandé sur ce dossier."
    )
    return asked
