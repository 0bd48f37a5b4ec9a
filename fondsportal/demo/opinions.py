"""Opinions asked on the invented dossiers: one to give, one given, one awaited from another body.

They go through the actions that the pages call, once however often they are loaded.
"""

from datetime import timedelta

from django.utils import timezone

from accounts.models import User
from journal import clock
from selection.actions import expertise
from selection.actions import opinions as actions
from selection.models import OpinionRequest

DINUM, BUDGET = ("DINUM", "expert@dinum.example"), ("Direction du budget", "membre@budget.example")
PURPOSE = (
    "La solution proposée tient-elle, et peut-elle servir à d’autres administrations ? (Demande fictive.)"
)
COST = (
    "Les économies annoncées peuvent-elles être inscrites dans la trajectoire budgétaire ? (Demande fictive.)"
)
QUESTIONS = [
    "Quels socles communs de l’État le projet devrait-il reprendre ?",
    "Le calendrier est-il tenable ?",
]
TEXT = (
    "La solution est éprouvée, et l’équipe en place. Deux réserves : la reprise des données n’est pas chiffrée,"
    " et aucun socle commun n’est repris pour l’identification des usagers. (Avis fictif.)"
)
ANSWERS = [
    "FranceConnect pour les usagers, ProConnect pour les agents. (Réponse fictive.)",
    "Oui, si le marché est passé dans l’année. (Réponse fictive.)",
]
VALUES = (4, 3, 3, 4)
DAYS = 12


def ask(case, *, officer):
    """The DINUM is asked for an opinion, which its expert has not given yet."""
    _asked(case, *DINUM, officer, purpose=PURPOSE, questions=QUESTIONS, confidentiality="committee")


def ask_and_give(case, *, officer):
    """The DINUM gave its opinion, which the committee will read; the Direction du budget's is awaited."""
    asked = _asked(case, *DINUM, officer, purpose=PURPOSE, questions=QUESTIONS, confidentiality="committee")
    _asked(case, *BUDGET, officer, purpose=COST, on_criteria=False, confidentiality="secretariat")
    if not asked.opinions.exists():
        criteria = case.application.call.criteria.all()
        scores = [
            {"criterion": criterion, "value": value, "comment": ""}
            for criterion, value in zip(criteria, VALUES, strict=True)
        ]
        said = {"position": "reserved", "text": TEXT, "scores": scores, "answers": ANSWERS}
        expertise.give(asked, seen=asked.version, by=asked.expert, **said)


def _asked(case, body, email, officer, **facts):
    expert = User.objects.get(email=email)
    found = OpinionRequest.objects.standing().filter(case=case, email=email).first()
    today = timezone.localtime(clock.now()).replace(hour=0, minute=0, second=0, microsecond=0)
    due_at = today + timedelta(days=DAYS)
    return found or actions.ask_opinion(
        case, body=body, email=expert.email, due_at=due_at, by=officer, **facts
    )
