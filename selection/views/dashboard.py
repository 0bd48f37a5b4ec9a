"""The secretariat's door, and the dashboard of each call."""

from django.db.models import Count, Sum
from django.shortcuts import render
from django.views.decorators.http import require_safe

from journal.refusals import require
from selection import clocks, dashboard, rules
from selection.charts import Chart, Table
from selection.dashboard import OPEN, WITHOUT_OFFICER
from selection.models import Case
from selection.views.call_frame import frame, readable_call
from selection.waiting import mine


@require_safe
def door(request):
    """What waits for me today, then my calls with their figures."""
    require(rules.reads_some_fund(request.user))
    counted = {
        row["call"]: row
        for row in Case.objects.readable_by(request.user)
        .standing()
        .order_by()
        .values("call")
        .annotate(
            dossiers=Count("pk"),
            waiting=Count("pk", filter=OPEN),
            unassigned=Count("pk", filter=WITHOUT_OFFICER),
            requested=Sum("requested_grant"),
        )
    }
    calls = list(dashboard.calls_of(request.user))
    context = {
        "waiting": mine(request.user),
        "calls": [(call, counted.get(call.pk)) for call in calls if not call.imported],
        "past": [call for call in calls if call.imported],
    }
    return render(request, "selection/door.html", context)


@require_safe
def call_dashboard(request, slug):
    """The pipeline, the workload, the clocks and what waits, for one call; no score is on it."""
    call = readable_call(request, slug)
    cases = dashboard.cases_of(call, request.user)
    figures, states, counts = dashboard.pipeline(call, cases)
    clock = clocks.measure(cases.standing(), target=call.fund.review_target_days)
    context = {
        **frame(call, "dashboard", request.user),
        "figures": figures,
        "states": states,
        "alerts": dashboard.alerts(call, cases, counts),
        "officers": dashboard.officers(cases),
        "reviewers": dashboard.reviewers(cases),
        "clock": clock,
        "charts": [clock_chart(clock)] if clock.age and clock.steps[0].reached else [],
        "table": clock_table(clock),
        "definition": clocks.DEFINITION,
        "indicator": official(dashboard.indicator(call.fund)),
    }
    return render(request, "selection/dashboard.html", context)


def clock_chart(clock):
    """The middle dossier at each step, the target last to compare with."""
    rows = [(step.label, step.median, days(step.median), False) for step in clock.steps if step.reached]
    if clock.target:
        rows.append(("Délai visé jusqu’au comité", clock.target, days(clock.target), False))
    return Chart("Jours depuis la date limite, pour le dossier médian", rows)


def clock_table(clock):
    return Table(
        caption="Délais depuis la date limite",
        columns=["Étape", "Dossiers qui l’ont atteinte", "Délai médian", "Délai le plus long"],
        rows=[
            [f"{step.label} : {step.definition}", step.reached, days(step.median), days(step.longest)]
            for step in clock.steps
        ],
        is_open=True,
    )


def days(value):
    """A number of days in French; a step that nobody reached has none."""
    if value is None:
        return "–"
    text = f"{value:.1f}".removesuffix(".0").replace(".", ",")
    return f"{text} jour{'' if value < 2 else 's'}"


def official(indicator):
    """What the official indicator of the fund's delays says, in words, with its sources; None without one."""
    if not indicator:
        return None
    readings = [
        f"{days(each['value']) if each['value'] is not None else 'non communiqué'} en {each['year']}"
        for each in indicator["readings"]
    ]
    return {
        "targets": " puis ".join(days(target) for target in indicator["targets"]),
        "readings": ", ".join(readings),
        "sources": indicator["sources"],
    }
