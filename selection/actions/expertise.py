"""What an expert does of an opinion asked of them: enter, save a draft, give it, decline."""

from django.db import transaction

from accounts.actions import invitations
from journal import actions as journal
from journal import clock
from journal.refusals import Refused, refuse_unless
from selection import opinion_emails, opinions
from selection.actions.opinions import why_not_asked
from selection.actions.standing import count_again
from selection.models import Case, Opinion, OpinionFile, OpinionRequest, OpinionScore

NOT_YOURS = "Cette demande d’avis ne peut pas vous être confiée : écrivez au secrétariat du fonds."
GONE = "Cette demande d’avis vient d’être retirée : rien n’a été enregistré."


class Stale(Refused):
    """Another page of the same request was saved or given since this one was read."""


@transaction.atomic(durable=True)
def accept(asked, *, by):
    """Enter by an invitation, under the very address that it was sent to."""
    return _enter(asked, by=by)


@transaction.atomic(durable=True)
def open_account_and_accept(asked, *, name, password):
    """Open an account at the address that was invited, and enter."""
    user = invitations.open_account(asked.invitation, name=name, password=password)
    _enter(asked, by=user)
    return user


@transaction.atomic(durable=True)
def save_draft(asked, *, said, seen, by):
    """Keep what an expert wrote so far. `seen` is the version that the page had read.

    Raises:
        Stale: another page was saved or given since.
    """
    asked = _locked(asked, seen, by)
    asked.draft = {"version": asked.version + 1, "said": said}
    asked.save(update_fields=["draft"])
    journal.record("case.opinion_draft_saved", asked.case, by=by, request=asked.pk)


@transaction.atomic(durable=True)
def give(asked, *, position, text, seen, by, scores=(), answers=(), files=()):
    """Give an opinion; giving again makes the next version, beside the former.

    Args:
        scores: {criterion, value, comment} of each criterion; none where they are not asked.
        files: (stored file, name) of each.

    Raises:
        Stale: another page was saved or given since.
    """
    asked = _locked(asked, seen, by)
    top = asked.case.application.call.scale_max
    for score in scores:
        refuse_unless(
            score["value"] is None or 0 <= score["value"] <= top,
            f"Une note va de 0 à {top} : l’avis n’est pas rendu.",
        )
    opinion = Opinion.objects.create(
        request=asked,
        revision=asked.opinions.count() + 1,
        position=position,
        text=text,
        answers=list(answers),
        given_by=by,
    )
    OpinionScore.objects.bulk_create(OpinionScore(opinion=opinion, **score) for score in scores)
    OpinionFile.objects.bulk_create(
        OpinionFile(opinion=opinion, file=file, name=name) for file, name in files
    )
    asked.draft = {"version": asked.version + 1}
    asked.save(update_fields=["draft"])
    count_again(asked.case)
    journal.record(
        "case.opinion_given",
        asked.case,
        by=by,
        request=asked.pk,
        opinion=opinion.pk,
        revision=opinion.revision,
        position=position,
    )
    journal.post(*opinion_emails.given(opinion))
    return opinion


@transaction.atomic(durable=True)
def decline(asked, *, reason, by):
    """Say that one will not give an opinion, and why; the dossier is no longer read."""
    asked = _locked(asked, None, by)
    refuse_unless(
        not asked.opinions.exists(),
        "Vous avez rendu un avis : il ne se décline plus. Rendez-en une autre version.",
    )
    asked.declined_at, asked.decline_reason = clock.now(), reason
    asked.save(update_fields=["declined_at", "decline_reason"])
    count_again(asked.case)
    journal.record("case.opinion_declined", asked.case, by=by, request=asked.pk, reason=reason)
    journal.post(*opinion_emails.declined(asked))


# Steps


def _locked(asked, seen, by):
    """A request that its expert may still answer; its case is locked, and the sessions that would close it.

    `seen` is the version that their page had read, None where it does not matter.
    """
    case = Case.objects.locked(asked.case)
    found = OpinionRequest.objects.asked_of(by).standing().select_for_update(of=["self"])
    found = found.filter(pk=asked.pk).first()
    refuse_unless(found, GONE)
    found.case = case
    sessions = opinions.sessions_closing(case).select_for_update(of=["self"], no_key=True)
    closed = opinions.why_closed(sessions)
    refuse_unless(not closed, closed)
    if seen is not None and seen != found.version:
        raise Stale(
            "Cet avis a été enregistré ou rendu depuis une autre page après l’ouverture de celle-ci : enregistrez ou"
            " rendez ce texte-ci s’il doit remplacer l’autre."
        )
    return found


def _enter(asked, *, by):
    case = Case.objects.locked(asked.case)
    found = OpinionRequest.objects.standing().select_related("invitation").select_for_update(of=["self"])
    found = found.filter(pk=asked.pk).first()
    refuse_unless(found and not case.withdrawn, invitations.GONE)
    invitations.accept(found.invitation, by=by)
    # Why is for the secretariat to know: it names the carrier, which the expert may have to be left ignorant of.
    refuse_unless(not why_not_asked(by, case.application), NOT_YOURS)
    found.expert = by
    found.save(update_fields=["expert"])
    journal.record("case.opinion_accepted", case, by=by, request=found.pk)
    return found
