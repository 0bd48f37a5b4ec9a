"""Texts, and what one writes to reach somebody."""

import phonenumbers
from django import forms
from django.core.exceptions import ValidationError

from calls.questionnaire.fields import TextField
from calls.questionnaire.types.base import QuestionType

MAX_TEXT = 60_000  # characters, whatever the words
ON_LINE = 300


class ShortText(QuestionType):
    label, settings = "Texte court, sur une ligne", ("max_words",)

    def field(self, question):
        return TextField(max_length=ON_LINE)


class LongText(QuestionType):
    label, settings = "Texte long, en paragraphes", ("max_words",)

    def field(self, question):
        rows = 4 if (question.get("max_words") or 0) <= 250 else 9
        return TextField(max_length=MAX_TEXT, widget=forms.Textarea(attrs={"rows": rows}))


class Markdown(LongText):
    label = "Texte mis en forme (titres, listes, gras)"


class Email(QuestionType):
    label = "Adresse électronique"

    def field(self, question):
        return forms.EmailField()


class Phone(QuestionType):
    """Kept in the international form; a number without its country is French."""

    label = "Numéro de téléphone"

    def field(self, question):
        return forms.CharField(
            max_length=40,
            validators=[_check_phone],
            widget=forms.TextInput(attrs={"type": "tel", "inputmode": "tel"}),
        )

    def to_json(self, value):
        if not value:
            return ""
        return phonenumbers.format_number(_phone(value), phonenumbers.PhoneNumberFormat.E164)

    def understands(self, answer, question):
        return isinstance(answer, str) and _is_phone(answer)

    def text(self, answer, question):
        if not answer:
            return ""
        return phonenumbers.format_number(_phone(answer), phonenumbers.PhoneNumberFormat.INTERNATIONAL)


class WebAddress(QuestionType):
    label = "Adresse d’une page web"

    def field(self, question):
        return forms.URLField(max_length=500, assume_scheme="https")


def _phone(value):
    return phonenumbers.parse(value, "FR")


def _is_phone(value):
    try:
        return phonenumbers.is_valid_number(_phone(value))
    except phonenumbers.NumberParseException:
        return False


def _check_phone(value):
    if not _is_phone(value):
        raise ValidationError(
            "Écrivez un numéro de téléphone, par exemple 01 23 45 67 89 ou +33 1 23 45 67 89."
        )
