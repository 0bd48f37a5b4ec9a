"""All that a dossier answers, whichever section asks it: what conditions and checks read."""

from collections import defaultdict

from calls.questionnaire.definition import questions_of


def by_question(application):
    """The JSON answers of a draft by question key; a question for files is answered by their names."""
    return by_question_of(application.form.definition, application.sections.all(), joined(application))


def by_question_of(definition, rows, files):
    """The same, from rows and files already read."""
    answers = {}
    for row in rows:
        answers |= row.answers
    asked = files_questions(definition)
    for key, joined_files in files.items():
        if key in asked:
            answers[key] = [file.name for file in joined_files]
    return answers


def files_questions(definition):
    """The keys of the questions for files: a corrected form may ask something else under the key of one."""
    return {question["key"] for _, question in questions_of(definition) if question.get("type") == "files"}


def joined(application):
    """The files of a draft by the key of the question under which they are; by themselves, under the empty key."""
    files = defaultdict(list)
    for attachment in application.attachments.select_related("file"):
        files[attachment.question_key].append(attachment)
    return files


def section_of(application, question_key):
    """The key of the section where a file is joined, under a question or by itself; None where the form has none."""
    if question_key:
        asked = questions_of(application.form.definition)
        return next((section["key"] for section, each in asked if each["key"] == question_key), None)
    sections = application.form.sections
    return next((section["key"] for section in sections if section["kind"] == "attachments"), None)
