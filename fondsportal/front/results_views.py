"""The results of the funds: what was asked, what was granted, how long it took."""

from operator import attrgetter

from django.contrib.auth.decorators import login_not_required
from django.shortcuts import get_object_or_404, render
from django.urls import reverse
from django.utils.html import format_html
from django.views.decorators.http import require_safe

from calls.models import Fund
from calls.money import grouped
from fondsportal.front import indicators
from selection import results
from selection.charts import Chart, Table
from selection.figures import shown

NOTE = (
    "Un chiffre suivi de « 2 appels sur 3 » additionne les seuls appels qui le communiquent."
    " Les appels fictifs, de démonstration, n’entrent dans aucun total."
)


@login_not_required
@require_safe
def funds(request):
    """Every fund in one table, with the way to its own page."""
    calls, is_capped = results.latest(results.with_results())
    by_fund = results.grouped_by(results.of(calls), lambda result: result.call.fund_id)
    rows = [(fund, by_fund.get(fund.pk)) for fund in Fund.objects.public()]
    told = [(fund.code, together) for fund, together in rows if together]
    context = {
        "charts": charts(told, "par fonds"),
        "table": fund_table(rows, is_capped=is_capped),
        "is_capped": is_capped,
    }
    return render(request, "front/results.html", context)


@login_not_required
@require_safe
def fund(request, slug):
    """One fund, year by year and call by call, with its official indicators."""
    found = get_object_or_404(Fund.objects.public(), slug=slug)
    calls, is_capped = results.latest(results.with_results().filter(fund=found))
    told = results.of(calls)
    by_year = results.grouped_by(told, lambda result: result.year)
    in_order = [
        (str(year or "Année non communiquée"), together)
        for year, together in sorted(by_year.items(), key=lambda pair: pair[0] or 9999)
    ]
    context = {
        "fund": found,
        "results": told,
        "key_figures": key_figures(results.Together(told)),
        "charts": charts(in_order, "par année"),
        "table": year_table(in_order),
        "indicators": indicators.indicators(found),
        "savings": indicators.savings(found),
        "is_capped": is_capped,
    }
    return render(request, "front/fund_results.html", context)


# Steps


def key_figures(whole):
    """The whole of a fund at a glance: (value, label)."""
    found = [(grouped(len(whole.results)), "appels" if len(whole.results) > 1 else "appel")]
    for name, (one, many, unknown) in KEY_FIGURES.items():
        total = whole.total(name)
        if total is None:
            found.append(unknown)
        else:
            found.append((whole.texts[name], named(many if total > 1 else one, whole.coverage(name))))
    return found


# Each figure's label, of one and of several, and what is said when it is unknown.
KEY_FIGURES = {
    "candidates": ("candidature", "candidatures", ("Non communiquées", "candidatures")),
    "laureates": ("lauréat", "lauréats", ("Non communiqués", "lauréats")),
    "requested": ("demandé", "demandés", ("Non communiquées", "subventions demandées")),
    "granted": ("accordé", "accordés", ("Non communiquées", "subventions accordées")),
}


def charts(told, how):
    """Candidates, laureates and money, for each name; a chart of nothing known is left out."""
    drawn = [
        Chart(
            f"{title} {how}",
            [
                (named(name, each.coverage(column)), each.total(column), each.texts[column], minimum(each))
                for name, each in told
            ],
        )
        for title, column, minimum in (
            ("Candidatures", "candidates", never),
            ("Lauréats", "laureates", never),
            ("Subventions accordées", "granted", attrgetter("granted_is_minimum")),
        )
    ]
    return [chart for chart in drawn if any(value for _, value, _, _ in chart.rows)]


def never(together):
    return False


def named(name, coverage):
    return f"{name} ({coverage})" if coverage else name


def fund_table(rows, *, is_capped):
    """A fund of which no call was read has none, unless only the latest were read: then nobody knows."""
    nothing = [results.UNKNOWN] * 6 if is_capped else figures(results.Together([]))
    return Table(
        caption="Résultats par fonds",
        columns=["Fonds", "Appels", "Candidatures", "Lauréats", "Taux de sélection", "Demandé", "Accordé"],
        rows=[
            [
                format_html(
                    '<a href="{}">{}</a>', reverse("front:fund_results", args=[fund.slug]), fund.name
                ),
                *(figures(together) if together else nothing),
            ]
            for fund, together in rows
        ],
        note=NOTE,
        is_open=True,
    )


def figures(together):
    return [
        grouped(len(together.results)),
        together.told("candidates"),
        together.told("laureates"),
        shown(together.rate, "share"),
        together.told("requested"),
        together.told("granted"),
    ]


def year_table(told):
    return Table(
        caption="Résultats par année",
        columns=["Année", "Appels", "Candidatures", "Lauréats", "Taux de sélection", "Demandé", "Accordé"],
        rows=[[year, *figures(together)] for year, together in told],
        note=NOTE,
    )
