"""The questions of a section as a form: the same for the applicant who answers and for the officer who tries it."""

from django import forms
from django.core.exceptions import ValidationError

from calls.questionnaire.conditions import shown
from calls.questionnaire.types import CONFIDENTIALITY, fits, is_answered, type_of, typed_of, word_count
from calls.rows import RowsFormSet, bound, rows_formset


class AnswersForm(forms.Form):
    """The questions of one section, each with its field or fields; a draft may leave them empty.

    Questions whose condition is not met stay in the form: without JavaScript they say when they are to be answered,
    with it they come and go. Their answers are kept but not read (`calls.questionnaire.conditions.shown`).
    """

    mark_optional = False

    def __init__(self, *args, questions, answers=None, **kwargs):
        self.questions = [question for question in questions if question.get("type") not in ("rows", "files")]
        initial = kwargs.pop("initial", {})
        for question in self.questions:
            typed = typed_of(question, (answers or {}).get(question["key"]))
            initial |= {_name(question, suffix): value for suffix, value in typed.items()}
        super().__init__(*args, initial=initial, **kwargs)
        self.answers = {}
        for question in self.questions:
            for suffix, field in type_of(question).fields(question).items():
                self.fields[_name(question, suffix)] = _worded(field, question, suffix)

    def clean(self):
        """The answers as they are kept, in `self.answers`; a text over its number of words is refused, not cut."""
        data = super().clean()
        self.answers = {}
        for question in self.questions:
            names = {suffix: _name(question, suffix) for suffix in type_of(question).fields(question)}
            values = {suffix: data.get(name) for suffix, name in names.items()}
            try:
                answer = type_of(question).answer(values)
            except ValidationError as error:
                for suffix, told in error.message_dict.items():
                    self.add_error(names[suffix], told)
                continue
            self.answers[question["key"]] = answer
            limit = question.get("max_words")
            if limit and isinstance(answer, str) and word_count(answer) > limit:
                told = (
                    f"{word_count(answer)} mots : la limite est de {limit}. Rien n’est perdu, raccourcissez."
                )
                self.add_error(names[""], told)
        return data


class QuestionnaireForm:
    """A whole section: its simple questions in one form, each of its repeated groups in a formset of its own.

    `items` are in the order of the form: (question, bound fields, formset), the last two for their own kinds alone.
    """

    def __init__(self, request, section, *, answers=None):
        self.section, self.written = section, answers or {}
        self.posted = request.method == "POST"
        data = request.POST if self.posted else None
        questions = section.get("questions", [])
        self.form = AnswersForm(data, questions=questions, answers=self.written)
        self.groups, self._complete = {}, []
        for question in questions:
            if question.get("type") == "rows":
                formset, complete = bound(
                    group_formset(question),
                    request,
                    written=_typed_rows(question, self.written.get(question["key"])),
                    prefix=question["key"],
                )
                self.groups[question["key"]] = formset
                self._complete.append(complete)

    @property
    def items(self):
        for question in self.section.get("questions", []):
            names = [_name(question, suffix) for suffix in type_of(question).fields(question)]
            yield question, [self.form[name] for name in names], self.groups.get(question["key"])

    def is_valid(self):
        """Whether all that was typed may be kept; the button that adds a row posts, and keeps nothing."""
        return self.posted and all(self._complete) and self.form.is_valid()

    @property
    def answers(self):
        """The JSON answers by question key, once valid."""
        rows = {key: [form.answers for form in formset.standing()] for key, formset in self.groups.items()}
        return self.form.answers | rows

    @property
    def errors(self):
        return self.form.errors


def group_formset(question):
    """The formset of a repeated group: one row is its columns."""

    class RowForm(AnswersForm):
        def __init__(self, *args, **kwargs):
            super().__init__(*args, questions=question["columns"], **kwargs)

    return rows_formset(RowForm, formset=GroupFormSet, max_num=question.get("max_rows") or 50)


class GroupFormSet(RowsFormSet):
    def standing(self):
        """The row forms that hold something and are not to be removed."""
        return [
            form
            for form in self.forms
            if not form.cleaned_data.get("DELETE") and any(map(is_answered, form.answers.values()))
        ]


def asked_of(definition, section, answers):
    """The questions of a section that are asked, given all the answers."""
    _, questions = shown(definition, answers)
    return [question for question in section.get("questions", []) if question["key"] in questions]


def _name(question, suffix):
    return f"{question['key']}-{suffix}" if suffix else question["key"]


def _typed_rows(question, rows):
    return [
        {
            _name(column, suffix): value
            for column in question["columns"]
            for suffix, value in typed_of(column, row.get(column["key"])).items()
        }
        for row in (rows if fits(question, rows) else [])
    ]


def _worded(field, question, suffix):
    """The field with the words of its question: its label, its help, what it may hold and who will read it."""
    field.required = False
    field.label = question["label"] + (f" : {suffix.replace('debut', 'début')}" if suffix else "")
    limit = question.get("max_words")
    hints = [
        "" if question.get("required") else "Facultatif.",
        question.get("help"),
        f"{limit} mots au plus." if limit else "",
        f"En {question['unit']}." if question.get("unit") else "",
        _told(question),
    ]
    field.help_text = " ".join(filter(None, hints))
    if limit:
        field.widget.attrs["data-max-words"] = limit
    return field


def _told(question):
    """Who will read the answer, where it is not the usual: who judges the application."""
    confidentiality = question.get("confidentiality")
    return f"{CONFIDENTIALITY[confidentiality]}." if confidentiality in ("public", "secret") else ""
