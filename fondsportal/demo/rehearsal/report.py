"""What a rehearsal shows: its progress stage by stage, then a table."""

import sys
import time
from contextlib import contextmanager
from dataclasses import dataclass
from decimal import Decimal

from calls.money import grouped, short_euros

SPEAK_EVERY = 10  # seconds between two lines about a long stage, where no line can be rewritten


@dataclass
class Stage:
    """One line of the table; what a stage does not measure stays None."""

    label: str
    total: int | None = None
    progress: object = None
    count: int = 0
    amount: Decimal | None = None
    seconds: float = 0
    pages: int | None = None
    size: int | None = None

    def step(self, count=1):
        self.count += count
        self.progress.tell(self)

    def at(self, count):
        self.step(count - self.count)


class Progress:
    """A terminal sees one line being rewritten; a log gets one line per stage, and news of the long ones."""

    def __init__(self, stream=None, *, quiet=False):
        self.stream, self.quiet = stream or sys.stdout, quiet
        self.live = self.stream.isatty()
        self.stages = []
        self.spoke = 0

    @contextmanager
    def stage(self, label, total=None):
        stage = Stage(label, total, self)
        self.stages.append(stage)
        started = self.spoke = time.monotonic()
        yield stage
        stage.seconds = time.monotonic() - started
        self._write(stage, f"{stage.seconds:7.1f} s", last=True)

    def add(self, label, **measures):
        """A line of the table that took no time of its own."""
        self.stages.append(Stage(label, **measures))

    def tell(self, stage):
        now = time.monotonic()
        if now - self.spoke > (0.1 if self.live else SPEAK_EVERY):
            self.spoke = now
            self._write(stage, "")

    def _write(self, stage, end, *, last=False):
        if self.quiet:
            return
        counted = f"{stage.count}/{stage.total}" if stage.total else str(stage.count or "")
        line = f"{stage.label:<42} {counted:>9} {end}".rstrip()
        if self.live:
            self.stream.write(f"\r\x1b[K{line}" + ("\n" if last else ""))
        else:
            self.stream.write(line + "\n")
        self.stream.flush()


def table(stages):
    """The lines of the final table, one per stage, then the totals."""
    head = ("Étape", "Nombre", "Montant", "Secondes", "Pages", "Octets")
    rows = [_row(stage) for stage in stages]
    total = Stage("Total", seconds=sum(stage.seconds for stage in stages))
    total.pages = sum(stage.pages or 0 for stage in stages)
    total.size = sum(stage.size or 0 for stage in stages)
    return aligned([head, *rows, _row(total)], rules=(1, len(rows) + 1))


def _row(stage):
    return (
        stage.label,
        grouped(stage.count) if stage.count else "",
        short_euros(stage.amount) if stage.amount is not None else "",
        f"{stage.seconds:.1f}".replace(".", ","),
        grouped(stage.pages) if stage.pages else "",
        grouped(stage.size) if stage.size else "",
    )


def aligned(rows, *, rules=()):
    """Rows of text as lines: the first column to the left, the others to the right, rules before the given rows."""
    widths = [max(map(len, column)) for column in zip(*rows, strict=True)]
    lines = []
    for position, (first, *others) in enumerate(rows):
        if position in rules:
            lines.append("─" * (sum(widths) + 2 * (len(widths) - 1)))
        cells = [
            f"{first:<{widths[0]}}",
            *(f"{cell:>{width}}" for cell, width in zip(others, widths[1:], strict=True)),
        ]
        lines.append("  ".join(cells).rstrip())
    return lines
