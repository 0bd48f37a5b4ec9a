"""The same table as CSV, JSON and XLSX, row by row: a hundred thousand rows must not stand in memory together.

The same rows always give the same bytes, so that a checksum means something.
"""

import csv
import json
import tempfile
from datetime import UTC, datetime
from decimal import Decimal
from itertools import islice

import xlsxwriter
from ninja.responses import NinjaJSONEncoder

from fondsportal.front.open_data.table_schema import cell

# To raise whenever the same rows would give other bytes than before: the ETag and the SHA-256 follow it.
FORMAT = 2
CONTENT_TYPES = {
    "csv": "text/csv; charset=utf-8",
    "json": "application/json; charset=utf-8",
    "xlsx": "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet",
}
# A spreadsheet reads such a text as a formula, whoever wrote it in a form.
DANGEROUS = ("=", "+", "-", "@", "\t", "\r")
BLOCK = 64 * 1024
ROWS_AT_A_TIME = 500
WHEN = datetime(2018, 1, 1, tzinfo=UTC).replace(tzinfo=None)  # of every workbook: its date is not data


class Line:
    """What csv writes to: keeps nothing, gives the line back."""

    def write(self, text):
        return text


def defused(value):
    """A cell that no spreadsheet runs: an apostrophe before a text that would begin a formula."""
    text = cell(value)
    is_text = not isinstance(value, int | float | Decimal)
    return f"'{text}" if is_text and text.startswith(DANGEROUS) else text


def as_csv(names, records):
    """Lines of RFC 4180 in UTF-8, several at a time."""
    writer = csv.writer(Line())
    yield writer.writerow(names).encode()
    lines = (writer.writerow([defused(record[name]) for name in names]) for record in records)
    while block := "".join(islice(lines, ROWS_AT_A_TIME)):
        yield block.encode()


def as_json(names, records):
    """One array, one record per line."""
    lines = (
        json.dumps({name: plain(record[name]) for name in names}, cls=NinjaJSONEncoder, ensure_ascii=False)
        for record in records
    )
    before = "[\n"
    while block := list(islice(lines, ROWS_AT_A_TIME)):
        yield (before + ",\n".join(block)).encode()
        before = ",\n"
    yield b"\n]\n" if before == ",\n" else b"[]\n"


def plain(value):
    """JSON has numbers, not decimals; two places of at most 999 999 999 999 fit in one exactly enough."""
    return float(value) if isinstance(value, Decimal) else value


def as_xlsx(names, records):
    """A workbook written to a file that vanishes once read; texts stay texts, numbers are numbers."""
    with tempfile.TemporaryFile() as file:
        write_workbook(file, names, records)
        file.seek(0)
        while block := file.read(BLOCK):
            yield block


def write_workbook(file, names, records):
    workbook = xlsxwriter.Workbook(file, {"constant_memory": True, "in_memory": False})
    workbook.set_properties({"created": WHEN})
    bold = workbook.add_format({"bold": True})
    sheet = workbook.add_worksheet("Données")
    sheet.freeze_panes(1, 1)
    sheet.set_column(0, len(names) - 1, 22)
    for column, name in enumerate(names):
        sheet.write_string(0, column, name, bold)
    for row, record in enumerate(records, start=1):
        for column, name in enumerate(names):
            value = record[name]
            if isinstance(value, int | float | Decimal) and not isinstance(value, bool):
                sheet.write_number(row, column, value)
            elif value not in (None, "", []):
                sheet.write_string(row, column, cell(value))
    workbook.close()


WRITERS = {"csv": as_csv, "json": as_json, "xlsx": as_xlsx}
