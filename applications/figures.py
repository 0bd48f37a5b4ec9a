"""What the money of a dossier adds up to, beside the grid where it is typed: sums, checks, ratios, chart."""

from applications import completeness
from applications.charts import years_chart
from applications.grid import reading
from applications.returns import returns
from calls.questionnaire.definition import KINDS


def figures(application, definition, lines, states=None):
    """What the page shows of the frozen lines of one grid, saved or not, and of those of the other one as saved.

    `states` are those of the sections under these very lines, where the caller already has them.
    """
    kind = definition["kind"]
    states = states or completeness.sections(application, {kind: lines})
    state = next(each for each in states if each.key == definition["key"])
    asked = {each.definition["kind"]: each.lines for each in states if each.asked}
    financing, savings = asked.get("financing", []), asked.get("savings", [])
    call = application.call
    return {
        "kind": kind,
        "sums": reading.sums(kind, lines),
        "gaps": state.gaps if lines else [],
        "advice": state.advice,
        "chart": years_chart(financing, savings),
        "returns": returns(financing, savings, horizon=call.savings_horizon, measure=call.savings_measure)
        if asked.keys() >= {"financing", "savings"}
        else None,
        "announced": announced(kind, lines),
    }


def announced(kind, lines):
    """The totals in a sentence, for who does not see them change."""
    sums = reading.sums(kind, lines)
    if not sums:
        return f"{KINDS[kind]} : aucune ligne."
    label, *amounts = sums[0]["total"]
    return f"{label} : {', '.join(amounts)}."
