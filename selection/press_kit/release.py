"""The communiqué of a press kit, as text and as an ODT that anyone corrects before sending it.

Both are drawn from the same blocks: (kind, text or items), `kind` being title, heading, paragraph, list or quote.
"""

import zipfile
from datetime import UTC, datetime
from io import BytesIO

from markdown_it import MarkdownIt
from odfdo import Document, Header, List, ListItem, Paragraph

from documents import undated
from documents.undated import entry
from selection.exports.sheets import UNSAYABLE
from selection.press_kit.contents import EMBARGO, UNKNOWN

LANGUAGE, COUNTRY = "fr", "FR"
WHEN = datetime(*undated.DAY, tzinfo=UTC).replace(tzinfo=None)  # of every communiqué: its day is not in it
BREAKS = ("softbreak", "hardbreak")
markdown = MarkdownIt("zero").enable(["list", "emphasis", "newline", "paragraph"])


def blocks(kit):
    """The communiqué, block by block."""
    said = [("title", kit.title), ("paragraph", EMBARGO)]
    if kit.fictitious:
        said.append(("paragraph", "Donnée fictive de démonstration"))
    said += [*_prose(kit.introduction), *(("quote", f"« {text} » – {author}") for text, author in kit.quotes)]
    said += [
        ("heading", "L’essentiel en chiffres"),
        ("list", [f"{label[:1].upper()}{label[1:]} : {value}" for value, label in kit.figures]),
        ("heading", "Les lauréats"),
        ("list", [_laureate(project) for project in kit.projects]),
    ]
    if kit.purpose:
        said += [("heading", f"À propos : {kit.fund}"), *_prose(kit.purpose)]
    said += [("heading", "Contacts presse"), ("list", [_contact(each) for each in kit.contacts])]
    return [(kind, what) for kind, what in said if what]


def as_text(kit):
    """The communiqué as plain text; a paragraph is a line, which any editor folds."""
    lines = []
    for kind, what in blocks(kit):
        if kind == "list":
            lines += ["\n".join(f"- {item}" for item in what)]
        elif kind in ("title", "heading"):
            lines += [f"{what}\n{('=' if kind == 'title' else '-') * min(len(what), 72)}"]
        else:
            lines += [what]
    return "\n\n".join(lines) + "\n"


def as_odt(kit):
    """The communiqué as an ODT, in bytes: its language and its title said, its headings and lists real ones."""
    document = Document("text")
    document.meta.title = _sayable(kit.title)
    document.meta.language = f"{LANGUAGE}-{COUNTRY}"
    document.meta.creation_date = document.meta.date = WHEN
    document.language = f"{LANGUAGE}-{COUNTRY}"
    body = document.body
    body.clear()
    for kind, what in blocks(kit):
        if kind == "list":
            body.append(List([ListItem(_sayable(item)) for item in what], style="List_20_1"))
        elif kind in ("title", "heading"):
            level = 1 if kind == "title" else 2
            body.append(Header(level, _sayable(what), style=f"Heading_20_{level}"))
        else:
            body.append(Paragraph(_sayable(what), style="Text_20_body"))
    made = BytesIO()
    document.save(made)
    return _without_dates(made)


def _prose(text):
    """The paragraphs and lists of a text, without its stars."""
    tokens, found = markdown.parse(text or ""), []
    for token in tokens:
        if token.type in ("bullet_list_open", "ordered_list_open") and token.level == 0:
            found.append(("list", []))
        if token.type == "inline":
            words = "".join("\n" if each.type in BREAKS else each.content for each in token.children)
            if token.level > 1:
                found[-1][1].append(words)
            else:
                found.append(("paragraph", words))
    return found


def _laureate(project):
    name = f"{project.name} (donnée fictive)" if project.fictitious else project.name
    who = f"{name} – {project.carrier} – subvention : {project.amount}"
    return f"{who}. {project.short_text}" if project.short_text else who


def _contact(contact):
    role, *means = contact
    return f"{role} : {', '.join(filter(None, means)) or UNKNOWN}"


def _sayable(text):
    return UNSAYABLE.sub("\ufffd", text)


def _without_dates(odt):
    """The same files in the same order, the kind of document first and bare, and no date."""
    made = BytesIO()
    with zipfile.ZipFile(odt) as source, zipfile.ZipFile(made, "w") as target:
        for name in sorted(source.namelist(), key=lambda name: (name != "mimetype", name)):
            method = zipfile.ZIP_STORED if name == "mimetype" else zipfile.ZIP_DEFLATED
            target.writestr(entry(name, method), source.read(name))
    return made.getvalue()
