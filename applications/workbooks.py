"""The tables of a dossier as XLSX files: a template to fill in, an export, and what comes back, read with suspicion.

What is written is text or numbers, never a formula. What is read is the values of the first visible sheet: its
formulas count by the value that the spreadsheet kept, its hidden parts are left aside and named. It is read apart,
by `applications.workbook_cells`.
"""

import io
from decimal import Decimal

import xlsxwriter

from applications.grid.rows import SHAPES, rows_of, years_of
from applications.grid.sheet import Unreadable, letter
from applications.tables import TABLES
from applications.workbook_cells import HOW_TO, MOST_COLUMNS, MOST_ROWS
from calls.questionnaire.definition import COLUMNS, KINDS
from documents import apart

MOST_BYTES = 2 * 1024 * 1024  # of a file
WALL_SECONDS = 20
AT_ONCE = 4
REFUSALS = {
    "busy": "Le portail lit déjà plusieurs classeurs : renvoyez celui-ci dans une minute. Rien n’est importé.",
    "heavy": "Ce classeur est trop gros une fois ouvert : gardez la seule feuille du tableau. Rien n’est importé.",
    "large": f"La feuille dépasse {MOST_ROWS} lignes ou {MOST_COLUMNS} colonnes. Rien n’est importé.",
    "unreadable": "Ce fichier n’a pas pu être lu comme un classeur. Rien n’est importé.",
}
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
    try:
        with apart.place("classeurs", most=AT_ONCE):
            found = apart.run("applications.workbook_cells", upload.read(), seconds=WALL_SECONDS)
    except apart.Busy:
        raise Unreadable(REFUSALS["busy"]) from None
    except apart.Failed:
        raise Unreadable(REFUSALS["heavy"]) from None
    if "refused" in found:
        raise Unreadable(REFUSALS[found["refused"]])
    if not found["sheets"]:
        raise Unreadable("Ce classeur n’a aucune feuille visible. Rien n’est importé.")
    return found["rows"], list(_notes(found)), list(_problems(found))


def _notes(found):
    """What was left aside, or taken as it was last computed."""
    first, *others = found["sheets"]
    if found["hidden"]:
        yield f"Feuilles masquées, non lues : {', '.join(found['hidden'])}."
    if others:
        yield f"Seule la feuille « {first} » est lue. Feuilles non lues : {', '.join(others)}."
    if columns := found["columns_hidden"]:
        yield f"Colonnes masquées, non lues : {', '.join(letter(at - 1) for at in columns)}."
    if rows := found["rows_hidden"]:
        yield f"Lignes masquées, non lues : {', '.join(map(str, rows))}."
    if found["computed"]:
        yield (
            f"Cases calculées par une formule : {found['computed']}. Leur dernière valeur enregistrée est reprise."
        )


def _problems(found):
    for place in found["without_value"]:
        yield (
            f"{place} : cette formule n’a pas de valeur enregistrée. Ouvrez le fichier dans un tableur,"
            " enregistrez-le, ou écrivez la valeur."
        )
    for place, value in found["errors"]:
        yield f"{place} : {value} n’est pas une valeur."
