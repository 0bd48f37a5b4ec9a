"""An invented past call with its announcement, so that the pages which only an announcement fills can be seen.

Its laureates stand without an application, as those of the imported history do; everything says « fictif ».
"""

from datetime import timedelta

from django.db import transaction
from django.utils import timezone

from calls.models import Call, Fund, Round, Theme
from fondsportal.demo.accounts import FUND
from journal import clock
from selection.actions.press_kit import request_press_kit
from selection.models import Announcement, Laureate

CODE = "FTAP-DEMO-0"
SOURCES = [{"title": "Données inventées pour la démonstration", "publisher": None, "date": None}]
LAUREATES = [
    {
        "slug": "fictif-guichet-du-littoral",
        "name": "Guichet unique du littoral (fictif)",
        "carrier": "Agence fictive du littoral nord",
        "ministry": "Ministère fictif des Territoires",
        "location": "Façade maritime fictive",
        "partners": "Office fictif des mobilités rurales",
        "theme": "numerique",
        "amount": 2_400_000,
        "total_cost": 5_100_000,
        "expected_savings": 3_000_000,
        "duration_months": 24,
        "summary": "Un seul dossier pour les autorisations d’occupation du littoral, au lieu de sept formulaires.\n\n"
        "- une réponse en dix jours ;\n- un suivi en ligne pour chaque demandeur.",
    },
    {
        "slug": "fictif-achats-partages",
        "name": "Achats courants partagés (fictif)",
        "carrier": "Office fictif des mobilités rurales",
        "ministry": "Ministère fictif des Territoires",
        "theme": "mutualisation",
        "amount": 1_250_000,
        "total_cost": 2_900_000,
        "expected_savings": 1_900_000,
        "duration_months": 18,
        "summary": "Un centre de services commun à quatre organismes pour leurs achats de moins de 40 000 €.",
    },
    {
        "slug": "fictif-archives-sonores",
        "name": "Archives sonores en ligne (fictif)",
        "carrier": "Institut fictif des archives sonores",
        "ministry": "Ministère fictif de la Mémoire",
        "theme": "innovation",
        "amount": 800_000,
        "duration_months": 12,
        "summary": "Écouter et annoter les fonds numérisés, avec une transcription relue par les lecteurs.",
    },
]


def are_loaded():
    return Announcement.objects.filter(call__code=CODE).exists()


@transaction.atomic
def load():
    fund = Fund.objects.get(slug=FUND)
    today = timezone.localtime(clock.now()).replace(hour=0, minute=0, second=0, microsecond=0)
    announced = today - timedelta(weeks=1) + timedelta(hours=10)
    call = Call.objects.create(
        fund=fund,
        code=CODE,
        slug=CODE.lower(),
        title="Appel de démonstration clos (fictif)",
        summary="9 candidatures, 3 lauréats. Cet appel n’existe que dans la démonstration.",
        opens_at=today - timedelta(weeks=30),
        committee_on=(today - timedelta(weeks=3)).date(),
        announced_on=announced.date(),
        threshold=500_000,
        threshold_base=Call.Base.GRANT,
        cofinancing_required=True,
        state=Call.State.PUBLISHED,
        published_at=today - timedelta(weeks=31),
        imported=True,
        fictitious=True,
        facts={
            "candidates": 9,
            "laureates": len(LAUREATES),
            "granted_eur": sum(each["amount"] for each in LAUREATES),
            "closing_time": "minuit",
        },
        sources=SOURCES,
    )
    Round.objects.create(call=call, closes_at=today - timedelta(weeks=24))
    announcement = Announcement.objects.create(
        call=call,
        slug="laureats-de-demonstration",
        title="Trois lauréats de démonstration (fictif)",
        introduction="Trois projets inventés, pour montrer une annonce et son dossier de presse.",
        publish_at=announced,
        state=Announcement.State.SCHEDULED,
        fictitious=True,
    )
    for fields in LAUREATES:
        theme = Theme.objects.get(slug=fields["theme"])
        laureate = Laureate.objects.create(
            fund=fund,
            call=call,
            announcement=announcement,
            year=announced.year,
            fictitious=True,
            sources=SOURCES,
            **{name: value for name, value in fields.items() if name != "theme"},
        )
        laureate.themes.add(theme)
    request_press_kit(announcement)
