"""The geometry of what is drawn of a dossier: money year by year, milestones along time.

One SVG serves the page and the PDF. A drawing never stands without its table, which says what it cannot.
"""

from dataclasses import dataclass
from datetime import date
from decimal import Decimal

from applications.grid.rows import by_year, rows_of
from calls.money import euros, short_euros
from journal import dates

WIDTH, HEIGHT = 640, 240
LEFT, RIGHT, TOP, FOOT = 8, 8, 24, 34  # room around the bars
NARROWEST = 44  # pixels that a year takes at least


@dataclass(frozen=True)
class Bar:
    series: str  # cost or savings
    x: float
    y: float
    width: float
    height: float


@dataclass(frozen=True)
class YearsChart:
    """Costs and savings side by side, year after year, with the data that are drawn."""

    title: str
    width: int
    height: int
    base: int
    bars: list
    labels: list  # of (x, year)
    values: list  # of (x, y, amount at a glance)
    rows: list  # of (year, cost in words, savings in words)

    @property
    def description(self):
        return " ; ".join(f"{year} : coûts {cost}, économies {savings}" for year, cost, savings in self.rows)


def years_chart(financing, savings):
    """The chart of frozen lines; nothing where neither says an amount."""
    costs, saved = by_year(rows_of("financing", financing)), by_year(rows_of("savings", savings))
    years = sorted({*costs, *saved})
    largest = max([*costs.values(), *saved.values()], default=Decimal(0))
    if not years or not largest:
        return None
    step = max(NARROWEST, (WIDTH - LEFT - RIGHT) / len(years))
    width, base = round(LEFT + RIGHT + step * len(years)), HEIGHT - FOOT
    bars, labels, values = [], [], []
    thick = min(48, step * 0.36)
    for place, year in enumerate(years):
        middle = LEFT + step * (place + 0.5)
        labels.append((round(middle, 1), year))
        for series, amounts, x in (("cost", costs, middle - thick - 1), ("savings", saved, middle + 1)):
            if amount := amounts.get(year):
                height = float(amount / largest) * (base - TOP)
                bars.append(
                    Bar(series, round(x, 1), round(base - height, 1), round(thick, 1), round(height, 1))
                )
                if step > 2.4 * NARROWEST:
                    values.append((round(x + thick / 2, 1), round(base - height - 5, 1), short_euros(amount)))
    rows = [(str(year), *(euros(each.get(year, Decimal(0))) for each in (costs, saved))) for year in years]
    return YearsChart("Coûts et économies par année", width, HEIGHT, base, bars, labels, values, rows)


@dataclass(frozen=True)
class Milestone:
    number: int
    x: float
    y: int
    label: str
    day: str


@dataclass(frozen=True)
class TimeLine:
    """Milestones along the years: each a number on the line, that the table explains."""

    title: str
    width: int
    height: int
    axis: int
    milestones: list
    years: list  # of (x, year), where each begins

    @property
    def description(self):
        return " ; ".join(f"{each.number}. {each.label}, {each.day}" for each in self.milestones)


APART = 24  # pixels between two marks, else the second one rises


def time_line(lines):
    """The time line of frozen milestones; nothing without one."""
    days = sorted((date.fromisoformat(line["due_on"]), line["label"]) for line in lines)
    if not days:
        return None
    first, last = date(days[0][0].year, 1, 1), date(days[-1][0].year + 1, 1, 1)
    scale = (WIDTH - 2 * APART) / (last - first).days
    floors, marks = [], []
    for number, (day, label) in enumerate(days, start=1):
        x = APART + (day - first).days * scale
        floor = next((at for at, taken in enumerate(floors) if x - taken >= APART), len(floors))
        floors[floor : floor + 1] = [x]
        marks.append((number, x, floor, label, dates.day(day)))
    axis = 20 + APART * len(floors)
    span = last.year - first.year
    every = max(1, round(span * 44 / WIDTH))
    return TimeLine(
        "Les jalons dans le temps",
        WIDTH,
        axis + 28,
        axis,
        [
            Milestone(number, round(x, 1), axis - APART * (floor + 1) + 4, label, day)
            for number, x, floor, label, day in marks
        ],
        [
            (round(APART + (date(year, 1, 1) - first).days * scale, 1), year)
            for year in range(first.year, last.year + 1, every)
        ],
    )
