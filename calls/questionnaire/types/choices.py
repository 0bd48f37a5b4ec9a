"""Answers among a few."""

import json
from pathlib import Path

from django import forms

from calls.questionnaire.types.base import EMPTY, QuestionType

DEPARTMENTS = dict(
    json.loads((Path(__file__).parent / "departments.json").read_text(encoding="utf-8"))["departments"]
)


class Choice(QuestionType):
    label, settings, choosable = "Choix d’une réponse", ("choices",), True

    def field(self, question):
        widget = forms.RadioSelect if len(question["choices"]) <= 6 else forms.Select
        choices = [(each["key"], each["label"]) for each in question["choices"]]
        if widget is forms.Select:
            choices = [("", EMPTY), *choices]
        return forms.ChoiceField(choices=choices, widget=widget)

    def to_json(self, value):
        return value or None

    def understands(self, answer, question):
        return isinstance(answer, str) and answer in _labels(question)

    def text(self, answer, question):
        return _labels(question).get(answer, "")

    def options(self, question):
        return list(_labels(question).items())


class Choices(QuestionType):
    label, settings, choosable = "Choix de plusieurs réponses", ("choices",), True

    def field(self, question):
        choices = [(each["key"], each["label"]) for each in question["choices"]]
        return forms.MultipleChoiceField(choices=choices, widget=forms.CheckboxSelectMultiple)

    def understands(self, answer, question):
        return isinstance(answer, list) and all(
            isinstance(key, str) and key in _labels(question) for key in answer
        )

    def typed(self, answer):
        return {"": answer or []}

    def text(self, answer, question):
        labels = _labels(question)
        return ", ".join(labels[key] for key in answer or [] if key in labels)

    def options(self, question):
        return list(_labels(question).items())


class Boolean(QuestionType):
    label, kept, choosable = "Oui ou non", bool, True

    def field(self, question):
        return forms.ChoiceField(choices=[("oui", "Oui"), ("non", "Non")], widget=forms.RadioSelect)

    def to_json(self, value):
        return {"oui": True, "non": False}.get(value)

    def typed(self, answer):
        return {"": {True: "oui", False: "non"}.get(answer, "")}

    def text(self, answer, question):
        return {True: "Oui", False: "Non"}.get(answer, "")

    def options(self, question):
        return [(True, "Oui"), (False, "Non")]


class Declaration(QuestionType):
    """Ticked, or not answered: nobody declares the contrary."""

    label, kept, choosable = "Déclaration à cocher", bool, True

    def field(self, question):
        return forms.BooleanField()

    def to_json(self, value):
        return True if value else None

    def typed(self, answer):
        return {"": "on" if answer else ""}

    def text(self, answer, question):
        return "Déclaré" if answer else ""

    def options(self, question):
        return [(True, "Cochée")]


class Department(QuestionType):
    label, choosable = "Département", True

    def field(self, question):
        labels = [(code, f"{code} – {name}") for code, name in DEPARTMENTS.items()]
        return forms.ChoiceField(choices=[("", EMPTY), *labels])

    def to_json(self, value):
        return value or None

    def understands(self, answer, question):
        return isinstance(answer, str) and answer in DEPARTMENTS

    def text(self, answer, question):
        return f"{DEPARTMENTS[answer]} ({answer})" if answer in DEPARTMENTS else ""

    def options(self, question):
        return [(code, f"{code} – {name}") for code, name in DEPARTMENTS.items()]


def _labels(question):
    return {each["key"]: each["label"] for each in question["choices"]}
