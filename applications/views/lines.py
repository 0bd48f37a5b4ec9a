"""A section that is a table of lines: as many rows as one needs, or a grid of amounts by year."""

from typing import NamedTuple

from django.contrib import messages
from django.shortcuts import redirect

from applications import tables
from applications.charts import time_line
from applications.views.frame import saved, show, version_shown
from applications.views.grids import as_sent, grid, kept
from calls.money import euros
from calls.rows import bound

KEEP = "keep"  # after a conflict: whose lines are kept
REUNITED = (
    "Vos lignes et celles de votre collègue sont réunies ci-dessous. Rien n’est encore enregistré : relisez-les,"
    " puis enregistrez."
)


def table(request, application, definition):
    """A table of lines; who comes second sees the colleague's lines beside the ones typed here, and chooses."""
    if request.POST.get(KEEP) == "theirs":
        messages.success(request, "Les lignes de votre collègue sont gardées ; les vôtres n’ont rien changé.")
        return redirect("applications:section", application.key, definition["key"])
    if tables.TABLES[definition["kind"]].is_grid:
        return grid(request, application, definition)
    return rows(request, application, definition)


class Typed(NamedTuple):
    """A table while it is typed: its lines, and what is wrong, by the name of the field."""

    kind: str
    lines: list
    told: dict


def as_typed(request, application, definition):
    """A table as it is being typed, with nothing of what its buttons do."""
    kind, of_kind = definition["kind"], tables.TABLES[definition["kind"]]
    if of_kind.is_grid:
        typed = as_sent(request, application, kind, of_kind.lines(application))
        typed.check()
        return Typed(kind, typed.lines, typed.told)
    formset = of_kind.formset(request.POST, prefix="rows")
    if formset.is_valid():
        return Typed(kind, formset.rows(), {})
    told = {
        form.add_prefix(name): errors[0] for form in formset.forms for name, errors in form.errors.items()
    }
    return Typed(kind, [], told | dict.fromkeys(formset.non_form_errors() and ["rows"], "Trop de lignes."))


def rows(request, application, definition):
    """A table of few columns, each row with its fields side by side."""
    kind, of_kind = definition["kind"], tables.TABLES[definition["kind"]]
    row = application.sections.filter(section_key=definition["key"]).first()
    both = request.POST.get(KEEP) == "both"
    written = written_rows(application, of_kind)
    formset, complete = bound(of_kind.formset, request, written=written, blank=3)
    if both:
        formset, complete = reunited(of_kind, formset, written), False
    conflict = None
    if complete:
        conflict = kept(request, application, kind, formset.rows())
        if conflict is None:
            return saved(request, application, definition)
    context = {
        "conflict": conflict,
        "reunited": REUNITED if both else "",
        "version": version_shown(request, row, conflict),
    }
    return show_rows(request, application, definition, formset, **context)


def written_rows(application, of_kind):
    return list(getattr(application, of_kind.rows).values(*of_kind.form._meta.fields))


def show_rows(request, application, definition, formset, *, conflict=None, **context):
    """The page of a table of few columns, whatever its rows are for now."""
    kind, of_kind = definition["kind"], tables.TABLES[definition["kind"]]
    lines = of_kind.lines(application)
    totals = [(f"{label} (lignes enregistrées)", euros(amount)) for label, amount in of_kind.totals(lines)]
    context |= {
        "formset": formset,
        "help": of_kind.help,
        "totals": totals,
        "grid": None,
        "time_line": time_line(lines) if kind == "milestones" else None,
        "conflict": conflict,
        "theirs": tables.read(kind, lines) if conflict else None,
    }
    return show(request, application, definition, **context)


def reunited(of_kind, formset, written):
    """The rows typed here, then those of the colleague that are not among them."""
    fields = of_kind.form._meta.fields
    mine = [{name: form[name].value() for name in fields} for form in formset.forms if form.has_changed()]
    known = {tuple(str(row[name] or "") for name in fields) for row in mine}
    fresh = formset.__class__(initial=written, prefix=formset.prefix)
    theirs = [{name: form[name].value() for name in fields} for form in fresh.initial_forms]
    theirs = [row for row in theirs if tuple(str(row[name] or "") for name in fields) not in known]
    return formset.__class__(initial=[*mine, *theirs], prefix=formset.prefix)
