"""What a dossier still lacks. A draft may be incomplete; a filed one may not."""

from dataclasses import dataclass, field
from decimal import ROUND_DOWN, ROUND_UP, Decimal

from applications import anonymity, answers, files
from applications.models import Remark
from applications.tables import TABLES, total
from applications.tables import advice as tables_advice
from calls.eligibility import bounds, carriers_text, rule_for
from calls.money import LARGEST, euros
from calls.questionnaire.answering import Gap, anchor
from calls.questionnaire.answering import gaps as questions_gaps
from calls.questionnaire.conditions import QUANTITIES, broken, shown
from calls.questionnaire.definition import ASKING, question_named
from calls.questionnaire.report import SECTION_MINUTES, question_minutes
from calls.questionnaire.types import is_answered
from calls.questionnaire.wording import asked_only_if
from calls.templatetags.money import percent
from journal import dates

COUNTED = ("components", "indicators", "milestones", "partners")  # the tables whose lines a check may count
TOO_LARGE = f"le total dépasse {euros(LARGEST)} : vérifiez les montants."
TYPED_IN = "saisie"  # the id of what one types in, on the page of any section
IDENTITY = "@title"  # in place of an id: the name of the project, which is on no section's page
BLOCKING = (Remark.Kind.VISA, Remark.Kind.SUPPORT)  # the remarks that ask to correct; the others propose


@dataclass
class SectionState:
    """One section of the form, and what it lacks; `gaps` and `advice` are `Gap`s, which say where to mend them."""

    definition: dict
    gaps: list = field(default_factory=list)
    advice: list = field(default_factory=list)  # what should be looked at, and prevents nothing
    remarks: list = field(default_factory=list)  # those not settled yet
    reopened: bool = False  # the secretariat asks for more on it
    started: bool = False
    asked: bool = True
    when: str = ""  # when it is asked, where it is not always
    minutes: float = 0  # what is left to fill in and required, in estimated minutes
    changed_at: object = None
    changed_by: object = None
    owner: object = None
    version: int = 0
    lines: list = field(default_factory=list)  # of its table, frozen

    @property
    def key(self):
        return self.definition["key"]

    @property
    def title(self):
        return self.definition["title"]

    @property
    def told(self):
        """What its line on the task list says: when it is asked, what it lacks, what to look at."""
        return " ".join(map(str, [*self.gaps, *self.advice])) if self.asked else self.when

    @property
    def about(self):
        """Who answers for it, and its last change."""
        said = [f"responsable : {self.owner}"] if self.owner else []
        if self.changed_at:
            by = f" par {self.changed_by}" if self.changed_by else ""
            said.append(f"modifiée le {dates.moment(self.changed_at)}{by}")
        return said

    @property
    def complete(self):
        return self.asked and not self.gaps and (self.started or not self.definition.get("required"))

    @property
    def to_correct(self):
        return self.asked and bool(self.remarks or self.reopened)

    @property
    def ready(self):
        """Nothing is left to do in it."""
        return self.complete and not self.to_correct

    @property
    def label(self):
        if not self.asked:
            return "Sans objet"
        if self.to_correct:
            return "À corriger"
        if self.complete:
            return "Complet" if self.started else "Facultatif"
        return "En cours" if self.started else "À commencer"

    @property
    def tone(self):
        if not self.asked:
            return "neutral"
        if self.to_correct:
            return "error"
        if self.complete:
            return "success" if self.started else "neutral"
        return "warning" if self.started else "new"


def sections(application, typed=None):
    """Each section of the application's form with its state, in the order of the form, asked or not.

    `typed` holds frozen lines by kind of table, which count instead of those that are saved.
    """
    said = _Said(application, typed or {})
    states = [_state(said, definition) for definition in application.form.sections]
    # Where no section is asked, what prevents filing is still told: beside those that could be.
    asked = [state for state in states if state.asked] or states
    _check_carrier(said, asked)
    for check in said.broken():
        state, where = _bearing(check, asked, said.definition)
        (state.gaps if check.get("blocking", True) else state.advice).append(Gap(check["message"], where))
    if application.call.anonymous:
        by_key = {state.key: state for state in asked}
        for key, question, told in anonymity.findings(said):
            where = IDENTITY if key is None else anchor(question) if question else TYPED_IN
            by_key.get(key, asked[0]).gaps.append(Gap(told, where))
    return states


def missing(application):
    """French sentences, one per thing that prevents filing; empty when the dossier may be filed."""
    return gaps(sections(application))


def gaps(states):
    """The same, from the states of the sections."""
    return [f"{state.title} : {gap}" for state in states for gap in state.gaps]


def advice(states):
    """What should be looked at before filing, and does not prevent it."""
    return [f"{state.title} : {told}" for state in states for told in state.advice]


def remarks_on(application, section_key=""):
    """What its readers asked to correct in a section, or in the whole; settled or not, the last one first."""
    said = application.section_remarks.filter(section_key=section_key, kind__in=BLOCKING)
    return said.select_related("written_by", "settled_by").order_by("-pk")


class _Said:
    """What a dossier says so far: read once, asked many things."""

    def __init__(self, application, typed):
        self.application, self.definition = application, application.form.definition
        rows = application.sections.select_related("changed_by", "owner")
        self.saved, self.joined = {row.section_key: row for row in rows}, answers.joined(application)
        self.answers = answers.by_question_of(self.definition, self.saved.values(), self.joined)
        self.sections, self.questions = shown(self.definition, self.answers)
        self.remarks = list(application.section_remarks.filter(settled_at=None, kind__in=BLOCKING))
        asked = application.clarification
        self.reopened = {section["key"] for section in asked.sections} if asked else set()
        self.lines = {
            section["kind"]: TABLES[section["kind"]].lines(application)
            for section in self.definition["sections"]
            if section["kind"] in TABLES and section["key"] in self.sections and section["kind"] not in typed
        } | typed
        self.rule = rule_for(application.call, application.organisation.kind)

    def broken(self):
        """The checks of the form that do not hold."""
        return broken(self.definition, self.answers, self.quantities())

    def quantities(self):
        return quantities(self.lines, self.rule)


def quantities(lines, rule):
    """What frozen lines, by kind of table, add up to, and what the call's rules say; nothing where a table is empty."""
    known = {f"@{kind}": Decimal(len(each)) for kind, each in lines.items() if kind in COUNTED}
    if financing := lines.get("financing"):
        known["@total_cost"] = total(financing)
        known["@grant"] = total(line for line in financing if line["source"] == "fund")
        known["@cofinancing"] = known["@total_cost"] - known["@grant"]
    if savings := lines.get("savings"):
        known["@savings"] = total(savings)
    if components := lines.get("components"):
        known["@components_grant"] = total(components, "grant")
        known["@components_cost"] = total(components, "total_cost")
    return known | {"@threshold": rule.threshold, "@ceiling": rule.ceiling}


def _state(said, definition):
    row = said.saved.get(definition["key"])
    state = SectionState(
        definition,
        asked=definition["key"] in said.sections,
        when=asked_only_if(definition.get("condition"), said.definition),
    )
    if row:
        state.changed_at, state.changed_by, state.owner = row.changed_at, row.changed_by, row.owner
        state.version = row.version
    if not state.asked:
        return state
    state.remarks = [remark for remark in said.remarks if remark.section_key == state.key]
    state.reopened = state.key in said.reopened
    kind = definition["kind"]
    if kind in ASKING:
        _check_questions(said, state)
    elif kind == "attachments":
        state.started = bool(said.joined[""])
        state.gaps += files.gaps(said.joined[""])
        if definition.get("required") and not state.started:
            state.gaps.append(Gap("joignez au moins une pièce.", TYPED_IN))
    else:
        _check_table(said, state)
    if kind not in ASKING and definition.get("required") and not state.started:
        state.minutes = SECTION_MINUTES[kind]
    return state


def _check_questions(said, state):
    """Required answers and files, and answers that the form, corrected since, no longer admits."""
    questions = [each for each in state.definition.get("questions", []) if each["key"] in said.questions]
    given = {question["key"]: said.answers.get(question["key"]) for question in questions}
    state.started = any(map(is_answered, given.values()))
    state.gaps += questions_gaps(questions, given)
    state.gaps += files.gaps(each for question in questions for each in said.joined[question["key"]])
    state.minutes = sum(
        question_minutes(question)
        for question in questions
        if question.get("required") and not is_answered(given[question["key"]])
    )


def _check_table(said, state):
    kind, lines = state.definition["kind"], said.lines[state.definition["kind"]]
    state.lines = lines
    state.started = bool(lines)
    if any(amount > LARGEST for _, amount in TABLES[kind].totals(lines)):
        state.gaps.append(Gap(TOO_LARGE, TYPED_IN))
    state.advice += [Gap(told, TYPED_IN) for told in tables_advice(kind, lines, said.lines)]
    if kind == "financing":
        _check_financing(said, state, lines)
    elif state.definition.get("required") and not lines:
        zero = ", même à zéro si le projet n’attend pas d’économie" if kind == "savings" else ""
        state.gaps.append(Gap(f"ajoutez au moins une ligne{zero}.", TYPED_IN))


def _check_financing(said, state, lines):
    """The money, under the rules of the call for this kind of body; what they leave unsaid refuses nothing."""
    if lines:
        state.gaps += [Gap(told, TYPED_IN) for told in _money_gaps(said)]
    elif state.definition.get("required"):
        state.gaps.append(Gap("ajoutez au moins une ligne.", TYPED_IN))


def _money_gaps(said):
    call, rule, known = said.application.call, said.rule, said.quantities()
    grant, cost = known["@grant"], known["@total_cost"]
    if not grant:
        yield "aucune ligne ne demande de subvention au fonds."
    if call.cofinancing_required and grant == cost:
        yield "cet appel exige un cofinancement : ajoutez une autre source que le fonds."
    low, high = bounds(rule.base, grant=grant, total_cost=cost)
    whose = _whose(rule, call, said.application.organisation)
    if rule.threshold is not None and high < rule.threshold:
        yield f"le montant ({euros(high)}) est inférieur au seuil de l’appel{whose} ({euros(rule.threshold)})."
    if rule.ceiling is not None and low > rule.ceiling:
        yield f"le montant ({euros(low)}) dépasse le plafond de l’appel{whose} ({euros(rule.ceiling)})."
    if call.max_rate is not None and cost and grant / cost > call.max_rate:
        share = (grant / cost).quantize(Decimal("0.0001"), ROUND_UP)
        most = euros((cost * call.max_rate).quantize(Decimal(1), ROUND_DOWN))
        yield (
            f"la part demandée au fonds ({percent(share)}) dépasse le taux maximal de l’appel"
            f" ({percent(call.max_rate)}) : {most} au plus pour ce coût total."
        )


def _check_carrier(said, asked):
    """A call may be for other bodies: told beside the money, or at the start of a form that asks for none."""
    if said.rule.eligible is False and asked:
        beside = next((state for state in asked if state.definition["kind"] == "financing"), asked[0])
        text = f"cet appel est réservé à d’autres organismes que le vôtre : {carriers_text(said.application.call)}."
        beside.gaps.insert(0, Gap(text))


def _bearing(check, asked, definition):
    """Where a check is told: the section of its left side, else of its right one, else the last; and its field."""
    for side in (check["left"], check.get("right", "")):
        name = side.partition(".")[0]
        kind = QUANTITIES.get(name, ("", None))[1]
        for state in asked:
            questions = [question["key"] for question in state.definition.get("questions", [])]
            if name in questions:
                return state, anchor(question_named(definition, name))
            if kind and state.definition["kind"] == kind:
                return state, TYPED_IN
    return asked[-1], ""


def _whose(rule, call, organisation):
    """For whom these amounts hold, where they are not the same for everyone."""
    if rule[1:] == (call.threshold, call.ceiling, call.threshold_base):
        return ""
    return f" pour un organisme de nature « {organisation.get_kind_display()} »"
