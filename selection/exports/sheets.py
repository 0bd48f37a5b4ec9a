"""Tables as CSV, XLSX and ODS, written row by row: a text is a text, whatever a spreadsheet would make of it.

CSV has no types: a text that would begin a formula gets an apostrophe before it. XLSX and ODS say of each cell what it
is, and none is a formula. ODS is written here: see `docs/decisions/0007-exports.md`.
"""

import csv
import re
import zipfile
from datetime import date
from decimal import Decimal
from xml.sax.saxutils import escape, quoteattr

import xlsxwriter

from selection.models import Export

RUNS = ("=", "+", "-", "@", "\t", "\r")
# What XML 1.0 cannot say, in a cell pasted from elsewhere.
UNSAYABLE = re.compile("[^\t\n\r\x20-\ud7ff\ue000-\ufffd\U00010000-\U0010ffff]")
CONTENT_TYPES = {
    Export.Format.CSV: "text/csv; charset=utf-8",
    Export.Format.XLSX: "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet",
    Export.Format.ODS: "application/vnd.oasis.opendocument.spreadsheet",
}
LONGEST = 32_767  # characters of a cell of XLSX


def write(kind, path, title, columns, rows):
    """Write a table of this format at a path; `rows` are lists of texts, numbers, days or None, read once."""
    {Export.Format.CSV: _csv, Export.Format.XLSX: _xlsx, Export.Format.ODS: _ods}[kind](
        path, title, columns, rows
    )


def _csv(path, title, columns, rows):
    """As French spreadsheets open it: semicolons, decimal commas, and a mark that says UTF-8."""
    with path.open("w", encoding="utf-8-sig", newline="") as target:
        writer = csv.writer(target, delimiter=";")
        writer.writerow(columns)
        writer.writerows([_told(cell) for cell in row] for row in rows)


def _told(cell):
    if cell is None:
        return ""
    if isinstance(cell, date):
        return cell.isoformat()
    if isinstance(cell, int | float | Decimal):
        return str(cell).replace(".", ",")
    return f"'{cell}" if cell.startswith(RUNS) or cell.lstrip().startswith(RUNS) else cell


def _xlsx(path, title, columns, rows):
    with xlsxwriter.Workbook(path, {"constant_memory": True, "in_memory": False}) as book:
        sheet = book.add_worksheet(title[:31])
        bold, day = book.add_format({"bold": True}), book.add_format({"num_format": "dd/mm/yyyy"})
        sheet.freeze_panes(1, 1)
        sheet.set_column(0, len(columns) - 1, 22)
        for place, heading in enumerate(columns):
            sheet.write_string(0, place, heading, bold)
        for line, row in enumerate(rows, start=1):
            for place, cell in enumerate(row):
                if isinstance(cell, date):
                    sheet.write_datetime(line, place, cell, day)
                elif isinstance(cell, int | float | Decimal):
                    sheet.write_number(line, place, cell)
                elif cell:
                    sheet.write_string(line, place, UNSAYABLE.sub("", cell)[:LONGEST])


def _ods(path, title, columns, rows):
    with zipfile.ZipFile(path, "w", zipfile.ZIP_DEFLATED, allowZip64=True) as book:
        # First, and as it is: by it the format is recognised.
        book.writestr("mimetype", CONTENT_TYPES[Export.Format.ODS], zipfile.ZIP_STORED)
        book.writestr("META-INF/manifest.xml", MANIFEST)
        with book.open("content.xml", "w", force_zip64=True) as content:
            content.write(BEFORE.format(title=quoteattr(title), columns=len(columns)).encode())
            content.write(_row(columns))
            content.write(b"</table:table-header-rows>")
            for row in rows:
                content.write(_row(row))
            content.write(AFTER)


def _row(cells):
    return f"<table:table-row>{''.join(_cell(cell) for cell in cells)}</table:table-row>".encode()


def _cell(cell):
    if cell is None or cell == "":
        return "<table:table-cell/>"
    if isinstance(cell, date):
        return (
            f'<table:table-cell office:value-type="date" office:date-value="{cell}" table:style-name="day"/>'
        )
    if isinstance(cell, int | float | Decimal):
        return f'<table:table-cell office:value-type="float" office:value="{cell}"/>'
    lines = UNSAYABLE.sub("", cell).splitlines() or [""]
    text = "".join(f"<text:p>{_spaced(line)}</text:p>" for line in lines)
    return f'<table:table-cell office:value-type="string">{text}</table:table-cell>'


def _spaced(line):
    """A line whose tabs stay: XML would make spaces of them."""
    return escape(line).replace("\t", "<text:tab/>")


NAMESPACES = " ".join(
    f'xmlns:{prefix}="urn:oasis:names:tc:opendocument:xmlns:{name}:1.0"'
    for prefix, name in [
        ("office", "office"),
        ("style", "style"),
        ("number", "datastyle"),
        ("table", "table"),
        ("text", "text"),
    ]
)
MANIFEST = (
    '<?xml version="1.0" encoding="UTF-8"?>'
    '<manifest:manifest xmlns:manifest="urn:oasis:names:tc:opendocument:xmlns:manifest:1.0" manifest:version="1.2">'
    '<manifest:file-entry manifest:full-path="/" manifest:version="1.2"'
    ' manifest:media-type="application/vnd.oasis.opendocument.spreadsheet"/>'
    '<manifest:file-entry manifest:full-path="content.xml" manifest:media-type="text/xml"/>'
    "</manifest:manifest>"
)
BEFORE = (
    '<?xml version="1.0" encoding="UTF-8"?>'
    f'<office:document-content {NAMESPACES} office:version="1.2">'
    '<office:automatic-styles><number:date-style style:name="date">'
    '<number:day number:style="long"/><number:text>/</number:text><number:month number:style="long"/>'
    '<number:text>/</number:text><number:year number:style="long"/></number:date-style>'
    '<style:style style:name="day" style:family="table-cell" style:data-style-name="date"/>'
    "</office:automatic-styles>"
    "<office:body><office:spreadsheet><table:table table:name={title}>"
    '<table:table-column table:number-columns-repeated="{columns}"/><table:table-header-rows>'
)
AFTER = b"</table:table></office:spreadsheet></office:body></office:document-content>"
