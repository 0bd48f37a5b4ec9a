"""What still prevents a call from being published, and what is worth a second look, step by step."""

from typing import NamedTuple

from django.db.models import prefetch_related_objects

from calls import steps
from calls.calendar_warnings import warnings_of
from calls.eligibility import rule_for
from calls.form_outline import anchor
from calls.models import Call, CallDocument, FormDraft, Outcome, closing_day, deadline_text
from calls.questionnaire import coherence
from journal import clock


class Gap(NamedTuple):
    """Something to do in a step, in a French sentence, with the field that does it; advice does not block."""

    step: str
    sentence: str
    field: str = ""
    blocking: bool = True
    anchor: str = ""

    def address(self, call):
        """Where it is done: the very field, on the page of its step, or the very piece of the form."""
        anchor = f"#id_{self.field}" if self.field else self.anchor
        return steps.named(self.step).address(call) + anchor


class Progress(NamedTuple):
    """How far a step is: complete, to do, or optional where nothing was said and nothing needs to be."""

    title: str
    url: str
    state: str
    gaps: list
    advice: list

    @property
    def label(self):
        return {"complete": "Complet", "to_do": "À faire", "optional": "Facultatif"}[self.state]

    @property
    def tone(self):
        return {"complete": "success", "to_do": "new", "optional": "neutral"}[self.state]

    @property
    def points(self):
        """« 2 points à régler, 1 point à vérifier », or nothing."""
        counts = [(len(self.gaps), "à régler"), (len(self.advice), "à vérifier")]
        return ", ".join(f"{count} point{'s' if count > 1 else ''} {what}" for count, what in counts if count)


def missing(call):
    """French sentences, one per thing to do before publication; empty when the call is ready."""
    return [gap.sentence for gap in gaps(call) if gap.blocking]


def progress(call, found):
    """How far each step of a call is, given its gaps; the review is no step of its own."""
    told = []
    for step in steps.STEPS[:-1]:
        own = [gap for gap in found if gap.step == step.key]
        blocking, hints = [gap for gap in own if gap.blocking], [gap for gap in own if not gap.blocking]
        state = "complete"
        if blocking:
            state = "to_do"
        elif not step.page and steps.is_blank(steps.content(call, step)):
            state = "optional"
        told.append(Progress(step.title, step.address(call), state, blocking, hints))
    return told


def gaps(call):
    """Everything that a call in preparation lacks, or that is worth a second look, in the order of the steps."""
    prefetch_related_objects([call], "carrier_rules")
    parts = (_identity, _calendar, _money, _carriers, _circuit, _criteria, _form, _documents, _texts)
    return [gap for part in parts for gap in part(call)]


def advice(step, sentence, field=""):
    return Gap(step, sentence, field, blocking=False)


# Step by step


def _identity(call):
    if not call.themes.exists():
        yield advice("identite", "Aucun thème n’est choisi : la page dira « non communiqués ».", "themes_0")


def _calendar(call):
    now, closings = clock.now(), [round_.closes_at for round_ in call.rounds.order_by("number")]
    if not call.opens_at:
        yield Gap("calendrier", "La date d’ouverture manque.", "opens_on")
    if not closings:
        yield Gap("calendrier", "La date limite de dépôt manque.", "rows-0-closes_on")
    elif closings[-1] <= now:
        yield Gap("calendrier", "La date limite de dépôt est passée.", f"rows-{len(closings) - 1}-closes_on")
    elif closings[0] <= now:
        yield advice("calendrier", "La première relève est déjà passée.", "rows-0-closes_on")
    for field, sentence in calendar_faults(
        opens_at=call.opens_at,
        closings=closings,
        questions_until=call.questions_until,
        committee_on=call.committee_on,
        announced_on=call.announced_on,
    ):
        yield Gap("calendrier", sentence, field)
    if call.questions_until and call.questions_until <= now:
        yield Gap("calendrier", "La fin des questions est passée.", "questions_on")
    if not call.committee_on:
        yield advice("calendrier", "La date du comité sera dite « non communiquée ».", "committee_on")
    if not call.announced_on:
        yield advice("calendrier", "La date de l’annonce sera dite « non communiquée ».", "announced_on")
    for sentence in warnings_of(call):
        yield advice("calendrier", sentence, "opens_on")


def _money(call):
    bounded = call.threshold is not None or call.ceiling is not None
    if bounded and call.threshold_base == Call.Base.UNSPECIFIED:
        yield Gap("argent", "Dites sur quoi portent le seuil et le plafond.", "threshold_base")
    if call.flat_grant is not None and call.threshold_base == Call.Base.GRANT:
        if call.ceiling is not None and call.flat_grant > call.ceiling:
            yield Gap("argent", "La subvention forfaitaire dépasse le plafond.", "flat_grant")
        if call.threshold is not None and call.flat_grant < call.threshold:
            yield Gap("argent", "La subvention forfaitaire n’atteint pas le seuil.", "flat_grant")
    if call.cofinancing_required and call.max_rate == 1:
        yield advice(
            "argent",
            "Un cofinancement est exigé, et le taux maximal est de 100 % : lequel des deux est juste ?",
            "max_rate",
        )
    if bool(call.savings_measure) != (call.savings_horizon is not None):
        yield advice(
            "argent",
            "Les économies se mesurent une année donnée, d’une manière donnée : l’une des deux réponses manque.",
            "savings_measure" if call.savings_horizon is not None else "savings_horizon",
        )


def _carriers(call):
    """A kind's own amount, beside the call's other one, must leave something between them."""
    for number, row in enumerate(call.carrier_rules.all()):
        rule = rule_for(call, row.kind)
        if None not in (rule.threshold, rule.ceiling) and rule.ceiling < rule.threshold:
            sentence = f"Le seuil dépasse le plafond pour cette nature de porteur : {row.get_kind_display()}."
            yield Gap("porteurs", sentence, f"rows-{number}-ceiling")
        if not (row.threshold is None and row.ceiling is None) and rule.base == Call.Base.UNSPECIFIED:
            sentence = (
                f"Dites sur quoi portent les montants de cette nature de porteur : {row.get_kind_display()}."
            )
            yield Gap("porteurs", sentence, f"rows-{number}-base")
    if not call.carrier_rules.all():
        yield advice("porteurs", "Aucune nature d’organisme n’est citée : la page dira « non communiquée ».")


def _circuit(call):
    unsaid = [
        (field, question)
        for field, question in (
            ("proposed_by", "qui propose"),
            ("decided_by", "qui décide"),
            ("paid_by", "qui signe et paie"),
        )
        if not getattr(call, field)
    ]
    if unsaid:
        told = ", ".join(question for _, question in unsaid)
        yield advice("circuit", f"Ces réponses seront dites « non communiquées » : {told}.", unsaid[0][0])
    outcomes = list(call.outcomes.all())
    if not outcomes:
        yield advice("circuit", "Les décisions que le comité peut prendre ne sont pas dites.", "rows-0-label")
    elif Outcome.State.SELECTED not in {outcome.state for outcome in outcomes}:
        yield Gap("circuit", "Aucune des décisions possibles ne retient un dossier.", "rows-0-state")


def _criteria(call):
    criteria = list(call.criteria.all())
    if not criteria:
        yield Gap("criteres", "Aucun critère n’est défini.", "rows-0-label")
    elif (total := sum(criterion.weight for criterion in criteria)) != 100:
        yield Gap("criteres", f"Les poids des critères font {total} % au lieu de 100 %.", "rows-0-weight")
    rows = [{"minimum": criterion.minimum, "levels": criterion.levels} for criterion in criteria]
    for number, field, sentence in scale_faults(call.scale_max, rows):
        yield Gap("criteres", f"{criteria[number].label} : {sentence}", f"rows-{number}-{field}")
    for field, what in (("guidance", "description"), ("levels", "repères de notation")):
        bare = [number for number, criterion in enumerate(criteria) if not getattr(criterion, field)]
        if bare:
            told = ", ".join(f"« {criteria[number].label} »" for number in bare)
            yield advice("criteres", f"Sans {what} : {told}.", f"rows-{bare[0]}-{field}")


def _form(call):
    draft = FormDraft.objects.filter(call=call).first()
    if draft is None:  # frozen at publication
        return
    definition = draft.definition
    keys = list(call.criteria.values_list("key", flat=True))
    for problem in coherence.located_problems(definition, keys):
        yield Gap("formulaire", problem.text, anchor=anchor(problem.piece, problem.key))
    kinds = {section["kind"] for section in definition["sections"]}
    if call.grouped_accepted and "components" not in kinds:
        yield advice(
            "formulaire", "Les dossiers groupés sont acceptés, et aucune section ne demande leurs projets."
        )
    ruled = [call.threshold, call.ceiling, call.max_rate, call.cofinancing_required or None]
    if any(rule is not None for rule in ruled) and "financing" not in kinds:
        yield advice(
            "formulaire", "Sans plan de financement, les règles financières ne peuvent pas être vérifiées."
        )


def _documents(call):
    if not call.documents.filter(kind=CallDocument.Kind.SPECIFICATIONS).exists():
        yield Gap("documents", "Le cahier des charges manque.", "upload")


def _texts(call):
    if not call.summary:
        yield Gap("textes", "Le résumé manque.", "summary")
    if not call.contact_email:
        yield Gap("textes", "L’adresse de contact manque.", "contact_email")
    if not call.description:
        yield advice("textes", "La présentation est vide.", "description")
    if not call.next_steps:
        yield advice("textes", "Les candidats ne sauront pas ce qui suit leur dépôt.", "next_steps")


# What is wrong whoever asks: the page where it is typed, or the review


def calendar_faults(*, opens_at, closings, questions_until, committee_on, announced_on):
    """(field, sentence) of each date that goes backward; an unknown date proves nothing.

    Of a call with several rounds the committee may sit between two of them, so it only follows the first.
    """
    first_day = closing_day(closings[0]) if closings else None
    if opens_at and closings and closings[0] <= opens_at:
        yield "rows-0-closes_on", "La date limite de dépôt doit suivre l’ouverture."
    for number in range(1, len(closings)):
        before = closings[number - 1]
        if closings[number] <= before:
            yield (
                f"rows-{number}-closes_on",
                f"La relève {number + 1} doit suivre la relève {number}, qui finit le {deadline_text(before)}.",
            )
    for sentence in questions_gaps(questions_until, opens_at, max(closings, default=None)):
        yield "questions_on", sentence
    if committee_on and first_day and committee_on < first_day:
        yield "committee_on", "Le comité ne peut pas précéder la date limite de dépôt."
    if announced_on and committee_on and announced_on < committee_on:
        yield "announced_on", "L’annonce ne peut pas précéder le comité."
    elif announced_on and first_day and announced_on < first_day:
        yield "announced_on", "L’annonce ne peut pas précéder la date limite de dépôt."


def questions_gaps(until, opens_at, closes_at):
    """What is wrong with the end of the public's questions, in French sentences; an unknown date proves nothing."""
    if until and opens_at and until <= opens_at:
        return ["La fin des questions doit suivre l’ouverture."]
    if until and closes_at and until > closes_at:
        return ["Les questions se terminent au plus tard à la date limite de dépôt."]
    return []


def scale_faults(scale_max, criteria):
    """(number of the criterion, field, sentence) of each score that the scale does not have."""
    for number, criterion in enumerate(criteria):
        if criterion.get("minimum") is not None and criterion["minimum"] > scale_max:
            yield number, "minimum", f"La note minimale dépasse la note maximale, qui est {scale_max}."
        beyond = [level["score"] for level in criterion.get("levels") or [] if level["score"] > scale_max]
        if beyond:
            yield number, "levels", f"Le repère {beyond[0]} dépasse la note maximale, qui est {scale_max}."
