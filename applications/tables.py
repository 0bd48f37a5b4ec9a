"""The tables of a dossier: for each kind of section, where its lines are, how they are typed, frozen and read."""

from dataclasses import dataclass
from datetime import date
from decimal import Decimal
from itertools import groupby

from django import forms

from applications.models import (
    ComponentProject,
    FinancingLine,
    Indicator,
    Partner,
    PlannedMilestone,
    SavingsLine,
)
from calls.money import AmountField, euros
from calls.questionnaire.definition import COLUMNS, KINDS
from calls.questionnaire.fields import DayField, NumberField
from calls.questionnaire.types import text_of
from calls.rows import rows_formset
from journal import dates

YEAR = forms.TextInput(attrs={"inputmode": "numeric", "maxlength": 4})


class FinancingLineForm(forms.ModelForm):
    class Meta:
        model = FinancingLine
        fields = ["year", "source", "label", "amount"]
        field_classes = {"amount": AmountField}
        widgets = {"year": YEAR}


class SavingsLineForm(forms.ModelForm):
    class Meta:
        model = SavingsLine
        fields = ["year", "label", "amount", "recurring"]
        field_classes = {"amount": AmountField}
        widgets = {"year": YEAR}


class IndicatorForm(forms.ModelForm):
    class Meta:
        model = Indicator
        fields = ["label", "unit", "baseline", "baseline_year", "target", "target_year", "source"]
        field_classes = {"baseline": NumberField, "target": NumberField}
        widgets = {"baseline_year": YEAR, "target_year": YEAR}


class MilestoneForm(forms.ModelForm):
    class Meta:
        model = PlannedMilestone
        fields = ["label", "due_on", "evidence"]
        field_classes = {"due_on": DayField}


class PartnerForm(forms.ModelForm):
    class Meta:
        model = Partner
        fields = ["organisation", "name", "role", "contribution"]
        field_classes = {"contribution": AmountField}


class ComponentForm(forms.ModelForm):
    class Meta:
        model = ComponentProject
        fields = ["title", "carrier", "grant", "total_cost", "savings"]
        field_classes = {"grant": AmountField, "total_cost": AmountField, "savings": AmountField}


@dataclass(frozen=True)
class Table:
    """One kind of table.

    `frozen` makes of a line the JSON that is kept for ever, `cells` its words, in the order of the columns.
    `totals` are (label, amount) pairs of frozen lines; amounts are strings of euros with two decimals.
    """

    rows: str  # the name of the lines on a dossier
    form: type
    frozen: callable
    cells: callable
    totals: callable = lambda lines: []
    numbers: tuple = ()  # the columns that hold numbers
    help: str = ""
    heads: tuple = ()  # of the table as one reads it, where they are not the columns that one fills in

    @property
    def formset(self):
        return rows_formset(self.form)

    def lines(self, application):
        """The lines of a dossier, frozen."""
        found = getattr(application, self.rows).all()
        return [
            self.frozen(line)
            for line in (found.select_related("organisation") if self.rows == "partners" else found)
        ]


def total(lines, name="amount"):
    return sum((Decimal(line[name]) for line in lines if line.get(name)), Decimal(0))


def money(value):
    """An amount as it is frozen: euros, two decimals; None where it is unknown."""
    return None if value is None else str(value.quantize(Decimal("0.01")))


def number(value):
    return None if value is None else f"{value.normalize():f}"


def _read_money(value):
    return euros(Decimal(value)) if value else ""


def _read_number(value, unit):
    return text_of({"type": "decimal", "unit": unit}, value)


TABLES = {
    "financing": Table(
        "financing_lines",
        FinancingLineForm,
        frozen=lambda line: {
            "year": line.year,
            "source": line.source,
            "source_label": line.get_source_display(),
            "label": line.label,
            "amount": money(line.amount),
        },
        cells=lambda line: [line["year"], line["source_label"], line["label"], _read_money(line["amount"])],
        totals=lambda lines: [
            ("Subvention demandée", total(line for line in lines if line["source"] == "fund")),
            ("Coût total du projet", total(lines)),
        ],
        numbers=("Montant (€)",),
        help="Montants en euros, par exemple 1 234 567,89.",
    ),
    "savings": Table(
        "savings_lines",
        SavingsLineForm,
        frozen=lambda line: {
            "year": line.year,
            "label": line.label,
            "amount": money(line.amount),
            "recurring": line.recurring,
        },
        cells=lambda line: [
            line["year"],
            line["label"],
            _read_money(line["amount"]),
            "oui" if line["recurring"] else "non",
        ],
        totals=lambda lines: [("Économies attendues", total(lines))],
        numbers=("Montant (€)",),
        help="Écrivez 0 si le projet n’attend pas d’économie une année donnée.",
    ),
    "indicators": Table(
        "indicators",
        IndicatorForm,
        frozen=lambda line: {
            "label": line.label,
            "unit": line.unit,
            "baseline": number(line.baseline),
            "baseline_year": line.baseline_year,
            "target": number(line.target),
            "target_year": line.target_year,
            "source": line.source,
        },
        cells=lambda line: [
            line["label"],
            line["unit"],
            _read_number(line["baseline"], line["unit"]) or "à mesurer",
            line["baseline_year"] or "",
            _read_number(line["target"], line["unit"]),
            line["target_year"],
            line["source"],
        ],
        numbers=("Valeur de départ", "Cible"),
        help="Une ligne par indicateur. Les valeurs sont des nombres, par exemple 12,5.",
    ),
    "milestones": Table(
        "milestones",
        MilestoneForm,
        frozen=lambda line: {
            "label": line.label,
            "due_on": line.due_on.isoformat(),
            "evidence": line.evidence,
        },
        cells=lambda line: [
            line["label"],
            dates.day(date.fromisoformat(line["due_on"])),
            line["evidence"],
        ],
    ),
    "partners": Table(
        "partners",
        PartnerForm,
        frozen=lambda line: {
            "organisation": line.organisation.slug if line.organisation else None,
            "organisation_name": line.organisation.name if line.organisation else "",
            "name": line.name,
            "role": line.role,
            "contribution": money(line.contribution),
        },
        cells=lambda line: [
            line["organisation_name"] or line["name"],
            line["role"],
            _read_money(line["contribution"]),
        ],
        totals=lambda lines: [("Apports chiffrés des partenaires", total(lines, "contribution"))],
        numbers=("Apport (€)",),
        help="Choisissez un organisme de l’annuaire ou écrivez son nom.",
        heads=("Organisme", "Rôle", "Apport (€)"),
    ),
    "components": Table(
        "components",
        ComponentForm,
        frozen=lambda line: {
            "title": line.title,
            "carrier": line.carrier,
            "grant": money(line.grant),
            "total_cost": money(line.total_cost),
            "savings": money(line.savings),
        },
        cells=lambda line: [
            line["title"],
            line["carrier"],
            *(_read_money(line[name]) for name in ("grant", "total_cost", "savings")),
        ],
        totals=lambda lines: [
            ("Subventions demandées", total(lines, "grant")),
            ("Coût total des projets composants", total(lines, "total_cost")),
            ("Économies attendues", total(lines, "savings")),
        ],
        numbers=("Subvention demandée (€)", "Coût total (€)", "Économies attendues (€)"),
        help="Une ligne par projet. Les montants en euros s’ajoutent.",
    ),
}


def read(kind, lines):
    """A table of frozen lines as one reads it."""
    table = TABLES[kind]
    heads = table.heads or [label for label, _ in COLUMNS[kind]]
    totals = [f"{label} : {euros(amount)}" for label, amount in table.totals(lines)]
    return as_table(
        KINDS[kind], heads, map(table.cells, lines), totals=" ; ".join(totals), numbers=table.numbers
    )


def as_table(name, heads, rows, *, totals="", numbers=()):
    """A caption, heads and rows, each cell with whether it is a number: what `applications/table_read.html` shows."""
    marks = [head in numbers for head in heads]
    rows = [list(zip(row, marks, strict=True)) for row in rows]
    counted = f"{name} : {len(rows)} ligne{'s' if len(rows) > 1 else ''}"
    return {"caption": totals or counted, "heads": list(zip(heads, marks, strict=True)), "rows": rows}


def by_source(lines):
    """(source, amount in words) pairs of a frozen financing plan."""
    ordered = sorted(lines, key=lambda line: line["source_label"])
    return [
        (source, euros(total(list(group))))
        for source, group in groupby(ordered, key=lambda line: line["source_label"])
    ]
