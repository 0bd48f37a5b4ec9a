"""A call of the demonstration that is being selected: a shortlist with its reasons, hearings, a session prepared.

Its deadline comes a few minutes after the load: what is filed is filed in time, through the actions of the pages.
"""

import random
from datetime import timedelta
from decimal import Decimal

from django.utils import timezone

from accounts.models import User
from calls.models import Envelope, Fund
from fondsportal.demo.accounts import CARRIER, FUND
from fondsportal.demo.open_call import Dossier, make_call, play
from journal import clock
from selection import shortlisting
from selection.actions import agenda, hearings, reviews, session, shortlist
from selection.lifecycle import State
from selection.models import Case, Committee, CommitteeBook, CommitteeSession, Hearing, Review

CODE, SEED = "FTAP-DEMO-3", 2019
MINUTES_TO_FILE = 15
# (dossier, second reviewer's scores and recommendation, whether it is kept, why)
DOSSIERS = [
    (
        Dossier(
            title="Plateforme commune de rendez-vous médicaux",
            carrier="Agence fictive du littoral nord",
            subject="bourses d’études",
            solution="Guichet numérique",
            goes="reviewed",
            grant=3_900_000,
            cost=8_800_000,
        ),
        (5, 5, 4, 4),
        "",
    ),
    (
        Dossier(
            title="Contrôle sur place avec une tablette",
            carrier=CARRIER,
            subject="gestion des secours",
            solution="Poste de terrain mobile",
            goes="reviewed",
            grant=2_200_000,
            cost=5_000_000,
        ),
        (4, 3, 3, 4),
        "",
    ),
    (
        Dossier(
            title="Centre de services partagés des paies",
            carrier="Université fictive du Haut-Plateau",
            subject="achats courants",
            solution="Centre de services partagés",
            goes="reviewed",
            grant=5_400_000,
            cost=11_000_000,
        ),
        (3, 2, 2, 3),
        "",
    ),
    (
        Dossier(
            title="Entrepôt de données des archives",
            carrier="Institut fictif des archives sonores",
            subject="archives nées numériques",
            solution="Données partagées",
            goes="reviewed",
            grant=1_100_000,
            cost=2_500_000,
        ),
        (1, 1, 0, 2),
        "Les économies annoncées ne sont pas étayées et l’équipe reste à constituer ; le projet peut être présenté de"
        " nouveau avec une valeur de départ mesurée. (Motif fictif.)",
    ),
]


def are_loaded():
    return CommitteeBook.objects.filter(content__0__reference__startswith=CODE).exists()


def load():
    agent, head = (User.objects.get(email=f"{name}@ditp.example") for name in ("agent", "responsable"))
    fund, now = Fund.objects.get(slug=FUND), clock.now().replace(second=0, microsecond=0)
    closes_at = now + timedelta(minutes=MINUTES_TO_FILE)
    call = make_call(
        fund,
        CODE,
        "Appel de démonstration en cours de sélection (fictif)",
        now - timedelta(weeks=7),
        closes_at,
        {"agent": agent, "responsable": head},
        questions_until=closes_at,
        has_hearings=True,
    )
    for position, (dossier, scores, _) in enumerate(DOSSIERS):
        rng = random.Random(SEED + position)  # noqa: S311 - a play, not a secret
        play(dossier, call, agent, rng, reviewers=[agent, head])
        _review_again(call, dossier, scores, head)
    _shortlist(call, agent)
    _hear(call, agent, head)
    _prepare_session(fund, call, agent)


def _review_again(call, dossier, scores, head):
    """A second reviewer, who does not always agree with the first."""
    case = Case.objects.get(application__call=call, title=dossier.title)
    if case.reviews.filter(reviewer=head, state=Review.State.FINISHED).exists():
        return
    favourable = sum(scores) > 2 * len(scores)
    reviews.save_review(
        case,
        scores=[
            {"criterion": criterion, "value": value, "comment": ""}
            for criterion, value in zip(call.criteria.all(), scores, strict=True)
        ],
        comment="Second regard sur le dossier. (Texte fictif.)",
        recommendation=Review.Recommendation.FAVOURABLE if favourable else Review.Recommendation.UNFAVOURABLE,
        proposed_amount=Decimal(dossier.grant) * 9 / 10,
        finished=True,
        by=head,
    )


def _shortlist(call, agent):
    cases = list(shortlisting.ranked(call, agent))
    if not cases:
        return
    reasons = {dossier.title: reason for dossier, _, reason in DOSSIERS}
    kept = "Effets mesurables, équipe en place. (Motif fictif.)"
    choices = {
        case.pk: (not reasons[case.title], reasons[case.title] or kept, shortlisting.mark(case))
        for case in cases
    }
    shortlist.keep_choices(call, choices, by=agent)
    shortlist.draw_shortlist(call, seen=shortlisting.seal(shortlisting.reviewed_cases(call)), by=agent)


def _hear(call, agent, head):
    """Three slots of one morning in three weeks; the two best are invited."""
    if not call.hearing_slots.exists():
        morning = timezone.localtime(clock.now()).replace(hour=9, minute=30, second=0, microsecond=0)
        first = morning + timedelta(days=22)
        times = [first + rank * timedelta(minutes=45) for rank in range(3)]
        times = [(begins_at, begins_at + timedelta(minutes=30)) for begins_at in times]
        panel = [agent, head]
        hearings.make_slots(call, times, place="Salle Jean-Moulin", panel=panel, by=agent)
    free = call.hearing_slots.filter(hearing=None)
    for case in Case.objects.filter(call=call, state=State.SHORTLISTED).order_by("-review_score")[:2]:
        if not Hearing.objects.filter(case=case).exists():
            hearings.give_slot(free.first(), case, by=agent)


def _prepare_session(fund, call, agent):
    """Two dossiers in the frozen book, the third added late: it waits for a supplement."""
    committee, today = Committee.objects.get(fund=fund), timezone.localdate()
    title = "Séance en préparation (fictive)"
    meeting = CommitteeSession.objects.filter(committee=committee, title=title).first() or session.convene(
        committee=committee,
        envelope=Envelope.objects.get(fund=fund, year=today.year),
        title=title,
        held_on=today + timedelta(weeks=6),
        by=agent,
    )
    waiting = Case.objects.filter(call=call, state=State.SHORTLISTED).order_by("-review_score")
    references = [case.application.reference for case in waiting.select_related("application")]
    amounts = {case.application.reference: case.requested_grant * 9 / 10 for case in waiting}
    if not meeting.items.exists():
        session.add_to_agenda(meeting, references[:2], amounts=amounts, by=agent)
        references = references[2:]
    if not meeting.books.exists():
        seen = [str(item) for item in meeting.items.order_by("position")]
        agenda.freeze_book(meeting, seen=seen, by=agent)
    session.add_to_agenda(meeting, references, amounts=amounts, by=agent)
