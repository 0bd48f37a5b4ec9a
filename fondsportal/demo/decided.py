"""A call of the demonstration that is decided: its session is over, its minutes signed, its letters sent.

Its announcement is being written, and its carriers are asked to check their pages. All of it goes through the actions
of the pages; a load that was cut short is taken up where it stopped.
"""

import random
from dataclasses import dataclass
from datetime import timedelta
from decimal import Decimal

from django.utils import timezone

from accounts import emails
from accounts.models import User
from calls.models import Envelope, Fund
from fondsportal.demo.accounts import CARRIER, FUND, SEATS
from fondsportal.demo.open_call import Dossier, make_call, play
from journal import clock
from journal.models import OutgoingEmail
from selection import rules, shortlisting
from selection.actions import (
    announcement,
    attendance,
    decisions,
    letters,
    minutes,
    page_checks,
    scoring,
    session,
    shortlist,
    votes,
)
from selection.lifecycle import State
from selection.models import AgendaItem, Announcement, Ballot, Case, Committee, CommitteeSession, Letter

CODE, SEED = "FTAP-DEMO-4", 2020
MINUTES_TO_FILE = 15
TITLE = "Séance de mars (fictive)"
FOR, AGAINST, ABSTAIN = Ballot.Choice.FOR, Ballot.Choice.AGAINST, Ballot.Choice.ABSTAIN


@dataclass(frozen=True)
class Decided:
    """A dossier with what its committee made of it: the score of each criterion, the ballots, what was said."""

    dossier: Dossier
    score: int
    ballots: tuple
    outcome: str
    said: dict


DOSSIERS = [
    Decided(
        Dossier(
            title="Signalement des routes par les agents",
            carrier=CARRIER,
            subject="gestion des secours",
            solution="Poste de terrain mobile",
            goes="reviewed",
            grant=2_600_000,
            cost=5_800_000,
        ),
        score=5,
        ballots=(FOR, FOR, FOR, FOR),
        outcome="selected",
        said={
            "amount": Decimal(2_400_000),
            "reason": "Effets mesurés par un pilote, équipe en place. (Motif fictif.)",
            "is_conditional": True,
            "conditions": "Publier le code sous licence libre avant la fin de la première année. (Condition fictive.)",
        },
    ),
    Decided(
        Dossier(
            title="Inscription unique aux concours",
            carrier="Université fictive du Haut-Plateau",
            subject="bourses d’études",
            solution="Guichet numérique",
            goes="reviewed",
            grant=3_100_000,
            cost=7_000_000,
        ),
        score=4,
        ballots=(FOR, FOR, ABSTAIN, FOR),
        outcome="selected",
        said={
            "amount": Decimal(3_100_000),
            "reason": "Un besoin partagé par quarante établissements. (Motif fictif.)",
        },
    ),
    Decided(
        Dossier(
            title="Suivi partagé des chantiers côtiers",
            carrier="Agence fictive du littoral nord",
            subject="achats courants",
            solution="Données partagées",
            goes="reviewed",
            grant=1_900_000,
            cost=4_200_000,
        ),
        score=3,
        ballots=(FOR, AGAINST, FOR, ABSTAIN),
        outcome="reserve",
        said={"reason": "Le premier de la liste si un lauréat se désiste. (Motif fictif.)"},
    ),
    Decided(
        Dossier(
            title="Écoute assistée des archives",
            carrier="Institut fictif des archives sonores",
            subject="archives nées numériques",
            solution="Données partagées",
            goes="reviewed",
            grant=900_000,
            cost=2_000_000,
        ),
        score=1,
        ballots=(AGAINST, AGAINST, ABSTAIN, AGAINST),
        outcome="rejected",
        said={},
    ),
]
REASON = "La valeur de départ n’est pas mesurée, et l’équipe reste à constituer. (Motif fictif.)"


def are_loaded():
    return Announcement.objects.filter(call__code=CODE, laureates__page_check__isnull=False).exists()


def load():
    agent, head = (User.objects.get(email=f"{name}@ditp.example") for name in ("agent", "responsable"))
    fund, now = Fund.objects.get(slug=FUND), clock.now().replace(second=0, microsecond=0)
    closes_at = now + timedelta(minutes=MINUTES_TO_FILE)
    call = make_call(
        fund,
        CODE,
        "Appel de démonstration décidé (fictif)",
        now - timedelta(weeks=16),
        closes_at,
        {"agent": agent, "responsable": head},
        questions_until=closes_at,
    )
    for position, decided in enumerate(DOSSIERS):
        rng = random.Random(SEED + position)  # noqa: S311 - a play, not a secret
        play(decided.dossier, call, agent, rng, reviewers=[agent])
    _shortlist(call, agent)
    meeting = _hold(fund, call, agent, head)
    _sign(meeting, agent)
    if not Letter.objects.filter(decision__item__session=meeting).exists():
        letters.prepare(meeting, by=agent)
        letters.ask_sending(meeting, by=head)
    _prepare_announcement(call, agent)


def _shortlist(call, agent):
    cases = list(shortlisting.ranked(call, agent))
    if not cases:
        return
    reason = "Dossier complet, à présenter au comité. (Motif fictif.)"
    shortlist.keep_choices(
        call, {case.pk: (True, reason, shortlisting.mark(case)) for case in cases}, by=agent
    )
    shortlist.draw_shortlist(call, seen=shortlisting.seal(shortlisting.reviewed_cases(call)), by=agent)


def _hold(fund, call, agent, head):
    """The session, from its convocation to its closing."""
    committee, today = Committee.objects.get(fund=fund), timezone.localdate()
    meeting = CommitteeSession.objects.filter(committee=committee, title=TITLE).first() or session.convene(
        committee=committee,
        envelope=Envelope.objects.get(fund=fund, year=today.year),
        title=TITLE,
        held_on=today,
        by=agent,
    )
    members = [User.objects.get(email=seat.email) for seat in SEATS]
    chair = members[0]
    if meeting.state == CommitteeSession.State.CONVENED:
        if not meeting.items.exists():
            shortlisted = Case.objects.filter(call=call, state=State.SHORTLISTED).order_by("-review_score")
            session.add_to_agenda(meeting, [case.application.reference for case in shortlisted], by=agent)
        session.open_session(meeting, by=head)
        meeting.refresh_from_db()
    for seat in meeting.committee.seats.exclude(statements__session=meeting).select_related("user"):
        attendance.state_interests(meeting, seat, by=seat.user)
    for decided in DOSSIERS:
        item = meeting.items.get(case__title=decided.dossier.title)
        if item.state != AgendaItem.State.DECIDED:
            _decide(item, decided, members, chair)
    if meeting.state == CommitteeSession.State.OPEN:
        session.close_session(meeting, by=chair)
        meeting.refresh_from_db()
    return meeting


def _decide(item, decided, members, chair):
    """One point of the agenda: scores under seal, a vote by name, the decision of the chair."""
    criteria = list(item.case.call.criteria.all())
    for member in members:
        if rules.can_score(member, item):
            scores = dict.fromkeys(criteria, decided.score)
            scoring.score(item, scores=scores, comment="Note fictive.", by=member)
    scoring.reveal(item, by=chair)
    votes.open_vote(item, by=chair)
    for member, choice in zip(members, decided.ballots, strict=True):
        if rules.can_vote(member, item):
            votes.vote(item, choice=choice, by=member)
    votes.close_vote(item, by=chair)
    reasons = dict.fromkeys(criteria, REASON) if decided.outcome == "rejected" else None
    decisions.decide(item, outcome=decided.outcome, reasons=reasons, by=chair, **decided.said)


def _sign(meeting, agent):
    """Produced by the officer, signed by both with the codes that they are sent."""
    if meeting.state != CommitteeSession.State.CLOSED:
        return
    chair = User.objects.get(email=SEATS[0].email)
    found = minutes.produce(meeting, by=agent)
    for signer in (agent, chair):
        minutes.send_code(found, by=signer)
        message = OutgoingEmail.objects.filter(to=signer.email, template=emails.CODE).latest("pk")
        minutes.sign(found, version=found.version, code=message.context["code"], by=signer)


def _prepare_announcement(call, agent):
    """A draft with its words, whose pages wait for their carriers; nothing of it is public."""
    draft = Announcement.objects.filter(call=call).first() or announcement.prepare_announcement(
        call=call,
        title="Deux lauréats de démonstration (fictif)",
        introduction="Deux projets inventés sont retenus : les agents sur la route, et les étudiants.\n\n"
        "Tout est fictif : les projets, les montants et ce que le comité en a dit.",
        by=agent,
    )
    for laureate in draft.laureates.all():
        announcement.describe_laureate(
            laureate, short_text=f"{laureate.name}, par {laureate.carrier}. (Texte fictif.)", by=agent
        )
    page_checks.ask_checks(draft, due_at=clock.now() + timedelta(days=7), by=agent)
