"""An annex as its page tells it: names for keys, sentences for changes, the drawing of rank intervals."""

from dataclasses import dataclass
from decimal import Decimal

from django.utils.text import Truncator

from calls.models import Call, Criterion
from selection.models import AgendaItem, CommitteeSeat

SHOWN = 12  # changes of a score told; the others are counted
LABEL = 38  # characters of a label in the drawing, at 320 pixels
LINE, MARK, GAP = 20, 14, 10  # pixels
LEFT, ROOM = 3, 94  # per cent of the width: the first rank, and from it to the last


@dataclass
class Row:
    """A project: what `annex` says of it, and its item."""

    item: AgendaItem
    told: dict

    @property
    def shift(self):
        """How many ranks the correction moves it."""
        if self.told["rank"] == self.told["raw_rank"]:
            return "inchangé"
        gained = self.told["raw_rank"] - self.told["rank"]
        return f"{signed(gained, 0)} rang{'s' if abs(gained) > 1 else ''}"

    @property
    def chance(self):
        return f"{self.told['chance'] * 100:.0f}\u00a0%"


@dataclass
class Member:
    seat: CommitteeSeat
    cards: int
    effect: str
    reading: str
    by_criterion: list


@dataclass
class Part:
    """What is told of one call."""

    call: Call
    too_few: str
    criteria: list = ()
    rows: list = ()  # by raw rank
    unscored: list = ()
    members: list = ()
    weight_flips: list = ()
    score_flips: list = ()
    more_flips: int = 0
    facts: list = ()
    linked: bool = True
    unknown: int = 0
    drawing: "Drawing | None" = None

    @property
    def to_discuss(self):
        return [row for row in self.rows if row.told["to_discuss"]]


@dataclass
class Mark:
    """A project of the drawing: its label, its interval, its two ranks; per cents of the width, then pixels."""

    label: str
    label_y: int
    y: int
    low: str
    high: str
    raw: str
    corrected: str
    to_discuss: bool


@dataclass
class Drawing:
    marks: list
    height: int
    last: int
    description: str


def told(result, session):
    """The parts of an annex, in six queries however many projects it has."""
    items = {
        item.pk: item
        for item in session.items.select_related(
            "session", "case__application__organisation", "case__application__call"
        )
    }
    seats = {seat.pk: seat for seat in session.committee.seats.select_related("user")}
    calls = Call.objects.in_bulk([part["call"] for part in result["calls"]])
    keys = [key for part in result["calls"] for key, _ in part["weights"]]
    criteria = Criterion.objects.in_bulk(keys)
    return [_part(part, calls, criteria, items, seats) for part in result["calls"]]


def _part(part, calls, criteria, items, seats):
    call = calls[part["call"]]
    if part["too_few"]:
        return Part(call, part["too_few"])
    scored = [each for each in part["projects"] if each["raw"] is not None]
    rows = [Row(items[each["item"]], each) for each in sorted(scored, key=lambda each: each["raw_rank"])]
    names = {pk: f"«\u00a0{item.case.title}\u00a0»" for pk, item in items.items()}
    return Part(
        call=call,
        too_few="",
        criteria=[criteria[key] for key, _ in part["weights"]],
        rows=rows,
        unscored=[items[each["item"]] for each in part["projects"] if each["raw"] is None],
        members=[_member(each, seats) for each in part["members"]],
        weight_flips=[_weight_flip(flip, criteria, names) for flip in part["weight_flips"]],
        score_flips=_score_flips(part["score_flips"][:SHOWN], criteria, names, seats),
        more_flips=max(part["score_flip_count"] - SHOWN, 0),
        facts=[
            ("Écart-type entre dossiers", points(part["spread"])),
            ("Écart-type des sévérités", points(part["severity"])),
            ("Aléa d’une note de membre", points(part["noise"])),
        ],
        linked=part["linked"],
        unknown=part["unknown"],
        drawing=_drawing(rows),
    )


def _member(told, seats):
    effect = round(told["effect"], 2)
    reading = "comme les autres" if not effect else "note plus haut" if effect > 0 else "note plus bas"
    return Member(
        seats[told["seat"]],
        told["cards"],
        signed(effect),
        reading,
        [signed(each) for each in told["by_criterion"]],
    )


def _weight_flip(flip, criteria, names):
    return (
        f"Si «\u00a0{criteria[flip['criterion']].label}\u00a0» pesait {flip['after']} au lieu de {flip['before']},"
        f" les autres poids inchangés, {_moves(flip, names)}."
    )


def _score_flips(flips, criteria, names, seats):
    """(what it changes, [on which criteria, from whom]), those that change the same thing together."""
    groups = {}
    for flip in flips:
        change = flip["change"]
        size = f"{abs(change)} point{'s' if abs(change) > 1 else ''} de {'plus' if change > 0 else 'moins'}"
        who = [f"{seats[seat].title} ({before} → {before + change})" for seat, before in flip["members"]]
        whose = f"de {who[0]}" if len(who) == 1 else f"de l’un de ces membres\u00a0: {', '.join(who)}"
        sentence = f"{size} pour {names[flip['item']]}\u00a0: {_moves(flip, names)}"
        places = groups.setdefault(sentence, {})
        places.setdefault(whose, []).append(f"«\u00a0{criteria[flip['criterion']].label}\u00a0»")
    return [
        (sentence, [f"sur {joined(labels, 'ou')}, {whose}" for whose, labels in places.items()])
        for sentence, places in groups.items()
    ]


def _moves(flip, names):
    parts = []
    for keys, verb, where in (
        (flip["enters"], "entrer", " dans la liste retenue"),
        (flip["leaves"], "sortir", " de la liste retenue"),
    ):
        if keys:
            ending = "ait" if len(keys) == 1 else "aient"
            parts.append(f"{joined([names[key] for key in keys])} {verb}{ending}{'' if parts else where}")
    return ", ".join(parts)


def _drawing(rows):
    last = max((row.told["high"] for row in rows), default=1)

    def place(rank):
        return f"{LEFT + ROOM * (rank - 1) / max(last - 1, 1):.2f}%"

    marks, y = [], 2 * LINE
    for row in rows:
        label = f"{row.told['raw_rank']}. {row.item.case.title}"
        marks.append(
            Mark(
                label=Truncator(label).chars(LABEL),
                label_y=y + LINE - 6,
                y=y + LINE + MARK // 2,
                low=place(row.told["low"]),
                high=place(row.told["high"]),
                raw=place(row.told["raw_rank"]),
                corrected=place(row.told["rank"]),
                to_discuss=row.told["to_discuss"],
            )
        )
        y += LINE + MARK + GAP
    description = " ; ".join(
        f"{row.item.case.title} : du rang {row.told['low']} au rang {row.told['high']}" for row in rows
    )
    return Drawing(marks, y, last, description)


def joined(names, last="et"):
    """« A », « A et B », « A, B et C »."""
    return names[0] if len(names) == 1 else f"{', '.join(names[:-1])} {last} {names[-1]}"


def signed(value, digits=2):
    """A number that says its sign, as French writes it; zero has none."""
    text = f"{value:+.{digits}f}".replace(".", ",").replace("-", "−")
    return text[1:] if not round(value, digits) else text


def points(value):
    return f"{value:.2f}".replace(".", ",") + "\u00a0point" + ("s" if value >= 2 else "")


def line_of(result):
    """What the funding line was drawn with, in euros."""
    return Decimal(result["left"])
