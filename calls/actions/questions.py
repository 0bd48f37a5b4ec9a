"""Asking about a call, and answering."""

from datetime import timedelta

from django.db import transaction
from django.db.models import Max

from calls import emails, lifecycle, rules
from calls.actions import publication
from calls.lifecycle import Question as State
from calls.models import Call, PublicQuestion, deadline_text, questions_close_at
from journal import actions as journal
from journal import clock
from journal.refusals import Refused, refuse_unless, require

# Against machines, not people: what a call takes in an hour, from everyone and from one address.
MOST_PER_HOUR, MOST_PER_HOUR_AND_ADDRESS = 60, 10
STALE = (
    "Une autre personne a traité cette question pendant que vous l’aviez sous les yeux."
    " Rien de ce que vous venez d’envoyer n’est enregistré : rouvrez la question."
)


@transaction.atomic(durable=True)
def set_questions_end(call, *, until, by):
    """Say until when a call takes questions; None: until its last deadline. What is published is never advanced."""
    call = Call.objects.select_for_update(no_key=True).get(pk=call.pk)
    require(rules.can_answer_questions(by, call))
    publication.refuse_while_waiting(call)
    refuse_unless(until is None or until > clock.now(), "Cette date est passée : choisissez-en une à venir.")
    before, published = call.questions_until, questions_close_at(call)
    call.questions_until = until
    after = questions_close_at(call)
    if published and (after is None or after < published):
        raise Refused(
            f"Les questions sont annoncées jusqu’au {deadline_text(published)} :"
            " cette date peut être reportée, jamais avancée."
        )
    call.save(update_fields=["questions_until"])
    journal.record("call.questions_end_set", call, by=by, before=before, after=until)


@transaction.atomic(durable=True)
def ask(call, *, email, text, body="", fictitious=False):
    """Put a question to the secretariat of a call; the same one sent twice is one, until it is handled."""
    call = Call.objects.select_for_update(no_key=True).get(pk=call.pk)
    closes_at, now = questions_close_at(call), clock.now()
    refuse_unless(closes_at and call.is_known_at(now), "Cet appel ne prend pas de questions.")
    if now >= closes_at:
        raise Refused(f"Les questions sur cet appel étaient reçues jusqu’au {deadline_text(closes_at)}.")
    same = PublicQuestion.objects.filter(
        call=call, email__iexact=email, text=text, body=body, state=State.RECEIVED
    ).first()
    if same:
        return same
    recent = PublicQuestion.objects.filter(call=call, asked_at__gt=now - timedelta(hours=1))
    refuse_unless(
        recent.count() < MOST_PER_HOUR
        and recent.filter(email__iexact=email).count() < MOST_PER_HOUR_AND_ADDRESS,
        "Trop de questions viennent d’être envoyées sur cet appel. Gardez le texte de la vôtre,"
        " et envoyez-la dans une heure.",
    )
    question = PublicQuestion.objects.create(
        call=call, email=email.lower(), text=text, body=body, fictitious=fictitious
    )
    journal.record("question.received", question, call=call.code)
    return question


@transaction.atomic(durable=True)
def publish_question(question, *, published_text, answer, version, by):
    """Make a question public with its answer, under the next number of its call, and tell whoever asked."""
    question = _locked(question, version, by)
    lifecycle.move_question(question, State.PUBLISHED)
    question.published_text, question.answer = published_text, answer
    last = PublicQuestion.objects.filter(call=question.call).aggregate(last=Max("number"))["last"]
    question.number = (last or 0) + 1
    _keep(question, by, "published_text", "answer", "number")
    journal.record("question.published", question, by=by, number=question.number)
    journal.post(emails.question_published(question))
    return question


@transaction.atomic(durable=True)
def answer_privately(question, *, answer, version, by):
    """Answer whoever asked, and nobody else."""
    question = _locked(question, version, by)
    lifecycle.move_question(question, State.ANSWERED_PRIVATELY)
    question.answer = answer
    _keep(question, by, "answer")
    journal.record("question.answered_privately", question, by=by)
    journal.post(emails.question_answered(question))
    return question


@transaction.atomic(durable=True)
def set_aside(question, *, reason, version, by):
    """Leave a question without an answer, and say why to whoever asked."""
    question = _locked(question, version, by)
    lifecycle.move_question(question, State.SET_ASIDE)
    question.reason = reason
    _keep(question, by, "reason")
    journal.record("question.set_aside", question, by=by, reason=reason)
    journal.post(emails.question_set_aside(question))


@transaction.atomic(durable=True)
def correct_question(question, *, published_text, answer, version, by):
    """Correct what is published; the page says when, and whoever asked is told. Without a change: None, and silence."""
    question = _locked(question, version, by)
    refuse_unless(question.state == State.PUBLISHED, "Cette question n’est pas publiée.")
    before = {"published_text": question.published_text, "answer": question.answer}
    if before == {"published_text": published_text, "answer": answer}:
        return None
    question.published_text, question.answer = published_text, answer
    question.corrected_at = clock.now()
    question.version += 1
    question.save(update_fields=["published_text", "answer", "corrected_at", "version"])
    journal.record("question.corrected", question, by=by, before=before)
    journal.post(emails.question_corrected(question))
    return question


# Steps


def _locked(question, version, by):
    """The question as it now stands, its call locked first; refused if a colleague was quicker."""
    call = Call.objects.select_for_update(no_key=True).select_related(None).get(pk=question.call_id)
    question = PublicQuestion.objects.select_for_update(of=["self"]).get(pk=question.pk)
    question.call = call
    require(rules.can_answer_questions(by, call))
    refuse_unless(question.version == version, STALE)
    return question


def _keep(question, by, *fields):
    question.handled_at, question.handled_by = clock.now(), by
    question.version += 1
    question.save(update_fields=["state", "handled_at", "handled_by", "version", *fields])
