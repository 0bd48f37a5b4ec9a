"""A whole session, held by its people: everything in its evidence is in the journal because somebody did it."""

from datetime import date, time
from decimal import Decimal
from functools import partial

from django.utils import timezone

from calls.models import Envelope
from documents import storage
from documents.models import ProducedDocument
from selection.actions import agenda, attendance, conflicts, decisions, scoring, votes
from selection.actions import session as sessions
from selection.evidence import contents
from selection.models import Case, Committee
from tests.factories import CallFactory, FundFactory, ThemeFactory, case_in, head_of, member_of, officer_of
from tests.selection.deciding_factories import said_of
from tests.selection.minutes_factories import signed_by_both

WHEN = {"title": "Séance de mars", "held_on": date(2027, 3, 4), "starts_at": time(9, 30), "place": "Salle 1"}


def convened_session(*, dossiers=3, members=3, quorum=3, tie_rule="chair", **committee):
    """A session convened by the secretariat, its agenda drawn, its book frozen and made."""
    fund = FundFactory()
    committee = Committee.objects.create(
        fund=fund, name="Comité de pilotage", quorum=quorum, tie_rule=tie_rule, **committee
    )
    member_of(committee, chair=True)
    for _ in range(members):
        member_of(committee)
    theme = ThemeFactory()
    member_of(committee, scope=theme)
    envelope = Envelope.objects.create(fund=fund, year=2027, commitments=Decimal(1_000_000))
    officer, call = officer_of(fund), CallFactory(fund=fund, published=True)
    session = sessions.convene(committee=committee, envelope=envelope, by=officer, **WHEN)
    cases = [
        case_in(Case.State.SHORTLISTED, call=call, themes=[theme] if rank == 0 else [])
        for rank in range(dossiers)
    ]
    references = [case.application.reference for case in cases]
    amounts = dict.fromkeys(references, Decimal(400_000))
    sessions.add_to_agenda(session, references, amounts=amounts, by=officer)
    agenda.freeze_book(session, seen=references, by=officer)
    worker_makes(contents.BOOK, f"book/{session.books.get().pk}")
    return session


def worker_makes(kind, key):
    """What was asked for is made, without the time that a real PDF takes."""
    file = storage.store([f"%PDF-1.7 {kind}".encode()], content_type="application/pdf", trusted=True)
    asked = ProducedDocument.objects.filter(kind=kind, subject_key=key)
    asked.update(state="done", file=file, pages=1, done_at=timezone.now())


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


def panel_session():
    """Experts who propose, by a consensus that the chair hears, then correct what they propose."""
    session = opened_session(dossiers=1, members=2, power="proposes", vote_mode="consensus")
    item, chair = session.items.get(), session.committee.seats.get(is_chair=True)
    scored(item, chair, 4, 4, 4, 4)
    scoring.reveal_all(session, by=chair.user)
    votes.note_consensus(item, carried=True, note="Tous d’accord.", amount=Decimal(300_000), by=chair.user)
    decisions.decide(item, outcome="selected", amount=Decimal(300_000), by=chair.user)
    item.refresh_from_db()
    decisions.correct(
        item, outcome="selected", amount=Decimal(250_000), correction="Erreur de saisie.", by=chair.user
    )
    sessions.close_session(session, by=chair.user)
    return session


def held_session():
    """Scores sealed twice, a recusal after scoring, two votes on one item, a correction, one put off: then signed."""
    session = opened_session(dossiers=4)
    chair, *members, of_theme = session.committee.seats.all()
    first, second, third, late = session.items.order_by("position")
    for rank, seat in enumerate([chair, *members]):
        for item in (first, second, third):
            scored(item, seat, rank + 1, 3, 2, 4, comment=f"Avis « {rank} »", amount=Decimal(300_000 + rank))
    scored(first, chair, 5, 5, 4, 4, comment="Relu")
    scored(first, of_theme, 3, 3, 3, 3)
    scored(late, chair, 2, 2, 2, 2)
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
    ballot(choice="for", amount=Decimal(350_000), by=of_theme.user)
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
    votes.open_vote(late, by=by)
    votes.vote(late, choice="for", by=chair.user)
    sessions.put_off(late, reason="L’heure est passée.", by=by)
    sessions.close_session(session, by=by)
    worker_makes(contents.MINUTES, signed_by_both(session).pk)
    session.refresh_from_db()
    return session
