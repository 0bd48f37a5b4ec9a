"""A section that is a table of lines."""

from applications import actions, tables
from applications.views.frame import saved, show, version_read, version_shown
from calls.money import euros
from calls.rows import bound


def table(request, application, definition):
    """A table of lines; who comes second sees the colleague's lines beside the ones typed here."""
    kind, of_kind = definition["kind"], tables.TABLES[definition["kind"]]
    row = application.sections.filter(section_key=definition["key"]).first()
    written = getattr(application, of_kind.rows).values(*of_kind.form._meta.fields)
    formset, complete = bound(of_kind.formset, request, written=list(written), blank=3)
    conflict = None
    if complete:
        try:
            actions.set_table(
                application, kind, formset.rows(), version=version_read(request), by=request.user
            )
        except actions.EditConflict as refused:
            conflict = refused.theirs
        else:
            return saved(request, application, definition)
    lines = of_kind.lines(application)
    context = {
        "formset": formset,
        "help": of_kind.help,
        "totals": [
            (f"{label} (lignes enregistrées)", euros(amount)) for label, amount in of_kind.totals(lines)
        ],
        "conflict": conflict,
        "theirs": tables.read(kind, lines) if conflict else None,
        "version": version_shown(request, row, conflict),
    }
    return show(request, application, definition, **context)
