"""Writes invented dossiers: varied sentences, sensible figures, always the same for the same random generator."""

import tomllib
from functools import cache
from pathlib import Path

from calls.money import grouped

PHRASES = Path(__file__).with_name("phrases.toml")
SECTIONS = {
    "projet": ("resume", "description", "calendrier"),
    "qualite": ("usagers", "agents"),
    "strategie": ("coherence", "innovation"),
    "gouvernance": ("pilotage", "equipe", "risques"),
}
MONTHS = [
    "janvier",
    "février",
    "mars",
    "avril",
    "mai",
    "juin",
    "juillet",
    "août",
    "septembre",
    "octobre",
    "novembre",
    "décembre",
]


@cache
def phrases():
    return tomllib.loads(PHRASES.read_text(encoding="utf-8"))


def write_answers(rng, *, subject, solution, first_year, years):
    """The answers of every text section, {section: {question: text}}, for a project that lasts `years` years."""
    words = figures(rng, first_year=first_year, years=years) | {
        "process": subject.process,
        "users": subject.users,
        "agents": subject.agents,
        "items": subject.items,
        "solution": solution.phrase,
        "solution_detail": solution.detail,
    }
    return {
        section: {question: _write(rng, phrases()[question], words) for question in questions}
        for section, questions in SECTIONS.items()
    }


def figures(rng, *, first_year, years):
    """The figures that a dossier quotes, consistent with one another."""
    delay = rng.randrange(30, 180)
    begin, months = rng.randrange(12), years * 12 - rng.choice((0, 3, 6))
    sites = rng.randrange(12, 110)
    satisfaction = rng.randrange(41, 66)
    return {
        "volume": grouped(rng.randrange(12, 900) * 1000),
        "staff": rng.randrange(6, 95) * 10,
        "delay": delay,
        "target": max(7, round(delay * rng.uniform(0.3, 0.6))),
        "start": _month(first_year, begin),
        "end": _month(first_year, begin + months),
        "months": months,
        "m1": months // 4,
        "m2": months // 2,
        "m3": months * 3 // 4,
        "rehearsal": rng.choice((2, 3, 4)),
        "sites": sites,
        "pilots": rng.choice(("deux", "trois", "quatre", "cinq")),
        "entries": rng.choice(("deux", "trois", "quatre")),
        "panel": grouped(rng.randrange(4, 40) * 100),
        "error": rng.randrange(3, 14),
        "rules": rng.randrange(14, 42),
        "share": rng.randrange(45, 80),
        "sat0": satisfaction,
        "sat1": satisfaction + rng.randrange(12, 28),
        "retype": rng.randrange(15, 40),
        "training": rng.choice(("trois", "quatre", "cinq")),
        "reuse": rng.choice(("trois", "quatre", "six")),
        "team": rng.randrange(6, 19),
    }


def _month(year, number):
    """The month that comes `number` months after January of a year."""
    return f"{MONTHS[number % 12]} {year + number // 12}"


def _write(rng, paragraphs, words):
    """Lines that begin with a dash make a list; the others a paragraph."""
    written = []
    for paragraph in paragraphs:
        sentences = [rng.choice(variants).format_map(words) for variants in paragraph]
        joint = "\n" if sentences[0].startswith("- ") else " "
        written.append(joint.join(sentences))
    return "\n\n".join(written)
