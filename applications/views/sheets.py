"""The tables of a dossier as files: a template, an export, an import that shows all before anything is saved."""

from urllib.parse import quote

from django import forms
from django.http import Http404, HttpResponse
from django.shortcuts import render
from django.views.decorators.http import require_http_methods, require_safe

from applications import actions, completeness, rules, tables, workbooks
from applications.grid import entry, sheet
from applications.grid.rows import rows_of
from applications.views.dossiers import get_application
from applications.views.grids import changes, first_year, show_grid, typed_lines
from applications.views.lines import show_rows
from calls.questionnaire.definition import COLUMNS, KINDS
from documents import uploads
from journal.refusals import require

XLSX = uploads.TYPES[".xlsx"]


class WorkbookForm(forms.Form):
    upload = forms.FileField(
        label="Classeur",
        help_text="XLSX, 2 Mo au plus. La première feuille visible est lue, avec sa ligne d’en-têtes.",
        widget=forms.FileInput(attrs={"accept": ".xlsx"}),
    )

    def clean_upload(self):
        upload = self.cleaned_data["upload"]
        uploads.check(upload, formats=(".xlsx",), max_bytes=workbooks.MOST_BYTES)
        try:
            self.found = workbooks.read(upload)
        except sheet.Unreadable as refusal:
            raise forms.ValidationError(str(refusal)) from None
        return upload


@require_safe
def table_export(request, key, section_key):
    """The lines that are saved, as a workbook."""
    application, definition = get_table(request, key, section_key)
    return workbook(application, definition, tables.TABLES[definition["kind"]].lines(application), "")


@require_safe
def table_template(request, key, section_key):
    """A workbook to fill in, with its headings, its lists and how to."""
    application, definition = get_table(request, key, section_key)
    return workbook(application, definition, [], "modèle ")


@require_http_methods(["GET", "HEAD", "POST"])
def table_import(request, key, section_key):
    """Read a workbook in the section's page, where it is looked at before it is saved."""
    application, definition = get_table(request, key, section_key)
    actions.refuse_unless_writable(application, request.user, section_key)
    form = WorkbookForm(request.POST or None, request.FILES or None)
    if form.is_valid():
        try:
            return show_import(request, application, definition, *form.found)
        except sheet.Unreadable as refusal:
            form.add_error("upload", str(refusal))
    context = {"application": application, "definition": definition, "form": form}
    return render(request, "applications/table_import.html", context)


def get_table(request, key, section_key):
    """A dossier that this person writes, and its section, which is a table."""
    application = get_application(request, key)
    require(rules.can_write(request.user, application))
    definition = application.form.section(section_key)
    if definition is None or definition["kind"] not in tables.TABLES:
        raise Http404
    return application, definition


def workbook(application, definition, lines, mark):
    kind = definition["kind"]
    years = []
    if tables.TABLES[kind].is_grid:
        first = first_year(application, kind)
        years = list(range(first, first + entry.SHOWN))
    content = workbooks.written(kind, lines, years=years, title=definition["title"])
    response = HttpResponse(content, content_type=XLSX)
    name = f"{mark}{KINDS[kind].split(',')[0].lower()}.xlsx"
    response.headers["Content-Disposition"] = f"attachment; filename*=UTF-8''{quote(name)}"
    return response


def show_import(request, application, definition, cells, notes, problems):
    """The page of the section with what the file holds, nothing of it saved."""
    kind, of_kind = definition["kind"], tables.TABLES[definition["kind"]]
    state = next(each for each in completeness.sections(application) if each.key == definition["key"])
    written = of_kind.lines(application)
    before = len(rows_of(kind, written) if of_kind.is_grid else written)
    imported = {"before": before, "notes": notes, "problems": problems}
    context = {"version": state.version, "conflict": None, "theirs": None, "imported": imported}
    if not of_kind.is_grid:
        formset, found = rows_found(kind, of_kind, cells)
        formset.is_valid()
        imported |= {
            "count": len(found),
            "problems": [*problems, *rows_refused(kind, of_kind, formset, found)],
        }
        return show_rows(request, application, definition, formset, **context)
    years = range(first_year(application, kind), first_year(application, kind) + entry.SHOWN)
    found = sheet.read(kind, cells, years=list(years))
    told = any(row.payments for row in found.rows)
    grid = entry.Grid(kind, found.years or years, found.rows, with_payments=told)
    grid.check()
    imported |= {
        "count": len(found.rows),
        "notes": [*notes, *found.notes, *changes(kind, written, grid)],
        "problems": [*problems, *found.problems, *found.told(grid)],
    }
    lines = typed_lines(kind, grid)
    states = completeness.sections(application, {kind: lines})
    return show_grid(request, application, definition, lines, states, grid=grid, told={}, **context)


def rows_found(kind, of_kind, cells):
    """The rows of a sheet as a formset that is filled in, and where each was: (row, letters by field)."""
    names = dict(
        zip((sheet.plain(label) for label, _ in COLUMNS[kind]), of_kind.form._meta.fields, strict=True)
    )
    at = next((place for place, row in enumerate(cells[: sheet.SEARCHED]) if _named(row, names) > 1), None)
    if at is None:
        wanted = ", ".join(label for label, _ in COLUMNS[kind])
        raise sheet.Unreadable(f"La ligne d’en-têtes n’a pas été trouvée ({wanted}). Rien n’est importé.")
    heads = {
        column: names[sheet.plain(text)]
        for column, text in enumerate(cells[at])
        if sheet.plain(text) in names
    }
    rows = [
        (place, row) for place, row in enumerate(cells[at + 1 :], start=at + 2) if any(map(str.strip, row))
    ]
    if len(rows) > 200:
        raise sheet.Unreadable(f"{len(rows)} lignes : un tableau en a 200 au plus. Rien n’est importé.")
    data, found = {"rows-TOTAL_FORMS": str(len(rows)), "rows-INITIAL_FORMS": "0"}, []
    bodies = tables.directory() if kind == "partners" else {}
    for index, (place, row) in enumerate(rows):
        given = {name: row[column].strip() for column, name in heads.items()}
        if kind == "partners" and given.get("organisation"):
            body = bodies.get(sheet.plain(given["organisation"]))
            given |= (
                {"organisation": str(body)} if body else {"organisation": "", "name": given["organisation"]}
            )
        data |= {f"rows-{index}-{name}": text for name, text in given.items()}
        found.append((place, {name: sheet.letter(column) for column, name in heads.items()}))
    return of_kind.formset(data, prefix="rows"), found


def rows_refused(kind, of_kind, formset, found):
    """What is wrong, by the names of the sheet's own cells."""
    return [
        f"{letters.get(name, 'ligne ')}{place} : {message}"
        for form, (place, letters) in zip(formset.forms, found, strict=False)
        for name, messages in form.errors.items()
        for message in messages
    ]


def _named(row, names):
    return sum(sheet.plain(text) in names for text in row)
