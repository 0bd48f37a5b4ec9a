"""The grid as one reads it: on the page of a filed dossier, in its PDF, beside a colleague's."""

from decimal import Decimal

from applications.grid.rows import SHAPES, by_head, by_year, named, rows_of, uneven, years_of
from calls.money import euros, grouped
from calls.questionnaire.definition import KINDS

BAND = 5  # years that a sheet of paper holds


def tables(kind, lines, *, band=None):
    """The grid of frozen lines as tables of text, of at most `band` years each: one table without it.

    Each has a caption, heads and rows of (text, whether it is a number), and `foot`, rows that add up the others.
    """
    rows = rows_of(kind, lines)
    years = years_of(rows)
    bands = [years[at : at + band] for at in range(0, len(years), band)] if band else [years]
    return [_table(kind, rows, each, number, len(bands)) for number, each in enumerate(bands, start=1)]


def _table(kind, rows, years, number, count):
    shape = SHAPES[kind]
    told, last = any(row.payments for row in rows), number == count
    heads = [head.label for head in shape.heads] + ["Crédits"] * told + [str(year) for year in years]
    marks = [False] * (len(shape.heads) + told) + [True] * (len(years) + last)
    span = f", {years[0]}–{years[-1]}" if count > 1 else ""
    sums = [("AE", by_year(rows))] + [("CP", by_year(rows, "paid"))] * told
    return {
        "caption": f"{KINDS[kind]}, en euros{span}",
        "heads": _marked([*heads, *["Total"] * last], marks),
        "rows": [
            _marked([*words, *(_cell(amounts.get(year)) for year in years), *[_cell(total)] * last], marks)
            for row in rows
            for words, amounts, total in _lines(shape, row, told)
        ],
        "foot": [
            (
                f"Total {credit}" if told else "Total",
                len(shape.heads) + told,
                [_cell(amounts.get(year, Decimal(0))) for year in years]
                + [_cell(sum(amounts.values(), Decimal(0)))] * last,
            )
            for credit, amounts in sums
        ],
    }


def _lines(shape, row, told):
    words = [head.text(row.said[head.name]) for head in shape.heads]
    if not told:
        return [(words, row.amounts, row.total)]
    return [([*words, "AE"], row.amounts, row.total), ([*words, "CP"], row.paid, row.total_paid)]


def _marked(texts, marks):
    return list(zip(texts, marks, strict=True))


def _cell(amount):
    return "" if amount is None else grouped(amount)


def sums(kind, lines):
    """(caption, head, rows of (words, amounts in words)) of what a grid adds up to, source by source and so on.

    Where payments are told apart, each row has commitments and payments.
    """
    rows = rows_of(kind, lines)
    told = any(row.payments for row in rows)
    names = ("source", "nature") if kind == "financing" else ("nature",)
    columns = ["Total AE", "Total CP"] if told else ["Total"]
    whole = sum((row.total for row in rows), Decimal(0)), sum((row.total_paid for row in rows), Decimal(0))
    return [
        {
            "anchor": f"{kind}-par-{name}",
            "caption": f"{KINDS[kind]} par {name}",
            "heads": [SHAPES[kind].head(name).label, *columns],
            "rows": [
                [words, *map(euros, (amount, paid)[: len(columns)])]
                for words, amount, paid in by_head(kind, rows, name)
            ],
            "total": [SHAPES[kind].total, *map(euros, whole[: len(columns)])],
        }
        for name in names
        if rows
    ]


def advice(kind, lines):
    """What should be looked at in a grid before filing, in sentences."""
    return [
        f"les crédits de paiement de la ligne « {named(kind, row)} » font {euros(row.total_paid)},"
        f" et ses autorisations d’engagement {euros(row.total)} : ils devraient être égaux."
        for row in uneven(rows_of(kind, lines))
    ]
