"""A dossier as a file: to keep it, to begin again from it, to hand it to another portal.

The answers are those typed, under the questions as they were asked; a file is told by its hash, and joined again only
where whoever imports already sees it.
"""

import json
import math
from typing import Annotated

from django.core.exceptions import ValidationError as Unfit
from django.core.serializers.json import DjangoJSONEncoder
from pydantic import (
    BaseModel,
    ConfigDict,
    Field,
    StrictBool,
    StrictInt,
    StrictStr,
    StringConstraints,
    ValidationError,
)

from accounts.models import Organisation
from applications.models import Application, Attachment
from applications.tables import TABLES
from applications.transfer import Content, columns, values
from calls.exchange.archive import Unreadable, read_json
from calls.questionnaire import moving
from calls.questionnaire.schema import Definition, Key, path_of, plain, told

FORMAT, FILED, VERSION = "fondsportal-dossier", "fondsportal-submission", 1
MAX_BYTES = 2 * 1024 * 1024
MAX_DEPTH, MAX_LINES, MAX_FILES = 12, 500, 200
LARGEST = 10**18


Name = Annotated[str, StringConstraints(min_length=1, max_length=160)]


class Open(BaseModel):
    """What is not known is kept aside, never refused: another portal may say more than this one."""

    model_config = ConfigDict(extra="allow")


class File(Open):
    question: Annotated[str, StringConstraints(pattern=r"^[a-z0-9-]*$", max_length=60)] = ""
    name: Name
    description: StrictStr = Field("", max_length=200)
    sha256: StrictStr = Field(pattern=r"^[0-9a-f]{64}$")
    size: StrictInt | None = None


class Dossier(Open):
    title: Name
    themes: list[StrictStr] = Field([], max_length=100)
    sections: list[dict] = Field(max_length=40)
    answers: dict[Key, dict[Key, object]] = {}
    lines: dict[StrictStr, list[dict[StrictStr, StrictBool | StrictInt | StrictStr | None]]] = {}
    files: list[File] = Field([], max_length=MAX_FILES)


class Document(Open):
    format: StrictStr
    version: StrictInt
    about: dict | None = None
    dossier: Dossier


# Out


def written(application, content):
    """The bytes of a dossier's file: the same dossier gives the same bytes."""
    about = {
        "call": {"code": application.call.code, "title": application.call.title},
        "form": {"number": application.form.number, "sha256": application.form.sha256},
        "organisation": application.organisation.name,
        "reference": application.reference,
    }
    return as_json({"format": FORMAT, "version": VERSION, "about": about, "dossier": as_document(content)})


def as_document(content):
    """A content as the file says it."""
    return {
        "title": content.title,
        "themes": content.themes,
        "sections": _sections(content.definition),
        "answers": content.answers,
        "lines": {
            kind: [_line(kind, line) for line in lines] for kind, lines in content.lines.items() if lines
        },
        "files": [
            {name: each[name] for name in ("question", "name", "description", "sha256")}
            for each in content.files
        ],
    }


def _sections(definition):
    """The sections with their questions, without what is only for the secretariat."""
    sections = plain(Definition(sections=definition["sections"], checks=[]))["sections"]
    for section in sections:
        for question in section.get("questions", []):
            for name in moving.PRIVATE:
                question.pop(name, None)
    return sections


def filed(submission):
    """The bytes of a submission's file: what was frozen, with its hash."""
    return as_json(
        {
            "format": FILED,
            "version": VERSION,
            "reference": submission.application.reference,
            "revision": submission.revision,
            "filed_at": submission.filed_at,
            "sha256": submission.sha256,
            "content": submission.content,
        }
    )


def as_json(document):
    return (json.dumps(document, ensure_ascii=False, indent=2, cls=DjangoJSONEncoder) + "\n").encode()


def _line(kind, line):
    """A line's values; the body of a partner is told by its address in the directory."""
    if line.get("organisation_id"):
        slug = Organisation.objects.values_list("slug", flat=True).get(pk=line["organisation_id"])
        return line | {"organisation_id": slug}
    return line


# In


def read(raw, *, by):
    """The content of a file, from its bytes.

    Raises:
        Unreadable: all that is wrong in it, each after its path.
    """
    document = read_json(raw)
    problems = list(_unkept(document))
    if problems:
        raise Unreadable(*problems)
    if not isinstance(document, dict) or document.get("format") != FORMAT:
        raise Unreadable(
            f"format : ce n’est pas un dossier exporté par un portail (« {FORMAT} » est attendu)."
        )
    if document.get("version") != VERSION:
        raise Unreadable(f"version : ce portail lit la version {VERSION} d’un dossier.")
    try:
        found = Document.model_validate(document)
    except ValidationError as error:
        raise Unreadable(*told(error)) from error
    try:
        definition = plain(Definition(sections=found.dossier.sections, checks=[]))
    except ValidationError as error:
        raise Unreadable(*told(error, "dossier")) from error
    lines, unknown = _lines(found.dossier.lines)
    return Content(
        title=found.dossier.title,
        themes=found.dossier.themes,
        definition={"sections": definition["sections"]},
        answers={key: dict(answers) for key, answers in found.dossier.answers.items()},
        lines=lines,
        files=_files(found.dossier.files, by),
        unknown=[*_extra(found, ()), *unknown],
    )


def _unkept(value, path=(), depth=0):
    """What no column takes: nothing of it is cut or mended unseen."""
    if depth > MAX_DEPTH:
        yield f"{path_of(path)} : trop de niveaux emboîtés."
    elif isinstance(value, str) and "\0" in value:
        yield f"{path_of(path)} : ce texte contient un caractère nul."
    elif isinstance(value, float) and not math.isfinite(value):
        yield f"{path_of(path)} : ce nombre est impossible."
    elif isinstance(value, int) and abs(value) > LARGEST:
        yield f"{path_of(path)} : ce nombre est trop grand."
    elif isinstance(value, list):
        for at, each in enumerate(value):
            yield from _unkept(each, (*path, at), depth + 1)
    elif isinstance(value, dict):
        for key, each in value.items():
            if "\0" in key:
                yield f"{path_of(path)} : une clé contient un caractère nul."
            yield from _unkept(each, (*path, key.replace("\0", "")), depth + 1)


def _extra(model, path):
    """(path, words) of what a file says beside what is known."""
    for key, value in (model.model_extra or {}).items():
        yield path_of((*path, key)), json.dumps(value, ensure_ascii=False)
    for name in type(model).model_fields:
        value = getattr(model, name)
        if isinstance(value, Open):
            yield from _extra(value, (*path, name))
        elif name == "files":
            for at, each in enumerate(value):
                yield from _extra(each, (*path, name, at))


def _lines(by_kind):
    """The values of each line, as its table takes them, and what it does not know of them.

    Raises:
        Unreadable: values that the table refuses.
    """
    lines, unknown, problems = {}, [], []
    bodies = dict(Organisation.objects.values_list("slug", "pk"))
    for kind, rows in by_kind.items():
        if kind not in TABLES:
            unknown.append((f"dossier.lines.{kind}", json.dumps(rows, ensure_ascii=False)))
            continue
        if len(rows) > MAX_LINES:
            problems.append(f"dossier.lines.{kind} : {MAX_LINES} lignes au plus.")
            continue
        model = getattr(Application, TABLES[kind].rows).rel.related_model
        names = {each.attname for each in columns(model)}
        lines[kind] = []
        for at, row in enumerate(rows):
            path = f"dossier.lines.{kind}[{at}]"
            unknown += [(f"{path}.{name}", str(value)) for name, value in row.items() if name not in names]
            known = {name: value for name, value in row.items() if name in names}
            if "organisation_id" in known:
                slug = known.pop("organisation_id")
                known["organisation_id"] = bodies.get(slug)
                if slug and slug not in bodies:
                    known["name"] = known.get("name") or str(slug)
            line = model(**known)
            try:
                # The body was looked up above: it is not asked for again, line by line.
                line.clean_fields(exclude=["application", "organisation"])
                line.validate_constraints(exclude=["application"])
            except Unfit as error:
                for name, messages in error.message_dict.items():
                    problems.append(f"{path}.{name} : {' '.join(messages)}")
            lines[kind].append(values(line))
    if problems:
        raise Unreadable(*problems)
    return lines, unknown


def _files(files, by):
    """Each file, with its bytes where this person already sees them: a hash alone opens nothing."""
    seen = Attachment.objects.filter(
        application__in=Application.objects.visible_to(by), file__sha256__in=[each.sha256 for each in files]
    )
    at_hand = {each.file.sha256: each.file for each in seen.select_related("file")}
    return [
        {
            "question": each.question,
            "name": each.name,
            "description": each.description,
            "sha256": each.sha256,
            "file": at_hand.get(each.sha256),
        }
        for each in files
    ]
