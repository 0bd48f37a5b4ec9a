"""The tables of a dossier: for each kind of section, where its lines are, how they are typed, frozen and read."""

from dataclasses import dataclass
from datetime import date
from decimal import Decimal

from django import forms
from django.utils.functional import cached_property

from accounts.models import Organisation
from applications.grid import reading
from applications.grid.sheet import plain
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
from calls.rows import RowsFormSet, rows_formset
from journal import dates

YEAR = forms.TextInput(attrs={"inputmode": "numeric", "maxlength": 4})


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


class Directory(forms.TypedChoiceField):
    """A body of the directory, or none; the directory is read once for all the rows of a table."""

    def __init__(self, bodies, **kwargs):
        self.bodies = {str(body.pk): body for body in bodies}
        choices = [("", "---------"), *((pk, str(body)) for pk, body in self.bodies.items())]
        super().__init__(
            choices=choices,
            coerce=self.bodies.get,
            empty_value=None,
            required=False,
            label="Organisme",
            **kwargs,
        )

    def prepare_value(self, value):
        return str(getattr(value, "pk", value) or "")


def directory():
    """The identifiers of the bodies of the directory by their plain names."""
    return {plain(name): pk for pk, name in Organisation.objects.values_list("pk", "name")}


class PartnerRows(RowsFormSet):
    def get_form_kwargs(self, index):
        return {"bodies": self.bodies}

    @cached_property
    def bodies(self):
        return list(Organisation.objects.all())


class PartnerForm(forms.ModelForm):
    def __init__(self, *args, bodies=(), **kwargs):
        super().__init__(*args, **kwargs)
        self.fields["organisation"] = Directory(bodies)

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
    frozen: callable
    cells: callable
    form: type = None  # of one line; none where the lines are typed as a grid
    of: type = None  # the model, where there is no form
    totals: callable = lambda lines: []
    numbers: tuple = ()  # the columns that hold numbers
    help: str = ""
    heads: tuple = ()  # of the table as one reads it, where they are not the columns that one fills in

    @property
    def is_grid(self):
        return self.form is None

    @property
    def model(self):
        return self.of or self.form._meta.model

    @property
    def formset(self):
        return rows_formset(self.form, formset=PartnerRows if self.rows == "partners" else RowsFormSet)

    def typed(self, lines):
        """Lines that are not saved, as they would be frozen."""
        unsaid = {
            field.name: field.db_default
            for field in self.model._meta.concrete_fields
            if field.has_db_default()
        }
        return [self.frozen(self.model(**(unsaid | line))) for line in lines]

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
        of=FinancingLine,
        frozen=lambda line: {
            "row": line.row,
            "year": line.year,
            "source": line.source,
            "source_label": line.get_source_display(),
            "nature": line.nature,
            "nature_label": line.get_nature_display(),
            "label": line.label,
            "amount": money(line.amount),
            "payment": money(line.payment),
        },
        cells=lambda line: [
            line["source_label"],
            line.get("nature_label", ""),
            line["label"],
            line["year"],
            _read_money(line["amount"]),
            _read_money(line.get("payment")),
        ],
        totals=lambda lines: [
            ("Subvention demandée", total(line for line in lines if line["source"] == "fund")),
            ("Coût total du projet", total(lines)),
        ],
        numbers=("AE (€)", "CP (€)"),
        help="Une ligne par dépense et par source, une colonne par année. Les montants sont en euros : 1 234 567,89,"
        " 850 k€ ou 1,2 M€. Une case vide n’est pas une ligne.",
    ),
    "savings": Table(
        "savings_lines",
        of=SavingsLine,
        frozen=lambda line: {
            "row": line.row,
            "year": line.year,
            "nature": line.nature,
            "nature_label": line.get_nature_display(),
            "label": line.label,
            "amount": money(line.amount),
            "recurring": line.recurring,
        },
        cells=lambda line: [
            line.get("nature_label", ""),
            line["label"],
            "oui" if line["recurring"] else "non",
            line["year"],
            _read_money(line["amount"]),
        ],
        totals=lambda lines: [("Économies attendues", total(lines))],
        numbers=("Montant (€)",),
        help="Une ligne par économie, une colonne par année. Écrivez 0 l’année où le projet n’en attend pas."
        " Cochez « pérenne » si l’économie se répète ensuite chaque année.",
    ),
    "indicators": Table(
        "indicators",
        form=IndicatorForm,
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
        form=MilestoneForm,
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
        form=PartnerForm,
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
        form=ComponentForm,
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
    return reading.tables(kind, lines)[0] if TABLES[kind].is_grid else line_by_line(kind, lines)


def line_by_line(kind, lines):
    """The same with a row for each line, a grid's too: so that two tables compare whatever years they have."""
    table = TABLES[kind]
    heads = table.heads or [label for label, _ in COLUMNS[kind]]
    totals = [f"{label} : {euros(amount)}" for label, amount in table.totals(lines)]
    return as_table(
        KINDS[kind], heads, map(table.cells, lines), totals=" ; ".join(totals), numbers=table.numbers
    )


def printed(kind, lines):
    """The same for a sheet of paper, which holds few years: one table or more."""
    return reading.tables(kind, lines, band=reading.BAND) if TABLES[kind].is_grid else [read(kind, lines)]


def sums(kind, lines):
    """What a grid adds up to, as tables of text; nothing for the other tables."""
    return reading.sums(kind, lines) if TABLES[kind].is_grid else []


def advice(kind, lines, others):
    """What should be looked at in the lines of a table, beside those of the `others` by kind."""
    if TABLES[kind].is_grid:
        return reading.advice(kind, lines)
    if kind == "components" and lines:
        return _apart(lines, others)
    return []


def _apart(components, others):
    """Where component projects do not add up to the dossier that holds them."""
    financing, savings = others.get("financing"), others.get("savings")
    pairs = []
    if financing:
        asked = total(line for line in financing if line["source"] == "fund")
        pairs += [("grant", "les subventions", asked, "la subvention demandée au plan de financement")]
        pairs += [("total_cost", "les coûts", total(financing), "le coût total du plan de financement")]
    if savings:
        pairs += [("savings", "les économies", total(savings), "les économies attendues du dossier")]
    return [
        f"{what} des projets composants font {euros(total(components, name))}, et {whole} {euros(amount)}."
        for name, what, amount, whole in pairs
        if total(components, name) != amount
    ]


def as_table(name, heads, rows, *, totals="", numbers=()):
    """A caption, heads and rows, each cell with whether it is a number: what `applications/table_read.html` shows."""
    marks = [head in numbers for head in heads]
    rows = [list(zip(row, marks, strict=True)) for row in rows]
    counted = f"{name} : {len(rows)} ligne{'s' if len(rows) > 1 else ''}"
    return {
        "caption": totals or counted,
        "heads": list(zip(heads, marks, strict=True)),
        "rows": rows,
        "foot": [],
    }
