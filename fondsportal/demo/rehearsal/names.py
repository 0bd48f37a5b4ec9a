"""The invented bodies and projects of a rehearsal. Every invented carrier says in its name that it is one."""

import tomllib
from dataclasses import dataclass
from pathlib import Path

from accounts.models import Organisation
from fondsportal.demo.facts import DIGITAL

Kind = Organisation.Kind
DATA = tomllib.loads(Path(__file__).with_name("names.toml").read_text(encoding="utf-8"))


@dataclass(frozen=True)
class Subject:
    """What a project is about, in words that fit the sentences of `phrases.toml`."""

    process: str
    users: str
    agents: str
    items: str
    topic: str = ""


@dataclass(frozen=True)
class Solution:
    """How a project goes about it; the theme says whether it is digital."""

    name: str
    theme: str
    phrase: str
    detail: str

    @property
    def is_digital(self):
        return self.theme == DIGITAL


MINISTRIES, BODIES = DATA["ministries"], DATA["bodies"]
SUBJECTS = {row["topic"]: Subject(**row) for row in DATA["subjects"]}
SOLUTIONS = {row["name"]: Solution(**row) for row in DATA["solutions"]}
KNOWN = DATA["known"]
REVIEW_COMMENTS, REASONS = DATA["review_comments"], DATA["reasons"]
INELIGIBILITY, REMARKS = DATA["ineligibility"], DATA["remarks"]
KINDS = {
    "Préfecture": Kind.DECONCENTRATED,
    "Direction": Kind.DECONCENTRATED,
    "Rectorat": Kind.DECONCENTRATED,
    "Caisse": Kind.SOCIAL_SECURITY,
}


def kind_of(body):
    """What a body of this name is; an operator when its name does not say."""
    return KINDS.get(body.split()[0], Kind.OPERATOR)


def known_subject(fact):
    return Subject(**{word: KNOWN[fact["id"]][word] for word in ("process", "users", "agents", "items")})
