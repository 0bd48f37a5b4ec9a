"""What a dossier still lacks. A draft may be incomplete; a filed one may not."""

from dataclasses import dataclass, field

from calls.eligibility import bounds, carriers_text, rule_for
from calls.money import LARGEST, euros

TOO_LARGE = f"le total dépasse {euros(LARGEST)} : vérifiez les montants."


@dataclass
class SectionState:
    """One section of the form, and what it lacks."""

    definition: dict
    gaps: list = field(default_factory=list)
    started: bool = False
    changed_at: object = None
    changed_by: object = None

    @property
    def key(self):
        return self.definition["key"]

    @property
    def title(self):
        return self.definition["title"]

    @property
    def complete(self):
        return not self.gaps and (self.started or not self.definition.get("required"))

    @property
    def label(self):
        if self.complete:
            return "Complet" if self.started else "Facultatif"
        return "À compléter" if self.started else "À commencer"

    @property
    def tone(self):
        if self.complete:
            return "success" if self.started else "neutral"
        return "warning" if self.started else "new"


def sections(application):
    """Each section of the application's form with its state, in the order of the form."""
    answers = {row.section_key: row for row in application.sections.select_related("changed_by")}
    checks = {"text": _text, "financing": _financing, "savings": _savings, "attachments": _attachments}
    return [
        checks[definition["kind"]](application, definition, answers.get(definition["key"]))
        for definition in application.form.sections
    ]


def missing(application):
    """French sentences, one per thing that prevents filing; empty when the dossier may be filed."""
    return gaps(sections(application))


def gaps(states):
    """The same, from the states of the sections."""
    return [f"{section.title} : {gap}" for section in states for gap in section.gaps]


def _text(application, definition, row):
    answers = row.answers if row else {}
    state = SectionState(definition, started=any(answers.values()))
    if row:
        state.changed_at, state.changed_by = row.changed_at, row.changed_by
    for question in definition["questions"]:
        text = answers.get(question["key"], "")
        if question.get("required") and not text.strip():
            state.gaps.append(f"« {question['label']} » est à remplir.")
    return state


def _financing(application, definition, row):
    """The money, under the rules of the call for this kind of body; what they leave unsaid refuses nothing."""
    lines = list(application.financing_lines.all())
    state = SectionState(definition, started=bool(lines))
    call, rule = application.call, rule_for(application.call, application.organisation.kind)
    if rule.eligible is False:
        state.gaps.append(
            f"cet appel est réservé à d’autres organismes que le vôtre : {carriers_text(call)}."
        )
    if not lines:
        state.gaps.append("ajoutez au moins une ligne.")
        return state
    total = sum(line.amount for line in lines)
    if total > LARGEST:
        state.gaps.append(TOO_LARGE)
    grant = sum(line.amount for line in lines if line.source == line.Source.FUND)
    if not grant:
        state.gaps.append("aucune ligne ne demande de subvention au fonds.")
    if call.cofinancing_required and grant == total:
        state.gaps.append("cet appel exige un cofinancement : ajoutez une autre source que le fonds.")
    low, high = bounds(rule.base, grant=grant, total_cost=total)
    whose = _whose(rule, call, application.organisation)
    if rule.threshold is not None and high < rule.threshold:
        state.gaps.append(
            f"le montant ({euros(high)}) est inférieur au seuil de l’appel{whose} ({euros(rule.threshold)})."
        )
    if rule.ceiling is not None and low > rule.ceiling:
        state.gaps.append(
            f"le montant ({euros(low)}) dépasse le plafond de l’appel{whose} ({euros(rule.ceiling)})."
        )
    if call.max_rate is not None and total and grant / total > call.max_rate:
        state.gaps.append("la part demandée au fonds dépasse le taux maximal de l’appel.")
    return state


def _whose(rule, call, organisation):
    """For whom these amounts hold, where they are not the same for everyone."""
    if rule[1:] == (call.threshold, call.ceiling, call.threshold_base):
        return ""
    return f" pour un organisme de nature « {organisation.get_kind_display()} »"


def _savings(application, definition, row):
    started = application.savings_lines.exists()
    state = SectionState(definition, started=started)
    if application.promised_savings > LARGEST:
        state.gaps.append(TOO_LARGE)
    if definition.get("required") and not started:
        state.gaps.append("ajoutez au moins une ligne, même à zéro si le projet n’attend pas d’économie.")
    return state


def _attachments(application, definition, row):
    started = application.attachments.exists()
    state = SectionState(definition, started=started)
    if definition.get("required") and not started:
        state.gaps.append("joignez au moins une pièce.")
    return state
