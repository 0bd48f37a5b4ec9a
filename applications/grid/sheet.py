"""The grid as it comes from a spreadsheet: cells of text, pasted or read from a file, with or without headings."""

import csv
import io
import re
import unicodedata
from dataclasses import dataclass, field

from applications.grid.entry import Typed
from applications.grid.rows import FIRST, LABEL, LAST, MAX_ROWS, MAX_YEARS, SHAPES

YEAR = re.compile(r"(\d{4})(?:[.,]0+)?")
CREDIT = "credit"  # the column that tells commitments from payments
NAMES = {
    "source": "source",
    "nature": "nature",
    "precision": "label",
    "libelle": "label",
    "perenne": "recurring",
    "credits": CREDIT,
    "ae/cp": CREDIT,
}
YES = ("oui", "x", "vrai", "1", "true", "on")
NONE = ("-", "–", "—", "-€", "–€")  # what a spreadsheet shows for a zero, or for nothing
SEARCHED = 10  # first rows, where the headings may be
KEPT = "Rien n’est repris, et ce que vous avez collé est gardé."


class Unreadable(ValueError):
    """A sheet of which nothing can be taken; the reason is in French."""


@dataclass
class Found:
    """What a sheet holds: years and rows to check, what was left aside, and what is wrong cell by cell."""

    years: list
    rows: list = field(default_factory=list)
    notes: list = field(default_factory=list)
    problems: list = field(default_factory=list)
    columns: dict = field(default_factory=dict)  # letters by head or year

    def told(self, grid):
        """What is wrong in the cells of the grid that was made of it, by the names of the sheet's own cells."""
        return [
            f"{self.columns.get(name.removesuffix('-cp'), '')}{row.place} : {message}"
            for row in grid.rows
            for name, message in row.errors.items()
            if row.place and name != "row"
        ]


def cells_of(text):
    """The cells of a text copied from a spreadsheet: separated by tabs, or by semicolons where it has no tab.

    Raises:
        Unreadable: with the reason.
    """
    mark = "\t" if "\t" in text else ";"
    text = text.replace("\0", "").replace("\r\n", "\n").replace("\r", "\n")
    try:
        return list(csv.reader(io.StringIO(text), delimiter=mark))
    except csv.Error:
        raise Unreadable("Ce texte n’a pas pu être lu comme un tableau.") from None


def read(kind, cells, *, years, with_payments=False):
    """Rows of cells as rows of a grid.

    Args:
        cells: lists of texts, one per row, the first at row 1 of the sheet.
        years: what the columns of amounts are, where no row gives headings.
        with_payments: whether a column tells commitments from payments, in the same case.

    Raises:
        Unreadable: with the reason; nothing is to be taken.
    """
    shape = SHAPES[kind]
    cells = [[str(cell).strip() for cell in row] for row in cells]
    at = next((place for place, row in enumerate(cells[:SEARCHED]) if _is_heading(row)), None)
    if at is None:
        heads, notes = _assumed(shape, cells, years, with_payments), []
    else:
        heads, notes = _named(shape, cells[at])
    found = Found(
        sorted(head for head in heads.values() if isinstance(head, int)),
        notes=notes,
        columns={str(head): letter(column) for column, head in heads.items()},
    )
    for place, row in enumerate(
        cells[(at or 0) + (at is not None) :], start=(at or 0) + (at is not None) + 1
    ):
        if any(row):
            _take(shape, found, heads, row, place)
    if len(found.rows) > MAX_ROWS:
        raise Unreadable(f"{len(found.rows)} lignes collées : un tableau en a {MAX_ROWS} au plus. {KEPT}")
    if not found.rows:
        raise Unreadable("Aucune ligne de montants n’a été trouvée.")
    return found


def letter(column):
    """The letters of a column counted from zero: 0 is A, 26 is AA."""
    name = ""
    column += 1
    while column:
        column, rest = divmod(column - 1, 26)
        name = chr(65 + rest) + name
    return name


def plain(text):
    """A word to compare: without accents, capitals, or what is between brackets."""
    decomposed = unicodedata.normalize("NFKD", re.sub(r"\(.*?\)", "", text))
    return "".join(each for each in decomposed if not unicodedata.combining(each)).casefold().strip()


def _year(text):
    match = YEAR.fullmatch(text)
    return int(match[1]) if match and FIRST <= int(match[1]) <= LAST else None


def _is_heading(row):
    said = [cell for cell in row if cell]
    return any(plain(cell) in NAMES for cell in said) or (len(said) > 1 and all(map(_year, said)))


def _assumed(shape, cells, years, with_payments):
    heads = [*(head.name for head in shape.heads), *([CREDIT] if with_payments else []), *years]
    width = max((column + 1 for row in cells for column, cell in enumerate(row) if cell), default=0)
    if width > len(heads):
        words = ", ".join(head.label for head in shape.heads)
        raise Unreadable(
            f"{width} colonnes collées, et le tableau en a {len(heads)} ({words}, puis {years[0]} à {years[-1]})."
            f" {KEPT} Ajoutez des années, ou collez aussi la ligne d’en-têtes."
        )
    return dict(enumerate(heads))


def _named(shape, row):
    heads, notes = {}, []
    for column, text in enumerate(row):
        head = _year(text) or NAMES.get(plain(text))
        known = isinstance(head, int) or (head == CREDIT and shape.has_payments) or shape.head(head)
        if known and head in heads.values():
            raise Unreadable(f"La colonne « {text} » est deux fois dans le tableau. {KEPT}")
        if known:
            heads[column] = head
        elif text and not plain(text).startswith("total"):
            notes.append(
                f"La colonne {letter(column)}, « {text[:40]} », n’est pas du tableau : elle n’est pas reprise."
            )
    count = sum(isinstance(head, int) for head in heads.values())
    if count > MAX_YEARS:
        raise Unreadable(f"{count} années collées : un tableau en a {MAX_YEARS} au plus. {KEPT}")
    if not count:
        raise Unreadable(f"Aucune colonne n’a pour titre une année entre {FIRST} et {LAST}. {KEPT}")
    return heads, notes


def _take(shape, found, heads, row, place):
    if plain(next(cell for cell in row if cell)).startswith("total"):
        return
    given = {head: row[column] for column, head in heads.items() if column < len(row)}
    said = {head.name: _said(found, head, given.get(head.name, ""), place) for head in shape.heads}
    amounts = {year: _amount(given.get(year, "")) for year in found.years}
    pays = plain(given.get(CREDIT, "")) in ("cp", "credits de paiement")
    if pays and found.rows and not found.rows[-1].payments and _goes_on(found.rows[-1].said, said):
        found.rows[-1].payments = amounts
    elif pays:
        found.problems.append(
            f"Ligne {place} : ces crédits de paiement ne suivent pas leurs autorisations d’engagement."
        )
        found.rows.append(Typed(said, {}, amounts, place=place))
    elif any(amounts.values()) or any(said.values()):
        found.rows.append(Typed(said, amounts, place=place))


def _goes_on(before, said):
    return said == before or not any(said.values())


def _said(found, head, text, place):
    if head.is_flag:
        return plain(text) in YES
    if not head.choices:
        return text[: 2 * LABEL]
    wanted = plain(text)
    value = next((value for value, label in head.choices if wanted in (plain(label), value)), None)
    if text and value is None:
        words = ", ".join(label for _, label in head.choices)
        found.problems.append(
            f"{found.columns.get(head.name, '')}{place} : « {text[:40]} » n’est pas dans la liste ({words})."
        )
    return value or ""


def _amount(text):
    return "" if re.sub(r"\s", "", text) in NONE else text
