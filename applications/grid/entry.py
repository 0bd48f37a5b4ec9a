"""The grid as one types it: every cell keeps what was typed in it, right or wrong, until it is saved or erased."""

from dataclasses import dataclass, field
from decimal import Decimal

from django import forms

from applications.grid.rows import FIRST, LABEL, LAST, MAX_ROWS, MAX_YEARS, SHAPES, rows_of, years_of
from calls.money import SPACES, AmountField, grouped

PREFIX = "rows"
ADD_ROW, ADD_YEAR, ARRANGE = "add_row", "add_year", "arrange"  # buttons that save nothing
AMOUNT = AmountField(required=False)
TEXT = forms.CharField(max_length=LABEL, required=False)
CUT = (
    "Le tableau n’est pas arrivé en entier : rien n’est enregistré, et les lignes enregistrées sont ci-dessous."
    " Reprenez votre saisie, puis enregistrez."
)
NOTHING = "Cette ligne n’a aucun montant : écrivez-en un, 0 au besoin, ou supprimez-la."
BLANK = 3  # rows offered on an empty page
SHOWN = 3  # years offered at least


@dataclass
class Typed:
    """A row as it is typed: texts by head, and by year; what was wrong is said by head, by year, or of the whole."""

    said: dict = field(default_factory=dict)
    amounts: dict = field(default_factory=dict)
    payments: dict = field(default_factory=dict)
    deleted: bool = False
    place: int = 0  # its row in the sheet that it comes from
    errors: dict = field(default_factory=dict)
    total: Decimal = Decimal(0)  # of the amounts that are right, and of the payments
    total_paid: Decimal = Decimal(0)

    @property
    def key(self):
        """What it says, to see whether another one says the same."""
        texts = [*self.amounts.items(), *self.payments.items()]
        return (*self.said.values(), *((year, SPACES.sub("", text)) for year, text in texts if text.strip()))

    @property
    def is_blank(self):
        return not any(
            str(text).strip()
            for text in (*self.said.values(), *self.amounts.values(), *self.payments.values())
            if text is not False
        )


@dataclass
class Control:
    """One input of the grid, as the page draws it."""

    name: str
    label: str
    value: object
    error: str = ""
    head: object = None
    year: int = 0

    @property
    def id(self):
        return f"id_{self.name}"


class Grid:
    """Rows as they are typed, on years that are chosen; `check` says what is wrong and makes the lines to keep."""

    row_name = "ligne"

    def __init__(self, kind, years, rows, *, with_payments=False, first_year="", year_count=""):
        self.kind, self.shape, self.rows = kind, SHAPES[kind], rows
        self.years = sorted(set(years))
        self.with_payments = self.shape.has_payments and with_payments
        self.first_year = first_year or str(self.years[0])
        self.year_count = year_count or str(len(self.years))
        self.errors, self.notes, self.lines = (
            [],
            [],
            [],
        )  # of the whole; what is worth saying; what is to be kept

    def check(self):
        """Whether every cell can be kept; the lines are then in `lines`."""
        self.lines = []
        for number, row in enumerate(self._standing(), start=1):
            row.errors = {}
            self.lines += [{"row": number} | line for line in self._lines_of(row)]
        if len(self._standing()) > MAX_ROWS:
            self.errors.append(f"Un tableau a {MAX_ROWS} lignes au plus.")
        return not self.errors and not any(row.errors for row in self.rows)

    def silence(self):
        """Say nothing yet of what is wrong in the cells: a button was pressed that saves nothing."""
        for row in self.rows:
            row.errors = {}

    def _standing(self):
        return [row for row in self.rows if not row.deleted and not row.is_blank]

    def _lines_of(self, row):
        said = {head.name: self._said(row, head) for head in self.shape.heads}
        amounts = self._amounts(row, row.amounts, "")
        payments = self._amounts(row, row.payments, "-cp") if self.with_payments else {}
        if not amounts and not payments and not row.errors:
            row.errors["row"] = NOTHING
        zero = Decimal(0)
        row.total = sum(amounts.values(), zero)
        row.total_paid = sum(payments.values(), zero) if payments else row.total
        return [
            {"year": year, **said, "amount": amounts.get(year, zero)}
            | ({"payment": payments.get(year, zero) if payments else None} if self.shape.has_payments else {})
            for year in sorted({*amounts, *payments})
        ]

    def _said(self, row, head):
        value = row.said.get(head.name, "")
        if head.is_flag:
            return bool(value)
        if not head.choices:
            return self._clean(row, head.name, TEXT, value)
        if value not in dict(head.choices) and (value or head.refusal):
            row.errors[head.name] = head.refusal or "Choisissez dans la liste."
        return value

    def _amounts(self, row, texts, mark):
        kept = {}
        for year, text in texts.items():
            value = self._clean(row, f"{year}{mark}", AMOUNT, text)
            if value is not None:
                kept[year] = value
        return kept

    def _clean(self, row, name, of, text):
        try:
            return of.clean(text)
        except forms.ValidationError as refusal:
            row.errors[name] = refusal.messages[0]
            return None

    # What the page draws

    @property
    def span(self):
        """The columns before those of the years."""
        return 1 + len(self.shape.heads) + self.with_payments

    @property
    def drawn(self):
        """Each row as the page draws it: its number, its heads, its amounts, its payments, its ends."""
        return [self._drawn(index, row) for index, row in enumerate(self.rows)]

    def _drawn(self, index, row):
        line = f"Ligne {index + 1}"

        def control(name, label, value, **more):
            return Control(
                f"{PREFIX}-{index}-{name}", f"{line}, {label}", value, row.errors.get(name, ""), **more
            )

        return {
            "number": index + 1,
            "name": f"{PREFIX}-{index}",
            "error": row.errors.get("row", ""),
            "deleted": row.deleted,
            "total": grouped(row.total),
            "total_paid": grouped(row.total_paid),
            "heads": [
                control(head.name, head.label, row.said.get(head.name, ""), head=head)
                for head in self.shape.heads
            ],
            "amounts": [
                control(
                    f"{year}",
                    f"{year}, AE" if self.with_payments else f"{year}",
                    row.amounts.get(year, ""),
                    year=year,
                )
                for year in self.years
            ],
            "payments": [
                control(f"{year}-cp", f"{year}, CP", row.payments.get(year, ""), year=year)
                for year in self.years
            ],
        }

    def problems(self):
        """What is wrong, as `components/form_errors.html` lists it: the input to go to, its name, what is told."""
        yield from ({"target": "", "label": "", "message": message} for message in self.errors)
        for index, row in enumerate(self.rows):
            for name, message in row.errors.items():
                yield {
                    "target": f"{PREFIX}-{index}" if name == "row" else f"id_{PREFIX}-{index}-{name}",
                    "label": f"Ligne {index + 1}{self._where(name)}",
                    "message": message,
                }

    @property
    def told(self):
        """What is wrong, by the name of the input; that of a row of the whole, by the name of the row."""
        told = {
            f"{PREFIX}-{index}" if name == "row" else f"{PREFIX}-{index}-{name}": message
            for index, row in enumerate(self.rows)
            for name, message in row.errors.items()
        }
        return told | ({PREFIX: " ".join(self.errors)} if self.errors else {})

    def _where(self, name):
        head = self.shape.head(name)
        return f", {head.label}" if head else "" if name == "row" else f", {name.replace('-cp', ', CP')}"

    # Changes that the page asks for, without saving anything

    def add_row(self):
        if len(self.rows) < MAX_ROWS:
            self.rows.append(Typed())
        else:
            self.errors.append(f"Un tableau a {MAX_ROWS} lignes au plus.")

    def add_year(self):
        if len(self.years) >= MAX_YEARS or self.years[-1] >= LAST:
            self.errors.append(f"Un tableau a {MAX_YEARS} années au plus, jusqu’en {LAST}.")
            return
        self.years.append(self.years[-1] + 1)
        self.year_count = str(len(self.years))

    def arrange(self):
        """Show the years that are asked for; those that bear an amount stay, and it is said."""
        first, count = _whole(self.first_year), _whole(self.year_count)
        if first is None or not FIRST <= first <= LAST:
            self.errors.append(
                f"Première année : écrivez une année entre {FIRST} et {LAST}, en quatre chiffres."
            )
        elif count is None or not 1 <= count <= MAX_YEARS or first + count - 1 > LAST:
            self.errors.append(f"Nombre d’années : écrivez un nombre entre 1 et {MAX_YEARS}.")
        else:
            asked = set(range(first, first + count))
            bearing = {
                year
                for row in self.rows
                for texts in (row.amounts, row.payments)
                for year, text in texts.items()
                if text.strip()
            }
            if left := sorted(bearing - asked):
                self.notes.append(
                    f"Restent affichées, car elles portent un montant : {', '.join(map(str, left))}."
                    " Effacez ces montants pour retirer ces années."
                )
            self.years = sorted(asked | bearing)

    def take(self, years, rows, *, replacing):
        """Put pasted rows in the grid, instead of those there are or after them."""
        kept = [] if replacing else [row for row in self.rows if not row.is_blank]
        taken = sorted({*years, *({} if replacing else self._bearing(kept))}) or self.years
        if len(kept) + len(rows) > MAX_ROWS:
            self.errors.append(f"Un tableau a {MAX_ROWS} lignes au plus : rien n’est repris.")
        elif len(taken) > MAX_YEARS:
            self.errors.append(f"Un tableau a {MAX_YEARS} années au plus : rien n’est repris.")
        else:
            self.rows, self.years = [*kept, *rows], taken
            self.with_payments = self.shape.has_payments and any(row.payments for row in self.rows)
            self.first_year, self.year_count = str(taken[0]), str(len(taken))
            return True
        return False

    def join(self, rows):
        """Add the rows of a colleague that are not already among those of the page."""
        known = {row.key for row in self.rows}
        fresh = [row for row in rows if row.key not in known]
        self.rows = [row for row in self.rows if not row.is_blank] + fresh
        self.years = sorted({*self.years, *self._bearing(fresh)})
        self.with_payments = self.with_payments or any(row.payments for row in fresh)

    @staticmethod
    def _bearing(rows):
        return {
            year for row in rows for texts in (row.amounts, row.payments) for year in texts if texts[year]
        }


def _whole(text):
    text = text.strip()
    return int(text) if text.isdecimal() and len(text) < 5 else None


def of_lines(kind, lines, *, first_year, count=SHOWN):
    """The grid of what is saved, with an empty row to go on; `first_year` is where an empty one begins."""
    rows = rows_of(kind, lines)
    years = years_of(rows) or range(first_year, first_year + count)
    years = [*years, *range(years[-1] + 1, min(years[0] + SHOWN, LAST + 1))]
    return Grid(
        kind,
        years,
        [typed(row) for row in rows] + [Typed() for _ in range(max(1, BLANK - len(rows)))],
        with_payments=any(row.payments for row in rows),
    )


def typed(row):
    """A row that is kept, as one would type it."""
    return Typed(
        dict(row.said),
        {year: grouped(amount) for year, amount in row.amounts.items()},
        {year: grouped(amount) for year, amount in row.payments.items()},
    )


def is_whole_post(data):
    """Whether what was sent says how many rows it has: without, no row is no wish for an empty table."""
    return _whole(data.get(f"{PREFIX}-count", "")) is not None


def of_post(kind, data, *, first_year):
    """The grid as it was sent, whatever was sent: what has no place in a grid is left aside."""
    years = {year for year in map(_whole, data.getlist("year")) if year and FIRST <= year <= LAST}
    years = sorted(years) or range(first_year, first_year + SHOWN)
    count = min(_whole(data.get(f"{PREFIX}-count", "")) or 0, MAX_ROWS + 20)
    shape = SHAPES[kind]
    rows = []
    for index in range(count):
        name = f"{PREFIX}-{index}"
        rows.append(
            Typed(
                {
                    head.name: data.get(f"{name}-{head.name}", "") == "on"
                    if head.is_flag
                    else data.get(f"{name}-{head.name}", "")
                    for head in shape.heads
                },
                {year: data.get(f"{name}-{year}", "") for year in years},
                {year: data.get(f"{name}-{year}-cp", "") for year in years},
                deleted=f"{name}-DELETE" in data,
            )
        )
    return Grid(
        kind,
        years,
        rows,
        with_payments="with_payments" in data,
        first_year=data.get("first_year", "")[:20],
        year_count=data.get("year_count", "")[:20],
    )
