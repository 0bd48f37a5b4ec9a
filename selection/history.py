"""What happened to a filed dossier since its filing, as its secretariat may read it: from the journal and its rows.

Reviews, opinions and notes of the jury are named and never told: who reviews blind reads this page too.
"""

from dataclasses import dataclass

from django.db.models import CharField, Q
from django.db.models.functions import Cast
from django.urls import reverse
from django.utils.dateparse import parse_datetime
from django.utils.text import Truncator

from accounts.models import User
from applications.models import Message
from calls.models.call import deadline_text
from journal.models import Entry
from selection.models import AgendaItem, Case, Decision, Note

# key → label: what the page is narrowed by
KINDS = {
    "filing": "Dépôts",
    "exchange": "Échanges avec le porteur",
    "eligibility": "Recevabilité",
    "review": "Évaluations",
    "opinion": "Avis",
    "hearing": "Présélection et auditions",
    "committee": "Comité",
    "desk": "Suivi interne",
}

# event → (kind, what happened, the page where it is read)
EVENTS = {
    "application.filed": ("filing", "Dossier déposé", "case"),
    "application.withdrawn": ("filing", "Candidature retirée par son porteur", ""),
    "application.message_sent": ("exchange", "Message", "messages"),
    "application.clarification_asked": ("exchange", "Compléments demandés", "clarify"),
    "application.clarification_extended": ("exchange", "Délai des compléments prolongé", "clarify"),
    "application.clarification_called_off": ("exchange", "Demande de compléments levée", "clarify"),
    "application.clarification_answered": ("exchange", "Compléments déposés", "clarify"),
    "application.recused": ("desk", "Déport", ""),
    "case.declared_eligible": ("eligibility", "Déclaré recevable", "case"),
    "case.declared_ineligible": ("eligibility", "Déclaré irrecevable", "case"),
    "case.ineligibility_proposed": ("eligibility", "Irrecevabilité proposée", "eligibility"),
    "case.ineligibility_settled": ("eligibility", "Proposition d’irrecevabilité tranchée", "eligibility"),
    "case.rule_overruled": ("eligibility", "Règle retenue contre le constat", "eligibility"),
    "case.rules_confirmed": ("eligibility", "Règles confirmées", "eligibility"),
    "case.reviewer_assigned": ("review", "Évaluation confiée", "case"),
    "case.reviewer_unassigned": ("review", "Évaluation retirée", "case"),
    "case.review_finished": ("review", "Évaluation terminée", "case"),
    "case.review_reopened": ("review", "Évaluation rouverte", "case"),
    "case.consensus_finished": ("review", "Consensus arrêté", "case"),
    "case.flag_raised": ("review", "Alerte posée", "case"),
    "case.flag_lifted": ("review", "Alerte levée", "case"),
    "case.opinion_asked": ("opinion", "Avis demandé", "case"),
    "case.opinion_accepted": ("opinion", "Demande d’avis acceptée", "case"),
    "case.opinion_given": ("opinion", "Avis reçu", "case"),
    "case.opinion_declined": ("opinion", "Demande d’avis déclinée", "case"),
    "case.opinion_reminded": ("opinion", "Avis relancé", "case"),
    "case.opinion_postponed": ("opinion", "Délai d’un avis prolongé", "case"),
    "case.opinion_revoked": ("opinion", "Demande d’avis retirée", "case"),
    "case.shortlisted": ("hearing", "Présélectionné", "case"),
    "case.not_shortlisted": ("hearing", "Non présélectionné", "case"),
    "hearing.invited": ("hearing", "Invité en audition", "case"),
    "hearing.moved": ("hearing", "Audition déplacée", "case"),
    "case.hearing_closed": ("hearing", "Audition tenue", "case"),
    "hearing.cancelled": ("hearing", "Audition annulée", "case"),
    "agenda.added": ("committee", "Inscrit à l’ordre du jour", "case"),
    "item.decided": ("committee", "Décision du comité", "case"),
    "case.entrusted": ("desk", "Dossier confié", "notes"),
    "case.released": ("desk", "Plus personne n’en est chargé", "notes"),
    "case.labelled": ("desk", "Étiquette mise", "notes"),
    "case.unlabelled": ("desk", "Étiquette retirée", "notes"),
    "case.note_written": ("desk", "Note", "notes"),
    "case.note_deleted": ("desk", "Note supprimée", "notes"),
}
PAGES = {
    "case": "La synthèse",
    "messages": "Les messages",
    "clarify": "Les compléments",
    "eligibility": "La recevabilité",
    "notes": "Le suivi interne",
}
LONGEST = 300  # characters of a text told here; the rest is on its own page


@dataclass(frozen=True)
class Step:
    """Something that happened: when, of what kind, what, who did it, in their words, and where to read more."""

    at: object
    kind: str
    text: str
    who: str = ""
    detail: str = ""
    url: str = ""
    link: str = ""

    @property
    def kind_label(self):
        return KINDS[self.kind]


@dataclass(frozen=True)
class Known:
    """What entries only name, read once for all of them."""

    application: object
    names: dict
    messages: dict
    notes: dict


def history(application, kind=""):
    """What happened to a dossier, the last first; of one kind when it is said. The queries do not grow with it."""
    told = [event for event, (its_kind, _, _) in EVENTS.items() if kind in ("", its_kind)]
    entries = list(_entries(application).filter(event__in=told).select_related("details").order_by("-id"))
    known = _known(application, entries)
    return [_step(entry, known) for entry in entries]


def _entries(application):
    """Those on the dossier, on its case and on its places in an agenda."""
    case = Case.objects.filter(application=application).values(text=Cast("pk", CharField()))
    items = AgendaItem.objects.filter(case__application=application)
    return Entry.objects.filter(
        Q(subject_type="applications.application", subject_id=str(application.pk))
        | Q(subject_type="selection.case", subject_id__in=case)
        | Q(
            subject_type="selection.agendaitem",
            subject_id__in=items.values(text=Cast("pk", CharField())),
        )
    )


def _known(application, entries):
    people = {entry.actor_id for entry in entries}
    for entry in entries:
        people |= {_said(entry).get(name) for name in ("officer", "reviewer", "user")}
    return Known(
        application=application,
        names=dict(User.objects.filter(pk__in=people - {None}).values_list("pk", "name")),
        messages=dict(Message.objects.filter(application=application).values_list("pk", "text")),
        notes=dict(Note.objects.filter(application=application, deleted_at=None).values_list("pk", "text")),
    )


def _said(entry):
    """The words of an entry; none once retention has erased them."""
    return entry.details.content if hasattr(entry, "details") else {}


def _step(entry, known):
    said = _said(entry)
    kind, text, page = EVENTS[entry.event]
    reference, anchor = known.application.reference, ""
    if entry.event == "application.message_sent":
        text = "Message au porteur" if said.get("from_secretariat") else "Message du porteur"
        anchor = f"#message-{said['message']}" if said.get("message") in known.messages else ""
    elif entry.event == "case.note_written" and said.get("note") in known.notes:
        anchor = f"#note-{said['note']}"
    elif entry.event == "item.decided":
        text = f"{text} : {Decision.Outcome(said['outcome']).label}" if said.get("outcome") else text
    return Step(
        at=entry.at,
        kind=kind,
        text=text,
        who=known.names.get(entry.actor_id, ""),
        detail=Truncator(_detail(entry.event, said, known)).chars(LONGEST),
        url=reverse(f"selection:{page}", args=[reference]) + anchor if page else "",
        link=PAGES.get(page, ""),
    )


def _detail(event, said, known):
    """What is worth telling of an entry beside its name; nothing of what a review or an opinion says."""
    if event == "application.message_sent":
        return known.messages.get(said.get("message"), "")
    if event == "case.note_written":
        return known.notes.get(said.get("note"), "Cette note a été supprimée.")
    if due := parse_datetime(said.get("due_at") or ""):
        return f"Attendu au plus tard le {deadline_text(due)}"
    if event.startswith("hearing."):
        return said.get("hearing") or ""
    for name in ("officer", "reviewer", "user"):
        if person := known.names.get(said.get(name)):
            return f"à {person}" if event in GIVEN else person
    if event in ("case.labelled", "case.unlabelled"):
        return said.get("name", "")
    if event in REASONED:
        return said.get("reason") or ""
    return ""


GIVEN = {"case.entrusted", "case.reviewer_assigned"}
REASONED = {
    "application.withdrawn",
    "application.recused",
    "case.declared_eligible",
    "case.declared_ineligible",
    "case.ineligibility_proposed",
    "case.shortlisted",
    "case.not_shortlisted",
    "case.opinion_declined",
    "case.opinion_revoked",
    "item.decided",
}
