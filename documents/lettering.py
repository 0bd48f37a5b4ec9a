"""Which characters a document can show: those that the project's fonts draw, whatever the machine has."""

import unicodedata
from functools import cache
from pathlib import Path

from fontTools.ttLib import TTFont

FONTS = Path(__file__).parent / "fonts"
LINE_ENDS = dict.fromkeys(map(ord, "\v\x85\u2028\u2029"), "\n")


@cache
def covered():
    """Every character that the project's fonts draw."""
    found = set()
    for path in FONTS.glob("*.ttf"):
        with TTFont(path) as font:
            found |= font.getBestCmap().keys()
    return found


def drawable(text):
    """A text whose characters that no font draws are written as their number, such as « [U+6F22] ».

    A blank box says nothing to anyone, and neither standard allows it.
    """
    text = text.translate(LINE_ENDS)
    unknown = {each for each in set(text) if ord(each) not in covered() and is_seen(each)}
    numbers = {ord(each): f"[U+{ord(each):04X}]" for each in unknown}
    return text.translate(numbers) if numbers else text


def is_seen(character):
    """Whether a character is drawn at all: spaces, marks of format and choices of variant are not."""
    return not (
        character.isspace()
        or unicodedata.category(character) == "Cf"
        or unicodedata.name(character, "").startswith("VARIATION SELECTOR")
    )
