"""A section that is a grid of amounts: rows and years, typed or pasted, with what they add up to."""

from django.http import Http404
from django.shortcuts import render
from django.utils.timezone import localtime
from django.views.decorators.http import require_POST

from applications import actions, completeness, rules, tables
from applications.figures import figures
from applications.grid import entry, sheet
from applications.grid.rows import MAX_ROWS, MAX_YEARS, by_year, rows_of
from applications.views.dossiers import get_application
from applications.views.frame import saved, show, version_read, version_shown
from calls.money import euros, grouped
from journal.refusals import require

PASTE, PASTED = "paste", "pasted"  # the button and the text
NOT_YET = (
    "Rien n’est encore enregistré : relisez le tableau, puis enregistrez."
    " Il remplacera alors les lignes enregistrées."
)


def grid(request, application, definition):
    """A grid as it is saved, or as it was sent: what a button changes in it, and what is wrong, lose nothing."""
    kind, of_kind = definition["kind"], tables.TABLES[definition["kind"]]
    states = completeness.sections(application)
    state = next(each for each in states if each.key == definition["key"])
    written = state.lines if state.asked else of_kind.lines(application)
    typed, told = as_sent(request, application, kind, written), {}
    conflict, saving = None, request.method == "POST"
    if saving:
        saving = not changed(request, typed, written, told)
        if typed.check() and saving:
            conflict = kept(request, application, kind, typed.lines)
            if conflict is None:
                return saved(request, application, definition)
            written = of_kind.lines(application)
        if told.get("found"):
            told |= {"cells": told["found"].told(typed), "changes": changes(kind, written, typed)}
        elif not saving:
            typed.silence()
    context = {
        "grid": typed,
        "told": told,
        "conflict": conflict,
        "theirs": tables.read(kind, written) if conflict and written else None,
        "version": version_shown(request, state, conflict),
    }
    if request.method == "POST":
        written = typed_lines(kind, typed)
        states = completeness.sections(application, {kind: written})
    return show_grid(request, application, definition, written, states, **context)


def show_grid(request, application, definition, lines, states, *, grid, **context):
    """The page of a grid, with the figures of the frozen lines that it shows."""
    kind = definition["kind"]
    context |= {
        "grid": grid,
        "sums": sums_of(grid, lines),
        "help": tables.TABLES[kind].help,
        "limits": {"rows": MAX_ROWS, "years": MAX_YEARS},
        "figures": figures(application, definition, lines, states),
        "states": states,
        "pasted": request.POST.get(PASTED, "") if context.get("told", {}).get("refusal") else "",
    }
    return show(request, application, definition, **context)


@require_POST
def table_figures(request, key, section_key):
    """What a grid adds up to as it is typed, before it is saved."""
    application = get_application(request, key)
    require(rules.can_write(request.user, application))
    definition = application.form.section(section_key)
    if (
        definition is None
        or definition["kind"] not in tables.TABLES
        or not tables.TABLES[definition["kind"]].is_grid
    ):
        raise Http404
    kind = definition["kind"]
    typed = entry.of_post(kind, request.POST, first_year=first_year(application, kind))
    typed.check()
    context = {"figures": figures(application, definition, typed_lines(kind, typed))}
    return render(request, "applications/figures.html", context)


def kept(request, application, kind, lines):
    """Save the lines, or return the section as a colleague saved it meanwhile."""
    try:
        actions.set_table(application, kind, lines, version=version_read(request), by=request.user)
    except actions.EditConflict as refused:
        return refused.theirs
    return None


def as_sent(request, application, kind, written):
    year = first_year(application, kind) if not written else 0
    if request.method == "POST" and entry.is_whole_post(request.POST):
        return entry.of_post(kind, request.POST, first_year=year or written[0]["year"])
    shown = entry.of_lines(kind, written, first_year=year)
    if request.method == "POST":
        shown.errors.append(entry.CUT)
    return shown


def first_year(application, kind):
    """Where an empty grid begins: the year when the round closes; savings, with the money that is spent for them."""
    if kind == "savings":
        spent = application.financing_lines.order_by("year").values_list("year", flat=True).first()
        if spent:
            return spent
    return localtime(application.round.closes_at).year


def changed(request, typed, written, told):
    """Do what a button of the page asks, which saves nothing; false where it is to be saved."""
    data = request.POST
    if data.get(PASTED, "").strip():
        paste(data, typed, told)
    elif data.get("keep") == "both":
        typed.join([entry.typed(row) for row in rows_of(typed.kind, written)])
        told["reunited"] = True
    elif entry.ADD_ROW in data:
        typed.add_row()
    elif entry.ADD_YEAR in data:
        typed.add_year()
    elif entry.ARRANGE in data:
        typed.arrange()
    else:
        return PASTE in data
    return True


def paste(data, typed, told):
    """Put a text copied from a spreadsheet in the grid, to be read again before it is saved."""
    try:
        found = sheet.read(
            typed.kind, sheet.cells_of(data[PASTED]), years=typed.years, with_payments=typed.with_payments
        )
    except sheet.Unreadable as refusal:
        told["refusal"] = str(refusal)
        return
    before = sum(not row.is_blank for row in typed.rows)
    if typed.take(found.years, found.rows, replacing=data.get("paste_mode") != "append"):
        told |= {"found": found, "count": len(found.rows), "before": before, "not_yet": NOT_YET}
    else:
        told["refusal"] = typed.errors.pop()


def changes(kind, written, typed):
    """What saving the grid will change in the lines that are saved, in sentences."""
    before, after = (amounts_by_cell(kind, lines) for lines in (written, typed_lines(kind, typed)))
    told = [
        (len(after.keys() - before.keys()), "montant ajouté", "montants ajoutés"),
        (len(before.keys() - after.keys()), "montant retiré", "montants retirés"),
        (
            sum(before[cell] != after[cell] for cell in before.keys() & after.keys()),
            "montant changé",
            "montants changés",
        ),
    ]
    counted = [f"{grouped(count)} {many if count > 1 else one}" for count, one, many in told if count]
    totals = (sum(sum(cell) for cell in each.values()) for each in (before, after))
    return [
        ", ".join(counted).capitalize() + "." if counted else "Aucun montant ne change.",
        "Total enregistré : {} ; total du tableau : {}.".format(*map(euros, totals)),
    ]


def amounts_by_cell(kind, lines):
    """Amounts by what their row says and by year: two tables are compared whatever the order of their rows."""
    found = {}
    for row in rows_of(kind, lines):
        for year, amount in row.amounts.items():
            found.setdefault((*row.said.values(), year), []).append(amount)
    return found


def typed_lines(kind, typed):
    """The lines of the cells that are right, as they would be frozen."""
    return tables.TABLES[kind].typed(typed.lines)


def sums_of(typed, lines):
    """What the page writes under the columns and at the end of the rows: totals by year, and by row of the page."""
    rows = rows_of(typed.kind, lines)
    return {
        "amounts": [grouped(by_year(rows).get(year, 0)) for year in typed.years],
        "payments": [grouped(by_year(rows, "paid").get(year, 0)) for year in typed.years],
        "amount": grouped(sum(row.total for row in rows)),
        "payment": grouped(sum(row.total_paid for row in rows)),
    }
