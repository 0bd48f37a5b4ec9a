"""The envelope simulator of a session: what `choice` is given of its undecided dossiers, and what comes of it.

`simulation` walks down a ranking to compose an agenda; this chooses among what is on it, under several ceilings at
once. It proposes: nothing here decides. What is unknown is left out and said, never counted as zero.
"""

from collections import defaultdict
from dataclasses import dataclass, field
from decimal import ROUND_CEILING, Decimal
from time import monotonic

from django.db.models import F, OuterRef, Subquery, TextChoices

from calls.money import euros
from calls.questionnaire.definition import sha256
from selection import tally
from selection.choice import optimum
from selection.choice.limits import AtLeast, AtMost, Ceiling, Excluded, Forced, Group
from selection.choice.offers import Credit, Kind, project
from selection.choice.solver import TooLong
from selection.models import AgendaItem, Decision, Vote

SECONDS = 5  # for the best choice
BUDGET = 7  # for it and all that is told around it
FINEST = (
    10**11
)  # the sum of values times places that the solver still compares to the unit, with room to spare


class Objective(TextChoices):
    COMMITTEE = "comite", "les notes du comité, une fois révélées"
    REVIEW = "instruction", "les notes d’instruction"
    SAVINGS = "economies", "les économies promises"


class Basis(TextChoices):
    PROPOSED = "propose", "proposé au comité"
    ASKED = "demande", "demandé par le porteur"
    VOTED = "vote", "majoritaire au vote"


@dataclass
class Candidate:
    """An undecided dossier of the agenda: what it would get, what it is worth, when it is paid; None is unknown."""

    item: AgendaItem
    amounts: dict
    values: dict  # {objective: whole number}
    payments: dict  # {year: euros} of what it asks
    asked: Decimal | None

    @property
    def name(self):
        return self.item.case.title

    def draws(self, amount, years, envelope_year):
        """{credit: cents} of a grant: AE in the envelope's year, as a decision draws it; CP by its own schedule."""
        drawn = {Credit(Kind.AE, envelope_year): cents(amount)}
        for year in years if self.payments else ():
            part = self.payments.get(year, Decimal(0)) * amount / self.asked
            drawn[Credit(Kind.CP, year)] = int((part * 100).to_integral_value(ROUND_CEILING))
        return drawn


@dataclass
class Asked:
    """What is asked of the simulator; ceilings and rules in euros, `least` a share from 0 to 1."""

    objective: str
    basis: str
    least: Decimal | None = None
    commitments: Decimal | None = None
    payments: dict = field(default_factory=dict)  # {year: euros}
    rules: list = field(default_factory=list)  # (Rule class, group key, amount or None, number or None)
    forced: frozenset = frozenset()  # items' keys
    excluded: frozenset = frozenset()


class Data:
    """What the simulator knows of a session, read once for all that is asked of it."""

    def __init__(self, session):
        self.session, self.year = session, session.envelope.year
        self.candidates = _candidates(session)
        years = {year for each in self.candidates for year in each.payments}
        self.envelopes = {
            each.year: each for each in session.fund.envelopes.filter(year__gte=self.year).order_by("year")
        }
        self.years = sorted(years | set(self.envelopes) | {self.year})
        self.groups = _groups(self.candidates)

    def fingerprint(self, objective, basis):
        """Says whether what a scenario was computed from is still so."""
        return sha256(
            [
                [
                    each.item.pk,
                    str(each.amounts[basis]),
                    each.values[objective],
                    sorted((year, str(amount)) for year, amount in each.payments.items()),
                    each.item.case.ministry_id,
                    sorted(each.item.case.themes or []),
                ]
                for each in self.candidates
            ]
        )


def _candidates(session):
    last = Vote.objects.filter(item=OuterRef("pk"), closed_at__isnull=False).order_by("-number")
    items = session.items.filter(decision=None, case__withdrawn=False).annotate(
        voted=Subquery(last.filter(carried=True).values("amount")[:1]),
        financing=F("case__submission__content__financing"),
        savings=F("case__submission__content__savings"),
    )
    items = list(
        items.select_related("session", "case__application__call", "case__ministry").order_by("position")
    )
    means = {each.item.pk: each.average for each in tally.table(items)}
    top = max((item.case.application.call.scale_max for item in items), default=1)
    return [_candidate(item, means[item.pk], top) for item in items]


def _candidate(item, mean, top):
    case, scale = item.case, item.case.application.call.scale_max
    payments = defaultdict(Decimal)
    for line in item.financing or []:
        if line["source"] == "fund":
            payments[int(line["year"])] += Decimal(line.get("payment") or line["amount"])
    return Candidate(
        item=item,
        amounts={
            Basis.PROPOSED: item.proposed_amount or None,
            Basis.ASKED: case.requested_grant or None,
            Basis.VOTED: item.voted or None,
        },
        values={
            Objective.COMMITTEE: _thousandths(mean, top, scale),
            Objective.REVIEW: _thousandths(case.review_score, top, scale),
            Objective.SAVINGS: int(case.promised_savings) if item.savings else None,
        },
        payments=dict(payments) if case.requested_grant else {},
        asked=case.requested_grant,
    )


def _thousandths(mean, top, scale):
    """A mean on the largest scale of the session's calls, so that those of several add up."""
    return None if mean is None else int((mean * 1000 * top / scale).to_integral_value())


def _groups(candidates):
    """{key: (label, keys of its items)} of the ministries and the themes there are."""
    found = defaultdict(set)
    for each in candidates:
        ministry = each.item.case.ministry
        if (
            ministry and not each.item.case.application.call.anonymous
        ):  # a presented rule would tell of its carrier
            found[f"m{ministry.pk}", ministry.name].add(each.item.pk)
        for theme in each.item.case.themes or []:
            found[f"t-{theme}", f"thème {theme}"].add(each.item.pk)
    return {key: (label, frozenset(keys)) for (key, label), keys in sorted(found.items())}


def left_of(data):
    """What ceilings begin with: {"ae": euros, year: euros or None}, less what standing decisions drew on the envelope.

    Payments are told where a schedule tells them; what earlier envelopes still owe is not known here, and is said so.
    """
    session = data.session
    standing = Decision.objects.standing().kept().filter(envelope=session.envelope, amount__isnull=False)
    rows = standing.values_list(
        "amount", "item__case__requested_grant", F("item__case__submission__content__financing")
    )
    granted, paid = Decimal(0), defaultdict(Decimal)
    for amount, asked, financing in rows:
        granted += amount
        for line in financing or []:
            if line["source"] == "fund" and asked:
                paid[int(line["year"])] += Decimal(line.get("payment") or line["amount"]) * amount / asked
    left = {"ae": session.envelope.commitments - granted}
    for year in data.years:
        envelope = data.envelopes.get(year)
        payments = None if envelope is None or envelope.payments is None else envelope.payments - paid[year]
        left[year] = None if payments is None else max(payments, Decimal(0)).quantize(Decimal("0.01"))
    return left


# What is asked, answered


def answer(data, asked):
    """The best choice, as plain JSON, with what it costs and why. Raises `NothingFits` and `TooLong`."""
    start = monotonic()
    known, left_out = _known(data, asked)
    unit = _unit(known, asked)
    projects = {each.item.pk: _project(each, data, asked, unit) for each in known}
    rules, sentences = _rules(data, asked, projects)
    offered = list(projects.values())
    choice = optimum.best(offered, rules, SECONDS)
    until = start + BUDGET
    costs = [
        (rule, _in_time(optimum.cost, offered, rules, choice, rule, until=until))
        for rule in rules
        if isinstance(rule, Forced | Excluded)
    ]
    following = _in_time(optimum.next_under_the_line, offered, rules, choice, until=until)
    return {
        "data": data.fingerprint(asked.objective, asked.basis),
        "grants": [_grant(grant, asked, unit) for grant in choice.grants],
        "amount": str(Decimal(choice.amount) / 100),
        "value": worth(choice.value, asked.objective, unit),
        "credits": _credits(data, choice, asked),
        "unscheduled": sum(not each.payments for each in known if each.item.pk in choice.keys),
        "rules": sentences,
        "costs": [
            {
                "item": rule.project.key,
                "forced": isinstance(rule, Forced),
                "cost": None if cost is None else worth(cost, asked.objective, unit),
                "free": cost == 0,
            }
            for rule, cost in costs
        ],
        "next": following and _next(following, offered, asked, unit),
        "left_out": left_out,
        "others": [each.item.pk for each in known if each.item.pk not in choice.keys],
        "excluded": sorted(asked.excluded),
    }


def _in_time(told, *arguments, until):
    """What is told if there is time left for it, or None: the choice is shown without it."""
    left = until - monotonic()
    try:
        return told(*arguments, limit=left) if left > 0 else None
    except TooLong:
        return None


def _known(data, asked):
    """The candidates whose amount, value and, under a ceiling of CP, schedule are known; why the others are not in."""
    known, left_out = [], []
    capped = any(limit is not None for limit in asked.payments.values())
    for each in data.candidates:
        lacking = []
        if each.amounts[asked.basis] is None:
            lacking.append("montant non communiqué")
        if each.values[asked.objective] is None:
            lacking.append(LACKING[asked.objective])
        if capped and not each.payments:
            lacking.append("échéancier non communiqué, alors que des CP sont plafonnés")
        if lacking:
            left_out.append({"item": each.item.pk, "why": ", ".join(lacking)})
        else:
            known.append(each)
    return known, left_out


LACKING = {
    Objective.COMMITTEE: "note du comité non communiquée",
    Objective.REVIEW: "note d’instruction non communiquée",
    Objective.SAVINGS: "économies non communiquées",
}


def _unit(known, asked):
    """What one of value stands for: a thousandth of a point; of savings, as few euros as the solver tells apart."""
    unit, offers = 1, len(known) * (2 if asked.least else 1)
    total = sum(each.values[asked.objective] for each in known)
    while total // unit * (offers * (offers + 1) // 2 + 1) > FINEST:
        unit *= 10
    return unit


def _project(each, data, asked, unit):
    amount = each.amounts[asked.basis]
    least = None if asked.least is None else max(int(cents(amount) * asked.least), 1)
    return project(
        each.item.pk,
        each.name,
        amount=cents(amount),
        value=each.values[asked.objective] // unit,
        draws=each.draws(amount, data.years, data.year),
        minimum=least,
    )


def _rules(data, asked, projects):
    """The rules, and those of groups in words."""
    rules = []
    if asked.commitments is not None:
        rules.append(Ceiling(Credit(Kind.AE, data.year), cents(asked.commitments)))
    rules += [
        Ceiling(Credit(Kind.CP, year), cents(limit))
        for year, limit in sorted(asked.payments.items())
        if limit is not None
    ]
    groups = []
    for kind, key, amount, number in asked.rules:
        label, keys = data.groups[key]
        kept = keys & projects.keys()
        groups.append(
            kind(Group(f"«\u00a0{label}\u00a0»", kept), None if amount is None else cents(amount), number)
        )
    rules += groups
    rules += [Forced(projects[key]) for key in sorted(asked.forced)]
    rules += [Excluded(projects[key]) for key in sorted(asked.excluded & projects.keys())]
    return rules, [rule.words(list(projects.values())) for rule in groups]


def _grant(grant, asked, unit):
    whole = grant.project.offers[0].amount
    return {
        "item": grant.project.key,
        "amount": str(Decimal(grant.offer.amount) / 100),
        "reduced": grant.offer.amount < whole,
        "value": worth(grant.offer.value, asked.objective, unit),
        "draws": {
            f"{credit.kind} {credit.year}": str(Decimal(drawn) / 100)
            for credit, drawn in grant.offer.draws.items()
        },
    }


def _credits(data, choice, asked):
    """What each credit comes to, against its ceiling."""
    rows = []
    for credit in [Credit(Kind.AE, data.year), *(Credit(Kind.CP, year) for year in data.years)]:
        used = sum(grant.offer.draws.get(credit, 0) for grant in choice.grants)
        limit = asked.commitments if credit.kind == Kind.AE else asked.payments.get(credit.year)
        rows.append(
            {
                "label": f"{credit.kind} {credit.year}",
                "used": str(Decimal(used) / 100),
                "limit": None if limit is None else str(limit),
                "left": None if limit is None else str(limit - Decimal(used) / 100),
            }
        )
    return rows


def _next(following, projects, asked, unit):
    return {
        "item": following.project.key,
        "lacking": [_lack(rule, much, projects) for rule, much in following.lacking],
        "price": None if following.price is None else worth(following.price, asked.objective, unit),
    }


def _lack(rule, much, projects):
    if isinstance(rule, Ceiling):
        return f"il lui manque {euros(Decimal(much) / 100)} en {rule.credit.kind} {rule.credit.year}"
    over = (
        f"{much} dossier{'s' if much > 1 else ''}" if rule.number is not None else euros(Decimal(much) / 100)
    )
    return f"il passerait de {over} la règle «\u00a0{rule.words(projects)}\u00a0»"


def worth(value, objective, unit):
    """A value in the words of what is sought: « 12,5 points », « 1 200 000 € »."""
    if objective == Objective.SAVINGS:
        return euros(value * unit)
    number = f"{Decimal(value * unit) / 1000:.3f}".rstrip("0").rstrip(".").replace(".", ",")
    return f"{number}\u00a0point{'s' if abs(value * unit) >= 2000 else ''}"


def cents(amount):
    return int(amount * 100)


RULES = {"plancher": AtLeast, "plafond": AtMost}
