"""Meetings: the real ones of the past, with their sources; and around the demonstration's open call, invented ones.

What a source does not say stays unknown. The invented ones go through the actions that the pages call.
"""

from datetime import datetime, time, timedelta

from django.contrib.auth.models import AnonymousUser
from django.db import transaction
from django.utils import timezone

from accounts.models import PublicDomain, User
from calls.actions import events, questions, registrations
from calls.models import Call, Event, Fund, PublicQuestion
from fondsportal.demo import facts
from fondsportal.demo.open_call import CODE
from journal import clock

# Of the State's own; the others are the demonstration's.
DOMAINS = {"gouv.fr": False, "interieur.example": True, "ditp.example": True, "budget.example": True}
MEETING = "Réunion d’information sur l’appel de démonstration (fictive)"
PROGRAMME = [
    {"time": "14:30", "title": "Le cahier des charges", "speakers": "Secrétariat du fonds"},
    {"time": "15:15", "title": "Chiffrer les économies attendues", "speakers": "Direction du budget"},
    {"time": "15:45", "title": "Questions des porteurs", "speakers": ""},
]
SEATS = 3
COMING = ["porteur@interieur.example", "valideur@interieur.example", "membre@budget.example"]
WAITING = "agent@ditp.example"
ANSWERED = [
    (
        "Un même organisme peut-il déposer plusieurs dossiers ?",
        "Oui. Chaque dossier porte sur un projet distinct et suit la même procédure.",
    ),
    (
        "Le cofinancement peut-il venir de plusieurs organismes ?",
        "Oui, si le plan de financement les nomme tous et dit ce que chacun apporte.",
    ),
]
ASKED = "Les dépenses de personnel déjà engagées comptent-elles dans le coût du projet ?"


def are_loaded():
    return PublicQuestion.objects.filter(text=ASKED).exists()


def load():
    load_domains()
    load_past()
    people = {name: User.objects.get(email=f"{name}@ditp.example") for name in ("agent", "responsable")}
    call = Call.objects.get(code=CODE)
    load_meeting(call, people["agent"])
    load_questions(call, people["agent"])


def load_domains():
    for domain, fictitious in DOMAINS.items():
        PublicDomain.objects.get_or_create(domain=domain, defaults={"fictitious": fictitious})


@transaction.atomic
def load_past():
    """The real meetings: history, which no action of the portal ever made."""
    sources = facts.Sources()
    for fact in facts.read("events"):
        if Event.objects.filter(slug=fact["id"]).exists():
            continue
        Event.objects.create(
            slug=fact["id"],
            fund=Fund.objects.get(slug=fact["fund"].lower()),
            call=fact["call"] and Call.objects.get(slug=fact["call"]),
            kind=fact["kind"],
            title=fact["title"],
            summary=fact["summary"],
            starts_at=_at(fact["day"], fact["starts"] or "00:00"),
            ends_at=fact["ends"] and _at(fact["day"], fact["ends"]),
            hours_known=fact["starts"] is not None,
            place=fact["place"] or "",
            address=fact["address"] or "",
            audience=fact["audience"],
            capacity=fact["capacity"],
            state=Event.State.PUBLISHED,
            published_at=_at(fact["day"], "00:00"),
            report_text=fact["report"] or "",
            report_published_at=fact["report_on"] and _at(fact["report_on"], "00:00"),
            sources=sources[fact["sources"]],
        )


def load_meeting(call, officer):
    """A meeting to come, with fewer seats than people: the last one waits."""
    meeting = Event.objects.filter(title=MEETING).first()
    if meeting is None:
        day = timezone.localdate(clock.now()) + timedelta(days=9)
        meeting = events.prepare_event(
            fund=call.fund,
            call=call,
            title=MEETING,
            summary="Le secrétariat du fonds présente le cahier des charges et répond aux porteurs."
            " Cette réunion n’existe que dans la démonstration.",
            starts_at=timezone.make_aware(datetime.combine(day, time(14, 30))),
            ends_at=timezone.make_aware(datetime.combine(day, time(16, 30))),
            place="Salle fictive",
            address="Paris",
            online_link="https://visio.example/reunion-fictive",
            audience=Event.Audience.AGENTS,
            capacity=SEATS,
            fictitious=True,
            by=officer,
        )
    if meeting.state == Event.State.DRAFT:
        events.set_rows(meeting, "programme", PROGRAMME, by=officer)
        events.publish_event(meeting, by=officer)
    for email in (*COMING, WAITING):
        name = User.objects.get(email=email).name
        registrations.register(meeting, email=email, name=name, by=AnonymousUser(), fictitious=True)


def load_questions(call, officer):
    """Two answered in public, one that waits."""
    for text, answer in ANSWERED:
        if call.questions.filter(text=text).exclude(state=PublicQuestion.State.RECEIVED).exists():
            continue  # answered by an earlier load
        question = questions.ask(call, email="curieux@exemple.example", text=text, fictitious=True)
        questions.publish_question(
            question, published_text=text, answer=answer, version=question.version, by=officer
        )
    questions.ask(call, email="porteuse@exemple.example", text=ASKED, fictitious=True)


def _at(day, hour):
    return timezone.make_aware(datetime.fromisoformat(f"{day}T{hour}"))
