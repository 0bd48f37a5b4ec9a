"""The types of question: what each asks for in a form, how its answer is kept, and how it is read.

An answer is JSON: text for most types, a number for whole ones, a boolean, a list of keys, {"start", "end"} for a
period, a list of {column: answer} for rows. An empty answer is None, "" or []. Files are attached.
"""

from calls.questionnaire.types.base import QuestionType
from calls.questionnaire.types.bodies import DirectoryOrganisation, Siret
from calls.questionnaire.types.choices import Boolean, Choice, Choices, Declaration, Department
from calls.questionnaire.types.numbers import Amount, Day, DecimalNumber, Integer, Percentage, Period
from calls.questionnaire.types.texts import Email, LongText, Markdown, Phone, ShortText, WebAddress
from documents.fields import FilesField
from documents.uploads import USUAL

MEGABYTES, FILES = 20, 10  # what a question for files takes when it does not say

CONFIDENTIALITY = {
    "public": "Publié si le projet est lauréat",
    "administration": "Réservé à l’administration",
    "secret": "Secret des affaires",
}


class Files(QuestionType):
    """Attached, not answered: its files carry the question's key."""

    label, settings = "Fichiers à joindre", ("formats", "max_megabytes", "max_files")

    def field(self, question):
        return FilesField(
            formats=question.get("formats") or USUAL,
            max_megabytes=question.get("max_megabytes") or MEGABYTES,
            max_files=question.get("max_files") or FILES,
        )

    def answer(self, values):
        return None

    def typed(self, answer):
        return {}


class Rows(QuestionType):
    """A group of questions asked as many times as one needs; each column is a question of a simple type."""

    label, settings, kept = "Groupe de questions répété", ("columns", "max_rows"), list

    def understands(self, answer, question):
        return isinstance(answer, list) and all(isinstance(row, dict) for row in answer)

    def fields(self, question):
        return {}

    def answer(self, values):
        return None

    def typed(self, answer):
        return {}

    def text(self, answer, question):
        return "\n".join(
            " ; ".join(
                filter(None, (text_of(column, row.get(column["key"])) for column in question["columns"]))
            )
            for row in answer or []
        )


TYPES = {
    "short_text": ShortText(),
    "long_text": LongText(),
    "markdown": Markdown(),
    "integer": Integer(),
    "decimal": DecimalNumber(),
    "amount": Amount(),
    "percentage": Percentage(),
    "date": Day(),
    "period": Period(),
    "choice": Choice(),
    "choices": Choices(),
    "boolean": Boolean(),
    "email": Email(),
    "phone": Phone(),
    "url": WebAddress(),
    "siret": Siret(),
    "organisation": DirectoryOrganisation(),
    "department": Department(),
    "files": Files(),
    "rows": Rows(),
    "declaration": Declaration(),
}


IN_ROWS = tuple(key for key in TYPES if key not in ("files", "rows", "markdown", "declaration", "choices"))


def type_of(question):
    """The type of a question; the first forms asked only long texts, and did not say so."""
    return TYPES[question.get("type", "long_text")]


def text_of(question, answer):
    """An answer as one reads it; empty where there is none, or none that its question could have now."""
    return type_of(question).text(answer, question) if fits(question, answer) else ""


def typed_of(question, answer):
    """What one would type in each field of a question to give this answer, by suffix; nothing for another type's."""
    return type_of(question).typed(answer if fits(question, answer) else None)


def fits(question, answer):
    """Whether a kept answer is still one of its question's type, which may have changed since it was given."""
    return is_answered(answer) and type_of(question).understands(answer, question)


def is_answered(answer):
    return answer not in (None, "", [], {})


def word_count(text):
    """The number of words of a text, as people count them: what spaces separate."""
    return len((text or "").split())
