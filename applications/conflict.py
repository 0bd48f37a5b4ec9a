"""The answers that two people changed, side by side, and the choice made for each."""

from dataclasses import dataclass

from applications.merging import mark
from applications.wording import SAME, compared
from calls.questionnaire.answering import is_of, posted
from calls.questionnaire.types import text_of

CHOICE = "@keep-"  # before a question's key; no question can have such a name
JOINED = ("long_text", "markdown")  # the types of which both texts can be kept, one after the other


@dataclass(frozen=True)
class Clash:
    """One question that both answered: each text in words, and what theirs changes in mine."""

    question: dict
    mine: str
    theirs: str
    chosen: str = "mine"

    @property
    def name(self):
        return f"{CHOICE}{self.question['key']}"

    @property
    def joinable(self):
        return self.question.get("type", "long_text") in JOINED and self.mine and self.theirs

    @property
    def pieces(self):
        """Theirs, with what it changes in mine, unless the two have too little in common for it to help."""
        pieces = compared(self.mine, self.theirs)
        shared = sum(len(words) for kind, words in pieces if kind == SAME)
        return pieces if 2 * shared > len(self.theirs) else [(SAME, self.theirs)]


def clashes(section, keys, mine, theirs):
    """The questions of these keys, as the page shows them."""
    return [
        Clash(question, text_of(question, mine.get(key)), text_of(question, theirs.get(key)))
        for question in section.get("questions", [])
        if (key := question["key"]) in keys
    ]


def settled(data, section, theirs):
    """What a page posts, once each choice made on it is applied: a colleague's answer, or both, for one's own."""
    data = data.copy()
    for question in section.get("questions", []):
        chosen, key = data.get(f"{CHOICE}{question['key']}"), question["key"]
        if chosen == "theirs":
            put(data, question, theirs.get(key))
        elif chosen == "both" and question.get("type", "long_text") in JOINED:
            both = [data.get(key, "").strip(), theirs.get(key) or ""]
            put(data, question, "\n\n".join(filter(None, both)))
    return data


def aligned(data, section, typed, kept):
    """What a page posts, with the kept answer instead of each typed one that is not the same.

    Args:
        typed: the answers that could be read of it; the others stay as they were typed.
    """
    data = data.copy()
    for question in section.get("questions", []):
        key = question["key"]
        if key in typed and mark(typed[key]) != mark(kept.get(key)):
            put(data, question, kept.get(key))
    return data


def put(data, question, answer):
    """Answer a question in what a page posts."""
    for name in [name for name in data if is_of(name, question)]:
        del data[name]
    for name, value in posted(question, answer).items():
        data.setlist(name, value if isinstance(value, list) else [str(value)])
