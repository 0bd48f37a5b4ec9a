"""How far a dossier is, as its task list says it: where it stands, what is ready, how long what is left may take."""

from dataclasses import dataclass

from django.urls import reverse

from applications.completeness import IDENTITY
from applications.lifecycle import State
from calls.countdown import duration
from calls.models.call import deadline_text
from calls.questionnaire.report import in_quarters
from journal import dates


@dataclass(frozen=True)
class Standing:
    """Where a dossier stands, in words that nobody mistakes; `tone` is that of a DSFR alert."""

    title: str
    text: str
    tone: str = "warning"


def standing_of(application):
    """The banner of a dossier as a page found it."""
    submissions = application.submissions.all()
    return standing(application, submissions, application.seen_at, supported=application.is_supported)


def standing(application, submissions, now, *, supported=False):
    """The banner of a dossier.

    Args:
        application: with its deadline (`due_at`).
        submissions: all of them, the last one first.
        now: the database's time.
        supported: whether the secretariat reads the draft, because its writers asked for support.
    """
    last = submissions[0] if submissions else None
    state = application.state
    if state == State.WITHDRAWN:
        kept = f" Ce qui a été déposé ({application.reference}) n’est plus candidat." if last else ""
        return Standing("Retiré", f"Votre organisme a renoncé à cette candidature.{kept}", "info")
    if state == State.CLARIFYING:
        return _clarifying(application, last, now)
    if state == State.FILED:
        return _filed(application, last, now)
    if last:
        return _taken_back(application, last, now)
    return _unfiled(application, now, supported)


def _unfiled(application, now, supported):
    visa = application.state == State.AWAITING_VISA
    title = "En attente de visa, non déposé" if visa else "BROUILLON, non déposé"
    if application.due_at <= now:
        text = (
            f"La date limite était le {deadline_text(application.due_at)}. Ce dossier est conservé,"
            " mais ne peut plus être déposé."
        )
        return Standing(title, text, "error")
    who = "Le fonds ne le reçoit que lorsqu’un valideur l’a déposé." if visa else "Le fonds ne le voit pas."
    if supported:
        who = (
            "Le secrétariat le lit pour vous accompagner, comme vous l’avez demandé : ce n’est pas un dépôt."
        )
    return Standing(title, f"{who} {_left(application, now)}")


def _taken_back(application, last, now):
    title = f"Repris après dépôt : le dépôt n° {last.revision} reste valable"
    if application.due_at <= now:
        text = (
            f"La date limite est passée : le dépôt n° {last.revision} du {_instant(last)} fait foi."
            " Ce qui a été changé depuis n’est pas transmis."
        )
        return Standing(title, text, "success")
    visa = " Il attend le visa." if application.state == State.AWAITING_VISA else ""
    text = (
        f"Le fonds a le dépôt du {_instant(last)}, tel qu’il était. Ce que vous changez n’est transmis"
        f" qu’en déposant à nouveau.{visa} {_left(application, now)}"
    )
    return Standing(title, text)


def _filed(application, last, now):
    text = f"Référence {application.reference}, dépôt n° {last.revision}. Le fonds l’a reçu."
    if application.taken_up_at:
        text += " Le secrétariat a commencé son instruction."
    elif now < application.due_at:
        text += f" Il peut encore être repris jusqu’au {deadline_text(application.due_at)}."
    return Standing(f"DÉPOSÉ le {_instant(last)}", text, "success")


def _clarifying(application, last, now):
    asked = application.clarification
    text = f"Le dépôt n° {last.revision} du {_instant(last)} reste valable."
    if asked:
        titles = ", ".join(f"« {section['title']} »" for section in asked.sections)
        left = f" : il reste {duration(now, asked.due_at)}" if now < asked.due_at else ", délai passé"
        text = (
            f"À compléter : {titles}. Réponse attendue avant le {deadline_text(asked.due_at)}{left}. {text}"
        )
    return Standing("Compléments demandés", text)


def _left(application, now):
    return f"À déposer avant le {deadline_text(application.due_at)} : il reste {duration(now, application.due_at)}."


def _instant(submission):
    return dates.moment(submission.filed_at, seconds=True)


@dataclass(frozen=True)
class Progress:
    """Sections ready out of those asked, and the time that what is required and not answered may take."""

    ready: int
    asked: int
    minutes: float

    @property
    def text(self):
        return f"{self.ready} section{'s' * (self.ready > 1)} prête{'s' * (self.ready > 1)} sur {self.asked}"

    @property
    def time_left(self):
        """« environ 2 h 30 », empty when nothing required is left to type."""
        return in_quarters(self.minutes) if self.minutes else ""


def progress(states):
    """The sections and, before them, the identity of the project, which a dossier has from its first page."""
    asked = [state for state in states if state.asked]
    ready = 1 + sum(state.ready for state in asked)
    return Progress(ready, 1 + len(asked), sum(state.minutes for state in asked))


@dataclass(frozen=True)
class Place:
    """One thing to mend or to look at, and the address of the very field where one does."""

    text: str
    url: str


def places(application, state, told):
    """Gaps or advice of a section with their addresses."""
    page = reverse("applications:section", args=[application.key, state.key])
    identity = reverse("applications:identity", args=[application.key])
    return [
        Place(each.text, f"{identity}#id_title")
        if each.anchor == IDENTITY
        else Place(each.text, f"{page}#{each.anchor}" if each.anchor else page)
        for each in told
    ]


@dataclass(frozen=True)
class ToDo:
    """A section with what prevents filing, what is advised and what readers ask to correct in it."""

    state: object
    url: str
    gaps: list
    advice: list


def to_do(application, states):
    """The sections where something is to be done or looked at, in the order of the form."""
    return [
        ToDo(
            state,
            reverse("applications:section", args=[application.key, state.key]),
            places(application, state, state.gaps),
            places(application, state, state.advice),
        )
        for state in states
        if state.asked and (state.gaps or state.advice or state.to_correct)
    ]
