"""The geometry of charts drawn by the server: one SVG template serves the page and, later, the PDF.

Bars lie flat and start at zero. Horizontal lengths are percentages of the drawing, heights are pixels, so that the
text keeps its size on a narrow screen. A chart never stands without its table, which says what it cannot.
"""

import textwrap
from dataclasses import dataclass, field

# Per cent of the width: what a bar takes at most and at least, and what a character of a value takes at 320 pixels.
LONGEST, SHORTEST, CHARACTER = 58, 20, 2.6
LINE, BAR, GAP = 20, 16, 14  # pixels
CHARACTERS, LINES = 38, 2  # of a label, at 320 pixels wide


@dataclass
class Bar:
    lines: list  # of its label: (text, y)
    y: int
    width: str  # in per cent, as SVG wants it
    text: str
    text_x: str
    text_y: int
    is_minimum: bool


@dataclass
class Chart:
    """Bars in the order given; `value` None has no bar, and its text alone."""

    title: str
    rows: list  # of (label, value or None, text, whether the value is a lower bound)
    bars: list = field(init=False)
    height: int = field(init=False)

    def __post_init__(self):
        longest = max((value for _, value, _, _ in self.rows if value), default=0)
        words = max((len(text) for _, _, text, _ in self.rows), default=0)
        room = max(SHORTEST, min(LONGEST, 98 - CHARACTER * words))
        self.bars, y = [], 4
        for label, value, text, is_minimum in self.rows:
            lines = textwrap.wrap(label, CHARACTERS, max_lines=LINES, placeholder="…") or [""]
            width = float(value) / float(longest) * room if value else 0
            top = y + LINE * len(lines)
            self.bars.append(
                Bar(
                    lines=[(line, y + LINE * (number + 1) - 6) for number, line in enumerate(lines)],
                    y=top,
                    width=f"{width:.2f}%",
                    text=text,
                    text_x=f"{width + 1:.2f}%",
                    text_y=top + 13,
                    is_minimum=is_minimum,
                )
            )
            y = top + BAR + GAP
        self.height = y

    @property
    def description(self):
        """What the drawing says, in words."""
        return " ; ".join(f"{label} : {text}" for label, _, text, _ in self.rows)


@dataclass
class Table:
    """The data of one or several charts. Cells are text; the first one of a row names it, and may be a link."""

    caption: str
    columns: list
    rows: list
    note: str = ""
    is_open: bool = False
