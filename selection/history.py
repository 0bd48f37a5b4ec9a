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
from selection.models import (
    AgendaItem,
    Case,
    ConflictDeclaration,
    Decision,
    MeetingSuggestion,
    Note,
)

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
    "application.taken_back": ("filing", "Dossier repris par son porteur, qui peut le redéposer", ""),
    "application.withdrawn": ("filing", "Candidature retirée par son porteur", ""),
    "application.message_sent": ("exchange", "Message", "messages"),
    "application.clarification_asked": ("exchange", "Compléments demandés", "clarify"),
    "application.clarification_extended": ("exchange", "Délai des compléments prolongé", "clarify"),
    "application.clarification_called_off": ("exchange", "Demande de compléments levée", "clarify"),
    "application.clarification_answered": ("exchange", "Compléments déposés", "clarify"),
    "application.recused": ("desk", "Déport", ""),
    "case.declared_eligible": ("eligibility", "Déclaré recevable", "eligibility"),
    "case.declared_ineligible": ("eligibility", "Déclaré irrecevable", "eligibility"),
    "case.ineligibility_proposed": ("eligibility", "Irrecevabilité proposée", "eligibility"),
    "case.ineligibility_settled": ("eligibility", "Proposition d’irrecevabilité tranchée", "eligibility"),
    "case.rule_confirmed": ("eligibility", "Règle confirmée", "eligibility"),
    "case.rule_overruled": ("eligibility", "Règle retenue contre le constat", "eligibility"),
    "case.rules_confirmed": ("eligibility", "Règles confirmées", "eligibility"),
    "case.reviewer_assigned": ("review", "Évaluation confiée", "reviews"),
    "case.reviewer_unassigned": ("review", "Évaluation retirée", "reviews"),
    "case.review_finished": ("review", "Évaluation terminée", "reviews"),
    "case.review_set_aside": ("review", "Évaluation écartée par un déport", "reviews"),
    "case.review_reopened": ("review", "Évaluation rouverte", "reviews"),
    "case.consensus_finished": ("review", "Consensus arrêté", "reviews"),
    "case.flag_raised": ("review", "Alerte posée", "flags"),
    "case.flag_lifted": ("review", "Alerte levée", "flags"),
    "case.opinion_asked": ("opinion", "Avis demandé", "opinions"),
    "case.opinion_accepted": ("opinion", "Demande d’avis acceptée", "opinions"),
    "case.opinion_given": ("opinion", "Avis reçu", "opinions"),
    "case.opinion_declined": ("opinion", "Demande d’avis déclinée", "opinions"),
    "case.opinion_reminded": ("opinion", "Avis relancé", "opinions"),
    "case.opinion_postponed": ("opinion", "Délai d’un avis prolongé", "opinions"),
    "case.opinion_revoked": ("opinion", "Demande d’avis retirée", "opinions"),
    "case.shortlisted": ("hearing", "Présélectionné", ""),
    "case.not_shortlisted": ("hearing", "Non présélectionné", ""),
    "hearing.invited": ("hearing", "Invité en audition", "hearing"),
    "hearing.moved": ("hearing", "Audition déplacée", "hearing"),
    "hearing.panel_left": ("hearing", "Jury de l’audition réduit par un déport", "hearing"),
    "case.hearing_closed": ("hearing", "Audition tenue", "hearing"),
    "hearing.cancelled": ("hearing", "Audition annulée", "hearing"),
    "agenda.added": ("committee", "Inscrit à l’ordre du jour", "item"),
    "agenda.amount_proposed": ("committee", "Montant proposé au comité", "item"),
    "agenda.removed": ("committee", "Retiré de l’ordre du jour", ""),
    "item.revealed": ("committee", "Notes du comité révélées", "item"),
    "item.vote_open": ("committee", "Vote du comité ouvert", "item"),
    "item.voted": ("committee", "Vote du comité clos", "item"),
    "item.decided": ("committee", "Décision du comité", "item"),
    "item.corrected": ("committee", "Décision du comité corrigée", "item"),
    "item.put_off": ("committee", "Renvoyé à une autre séance", "item"),
    "item.member_set_aside": ("committee", "Notes et vote d’un membre écartés par son déport", "item"),
    "item.proposed": ("committee", "Comité qui propose", "item"),
    "item.proposal_corrected": ("committee", "Comité qui propose, correction", "item"),
    "case.stood_down": ("committee", "Désistement du lauréat", "withdrawals"),
    "case.promotion_proposed": ("committee", "Proposé à la place d’un lauréat qui se désiste", "withdrawals"),
    "case.promotion_lapsed": ("committee", "Proposition sans objet", "withdrawals"),
    "case.promotion_refused": ("committee", "Reprise refusée par la présidence", "withdrawals"),
    "case.promoted": ("committee", "Repris de la liste complémentaire, retenu", "withdrawals"),
    "case.letter_prepared": ("committee", "Lettre de décision préparée", "decision_letter"),
    "case.letter_sent": ("committee", "Lettre de décision envoyée au porteur", "decision_letter"),
    "case.letter_opened": ("committee", "Lettre de décision ouverte par le porteur", "decision_letter"),
    "case.entrusted": ("desk", "Dossier confié", "notes"),
    "case.released": ("desk", "Plus personne n’en est chargé", "notes"),
    "case.labelled": ("desk", "Étiquette mise", "notes"),
    "case.unlabelled": ("desk", "Étiquette retirée", "notes"),
    "case.note_written": ("desk", "Note", "notes"),
    "case.note_deleted": ("desk", "Note supprimée", "notes"),
    "declaration.raised": ("desk", "Lien d’intérêts à trancher", "raise_declaration"),
    "declaration.settled": ("desk", "Lien d’intérêts tranché", "raise_declaration"),
    "meeting.suggested": ("desk", "Rencontre proposée avec un autre porteur", "similar"),
    "meeting.answered": ("desk", "Réponse à la rencontre proposée", "similar"),
    "meeting.made": ("desk", "Porteurs mis en relation", "similar"),
    "meeting.called_off": ("desk", "Proposition de rencontre retirée", "similar"),
}
PAGES = {
    "case": "Le dossier tel que déposé",
    "reviews": "Les évaluations",
    "flags": "Les alertes",
    "opinions": "Les avis",
    "hearing": "L’audition",
    "item": "L’examen en comité",
    "decision_letter": "La lettre",
    "withdrawals": "Les désistements",
    "raise_declaration": "Les intérêts",
    "similar": "Les projets proches",
    "messages": "Les messages",
    "clarify": "Les compléments",
    "eligibility": "La recevabilité",
    "notes": "Le suivi interne",
}
# What the details of an entry name → how the page calls its place; what was deleted since has none.
PLACES = {
    "message": "message",
    "note": "note",
    "request": "demande",
    "flag": "alerte",
    "review": "evaluation",
    "rule": "regle",
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
    sessions: dict  # of its places in agendas


def history(application, kind=""):
    """What happened to a dossier, the last first; of one kind when it is said. The queries do not grow with it."""
    told = [event for event, (its_kind, _, _) in EVENTS.items() if kind in ("", its_kind)]
    sessions = dict(AgendaItem.objects.filter(case__application=application).values_list("pk", "session"))
    entries = _entries(application, sessions).filter(event__in=told).select_related("details")
    entries = list(entries.order_by("-id"))
    known = _known(application, entries, sessions)
    return [_step(entry, known) for entry in entries]


def given_up_at(application):
    """When its carrier withdrew a dossier; None where no entry says so."""
    withdrawn = Entry.objects.filter(
        subject_type="applications.application",
        subject_id=str(application.pk),
        event="application.withdrawn",
    )
    return withdrawn.order_by("-id").values_list("at", flat=True).first()


def _entries(application, items):
    """Those on the dossier, on its case, on its places in agendas, on interests in it and on meetings."""
    case = Case.objects.filter(application=application)
    meetings = MeetingSuggestion.objects.filter(
        Q(first__application=application) | Q(second__application=application)
    )
    return Entry.objects.filter(
        Q(subject_type="applications.application", subject_id=str(application.pk))
        | Q(subject_type="selection.agendaitem", subject_id__in=[str(pk) for pk in items])
        | _on("selection.case", case)
        | _on("selection.conflictdeclaration", ConflictDeclaration.objects.filter(application=application))
        | _on("selection.meetingsuggestion", meetings)
    )


def _on(subject_type, rows):
    return Q(
        subject_type=subject_type,
        subject_id__in=rows.order_by().values(key=Cast("pk", CharField())),
    )


def _known(application, entries, sessions):
    people = {entry.actor_id for entry in entries}
    for entry in entries:
        people |= {_said(entry).get(name) for name in ("officer", "reviewer", "user")}
    return Known(
        application=application,
        names=dict(User.objects.filter(pk__in=people - {None}).values_list("pk", "name")),
        messages=dict(Message.objects.filter(application=application).values_list("pk", "text")),
        notes=dict(Note.objects.filter(application=application, deleted_at=None).values_list("pk", "text")),
        sessions=sessions,
    )


def _said(entry):
    """The words of an entry; none once retention has erased them."""
    return entry.details.content if hasattr(entry, "details") else {}


def _step(entry, known):
    said = _said(entry)
    kind, text, page = EVENTS[entry.event]
    if entry.event == "application.message_sent":
        text = "Message au porteur" if said.get("from_secretariat") else "Message du porteur"
    elif entry.event in OUTCOMES:
        text = f"{text} : {_outcome(entry.event, said['outcome'])}" if said.get("outcome") else text
    return Step(
        at=entry.at,
        kind=kind,
        text=text,
        who=known.names.get(entry.actor_id, ""),
        detail=Truncator(_detail(entry.event, said, known)).chars(LONGEST),
        url=_address(page, entry, said, known) if page else "",
        link=PAGES.get(page, ""),
    )


def _outcome(event, outcome):
    proposed = event in ("item.proposed", "item.proposal_corrected")
    return Decision.PROPOSED[outcome] if proposed else Decision.Outcome(outcome).label


def _address(page, entry, said, known):
    """The very thing that an entry is about, on the page where it is read."""
    reference = known.application.reference
    if page == "item":
        return reverse("selection:item", args=[known.sessions[int(entry.subject_id)], reference])
    if page == "withdrawals":
        return reverse("selection:withdrawals")
    if page == "decision_letter":
        return reverse("selection:decision_letter", args=[said["session"], reference]) if said else ""
    standing = {"message": known.messages, "note": known.notes}
    places = [
        f"#{place}-{said[name]}"
        for name, place in PLACES.items()
        if name in said and said[name] in standing.get(name, [said[name]])
    ]
    return reverse(f"selection:{page}", args=[reference]) + "".join(places)


def _detail(event, said, known):
    """What is worth telling of an entry beside its name; nothing of what a review or an opinion says."""
    if event == "application.message_sent":
        return known.messages.get(said.get("message"), "")
    if event == "case.note_written":
        return known.notes.get(said.get("note"), "Cette note a été supprimée.")
    if due := parse_datetime(said.get("due_at") or ""):
        body = f"{said['body']}. " if said.get("body") else ""
        return f"{body}Attendu au plus tard le {deadline_text(due)}"
    if event.startswith("hearing."):
        return said.get("hearing") or ""
    for name in ("officer", "reviewer", "user"):
        if person := known.names.get(said.get(name)):
            return f"à {person}" if event in GIVEN else person
    if event in ("case.labelled", "case.unlabelled"):
        return said.get("name", "")
    if event in ("item.corrected", "item.proposal_corrected"):
        return said.get("correction") or ""
    if event in REASONED:
        return said.get("reason") or ""
    return ""


GIVEN = {"case.entrusted", "case.reviewer_assigned"}
REASONED = {
    "application.withdrawn",
    "application.recused",
    "case.declared_eligible",
    "case.declared_ineligible",
    "case.rule_overruled",
    "case.ineligibility_proposed",
    "case.shortlisted",
    "case.not_shortlisted",
    "case.opinion_declined",
    "case.opinion_revoked",
    "case.stood_down",
    "case.promotion_refused",
    "item.decided",
    "item.proposed",
}
OUTCOMES = {"item.decided", "item.corrected", "item.proposed", "item.proposal_corrected"}
