"""A whole session, held by its people: everything in its evidence is in the journal because somebody did it."""

import hashlib
from datetime import date, time
from decimal import Decimal
from functools import partial

from django.utils import timezone

from calls.models import Envelope
from documents import storage
from documents.models import ProducedDocument
from journal import actions as journal
from selection.actions import agenda, attendance, conflicts, decisions, scoring, votes
from selection.actions import session as sessions
from selection.evidence import contents
from selection.models import Case, Committee, CommitteeBook, CommitteeSession, Minutes, MinutesSignature
from tests.factories import CallFactory, FundFactory, case_in, head_of, member_of, officer_of
from tests.selection.deciding_factories import said_of

WHEN = {"title": "Séance de mars", "held_on": date(2027, 3, 4), "starts_at": time(9, 30), "place": "Salle 1"}


def convened_session(*, dossiers=3, members=3, quorum=3, tie_rule="chair"):
    """A session convened by the secretariat, its agenda drawn, its book frozen and made."""
    fund = FundFactory()
    committee = Committee.objects.create(
        fund=fund, name="Comité de pilotage", quorum=quorum, tie_rule=tie_rule
    )
    member_of(committee, chair=True)
    for _ in range(members):
        member_of(committee)
    envelope = Envelope.objects.create(fund=fund, year=2027, commitments=Decimal(1_000_000))
    officer, call = officer_of(fund), CallFactory(fund=fund, published=True)
    session = sessions.convene(committee=committee, envelope=envelope, by=officer, **WHEN)
    cases = [case_in(Case.State.SHORTLISTED, call=call) for _ in range(dossiers)]
    references = [case.application.reference for case in cases]
    amounts = dict.fromkeys(references, Decimal(400_000))
    sessions.add_to_agenda(session, references, amounts=amounts, by=officer)
    agenda.freeze_book(session, seen=references, by=officer)
    make_book(session)
    return session


def make_book(session):
    """As the worker would, without the time that a real PDF takes."""
    book = CommitteeBook.objects.get(session=session)
    file = storage.store([b"%PDF-1.7 livre"], content_type="application/pdf", trusted=True)
    ProducedDocument.objects.filter(subject_key=f"book/{book.pk}").update(
        state="done", file=file, pages=1, done_at=book.frozen_at
    )


def opened_session(**fields):
    """The same, opened, everybody in the room."""
    session = convened_session(**fields)
    sessions.open_session(session, by=head_of(session.fund))
    for seat in session.committee.seats.all():
        attendance.state_interests(session, seat, by=seat.user)
    session.refresh_from_db()
    return session


def scored(item, seat, *values, comment="", amount=None, act=scoring.score):
    criteria = item.case.application.call.criteria.all()
    scores = dict(zip(criteria, values, strict=True))
    return act(item, scores=scores, comment=comment, amount=amount, by=seat.user)


def held_session():
    """Scores sealed twice, a recusal after scoring, a vote by name, one of two rounds, a correction: then closed."""
    session = opened_session()
    chair, *members = session.committee.seats.all()
    first, second, third = session.items.order_by("position")
    for rank, seat in enumerate([chair, *members]):
        for item in (first, second, third):
            scored(item, seat, rank + 1, 3, 2, 4, comment=f"Avis « {rank} »", amount=Decimal(300_000 + rank))
    scored(first, chair, 5, 5, 4, 4, comment="Relu")
    conflicts.recuse_oneself(second.case.application, reason="Ancien employeur", by=members[0].user)
    conflicts.raise_declaration(
        third.case.application, members[1].user, text="Une parente y travaille.", by=session.prepared_by
    )
    tie = third.case.application.declarations.get()
    conflicts.settle_declaration(tie, recused=False, reason="Sans rapport avec le projet.", by=chair.user)
    by = chair.user
    scoring.reveal_all(session, by=by)
    scored(first, members[0], 4, 4, 4, 4, amount=Decimal(250_000), act=scoring.score_again)
    attendance.mark_left(session, members[2], by=members[2].user)
    votes.open_vote(first, by=by)
    ballot = partial(votes.vote, first)
    ballot(choice="for", amount=Decimal(400_000), by=chair.user)
    ballot(choice="for", amount=Decimal(300_000), by=members[0].user)
    ballot(choice="abstain", by=members[1].user)
    ballot(choice="against", by=members[1].user)
    votes.close_vote(first, by=by)
    votes.open_vote(first, by=by)
    ballot(choice="for", amount=Decimal(350_000), by=chair.user)
    ballot(choice="for", by=members[0].user)
    ballot(choice="abstain", by=members[1].user)
    votes.close_vote(first, by=by)
    attendance.mark_back(session, members[2], by=members[2].user)
    for item in (second, third):
        votes.open_vote(item, by=by)
        votes.vote(item, choice="for", by=chair.user)
        votes.vote(item, choice="against", by=members[2].user)
        votes.close_vote(item, by=by)
    decisions.decide(first, outcome="selected", amount=Decimal(350_000), by=by)
    decisions.decide(second, outcome="rejected", by=by, **said_of(second, "rejected"))
    decisions.decide(third, outcome="deferred", by=by, **said_of(third, "deferred"))
    third.refresh_from_db()
    decisions.correct(third, outcome="reserve", correction="Erreur de saisie.", by=by)
    sessions.close_session(session, by=by)
    sign_minutes(session, by)
    session.refresh_from_db()
    return session


def sign_minutes(session, chair):
    """The minutes, signed by the chair and the secretariat, with what the journal keeps of it."""
    minutes = Minutes(session=session, recorded={"items": []}, text="Relevé.\n", saved_by=session.prepared_by)
    minutes.sha256 = hashlib.sha256(contents.canonical_minutes(minutes)).hexdigest()
    minutes.save()
    file = storage.store([b"%PDF-1.7 releve"], content_type="application/pdf", trusted=True)
    ProducedDocument.objects.create(
        kind=contents.MINUTES,
        subject_key=minutes.pk,
        state="done",
        file=file,
        pages=1,
        done_at=timezone.now(),
    )
    for role, by in (("chair", chair), ("secretary", session.prepared_by)):
        MinutesSignature.objects.create(minutes=minutes, role=role, user=by, sha256=minutes.sha256)
        journal.record("minutes.signed", minutes, by=by, role=role, sha256=minutes.sha256)
    CommitteeSession.objects.filter(pk=session.pk).update(state="minutes_signed")
    journal.record("session.minutes_signed", session, by=session.prepared_by, sha256=minutes.sha256)
