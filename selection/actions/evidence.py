"""The evidence of a session: asked for once it is over, handed out; the journal keeps both."""

from django.db import transaction

from documents import actions as documents
from documents.models import ProducedDocument
from journal import actions as journal
from journal.refusals import refuse_unless, require
from selection import rules
from selection.lifecycle import Meeting
from selection.minutes import access
from selection.models import CommitteeSession

EVIDENCE = "selection.evidence"
OVER = (Meeting.CLOSED, Meeting.MINUTES_SIGNED)
WAITING = (ProducedDocument.State.REQUESTED, ProducedDocument.State.MAKING)


@transaction.atomic(durable=True)
def ask_evidence(session, *, by):
    """Ask for the evidence of a session as it now stands; while one is being made, it is that one."""
    session = CommitteeSession.objects.locked(session)
    require(rules.can_ask_evidence(by, session) and access.reads_all(by, session))
    refuse_unless(
        session.state in OVER,
        f"La séance est {session.get_state_display()} : son dossier de preuve se fait une fois qu’elle est close.",
    )
    document = latest(session)
    if document and document.state in WAITING:
        return document
    document = documents.request(EVIDENCE, str(session.pk))
    journal.record("session.evidence_asked", session, by=by, revision=document.revision)
    return document


@transaction.atomic(durable=True)
def hand_out_evidence(session, *, by):
    """The file last made, for someone who reads all of the session; the journal keeps who had which."""
    require(rules.reads_fund(by, session.fund) and access.reads_all(by, session))
    document = latest(session)
    refuse_unless(
        document and document.file,
        "Ce dossier n’est pas encore prêt. Suivez sa préparation depuis la page des preuves de la séance.",
    )
    journal.record(
        "session.evidence_handed_out", session, by=by, revision=document.revision, sha256=document.file.sha256
    )
    return document.file


# Steps


def latest(session):
    return ProducedDocument.objects.latest(EVIDENCE, str(session.pk))
