"""What a new dossier takes of an earlier one, of any call: the answers, lines and files that have a place in its form.

A question is the same under the same key and type, else under the same words and type. What finds no place is told
word for word and kept in the `FormMove` of the new dossier.
"""

from dataclasses import dataclass, field

from applications.tables import TABLES
from calls.questionnaire import moving
from calls.questionnaire.definition import questions_of
from calls.questionnaire.types import fits, is_answered

AGAIN = ("declaration",)  # what one declares for each call anew


@dataclass(frozen=True)
class Content:
    """What a dossier says, apart from its call: JSON answers by question key by section key, values of lines by kind.

    `files` are {"question", "name", "description", "sha256", "file"}, whose `file` is None where it is not at hand.
    `unknown` are (path, words) of what an imported file says and this portal does not know.
    """

    title: str
    themes: list
    definition: dict
    answers: dict
    lines: dict
    files: list
    unknown: list = field(default_factory=list)


@dataclass(frozen=True)
class Placed:
    """A content in another form: what it becomes there, and the report that a `FormMove` keeps."""

    answers: dict
    lines: dict
    files: list
    report: dict

    @property
    def count(self):
        """The answers that go along."""
        return sum(len(answers) for answers in self.answers.values())


def content_of(application):
    """The content of a dossier as it now stands."""
    return Content(
        title=application.title,
        themes=sorted(theme.slug for theme in application.themes.all()),
        definition={"sections": application.form.sections},
        answers={row.section_key: row.answers for row in application.sections.order_by("pk") if row.answers},
        lines={
            kind: [values(line) for line in getattr(application, table.rows).all()]
            for kind, table in TABLES.items()
        },
        files=[
            {
                "question": each.question_key,
                "name": each.name,
                "description": each.description,
                "sha256": each.file.sha256,
                "file": each.file,
            }
            for each in application.attachments.select_related("file")
        ],
    )


def columns(model):
    """The fields of a table's line, but for the dossier it is in."""
    return [each for each in model._meta.concrete_fields if each.name not in ("id", "application")]


def values(line):
    return {each.attname: getattr(line, each.attname) for each in columns(type(line))}


def placed(content, form):
    """A content in the form of another call."""
    new = {"sections": form.sections}
    names = _names(content.definition, new)
    result, unsound = _moved(content, new, names)
    keys = {section["key"] for section in form.sections}
    kinds = {section["kind"] for section in form.sections}
    files, left = _files(content.files, new, names, alone="attachments" in kinds)
    titles = {section["kind"]: section["title"] for section in content.definition["sections"]}
    report = {
        "copied": True,
        "moved": [],
        "asked": result.asked,
        "set_aside": [
            *result.set_aside,
            *unsound,
            *({"key": path, "section": "Fichier importé", "label": path, "answer": text, "text": text}
              for path, text in content.unknown),
        ],
        "versions": {},
        "tables": [
            titles.get(kind, kind) for kind, lines in content.lines.items() if lines and kind not in kinds
        ],
        "files": left,
    }  # fmt: skip
    answers = {key: each for key, each in result.answers.items() if key in keys and each}
    return Placed(answers, content.lines, files, report)


def _names(old, new):
    """What each question of a form is called in another; where it is not there, a key that no question has."""
    targets = {question["key"]: question for _, question in questions_of(new)}
    questions = [question for _, question in questions_of(old)]
    names = {
        each["key"]: each["key"]
        for each in questions
        if each["key"] in targets and _type(targets[each["key"]]) == _type(each)
    }
    by_words = {_words(question): key for key, question in targets.items() if key not in names}
    for each in questions:
        if each["key"] not in names:
            names[each["key"]] = by_words.pop(_words(each), f"@{each['key']}")
    return names


def _moved(content, new, names):
    """The answers as `calls.questionnaire.moving` takes them from a form to the next, and those it could not read."""
    renamed = [
        {
            **section,
            "questions": [
                question | {"key": names[question["key"]]} for question in section.get("questions", [])
            ],
        }
        for section in content.definition["sections"]
    ]
    questions = {
        question["key"]: (section, question) for section, question in questions_of(content.definition)
    }
    written, unsound = {}, []
    for section_key, answers in content.answers.items():
        for key, answer in answers.items():
            section, question = questions.get(key, ({"title": section_key}, {"label": key}))
            if not is_answered(answer) or _type(question) in AGAIN:
                continue
            if key in questions and is_sound(question, answer):
                written.setdefault(section_key, {})[names[key]] = answer
            else:
                unsound.append(moving.aside(key, section["title"], question["label"], answer))
    result = moving.moved({"sections": renamed}, new, written)
    former = {name: key for key, name in names.items()}
    for each in result.set_aside:
        each["key"] = former[each["key"]]
    return result, unsound


def is_sound(question, answer):
    """Whether an answer is one of its question's type, to the last cell of a repeated group."""
    if not fits(question, answer):
        return False
    if _type(question) != "rows":
        return True
    cells = {column["key"]: column for column in question["columns"]}
    return all(
        key in cells and (not is_answered(cell) or fits(cells[key], cell))
        for row in answer
        for key, cell in row.items()
    )


def _files(files, new, names, *, alone):
    """The files that are at hand, each under the question it goes to, if any; and those that nothing asks for."""
    asked = {question["key"] for _, question in questions_of(new) if question.get("type") == "files"}
    going, left = [], []
    for each in files:
        question = names.get(each["question"], "")
        under = question if question in asked else ""
        if each["file"]:
            going.append(each | {"question": under})
        if not each["file"] or not (under or alone):
            left.append({"pk": None, "name": each["name"]})
    return going, left


def _type(question):
    return question.get("type", "long_text")


def _words(question):
    return " ".join(question["label"].casefold().split()), _type(question)
