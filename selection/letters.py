"""What the letters of a session say to its carriers, and what they cannot be sent without."""

from dataclasses import dataclass, field

from django.db.models import Exists, OuterRef, Prefetch, Q, Subquery
from django.utils.text import capfirst

from applications.models import Application
from calls.models import Criterion
from calls.money import euros
from journal import dates
from selection import appeal, message_templates
from selection.models import (
    AgendaItem,
    Announcement,
    CommitteeSession,
    Decision,
    Laureate,
    LaureateChange,
    Letter,
    LetterWording,
)

Outcome = Decision.Outcome
OVER = (CommitteeSession.State.CLOSED, CommitteeSession.State.MINUTES_SIGNED)

# Fields of the words that a letter begins with: name → what it says.
FIELDS = {
    "reference": "la référence du dossier",
    "projet": "le nom du projet",
    "porteur": "l’organisme porteur",
    "appel": "l’appel à projets",
    "fonds": "le fonds",
    "comite": "le comité",
    "date_seance": "le jour de la séance",
    "decision": "la décision, dans les termes de l’appel",
}
OPENING = (
    "Madame, Monsieur,\n\n"
    "Le comité a examiné votre projet «\u00a0{projet}\u00a0» lors de sa séance du {date_seance}. "
)
WORDINGS = {
    Outcome.SELECTED: OPENING + "Nous avons le plaisir de vous informer que votre projet est retenu.",
    Outcome.RESERVE: OPENING
    + "Nous vous informons que votre projet est inscrit sur la liste complémentaire.",
    Outcome.DEFERRED: OPENING
    + "Nous vous informons que la décision est ajournée : le comité demande des éléments complémentaires.",
    Outcome.REJECTED: OPENING + "Nous avons le regret de vous informer que votre projet n’est pas retenu.",
}
TITLES = {
    Outcome.SELECTED: "Notification d’une décision favorable",
    Outcome.RESERVE: "Notification d’une inscription sur la liste complémentaire",
    Outcome.DEFERRED: "Notification d’une décision d’ajournement",
    Outcome.REJECTED: "Notification d’une décision défavorable",
}
# What takes a project from the reserve list; who freed the money is not told, for it may not be public.
PROMOTED = "Notification d’une décision favorable, après inscription sur la liste complémentaire"
PROMOTED_OPENING = (
    "Madame, Monsieur,\n\n"
    "Votre projet «\u00a0{projet}\u00a0» était inscrit sur la liste complémentaire à l’issue de la séance du"
    " {date_seance}. Des crédits se sont libérés : nous avons le plaisir de vous informer que votre projet est retenu."
)
RESERVE = (
    "Votre projet n’est pas financé à ce jour. Si des crédits se libèrent, par exemple par le désistement d’un lauréat,"
    " les projets de la liste complémentaire sont repris dans l’ordre de leur rang. Cette inscription ne vaut pas"
    " promesse de subvention."
)
DEFERRED = (
    "Au vu de ces éléments, le comité pourra examiner de nouveau votre projet lors d’une prochaine séance."
)
EMBARGO = "Cette décision est sous embargo jusqu’à l’annonce publique des lauréats"
REPLACES = "Cette lettre annule et remplace celle du"
FOLLOWS = "Cette lettre fait suite à celle du"
UNTIL_THEN = " D’ici là, n’en faites état ni publiquement, ni auprès de la presse."


class Status:
    """Where the letter of a dossier stands: key → (label, tone of its badge)."""

    INCOMPLETE, TO_PREPARE, CHANGED, READY = "incomplete", "to_prepare", "changed", "ready"
    SENDING, FAILED, SENT, OPENED = "sending", "failed", "sent", "opened"
    TOLD = {
        INCOMPLETE: ("Bloquée", "error"),
        TO_PREPARE: ("À préparer", "neutral"),
        CHANGED: ("À préparer de nouveau", "warning"),
        READY: ("Prête", "info"),
        SENDING: ("Envoi en cours", "info"),
        FAILED: ("Non partie", "error"),
        SENT: ("Envoyée, pas encore ouverte", "success"),
        OPENED: ("Ouverte", "success"),
    }


@dataclass(frozen=True)
class Draft:
    """The letter of an item: what it would say today, what prevents it, and the row where it was prepared."""

    item: AgendaItem
    decision: Decision  # the item's, or that which took its project from the reserve list since
    content: dict
    blocked: str
    letter: Letter | None
    earlier: list = field(default_factory=list)  # letters sent of decisions that another one followed since

    @property
    def status(self):
        letter = self.letter
        if letter and letter.sent_at:
            return Status.OPENED if letter.opened_at else Status.SENT
        if letter and letter.asked_at and not letter.failure:
            return Status.SENDING
        if self.blocked:
            return Status.INCOMPLETE
        if letter is None:
            return Status.TO_PREPARE
        if letter.content != self.content:
            return Status.CHANGED
        return Status.FAILED if letter.failure else Status.READY

    @property
    def label(self):
        return Status.TOLD[self.status][0]

    @property
    def tone(self):
        return Status.TOLD[self.status][1]

    @property
    def shown(self):
        """What the carrier was told, or would be."""
        return self.letter.content if self.letter and self.letter.sent_at else self.content


def drafts(items):
    """The letter of each of these items that is decided for good, in their order; the queries do not grow with them."""
    items = (
        items.filter(state=AgendaItem.State.DECIDED, decision__envelope__isnull=False)
        .select_related("session__committee__fund", "decision", "case__application__call__fund")
        .prefetch_related(
            "decision__reasons__criterion",
            Prefetch("case__application__call__criteria", Criterion.objects.order_by("position")),
            Prefetch(
                "decisions",
                Decision.objects.filter(Q(letter__isnull=False) | Q(promotion__isnull=False)).select_related(
                    "letter__opened_by"
                ),
            ),
        )
        .order_by("position", "pk")
    )
    items = list(items)
    wordings = wordings_of(items)
    embargoes = _embargoes(items)
    return [_draft(item, wordings, embargoes) for item in items]


def wordings_of(items):
    """(fund, call or none, outcome) → the words that someone wrote instead of ours."""
    funds = {item.session.committee.fund_id for item in items}
    kept = LetterWording.objects.filter(fund__in=funds)
    return {(each.fund_id, each.call_id, each.outcome): each.text for each in kept}


def counts(found):
    """How many letters stand at each status, by its key."""
    told = dict.fromkeys(Status.TOLD, 0)
    for draft in found:
        told[draft.status] += 1
    return told


def of_carrier(application):
    """The letters that the carrier of a dossier was sent, the last first."""
    return (
        Letter.objects.sent()
        .filter(decision__item__case__application=application)
        .select_related("decision__item")
        .order_by("-sent_at", "-pk")
    )


def replacing(letter):
    """The letter that was sent of the same decision once corrected, or None."""
    later = Letter.objects.sent().filter(
        decision__item=letter.decision.item_id, decision__revision__gt=letter.decision.revision
    )
    return later.order_by("-decision__revision").first()


# Steps


def _draft(item, wordings, embargoes):
    letters = {each.pk: each.letter for each in item.decisions.all() if hasattr(each, "letter")}
    promoted = [each for each in item.decisions.all() if each.promotion_id]
    decision = promoted[0] if promoted else item.decision
    earlier = [letter for pk, letter in letters.items() if letter.sent_at and pk != decision.pk]
    earlier.sort(key=lambda letter: letter.sent_at)
    content = _content(item, decision, wordings, embargoes, earlier)
    return Draft(item, decision, content, _blocked(item, decision), letters.get(decision.pk), earlier)


def _blocked(item, decision):
    """Why no letter leaves for now; nothing when it may."""
    if item.case.application.state == Application.State.WITHDRAWN:
        return "Le porteur a retiré sa candidature : aucune lettre ne lui est envoyée."
    missing = _missing(item, decision)
    return f"Il manque à la décision : {', '.join(missing)}." if missing else ""


def _missing(item, decision):
    """What the decision leaves unsaid, without which no letter is sent."""
    call = item.case.application.call
    missing = []
    if decision.outcome == Outcome.REJECTED:
        said = {each.criterion_id for each in decision.reasons.all() if each.text.strip()}
        mute = [each.label for each in call.criteria.all() if each.pk not in said]
        missing += [f"le motif sur « {label} »" for label in mute]
    if decision.outcome == Outcome.SELECTED and call.pays and not decision.amount:
        missing.append("le montant de la subvention")
    if decision.is_conditional and not decision.conditions.strip():
        missing.append("les conditions")
    if decision.outcome == Outcome.DEFERRED and not decision.asked.strip():
        missing.append("ce qui est demandé au porteur")
    if decision.outcome == Outcome.RESERVE and decision.rank is None:
        missing.append("le rang sur la liste complémentaire")
    return missing


def _content(item, decision, wordings, embargoes, earlier):
    """All that a letter says, as text; dates and amounts are written out, so that it reads the same for ever."""
    case, promoted = item.case, decision.promotion_id is not None
    call, session = case.application.call, item.session
    fund = session.committee.fund
    words = (
        wordings.get((fund.pk, call.pk, decision.outcome))
        or wordings.get((fund.pk, None, decision.outcome))
        or WORDINGS[decision.outcome]
    )
    reasons = [] if promoted else decision.reasons.all()
    content = {
        "title": PROMOTED if promoted else TITLES[decision.outcome],
        "object": f"votre projet «\u00a0{case.title}\u00a0»",
        "reference": case.application.reference,
        "fund": fund.name,
        "outcome": decision.outcome,
        "decision": decision.words,
        "facts": [list(pair) for pair in _facts(item, decision)],
        "replaces": _replaces(earlier, promoted),
        "opening": message_templates.fill(PROMOTED_OPENING if promoted else words, _values(item, decision)),
        "sections": _sections(decision),
        "reasons": [[each.criterion.label, each.text] for each in reasons],
        "embargo": embargoes[item.case_id] if decision.outcome == Outcome.SELECTED else "",
        "appeal": appeal.of(call),
        "contact": call.contact_email,
        "fictitious": case.application.fictitious,
    }
    return content | {"follows": True} if promoted and earlier else content


def _replaces(earlier, promoted):
    """What a letter says of the one before it."""
    if not earlier:
        return ""
    day = dates.day(earlier[-1].sent_at)
    if promoted:
        return f"{FOLLOWS} {day}, qui vous disait votre inscription sur la liste complémentaire."
    return f"{REPLACES} {day} : la décision a été corrigée."


def _facts(item, decision):
    case = item.case
    call = case.application.call
    yield "Référence", case.application.reference
    yield "Projet", case.title
    yield "Porteur", case.carrier
    yield "Appel à projets", call.title
    yield "Comité", item.session.committee.name
    yield "Décision du", dates.day(decision.decided_at)
    yield "Décision", capfirst(decision.words)
    if decision.outcome == Outcome.SELECTED and call.pays:
        yield "Subvention accordée", euros(decision.amount)
        yield "Subvention demandée", euros(case.requested_grant)
    if decision.outcome == Outcome.RESERVE:
        yield "Rang sur la liste complémentaire", str(decision.rank or "non communiqué")


def _sections(decision):
    """(title, text) pairs of what goes with the outcome; the text of the committee is told as it wrote it."""
    said = [
        ("Conditions", decision.conditions),
        ("Jalons attendus", decision.milestones),
        ("Ce que signifie ce rang", RESERVE if decision.outcome == Outcome.RESERVE else ""),
        ("Ce qui vous est demandé", decision.asked),
        ("Suite de l’examen", DEFERRED if decision.outcome == Outcome.DEFERRED else ""),
        ("Motif de la décision", decision.reason),
    ]
    return [[title, text] for title, text in said if text.strip()]


def _values(item, decision):
    case = item.case
    return {
        "reference": case.application.reference,
        "projet": case.title,
        "porteur": case.carrier,
        "appel": case.application.call.title,
        "fonds": item.session.committee.fund.name,
        "comite": item.session.committee.name,
        "date_seance": dates.day(item.session.held_on),
        "decision": decision.words,
    }


def _embargoes(items):
    """Case → what a laureate's letter says of the announcement; nothing once it is public."""
    cases = [item.case_id for item in items]
    public = Exists(Laureate.objects.public().filter(pk=OuterRef("pk")))
    announced = Laureate.objects.filter(case__in=cases).exclude(
        Q(announcement=None) | Q(announcement__state=Announcement.State.WITHDRAWN)
    )
    said = dict.fromkeys(cases, f"{EMBARGO}, dont la date vous sera indiquée.{UNTIL_THEN}")
    joins = LaureateChange.objects.filter(laureate=OuterRef("pk"), kind=LaureateChange.Kind.JOINED)
    joining = {"joins": Exists(joins), "joins_at": Subquery(joins.values("publish_at"))}
    announced = announced.annotate(is_public=public, **joining).select_related("announcement")
    for laureate in announced:
        if laureate.is_public:
            said[laureate.case_id] = ""
            continue
        scheduled = laureate.announcement.state == Announcement.State.SCHEDULED
        at = laureate.joins_at if laureate.joins else laureate.announcement.publish_at
        if scheduled and at:
            at = dates.moment(at)
            said[laureate.case_id] = f"{EMBARGO}, prévue le {at}.{UNTIL_THEN}"
    return said
