"""The tables of a dossier as XLSX files: a template to fill in, an export, and what comes back, read with suspicion.

What is written is text or numbers, never a formula. What is read is the values of the first visible sheet: its
formulas count by the value that the spreadsheet kept, its hidden parts are left aside and named.
"""

import io
import zipfile
from datetime import date, datetime
from decimal import Decimal, InvalidOperation

import openpyxl
import xlsxwriter

from applications.grid.rows import MAX_ROWS, SHAPES, rows_of, years_of
from applications.grid.sheet import Unreadable, letter
from applications.tables import TABLES
from calls.questionnaire.definition import COLUMNS, KINDS

MOST_BYTES = 2 * 1024 * 1024  # of a file
MOST_EXPANDED = 8_000_000  # bytes that it may grow to: what is read is held in memory
MOST_COLUMNS = 40
HOW_TO = "Mode d’emploi"
LISTED = 200  # rows whose cells offer a list


def written(kind, lines, *, years=(), title=""):
    """The bytes of a workbook with these frozen lines, or of an empty one on these years."""
    target = io.BytesIO()
    options = {
        "in_memory": True,
        "strings_to_formulas": False,
        "strings_to_urls": False,
        "strings_to_numbers": False,
    }
    with xlsxwriter.Workbook(target, options) as book:
        sheet = book.add_worksheet(KINDS[kind][:31].replace("/", " "))
        bold, amount = book.add_format({"bold": True}), book.add_format({"num_format": "#,##0.00"})
        heads, rows, lists = _table(kind, lines, years)
        for column, head in enumerate(heads):
            sheet.write(0, column, head, bold)
            sheet.set_column(column, column, 28 if column < 3 else 14)
            if choices := lists.get(column):
                sheet.data_validation(1, column, LISTED, column, {"validate": "list", "source": choices})
        for place, row in enumerate(rows, start=1):
            for column, cell in enumerate(row):
                if isinstance(cell, Decimal):
                    sheet.write_number(place, column, float(cell), amount)
                elif isinstance(cell, int):
                    sheet.write_number(place, column, cell)
                elif cell:
                    sheet.write_string(place, column, cell)
        sheet.freeze_panes(1, 0)
        _explain(book.add_worksheet(HOW_TO), kind, title, bold)
    return target.getvalue()


def _table(kind, lines, years):
    """(headings, rows of cells, choices by column) of one kind of table."""
    if kind in SHAPES:
        return _grid(kind, lines, years)
    names = TABLES[kind].form._meta.fields
    return (
        [label for label, _ in COLUMNS[kind]],
        [[_cell(kind, line, name) for name in names] for line in lines],
        {},
    )


def _grid(kind, lines, years):
    shape, rows = SHAPES[kind], rows_of(kind, lines)
    years, told = years_of(rows) or list(years), any(row.payments for row in rows)
    heads = [head.label for head in shape.heads] + ["Crédits"] * told + years
    cells = []
    for row in rows:
        words = [head.text(row.said[head.name]) for head in shape.heads]
        cells.append([*words, *["AE"] * told, *(row.amounts.get(year) for year in years)])
        if told:
            cells.append([*words, "CP", *(row.paid.get(year) for year in years)])
    lists = {
        place: ["oui", "non"] if head.is_flag else [label for _, label in head.choices]
        for place, head in enumerate(shape.heads)
        if head.is_flag or head.choices
    }
    return heads, cells, lists


def _cell(kind, line, name):
    value = line.get(f"{name}_name", line.get(name)) if name == "organisation" else line.get(name)
    if name in ("contribution", "grant", "total_cost", "savings", "baseline", "target") and value:
        return Decimal(value)
    return value if isinstance(value, int) else str(value or "")


def _explain(sheet, kind, title, bold):
    sheet.set_column(0, 0, 30)
    sheet.set_column(1, 1, 100)
    lines = [
        (title, ""),
        ("Colonne", "Ce que l’on y écrit"),
        *[(label, told) for label, told in COLUMNS[kind] if kind not in SHAPES or label != "Année"],
        (
            "",
            "Gardez la ligne d’en-têtes de la première feuille. Les montants sont en euros.",
        ),
        ("", "À l’import, tout est montré avant d’être enregistré."),
    ]
    if kind == "financing":
        lines.append(("Crédits", "Facultatif : AE ou CP. Une ligne CP suit la ligne AE qu’elle accompagne."))
    for place, (label, told) in enumerate(lines):
        sheet.write_string(place, 0, label, bold)
        sheet.write_string(place, 1, told)


def read(upload):
    """(rows of texts, notes, problems) of the first visible sheet of a workbook that `documents.uploads` accepted.

    Raises:
        Unreadable: with the reason, in French.
    """
    data = upload.read()
    try:
        with zipfile.ZipFile(io.BytesIO(data)) as archive:
            if sum(item.file_size for item in archive.infolist()) > MOST_EXPANDED:
                raise Unreadable(
                    "Ce classeur est trop gros une fois ouvert : gardez la seule feuille du tableau."
                )
        values = openpyxl.load_workbook(io.BytesIO(data), data_only=True)
        formulas = openpyxl.load_workbook(io.BytesIO(data))
    except Unreadable:
        raise
    except (
        Exception
    ):  # the library chokes on broken or hostile files in many ways: each is a reason to refuse
        raise Unreadable("Ce fichier n’a pas pu être lu comme un classeur. Rien n’est importé.") from None
    sheets = [
        sheet for sheet in values.worksheets if sheet.sheet_state == "visible" and sheet.title != HOW_TO
    ]
    if not sheets:
        raise Unreadable("Ce classeur n’a aucune feuille visible. Rien n’est importé.")
    hidden = [sheet.title for sheet in values.worksheets if sheet.sheet_state != "visible"]
    notes = [f"Feuilles masquées, non lues : {', '.join(hidden)}."] if hidden else []
    if others := [sheet.title for sheet in sheets[1:]]:
        notes.append(
            f"Seule la feuille « {sheets[0].title} » est lue. Feuilles non lues : {', '.join(others)}."
        )
    return _cells(sheets[0], formulas[sheets[0].title], notes)


def _cells(sheet, source, notes):
    if sheet.max_row > MAX_ROWS * 4 or sheet.max_column > MOST_COLUMNS:
        raise Unreadable(
            f"La feuille a {sheet.max_row} lignes et {sheet.max_column} colonnes : {MAX_ROWS * 4} lignes et"
            f" {MOST_COLUMNS} colonnes au plus. Rien n’est importé."
        )
    skipped = [name for name, column in sheet.column_dimensions.items() if column.hidden]
    masked = {at for name in skipped for at in _span(sheet.column_dimensions[name])}
    unseen = {at for at, row in sheet.row_dimensions.items() if row.hidden}
    if masked:
        notes.append(f"Colonnes masquées, non lues : {', '.join(letter(at - 1) for at in sorted(masked))}.")
    if unseen:
        notes.append(f"Lignes masquées, non lues : {', '.join(map(str, sorted(unseen)))}.")
    problems, computed, rows = [], 0, []
    for line in sheet.iter_rows():
        row = []
        for cell in line:
            text = "" if cell.row in unseen or cell.column in masked else _text(cell.value)
            if not (cell.row in unseen or cell.column in masked) and source[cell.coordinate].data_type == "f":
                computed += 1
                if cell.value is None:
                    problems.append(
                        f"{cell.coordinate} : cette formule n’a pas de valeur enregistrée. Ouvrez le fichier dans"
                        " un tableur, enregistrez-le, ou écrivez la valeur."
                    )
            if cell.data_type == "e":
                problems.append(f"{cell.coordinate} : {cell.value} n’est pas une valeur.")
                text = ""
            row.append(text)
        rows.append(row)
    if computed:
        notes.append(
            f"Cases calculées par une formule : {computed}. Leur dernière valeur enregistrée est reprise."
        )
    return rows, notes, problems


def _span(column):
    return range(column.min, min(column.max, MOST_COLUMNS) + 1)


def _text(value):
    """A value as one would type it: amounts to the cent, days as 2027-06-30."""
    if isinstance(value, datetime):
        return value.date().isoformat()
    if isinstance(value, date):
        return value.isoformat()
    if isinstance(value, bool):
        return "oui" if value else "non"
    if isinstance(value, float):
        try:
            rounded = Decimal(repr(value)).quantize(Decimal("0.0001"))
        except InvalidOperation:
            return str(value)
        return f"{rounded:f}".rstrip("0").rstrip(".")
    return "" if value is None else str(value)
