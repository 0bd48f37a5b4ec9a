"""Read the first visible sheet of a workbook; `applications.workbooks` runs this module as a program.

It limits itself before it opens anything and knows nothing of Django. The workbook comes on its standard input and is
read as a stream: a merge over a million cells, or a sheet that says it is larger than it is, costs nothing. It answers
in JSON what it found, or that the workbook is "heavy", "unreadable" or "large".
"""

import io
import json
import sys
import zipfile
from datetime import date, datetime
from decimal import Decimal, InvalidOperation
from itertools import count
from xml.etree.ElementTree import iterparse

import openpyxl

from documents.limits import limit

CPU_SECONDS = 5
MEMORY_BYTES = 256 * 1024 * 1024
MOST_EXPANDED = 8_000_000  # bytes that a workbook may grow to
MOST_ROWS, MOST_COLUMNS = 400, 40
HOW_TO = "Mode d’emploi"


def read(data):
    """What a workbook holds, as JSON takes it."""
    with zipfile.ZipFile(io.BytesIO(data)) as archive:
        if sum(item.file_size for item in archive.infolist()) > MOST_EXPANDED:
            return {"refused": "heavy"}
    book = opened(data, data_only=True)
    sheets = [sheet for sheet in book.worksheets if sheet.sheet_state == "visible" and sheet.title != HOW_TO]
    found = {
        "hidden": [sheet.title for sheet in book.worksheets if sheet.sheet_state != "visible"],
        "sheets": [sheet.title for sheet in sheets],
    }
    return found | cells(sheets[0], opened(data)[sheets[0].title]) if sheets else found


def opened(data, **options):
    return openpyxl.load_workbook(io.BytesIO(data), read_only=True, keep_links=False, **options)


def cells(sheet, source):
    """The texts of a sheet, row by row, and what is odd in it; `source` is the same sheet with its formulas."""
    masked, unseen = hidden(sheet)
    found = {"rows": [], "columns_hidden": sorted(masked), "rows_hidden": sorted(unseen)}
    found |= {"computed": 0, "without_value": [], "errors": []}
    for each in (sheet, source):
        each.reset_dimensions()  # said by the file, and wrong as it pleases
    for at, (line, written) in enumerate(zip(sheet.iter_rows(), source.iter_rows(), strict=True), start=1):
        if at > MOST_ROWS or len(line) > MOST_COLUMNS:
            return {"refused": "large"}
        row = []
        for column, (cell, formula) in enumerate(zip(line, written, strict=True), start=1):
            if at in unseen or column in masked:
                row.append("")
                continue
            if formula.data_type == "f":
                found["computed"] += 1
                if cell.value is None:
                    found["without_value"].append(cell.coordinate)
            if cell.data_type == "e":
                found["errors"].append((cell.coordinate, str(cell.value)))
            row.append("" if cell.data_type == "e" else text(cell.value))
        found["rows"].append(row)
    widest = max(map(len, found["rows"]), default=0)
    found["rows"] = [row + [""] * (widest - len(row)) for row in found["rows"]]
    return found


def hidden(sheet):
    """The numbers of the columns and rows that one does not see, which openpyxl leaves out when it streams."""
    columns, rows, following = set(), set(), count(1)
    with sheet.parent._archive.open(sheet._worksheet_path) as source:
        for _, element in iterparse(source):  # noqa: S314 - in a limited process
            name, told = element.tag.rpartition("}")[2], element.attrib
            if name == "col" and is_true(told.get("hidden")):
                columns |= set(range(int(told["min"]), min(int(told["max"]), MOST_COLUMNS) + 1))
            elif name == "row":
                number = int(told.get("r") or next(following))
                if number > MOST_ROWS:
                    break
                following = count(number + 1)
                if is_true(told.get("hidden")):
                    rows.add(number)
            if name != "c":
                element.clear()
    return columns, rows


def is_true(value):
    return value in ("1", "true")


def text(value):
    """A value as one would type it: numbers to four decimals, days as 2027-06-30."""
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


def main():
    limit(cpu_seconds=CPU_SECONDS, memory_bytes=MEMORY_BYTES)
    try:
        found = read(sys.stdin.buffer.read())
    except Exception:
        # The library chokes on broken or hostile files in many ways: each is a reason to refuse.
        found = {"refused": "unreadable"}
    print(json.dumps(found))


if __name__ == "__main__":
    main()
