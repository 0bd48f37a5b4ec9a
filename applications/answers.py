"""All that a dossier answers, whichever section asks it: what conditions and checks read."""

from collections import defaultdict

from calls.questionnaire.definition import questions_of


def by_question(application):
    """The JSON answers of a draft by question key; a question for files is answered by their names."""
    answers = {}
    for row in application.sections.all():
        answers |= row.answers
    asked = files_questions(application.form.definition)
    for key, files in joined(application).items():
        if key in asked:
            answers[key] = [file.name for file in files]
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
