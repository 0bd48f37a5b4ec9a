"""The secretariat's dashboard: where the dossiers of a call stand, who has what, and what waits.

Everything is counted in the database from the dossiers that the reader may read, withdrawn ones apart; no score is
read here. Each figure leads to the dossiers that it counts.
"""

from dataclasses import dataclass
from decimal import Decimal

from django.db.models import Count, F, Q, Sum
from django.urls import reverse
from django.utils.http import urlencode

from applications import exchanges
from applications.models import Application
from calls.models import Call, FundRole
from selection.clocks import ENDED
from selection.models import Case, ConflictDeclaration, IneligibilityProposal, Review
from selection.opinions import LATE

OPEN = ~Q(state__in=ENDED)
WITHOUT_OFFICER = OPEN & Q(officer=None)
LATE_OPINION = OPEN & LATE
UNFINISHED_REVIEWS = Q(state__in=Case.IN_INSTRUCTION) & Q(reviews_asked__gt=F("reviews_finished"))
FLAGGED = OPEN & Q(open_flags__gt=0)

PROPOSED = Q(pk__in=IneligibilityProposal.objects.filter(settled_at=None).values("case"))


@dataclass(frozen=True)
class Alert:
    """Something that waits for the secretariat: how many dossiers, and where they are."""

    count: int
    one: str
    many: str
    url: str
    pressing: bool = True

    @property
    def text(self):
        return self.one if self.count == 1 else self.many


def calls_of(user):
    """The calls with dossiers to instruct, of the funds whose secretariat or audit someone belongs to."""
    funds = FundRole.objects.filter(user=user, role__in=FundRole.READERS).values("fund")
    return Call.objects.published().filter(fund__in=funds).select_related("fund")


def list_url(call=None, **query):
    """The address of the list, filtered: the one place that knows how the list names its filters."""
    query = {"appel": call.slug if call else "", **query}
    return (
        f"{reverse('selection:cases')}?{urlencode({name: value for name, value in query.items() if value})}"
    )


def cases_of(call, user):
    return Case.objects.readable_by(user).filter(call=call)


def pipeline(call, cases):
    """What the dossiers of a call come to, in one query: (figures, a line per state that has some, alerts' counts)."""
    rows = (
        cases.order_by()
        .values("state", "withdrawn")
        .annotate(
            count=Count("pk"),
            requested=Sum("requested_grant"),
            total_cost=Sum("total_cost"),
            without_officer=Count("pk", filter=WITHOUT_OFFICER),
            late_opinions=Count("pk", filter=LATE_OPINION),
            unfinished_reviews=Count("pk", filter=UNFINISHED_REVIEWS),
            flagged=Count("pk", filter=FLAGGED),
        )
    )
    standing = {row["state"]: row for row in rows if not row["withdrawn"]}
    states = [
        {
            "label": label,
            "count": standing[value]["count"],
            "requested": standing[value]["requested"],
            "url": list_url(call, etat=value),
        }
        for value, label in Case.State.choices
        if value in standing
    ]
    figures = {
        "dossiers": sum(row["count"] for row in standing.values()),
        "requested": total(standing.values(), "requested"),
        "total_cost": total(standing.values(), "total_cost"),
        "withdrawn": sum(row["count"] for row in rows if row["withdrawn"]),
    }
    names = ("without_officer", "late_opinions", "unfinished_reviews", "flagged")
    return figures, states, {name: sum(row[name] for row in standing.values()) for name in names}


def total(rows, name):
    """The sum of what is known; None when nothing is."""
    known = [row[name] for row in rows if row[name] is not None]
    return sum(known, Decimal(0)) if known else None


def alerts(call, cases, counts):
    """What waits, the most pressing first; nothing is said of what does not."""
    standing = cases.standing()
    unanswered = exchanges.unanswered(
        Application.objects.filter(case__in=standing.values("pk")), by_secretariat=True
    )
    to_settle = ConflictDeclaration.objects.filter(
        application__case__in=standing.values("pk"), state=ConflictDeclaration.State.TO_SETTLE
    )
    proposed = IneligibilityProposal.objects.filter(case__in=standing.values("pk"), settled_at=None)
    found = [
        Alert(
            proposed.count(),
            "irrecevabilité proposée, à accepter ou refuser par une autre personne",
            "irrecevabilités proposées, à accepter ou refuser par une autre personne",
            list_url(call, attend="irrecevabilite"),
        ),
        Alert(
            to_settle.count(),
            "déclaration d’intérêts à trancher",
            "déclarations d’intérêts à trancher",
            reverse("selection:declarations"),
        ),
        Alert(
            counts["late_opinions"],
            "dossier dont un avis est en retard",
            "dossiers dont un avis est en retard",
            list_url(call, avis="en-retard"),
        ),
        Alert(
            len(unanswered),
            "dossier dont un message attend une réponse",
            "dossiers dont un message attend une réponse",
            list_url(call, attend="message"),
        ),
        Alert(
            counts["without_officer"],
            "dossier que personne n’a en charge",
            "dossiers que personne n’a en charge",
            list_url(call, attend="instruction", agent="personne"),
        ),
        Alert(
            counts["unfinished_reviews"],
            "dossier dont une évaluation n’est pas terminée",
            "dossiers dont une évaluation n’est pas terminée",
            list_url(call, evaluation="inachevees"),
            pressing=False,
        ),
        Alert(
            counts["flagged"],
            "dossier signalé, alerte non levée",
            "dossiers signalés, alertes non levées",
            list_url(call, attend="instruction", alertes="ouvertes"),
            pressing=False,
        ),
    ]
    return [alert for alert in found if alert.count]


def officers(cases):
    """(name, open, ended) of each officer in charge, the most loaded first."""
    rows = (
        cases.standing()
        .filter(officer__isnull=False)
        .order_by()
        .values("officer")
        .annotate(name=F("officer__name"), waiting=Count("pk", filter=OPEN), ended=Count("pk", filter=~OPEN))
    )
    return sorted(rows, key=lambda row: (-row["waiting"], row["name"]))


def reviewers(cases):
    """(name, open, finished) of each reviewer, the most loaded first; never what they wrote."""
    finished = Q(state=Review.State.FINISHED)
    rows = (
        Review.objects.counted()
        .filter(case__in=cases.standing().values("pk"), kind=Review.Kind.OWN)
        .order_by()
        .values("reviewer")
        .annotate(
            name=F("reviewer__name"),
            waiting=Count("pk", filter=~finished),
            ended=Count("pk", filter=finished),
        )
    )
    return sorted(rows, key=lambda row: (-row["waiting"], row["name"]))


def indicator(fund):
    """What the official indicator says of this fund's delays: (targets, (year, days, note) rows, sources), or None."""
    found = (each for each in fund.facts.get("indicators", []) if each["key"] == "instruction_days")
    return next(found, None)
