"""What the radar reads of a project: its name and what its carrier wrote of it, never what the form asks."""

import re

LONGEST = 200_000  # characters of a text that are read; a dossier has a tenth of it
SENTENCES = 600
SHORTEST, CUT = 20, 400  # characters of a sentence: below it says nothing, beyond it is cut
END = re.compile(r"(?<=[.!?;…])\s+|[\r\n]+")
WRITTEN = ("short_text", "long_text", "markdown", "rows")


def of_content(content):
    """(name, texts) of a dossier as it was frozen, or would be: what is a trade secret is left out."""
    texts = [
        answer["text"]
        for section in content["sections"]
        for answer in section["answers"]
        if answer["text"]
        and answer.get("type", "long_text") in WRITTEN
        and answer.get("confidentiality") != "secret"
    ]
    texts += [component["title"] for component in content.get("components", [])]
    return content["title"], texts


def of_laureate(laureate):
    """(name, texts) of a laureate, as the public reads them."""
    return laureate.name, [laureate.summary] if laureate.summary else []


def whole(name, texts):
    """The text that is compared. The name counts thrice: it was chosen to say what the project is."""
    return "\n".join([name, name, name, *texts]).replace("\0", " ")[:LONGEST]


def sentences(name, texts):
    """The sentences that may be quoted, in order."""
    found = [name]
    for text in texts:
        found += [part.strip(" -–•*#\t") for part in END.split(text.replace("\0", " "))]
    kept = [each if len(each) <= CUT else f"{each[:CUT].rsplit(' ', 1)[0]}…" for each in found]
    return [each for rank, each in enumerate(kept) if rank == 0 or len(each) >= SHORTEST][:SENTENCES]
