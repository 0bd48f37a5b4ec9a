"""The call's rules held against what was filed: what was found of each, on what evidence, and what was retained.

It reads the frozen submission and the rules of its call, and nothing else. A rule that cannot be told from them is
« non vérifiable »: someone says, nothing is guessed. What the call does not ask is not among the rules.
"""

from decimal import Decimal
from typing import NamedTuple

from applications.certifiers import filed_by
from applications.completeness import quantities
from applications.tables import TABLES, total
from calls.eligibility import bounds, carriers_text, rule_for
from calls.models.call import deadline_text
from calls.money import euros, grouped
from calls.questionnaire.answering import gaps
from calls.questionnaire.conditions import judged, value
from calls.questionnaire.definition import ASKING
from calls.questionnaire.wording import AMOUNTS, check_words, quantity
from calls.templatetags.money import percent
from journal import dates
from selection.models import Case, EligibilityFact

Verdict = EligibilityFact.Verdict
LONGEST_RULE = EligibilityFact._meta.get_field("rule").max_length
LONGEST_LABEL = EligibilityFact._meta.get_field("label").max_length


class Finding(NamedTuple):
    """What a submission shows of one rule of its call."""

    rule: str
    label: str
    found: Verdict
    evidence: str


class Line(NamedTuple):
    """A finding, what an officer retained of it, and what was retained of an earlier finding that differs.

    What was retained on an earlier submission stands as long as the finding and its evidence are the same.
    """

    finding: Finding
    fact: EligibilityFact | None
    earlier: EligibilityFact | None

    @property
    def verdict(self):
        """What counts: what was retained, else what was found."""
        return self.fact.verdict if self.fact else self.finding.found

    @property
    def verdict_label(self):
        return Verdict(self.verdict).label

    @property
    def found_label(self):
        return Verdict(self.finding.found).label

    @property
    def tone(self):
        return TONES[self.verdict]

    @property
    def is_overruled(self):
        return self.fact is not None and self.fact.verdict != self.finding.found


TONES = {Verdict.MET: "success", Verdict.BROKEN: "error", Verdict.UNKNOWN: "warning"}


def examined(case):
    """Each rule that the call sets to a filed dossier, as a `Line`, in the order of the procedure."""
    retained = {}
    for fact in case.eligibility_facts.select_related("settled_by", "submission").order_by("id"):
        retained.setdefault(fact.rule, []).append(fact)
    return [_line(finding, retained.get(finding.rule, []), case) for finding in findings(case)]


def _line(finding, facts, case):
    same = [fact for fact in facts if (fact.found, fact.evidence) == (finding.found, finding.evidence)]
    others = [fact for fact in facts if fact not in same and fact.submission_id != case.submission_id]
    return Line(finding, same[-1] if same else None, others[-1] if others and not same else None)


def broken(lines):
    """The lines of the rules that are not respected, once what was retained is counted."""
    return [line for line in lines if line.verdict == Verdict.BROKEN]


def unsettled(lines):
    """The lines that prevent declaring eligible: what is not respected, and what nobody could tell yet."""
    return [line for line in lines if line.verdict != Verdict.MET]


def reason_from(lines):
    """A first writing of the reasons of an ineligibility: the broken rules, with their evidence."""
    return "\n\n".join(
        f"{line.finding.label} {line.fact.reason if line.is_overruled else line.finding.evidence}"
        for line in broken(lines)
    )


def findings(case):
    """What the standing submission of a case shows of each rule."""
    said = _Filed(case)
    found = [
        *_deadline(said),
        *_visa(said),
        *_carrier(said),
        *_themes(said),
        *_complete(said),
        *_money(said),
        *_grouped(said),
        *_checks(said),
    ]
    return [finding._replace(label=finding.label[:LONGEST_LABEL]) for finding in found]


class _Filed:
    """What was filed, and the rules it was filed under."""

    def __init__(self, case):
        self.submission = case.submission
        self.application = self.submission.application
        self.call, self.content = self.application.call, self.submission.content
        self.kind, self.rule = case.carrier_kind, rule_for(self.call, case.carrier_kind)
        self.asked = {section["kind"] for section in self.content["sections"]}
        number = self.content.get("form", {}).get("number")
        self.form = self.call.form_versions.filter(number=number).first() or self.application.form
        self.answers = {
            answer["key"]: answer.get("value")
            for section in self.content["sections"]
            for answer in section["answers"]
        }

    @property
    def grant(self):
        return self.submission.requested_grant

    @property
    def cost(self):
        return self.submission.total_cost


def _verdict(held):
    """The verdict on what holds, does not, or (None) cannot be told."""
    return {True: Verdict.MET, False: Verdict.BROKEN, None: Verdict.UNKNOWN}[held]


def _deadline(said):
    """In time: the filing that was not an answer to the secretariat, which has a delay of its own."""
    filings = list(said.application.submissions.order_by("revision"))
    asked = set(
        said.application.clarifications.exclude(submission=None).values_list("submission_id", flat=True)
    )
    own = [
        filing for filing in filings if filing.pk not in asked and filing.revision <= said.submission.revision
    ]
    last, closes_at = own[-1], said.application.round.closes_at
    evidence = f"Dépôt n° {last.revision} le {dates.moment(last.filed_at)}, date limite le {deadline_text(closes_at)}."
    if said.submission != last:
        evidence += (
            f" Complété à la demande du secrétariat le {dates.moment(said.submission.filed_at)}"
            f" (dépôt n° {said.submission.revision})."
        )
    yield Finding(
        "deadline", "Le dossier est déposé dans les délais.", _verdict(last.filed_at < closes_at), evidence
    )


def _visa(said):
    if said.call.visa_required:
        evidence = f"Déposé par {filed_by(said.submission)}, le {dates.moment(said.submission.filed_at)}."
        yield Finding("visa", "Un valideur de l’organisme porteur a donné son visa.", Verdict.MET, evidence)


def _carrier(said):
    rows = said.call.carrier_rules.all()
    if not rows:
        return
    organisation = said.content["organisation"]
    yield Finding(
        "carrier",
        "L’organisme porteur est de ceux que l’appel admet.",
        _verdict(said.rule.eligible),
        f"{organisation['name']} est de nature « {organisation['kind']} » ;"
        f" l’appel admet : {carriers_text(said.call)}.",
    )


def _themes(said):
    proposed = {theme.label for theme in said.call.themes.all()}
    if not proposed:
        return
    chosen = said.content["themes"]
    known = bool(chosen) and all(label in proposed for label in chosen)
    yield Finding(
        "themes",
        "Le projet relève des thèmes de l’appel.",
        Verdict.MET if known else Verdict.UNKNOWN,
        f"Thèmes choisis : {', '.join(chosen) or 'aucun'} ; thèmes de l’appel : {', '.join(sorted(proposed))}.",
    )


def _complete(said):
    """Required sections, answers and files, by the very form that the dossier was filed with."""
    missing, files = [], _files_by_question(said)
    given = said.answers | {key: names for key, names in files.items() if key}
    asked = {
        section["key"] for section in said.content["sections"]
    }  # a condition of the form leaves some out
    for section in said.form.definition["sections"]:
        kind, questions = section["kind"], section.get("questions", [])
        if section["key"] in asked and kind in ASKING:
            missing += [
                str(gap) for gap in gaps([each for each in questions if each["key"] in said.answers], given)
            ]
        elif section["key"] in asked and section.get("required"):
            filled = files.get("") if kind == "attachments" else said.content.get(kind)
            missing += [] if filled else [f"« {section['title']} » est vide."]
    yield Finding(
        "complete",
        "Le dossier est complet : sections, réponses et pièces exigées.",
        _verdict(not missing),
        " ".join(missing) or f"Formulaire n° {said.form.number} : rien ne manque.",
    )


def _files_by_question(said):
    found = {}
    for each in said.content["attachments"]:
        found.setdefault(each.get("question", ""), []).append(each["name"])
    return found


def _money(said):
    """The amounts, with the base that each rule bears on; a form that asks for no money cannot tell."""
    known = "financing" in said.asked and bool(said.content.get("financing"))
    low, high = bounds(said.rule.base, grant=said.grant, total_cost=said.cost) if known else (None, None)
    shown = f"Subvention demandée {euros(said.grant)}, coût total {euros(said.cost)}."
    amounts = shown if known else "Le formulaire déposé ne dit aucun montant."
    on = f" (sur {said.rule.base_label})"
    if said.rule.threshold is not None:
        held = _at_least(low, high, said.rule.threshold)
        label = f"Le montant atteint le seuil de {euros(said.rule.threshold)}{on}."
        yield Finding("threshold", label, _verdict(held), amounts)
    if said.rule.ceiling is not None:
        over = _at_least(low, high, said.rule.ceiling + Decimal("0.01"))
        label = f"Le montant ne dépasse pas le plafond de {euros(said.rule.ceiling)}{on}."
        yield Finding("ceiling", label, _verdict(None if over is None else not over), amounts)
    share = said.grant / said.cost if known and said.cost else None
    if said.call.max_rate is not None:
        label = f"La part demandée au fonds ne dépasse pas {percent(said.call.max_rate)} du coût total."
        held = None if share is None else share <= said.call.max_rate
        yield Finding(
            "rate", label, _verdict(held), amounts + (f" Part : {percent(share)}." if share else "")
        )
    if said.call.cofinancing_required:
        others = f" Autres sources : {euros(said.cost - said.grant)}." if known else ""
        held = said.cost > said.grant if known else None
        yield Finding("cofinancing", "Le projet a un cofinancement.", _verdict(held), amounts + others)
    if said.call.flat_grant is not None:
        label = f"La subvention demandée est le forfait de {euros(said.call.flat_grant)}."
        held = said.grant == said.call.flat_grant if known else None
        yield Finding("flat-grant", label, _verdict(held), amounts)


def _at_least(low, high, amount):
    """Whether what lies between two bounds reaches an amount; None when the bounds do not tell."""
    if low is not None and low >= amount:
        return True
    if high is not None and high < amount:
        return False
    return None


def _grouped(said):
    """Component projects: admitted by the call, and adding up to what the dossier asks for."""
    components = said.content.get("components", [])
    if not components:
        return
    accepted = said.call.grouped_accepted
    evidence = f"{len(components)} projets composants." if len(components) > 1 else "Un projet composant."
    yield Finding("grouped", "L’appel admet les dossiers groupés.", _verdict(accepted), evidence)
    sums = total(components, "grant"), total(components, "total_cost")
    yield Finding(
        "components",
        "Les montants des projets composants s’ajoutent à ceux du dossier.",
        _verdict(sums == (said.grant, said.cost) if said.content.get("financing") else None),
        f"Composants : subventions {euros(sums[0])}, coûts {euros(sums[1])} ;"
        f" dossier : subvention {euros(said.grant)}, coût {euros(said.cost)}.",
    )


def _checks(said):
    """The computed checks of the form, blocking or not."""
    lines = {kind: said.content.get(kind, []) for kind in TABLES if kind in said.asked}
    known = quantities(lines, said.rule)
    for check, held in judged(said.form.definition, said.answers, known):
        sides = [check["left"], *([check["right"]] if "right" in check else [])]
        told = [
            f"{quantity(side, said.form.definition)} : {_shown(side, value(side, said.answers, known))}"
            for side in sides
        ]
        label, said_so = check_words(check, said.form.definition), " ; ".join(told)
        # One that does not prevent filing is a thing to look at: someone says what it is worth.
        found = _verdict(held or None) if check.get("blocking") is False else _verdict(held)
        evidence = f"{said_so[0].upper()}{said_so[1:]}."
        yield Finding(f"check-{check['key']}"[:LONGEST_RULE], label, found, evidence)


def _shown(side, number):
    """A number that a check compared, in euros where it is an amount of the tables."""
    if number is None:
        return "non communiqué"
    return euros(number) if side in (*AMOUNTS, "@threshold", "@ceiling") else grouped(number)


def current(case_pk):
    """The case with all that its rules are held against."""
    found = Case.objects.select_related(
        "submission__application__call", "submission__application__round", "submission__filed_by"
    )
    return found.get(pk=case_pk)
