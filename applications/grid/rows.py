"""The rows of a grid: what each says, and its amounts by year."""

from dataclasses import dataclass, field
from decimal import Decimal

from applications.models import FinancingLine, SavingsLine

FIRST, LAST = 2000, 2100  # years that a line may have
MAX_ROWS, MAX_YEARS = 100, 15
LABEL = 120  # characters


@dataclass(frozen=True)
class Head:
    """One thing that a row says besides its amounts."""

    name: str
    label: str
    choices: tuple = ()  # of (value, label), where it is one of a list
    is_flag: bool = False
    refusal: str = ""  # told where it must be said and is not

    def text(self, value):
        """What a row says, in words."""
        if self.is_flag:
            return "oui" if value else "non"
        return dict(self.choices).get(value, "") if self.choices else value


@dataclass(frozen=True)
class Shape:
    """What the rows of one kind of grid say, and whether they tell payments (CP) from commitments (AE)."""

    heads: tuple
    has_payments: bool = False
    total: str = "Total"

    def head(self, name):
        return next((head for head in self.heads if head.name == name), None)


SHAPES = {
    "financing": Shape(
        (
            Head(
                "source",
                "Source",
                tuple(FinancingLine.Source.choices),
                refusal="Choisissez d’où vient l’argent.",
            ),
            Head("nature", "Nature", tuple(FinancingLine.Nature.choices)),
            Head("label", "Précision"),
        ),
        has_payments=True,
        total="Coût total",
    ),
    "savings": Shape(
        (
            Head("nature", "Nature", tuple(SavingsLine.Nature.choices)),
            Head("label", "Précision"),
            Head("recurring", "Pérenne", is_flag=True),
        ),
        total="Économies",
    ),
}


@dataclass
class Row:
    """What a row says, by the name of the head; its commitments and its payments in euros, by year.

    `payments` is empty where no payment is said: they are then the commitments.
    """

    said: dict
    amounts: dict = field(default_factory=dict)
    payments: dict = field(default_factory=dict)

    @property
    def paid(self):
        return self.payments or self.amounts

    @property
    def total(self):
        return sum(self.amounts.values(), Decimal(0))

    @property
    def total_paid(self):
        return sum(self.paid.values(), Decimal(0))


def rows_of(kind, lines):
    """The rows that frozen lines make, in the order in which they first come.

    Lines of one row number and of one wording are one row. A dossier of before the grid has no numbers: two of its
    lines that would share a cell make two rows.
    """
    heads, found = SHAPES[kind].heads, {}
    for line in lines:
        said = {head.name: line.get(head.name, False if head.is_flag else "") for head in heads}
        alike = found.setdefault((line.get("row", 0), *said.values()), [])
        row = next((row for row in alike if line["year"] not in row.amounts), None)
        if row is None:
            row = Row(said)
            alike.append(row)
        row.amounts[line["year"]] = Decimal(line["amount"])
        if line.get("payment") is not None:
            row.payments[line["year"]] = Decimal(line["payment"])
    rows = [row for alike in found.values() for row in alike]
    for row in rows:
        if row.payments:  # a year whose payment is not said is paid as it is committed
            row.payments = row.amounts | row.payments
    return rows


def years_of(rows):
    """All the years from the first one to the last one that a row names, or those alone if they lie too far apart."""
    years = sorted({year for row in rows for year in (*row.amounts, *row.payments)})
    if years and years[-1] - years[0] < MAX_YEARS:
        return list(range(years[0], years[-1] + 1))
    return years


def by_year(rows, name="amounts"):
    """What the rows add up to, year by year."""
    sums = {}
    for row in rows:
        for year, amount in getattr(row, name).items():
            sums[year] = sums.get(year, Decimal(0)) + amount
    return dict(sorted(sums.items()))


def by_head(kind, rows, name):
    """(words, commitments, payments) for each thing that a head of these rows says, in the order of its choices."""
    head, sums = SHAPES[kind].head(name), {}
    for row in rows:
        amount, paid = sums.get(row.said[name], (Decimal(0), Decimal(0)))
        sums[row.said[name]] = amount + row.total, paid + row.total_paid
    order = [value for value, _ in head.choices]
    ranked = sorted(sums.items(), key=lambda pair: order.index(pair[0]) if pair[0] in order else len(order))
    return [(head.text(value) or "non précisée", *amounts) for value, amounts in ranked]


def uneven(rows):
    """The rows whose payments do not add up to their commitments."""
    return [row for row in rows if row.payments and row.total != row.total_paid]


def named(kind, row):
    """A row in a few words: « partenaire, personnel, Région »."""
    words = [head.text(row.said[head.name]) for head in SHAPES[kind].heads if not head.is_flag]
    return ", ".join(filter(None, words)) or "sans précision"
