"""What changed between two contents of a dossier: texts word by word, tables row by row, files by their hash.

Contents are those of `applications.snapshot`, as frozen; nothing else is read.
"""

from dataclasses import dataclass, field
from itertools import zip_longest

from applications import tables, wording
from applications.tables import TABLES

ADDED, REMOVED, CHANGED = "Ajouté", "Retiré", "Modifié"


@dataclass(frozen=True)
class Text:
    """An answer: each side is a list of (whether it differs, words)."""

    label: str
    mark: str
    before: list
    after: list


@dataclass(frozen=True)
class Row:
    """A row of a table as one side has it: its mark, and (whether it differs, text) cells."""

    mark: str
    cells: list


@dataclass(frozen=True)
class TableChange:
    label: str
    heads: list
    rows: list  # those that differ alone
    same: int  # how many do not
    anchor: str = ""


@dataclass(frozen=True)
class FileChange:
    mark: str
    name: str
    detail: str


@dataclass(frozen=True)
class Part:
    """A section, or the dossier as a whole, with what changed in it."""

    title: str
    texts: list = field(default_factory=list)
    tables: list = field(default_factory=list)
    files: list = field(default_factory=list)

    @property
    def changed(self):
        return bool(self.texts or self.tables or self.files)


def differences(before, after):
    """The parts of a dossier that changed, in the order of the later content, then those that are gone."""
    parts = [_identity(before, after)]
    old, new = ({section["key"]: section for section in content["sections"]} for content in (before, after))
    for key in [*new, *(key for key in old if key not in new)]:
        parts.append(_section(old.get(key), new.get(key), before, after))
    return [part for part in parts if part.changed]


def _identity(before, after):
    pairs = [
        ("Nom du projet", before["title"], after["title"]),
        ("Thèmes", ", ".join(before["themes"]), ", ".join(after["themes"])),
        ("Organisme porteur", before["organisation"]["name"], after["organisation"]["name"]),
    ]
    return Part("Identité du projet", texts=[_text(*pair) for pair in pairs if pair[1] != pair[2]])


def _section(old, new, before, after):
    section = new or old
    kind = section["kind"]
    texts, compared = [], []
    answers = [{each["key"]: each for each in side["answers"]} if side else {} for side in (old, new)]
    for key in [*answers[1], *(key for key in answers[0] if key not in answers[1])]:
        was, now = answers[0].get(key), answers[1].get(key)
        label = (now or was)["label"]
        rows = [(each or {}).get("rows") for each in (was, now)]
        if any(rows):
            heads = (now or was).get("columns") or (was or now)["columns"]
            compared.append(_table(label, heads, rows[0] or [], rows[1] or [], f"question-{key}"))
            continue
        said = [(each or {}).get("text") or "" for each in (was, now)]
        if said[0] != said[1]:
            texts.append(_text(label, *said))
    if kind in TABLES:
        sides = [
            tables.line_by_line(kind, content.get(kind, []) if side else [])
            for side, content in ((old, before), (new, after))
        ]
        heads = [head for head, _ in sides[1]["heads"]]
        rows = [[[cell for cell, _ in row] for row in side["rows"]] for side in sides]
        compared.append(_table(section["title"], heads, *rows, f"section-{section['key']}"))
    return Part(
        section["title"],
        texts,
        [table for table in compared if table.rows],
        list(_files(_joined(old, before), _joined(new, after))),
    )


def _text(label, before, after):
    left, right = wording.sides(before, after)
    return Text(label, ADDED if not before else REMOVED if not after else CHANGED, left, right)


def _table(label, heads, old, new, anchor):
    """Rows are matched in order; within a passage that differs, the first of each side are taken as one row changed."""
    old, new = ([tuple(map(str, row)) for row in side] for side in (old, new))
    rows, same = [], 0
    for is_same, then, now_there in wording.passages(old, new):
        if is_same:
            same += len(then)
            continue
        for was, now in zip_longest(then, now_there):
            if was and now:
                differs = [a != b for a, b in zip_longest(was, now)]
                rows.append(Row("Avant", list(zip(differs, was, strict=False))))
                rows.append(Row("Après", list(zip(differs, now, strict=False))))
            else:
                rows.append(Row(REMOVED if was else ADDED, [(True, cell) for cell in was or now]))
    return TableChange(label, heads, rows, same, anchor)


def _joined(section, content):
    """The files of a section of this content: by themselves, or under its questions."""
    if section is None:
        return []
    keys = {answer["key"] for answer in section["answers"]}
    alone = section["kind"] == "attachments"
    return [
        each
        for each in content["attachments"]
        if each.get("question") in keys or (alone and not each.get("question"))
    ]


def _files(old, new):
    """Each file that is no longer the same bytes, name and description; of one name, it is replaced."""
    kept = {(each["sha256"], each["name"]): each for each in old}
    names = {each["name"]: each for each in old}
    for each in new:
        same, former = kept.get((each["sha256"], each["name"])), names.get(each["name"])
        if same:
            if same["description"] != each["description"]:
                yield FileChange(CHANGED, each["name"], f"description : {each['description'] or 'aucune'}")
        elif former:
            yield FileChange(
                "Remplacé", each["name"], f"empreinte {former['sha256'][:12]}… puis {each['sha256'][:12]}…"
            )
        else:
            yield FileChange(ADDED, each["name"], f"empreinte {each['sha256'][:12]}…")
    left = {each["name"] for each in new}
    for each in old:
        if each["name"] not in left:
            yield FileChange(REMOVED, each["name"], f"empreinte {each['sha256'][:12]}…")
