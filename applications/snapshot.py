"""The whole of a dossier as one canonical content: what is frozen when it is filed."""

from collections import defaultdict

from applications import answers
from applications.models import Submission
from applications.tables import TABLES, total
from calls.questionnaire.conditions import shown
from calls.questionnaire.definition import ASKING, sha256
from calls.questionnaire.types import text_of


def submission(application, said=None):
    """What a dossier says, or would say, as a submission that is not filed: neither kept, numbered nor dated."""
    said = content(application) if said is None else said
    return Submission(
        application=application,
        content=said,
        sha256=sha256(said),
        requested_grant=total(line for line in said["financing"] if line["source"] == "fund"),
        total_cost=total(said["financing"]),
        promised_savings=total(said["savings"]),
    )


def content(application):
    """A JSON-able dictionary that says everything the dossier says, in the words it was asked in.

    What the form did not ask, given the answers, is left out, whatever was typed before. Amounts are strings of euros
    with two decimals; the hash of a file stands for its bytes.
    """
    definition, given = application.form.definition, answers.by_question(application)
    sections, questions = shown(definition, given)
    asked = [section for section in definition["sections"] if section["key"] in sections]
    kinds = {section["kind"] for section in asked}
    files = questions & answers.files_questions(definition)
    return {
        "call": {
            "code": application.call.code,
            "title": application.call.title,
            "savings_horizon": application.call.savings_horizon,
            "savings_measure": application.call.savings_measure,
        },
        "round": application.round.number,
        "form": {"number": application.form.number, "sha256": application.form.sha256},
        "title": application.title,
        "anonymous": application.call.anonymous,
        "organisation": {
            "name": application.organisation.name,
            "kind": application.organisation.get_kind_display(),
            "siren": application.organisation.siren,
            "ministry": getattr(application.organisation.ministry, "name", None),
        },
        "themes": [theme.label for theme in application.themes.all()],
        "fictitious": application.fictitious,
        "sections": [
            {
                "key": section["key"],
                "title": section["title"],
                "kind": section["kind"],
                "answers": [
                    _answer(question, given.get(question["key"]))
                    for question in section.get("questions", [])
                    if question["key"] in questions and section["kind"] in ASKING
                ],
            }
            for section in asked
        ],
        **{kind: table.lines(application) if kind in kinds else [] for kind, table in TABLES.items()},
        "attachments": [
            {
                "question": attachment.question_key,
                "name": attachment.name,
                "description": attachment.description,
                "size": attachment.file.size,
                "sha256": attachment.file.sha256,
            }
            for attachment in application.attachments.select_related("file")
            if attachment.question_key in files or (not attachment.question_key and "attachments" in kinds)
        ],
    }


def completed(application, keys):
    """The content last filed, with these of its sections as they are now: whatever else was typed stays out."""
    filed, now = application.submissions.latest().content, content(application)
    written = {section["key"]: section for section in now["sections"] if section["key"] in keys}
    sections = [written.get(section["key"], section) for section in filed["sections"]]
    kinds = {section["kind"] for section in written.values()}
    before = [section for section in filed["sections"] if section["key"] in written]
    # Those that an answer hides now are no longer asked: their files go too.
    questions = {answer["key"] for section in [*before, *written.values()] for answer in section["answers"]}
    if "attachments" in kinds:
        questions.add("")
    return filed | {
        "sections": sections,
        **{kind: now[kind] for kind in TABLES if kind in kinds},
        "attachments": _joined_again(filed["attachments"], now["attachments"], questions),
    }


def _joined_again(filed, now, questions):
    """The files that were filed, with those under some questions as they are now.

    What did not change keeps its very place: the hash of the whole is then the same.
    """
    before, after = _by_question(filed), _by_question(now)
    changed = {key for key in questions if _bytes(before[key]) != _bytes(after[key])}
    files, put = [], set()
    for each in filed:
        key = each.get("question", "")
        if key not in changed:
            files.append(each)
        elif key not in put:
            files += after[key]
            put.add(key)
    return files + [each for each in now if each["question"] in changed - put]


def _by_question(files):
    found = defaultdict(list)
    for each in files:
        found[each.get("question", "")].append(each)
    return found


def _bytes(files):
    return [(each["name"], each["description"], each["sha256"]) for each in files]


def _answer(question, answer):
    """An answer as it was given and as it is read; a group is read as a table."""
    frozen = {
        "key": question["key"],
        "label": question["label"],
        "type": question.get("type", "long_text"),
        "confidentiality": question.get("confidentiality", "administration"),
        "value": answer,
        "text": text_of(question, answer),
    }
    if columns := question.get("columns"):
        frozen["columns"] = [column["label"] for column in columns]
        frozen["rows"] = [
            [text_of(column, row.get(column["key"])) for column in columns] for row in answer or []
        ]
    return frozen
