"""What became of a dossier, as its carrier may know it: nothing of its instruction before it is told."""

from dataclasses import dataclass, replace

from django.db.models import CharField, Exists, OuterRef
from django.db.models.functions import Cast
from django.urls import reverse
from django.utils import timezone
from django.utils.dateparse import parse_datetime

from accounts.models import User
from applications import exchanges
from applications.lifecycle import State
from calls.models.call import deadline_text
from documents.models import ProducedDocument
from journal import clock, dates
from journal.models import Entry
from selection.models import (
    Announcement,
    Case,
    Decision,
    EligibilityCheck,
    Laureate,
    LaureateChange,
    Letter,
    Withdrawal,
)

SECRETARIAT = "le secrétariat"
LETTER = "selection.ineligibility_letter"  # the kind of the document that tells it


@dataclass(frozen=True)
class Step:
    """Something that happened: when, what, who did it where it is told, and where to read more."""

    at: object
    text: str
    who: str = ""
    detail: str = ""
    url: str = ""
    link: str = ""


# What the journal says of a dossier, in plain words; an event that is not here is not told.
OURS = {
    "application.created": "Brouillon créé",
    "application.visa_asked": "Visa demandé aux valideurs",
    "application.returned": "Renvoyé à ses rédacteurs avec des remarques",
    "application.taken_back": "Repris pour être corrigé ; le dernier dépôt reste valable",
    "application.withdrawn": "Candidature retirée",
    "application.clarification_handed_over": "Compléments prêts, valideurs prévenus",
    "application.clarification_answered": "Compléments déposés",
    "application.support_asked": "Accompagnement demandé au secrétariat",
}
THEIRS = {
    "application.clarification_asked": "Compléments demandés",
    "application.clarification_extended": "Délai des compléments prolongé",
    "application.clarification_called_off": "Demande de compléments levée",
    "application.support_taken": "Accompagnement pris en charge",
    "application.support_commented": "Remarques sur le brouillon",
    "application.support_proposed": "Projet proche ou expert proposé",
    "hearing.invited": "Invitation à une audition",
    "hearing.moved": "Audition déplacée",
    "hearing.cancelled": "Audition annulée",
}
EITHER = {"application.filed", "application.message_sent", "application.support_closed"}
PAGES = {
    "clarification": ("applications:clarification", "Les compléments"),
    "support": ("applications:support", "L’accompagnement"),
    "message": ("applications:messages", "Les messages"),
}


def announcements_on(application):
    """The public announcements that tell what became of this dossier.

    They name it, or they name others of its round once its own case was settled: a call that is always open announces
    round by round, and what a committee has not decided yet is nobody's to guess.
    """
    if not application.submissions.exists():
        return []
    if application.state == State.WITHDRAWN and not _knew(application):
        return []
    case, before = {"case__application": application}, OuterRef("publish_at")
    named = Laureate.objects.filter(announcement=OuterRef("pk"), **case)
    of_its_round = Laureate.objects.filter(
        announcement=OuterRef("pk"), case__application__round=application.round_id
    )
    decided = Decision.objects.deciding().filter(item__case__application=application, decided_at__lte=before)
    turned_down = EligibilityCheck.objects.filter(eligible=False, checked_at__lte=before, **case)
    left_out = Entry.objects.filter(
        event="case.not_shortlisted",
        subject_type=Case._meta.label_lower,
        subject_id__in=Case.objects.filter(application=application).values(pk_text=Cast("pk", CharField())),
        at__lte=before,
    )
    settled = Exists(decided) | Exists(turned_down) | Exists(left_out)
    return list(Announcement.objects.public().filter(Exists(named) | Exists(of_its_round) & settled))


def _knew(application):
    """Whether the carrier knew that its project was selected: by a letter, or as everyone does."""
    letters = Letter.objects.sent().filter(
        decision__item__case__application=application, decision__outcome=Decision.Outcome.SELECTED
    )
    return letters.exists() or Laureate.objects.public().filter(case__application=application).exists()


def history(application, announced, sent=()):
    """All that happened to a dossier, the last first, as its carrier may know it now; `sent` are its letters."""
    steps = [
        *_told_by_the_journal(application),
        *_late_clarifications(application),
        *_letters(application, sent),
        *_outcome(application, announced),
    ]
    return sorted(steps, key=lambda step: step.at, reverse=True)


def stages(application, announced, now, sent=()):
    """The stages of a candidacy as (label, date text, state) for `components/timeline.html`."""
    last = application.submissions.first()
    over = last is not None and now >= application.round.closes_at
    letter = sent[0] if sent else None
    names = [
        "Rédaction",
        *(["Visa"] if application.call.visa_required else []),
        "Dépôt",
        "Instruction",
        *(["Décision"] if letter else []),
        "Annonce",
    ]
    begun = ("Rédaction", dates.day(application.created_at), "past")
    if application.state == State.WITHDRAWN:
        given_up = Withdrawal.objects.filter(decision__item__case__application=application).first()
        if given_up is None or not _knew(application):
            return [begun, ("Retrait", "", "current")]
        return [
            begun,
            ("Dépôt", f"n° {last.revision}, le {dates.moment(last.filed_at)}", "past"),
            ("Décision", "projet retenu", "past"),
            ("Désistement", f"le {dates.day(given_up.given_on)}", "current"),
        ]
    if announced:
        current = "Annonce"
    elif letter:
        current = "Décision"
    elif over or application.state == State.CLARIFYING:
        current = "Instruction"
    elif application.state == State.AWAITING_VISA and "Visa" in names:
        current = "Visa"
    else:
        current = "Dépôt" if application.state == State.FILED else "Rédaction"
    planned = application.call.announced_on
    texts = {
        "Rédaction": f"depuis le {dates.day(application.created_at)}",
        "Visa": "par un valideur de votre organisme",
        "Dépôt": f"n° {last.revision}, le {dates.moment(last.filed_at)}"
        if last
        else f"avant le {deadline_text(application.round.closes_at)}",
        "Instruction": "par le secrétariat, puis le comité",
        "Décision": f"notifiée le {dates.day(letter.sent_at)}" if letter else "",
        "Annonce": _announced_text(announced, planned, now),
    }
    place = names.index(current)
    return [
        (name, texts[name], "past" if rank < place else "current" if rank == place else "future")
        for rank, name in enumerate(names)
    ]


def _announced_text(announced, planned, now):
    """When the laureates were announced; or when it is planned, as long as that day is to come."""
    if announced:
        return f"le {dates.day(min(each.publish_at for each in announced))}"
    if planned and planned >= timezone.localdate(now):
        return f"prévue le {dates.day(planned)}"
    return "date non communiquée"


def _told_by_the_journal(application):
    entries = Entry.objects.filter(
        subject_type="applications.application",
        subject_id=str(application.pk),
        event__in=[*OURS, *THEIRS, *EITHER],
    )
    entries = list(entries.select_related("details").order_by("id"))
    names = dict(User.objects.filter(pk__in={entry.actor_id for entry in entries}).values_list("pk", "name"))
    filings = 0
    knew = any(entry.event == "application.withdrawn" for entry in entries) and _knew(application)
    for entry in entries:
        filings += entry.event == "application.filed"
        if entry.event == "application.clarification_called_off" and entry.actor_id is None:
            continue  # when the instruction went on without an answer is the secretariat's own business
        step = _step(application, entry, names, filings)
        if entry.event == "application.withdrawn" and knew:
            step = replace(step, text="Désistement : votre organisme renonce à la subvention")
        yield step


def _step(application, entry, names, filings):
    said = entry.details.content if hasattr(entry, "details") else {}
    detail, who, text = "", names.get(entry.actor_id, ""), OURS.get(entry.event, "")
    if entry.event == "application.filed":
        text = f"Dossier déposé, dépôt n° {filings}"
        detail = f"Référence {said['reference']}" if "reference" in said else ""
    elif entry.event == "application.message_sent":
        theirs = said.get("from_secretariat", False)
        text, who = ("Message du secrétariat", SECRETARIAT) if theirs else ("Message au secrétariat", who)
    elif entry.event == "application.support_closed":
        own = exchanges.people_of(application).filter(pk=entry.actor_id).exists()
        text, who = "Accompagnement terminé", who if own else SECRETARIAT
    elif entry.event in THEIRS:
        text, who, detail = THEIRS[entry.event], SECRETARIAT, said.get("hearing", "")
    if due := parse_datetime(said.get("due_at") or ""):
        detail = f"À rendre avant le {deadline_text(due)}"
    room = entry.event.removeprefix("application.").partition("_")[0]
    page, link = PAGES.get(room, ("", ""))
    return Step(entry.at, text, who, detail, page and reverse(page, args=[application.key]), link)


def _late_clarifications(application):
    """Requests for more that nobody answered in time, from that very time on."""
    now = clock.now()
    for asked in application.clarifications.filter(answered_at=None, due_at__lte=now):
        if asked.called_off_at is None or asked.called_off_at >= asked.due_at:
            yield Step(asked.due_at, "Délai des compléments passé : votre dernier dépôt fait foi")


def _outcome(application, announced):
    """What was notified to the carrier, or is public."""
    turned_down = EligibilityCheck.objects.filter(case__application=application, eligible=False).first()
    if turned_down:
        letter = ProducedDocument.objects.latest(LETTER, str(turned_down.case_id))
        url = reverse("selection:carrier_letter", args=[application.key]) if letter else ""
        told = "Dossier déclaré irrecevable"
        yield Step(turned_down.checked_at, told, SECRETARIAT, turned_down.reason, url, "La lettre, en PDF")
    laureate = Laureate.objects.public().filter(case__application=application).first()
    for announcement in announced:
        if laureate and laureate.announcement_id == announcement.pk:
            text, url, link = "Projet retenu, annoncé", laureate.get_absolute_url(), "La page du lauréat"
            if joined := laureate.changes.filter(kind=LaureateChange.Kind.JOINED).first():
                text = "Projet repris de la liste complémentaire, annoncé"
                yield Step(joined.publish_at, text, url=url, link=link)
                continue
        else:
            text, url, link = (
                f"Annonce publiée : « {announcement.title} ». Votre projet n’y figure pas",
                announcement.get_absolute_url(),
                "L’annonce",
            )
        yield Step(announcement.publish_at, text, url=url, link=link)


def _letters(application, sent):
    """The letters of decision; what one says is told here once it is opened."""
    for letter in sent:
        url = reverse("selection:carrier_decision", args=[application.key, letter.pk])
        told, link = "Décision du comité notifiée par une lettre, à ouvrir", "Ouvrir la lettre"
        if letter.opened_at:
            told, link = f"Décision du comité notifiée : {letter.content['decision']}", "La lettre"
        yield Step(letter.sent_at, told, SECRETARIAT, letter.content["replaces"], url, link)
