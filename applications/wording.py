"""What became of a text, word by word, in bounded time whatever the two texts are."""

import re
from difflib import Match, SequenceMatcher

WORDS = re.compile(r"\S+\s*|\s+")
MOST = 1_000_000  # pairs of equal words looked at: a fraction of a second
SAME, GONE, NEW = "same", "gone", "new"


class Bounded(SequenceMatcher):
    """A matcher that stops looking once it has looked at `MOST` pairs: what it has not matched by then differs.

    difflib alone takes time as the cube of texts that repeat themselves, blank lines for instance.
    """

    def __init__(self, old, new):
        super().__init__(None, old, new, autojunk=False)
        self.left = MOST

    def find_longest_match(self, alo=0, ahi=None, blo=0, bhi=None):
        if self.left > 0:
            self.left -= sum(1 + len(self.b2j.get(self.a[at], ())) for at in range(alo, ahi))
        return super().find_longest_match(alo, ahi, blo, bhi) if self.left > 0 else Match(alo, blo, 0)


def passages(old, new):
    """(whether it is the same, part of old, part of new) of two lists, of lines for instance."""
    start = _shared(old, new)
    end = _shared(old[start:][::-1], new[start:][::-1])
    middle = old[start : len(old) - end], new[start : len(new) - end]
    yield True, old[:start], new[:start]
    for what, i, j, k, m in Bounded(*middle).get_opcodes():
        yield what == "equal", middle[0][i:j], middle[1][k:m]
    yield True, old[len(old) - end :], new[len(new) - end :]


def sides(before, after):
    """Two texts, each as a list of (whether it differs, words)."""
    left, right = [], []
    for what, old, new in _pieces(before, after):
        left.append((what != SAME, old))
        right.append((what != SAME, new))
    return _merged(left), _merged(right)


def compared(before, after):
    """Two texts as one: (SAME | GONE | NEW, words) pairs."""
    pieces = []
    for what, old, new in _pieces(before, after):
        pieces += [(SAME, new)] if what == SAME else [(GONE, old), (NEW, new)]
    return _merged(pieces)


def _pieces(before, after):
    """(SAME or NEW, words of before, words of after): lines first, then words, whatever the spaces between them."""
    for same_lines, old, new in passages(before.splitlines(keepends=True), after.splitlines(keepends=True)):
        if same_lines:
            yield SAME, "".join(old), "".join(new)
            continue
        old, new = ([Word(each) for each in WORDS.findall("".join(side))] for side in (old, new))
        for same, was, now in passages(old, new):
            yield SAME if same else NEW, "".join(was), "".join(now)


class Word(str):
    """A word and the spaces after it, which do not count when it is compared."""

    __slots__ = ("bare",)

    def __init__(self, text):
        self.bare = str(text).strip()

    def __eq__(self, other):
        return self.bare == other.bare

    def __hash__(self):
        return hash(self.bare)


def _shared(one, other):
    """How many items two lists begin with in common."""
    return next(
        (at for at, (a, b) in enumerate(zip(one, other, strict=False)) if a != b), min(len(one), len(other))
    )


def _merged(pieces):
    """The same pieces without the empty ones, neighbours of a kind together."""
    merged = []
    for kind, text in pieces:
        if text and merged and merged[-1][0] == kind:
            merged[-1] = (kind, merged[-1][1] + text)
        elif text:
            merged.append((kind, text))
    return merged
