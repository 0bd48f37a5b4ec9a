"""The charts of a press kit: laureates by ministry and by theme, and the grant of each."""

from collections import Counter
from dataclasses import dataclass

from calls.money import grouped
from selection.charts import Chart, Table
from selection.figures import tally_of
from selection.models import Laureate

UNKNOWN = "non communiqué"
MOST_BARS = 12  # so that a chart stays on one page


@dataclass(frozen=True)
class Drawing:
    """A chart with its data; `key` names its file and its place on a page."""

    key: str
    chart: Chart
    table: Table

    @property
    def charts(self):
        return [self.chart]


def drawings(laureates):
    """The charts that say something of these laureates: none of a theme or of an amount that nobody knows."""
    themes = [[theme.label for theme in each.themes.all()] for each in laureates]
    made = [
        _counted("ministere", "ministère", [[each.ministry] for each in laureates], laureates),
        _counted("theme", "thème", themes, laureates) if any(themes) else None,
        _granted(laureates),
    ]
    return [each for each in made if each]


def _counted(key, word, labels, laureates):
    """How many laureates each label has, the most first; the one without a label comes last."""
    counts, sums = Counter(), {}
    for laureate, found in zip(laureates, labels, strict=True):
        for label in found or [""]:
            counts[label] += 1
            sums.setdefault(label, []).append(laureate)
    ordered = sorted(counts, key=lambda label: (label == "", -counts[label], label))
    rows = [(label or UNKNOWN, counts[label], grouped(counts[label]), False) for label in ordered]
    title = f"Nombre de lauréats par {word}"
    table = Table(
        caption=title,
        columns=[word.capitalize(), "Lauréats", "Subventions connues"],
        rows=[
            [label or UNKNOWN, grouped(counts[label]), tally_of(sums[label]).granted_text]
            for label in ordered
        ],
        is_open=True,
        note=_note(rows, "Un projet qui a plusieurs thèmes compte dans chacun." if key == "theme" else ""),
    )
    return Drawing(key, Chart(title, rows[:MOST_BARS]), table) if laureates else None


def _granted(laureates):
    """The grant of each, the largest first."""
    ordered = sorted(laureates, key=lambda each: (each.amount is None, -(each.amount or 0), each.name))
    rows = [
        (each.name, each.amount, each.amount_text, each.amount_qualifier == Laureate.Qualifier.MORE_THAN)
        for each in ordered
    ]
    title = "Subvention de chaque projet"
    table = Table(
        caption=title,
        columns=["Projet", "Subvention"],
        rows=[[label, text] for label, _, text, _ in rows],
        is_open=True,
        note=_note(rows),
    )
    return Drawing("montant", Chart(title, rows[:MOST_BARS]), table) if any(row[1] for row in rows) else None


def _note(rows, note=""):
    if len(rows) <= MOST_BARS:
        return note
    return (
        f"Le graphique montre les {MOST_BARS} premières lignes ; le tableau les donne toutes. {note}".strip()
    )
