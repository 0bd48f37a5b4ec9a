"""The questions of a section as a form: the same for the applicant who answers and for the officer who tries it."""

import json
import re
from typing import NamedTuple

from django import forms
from django.core.exceptions import ValidationError

from calls.questionnaire.conditions import shown
from calls.questionnaire.definition import MAX_ROWS
from calls.questionnaire.types import CONFIDENTIALITY, fits, is_answered, type_of, typed_of, word_count
from calls.questionnaire.wording import asked_only_if
from calls.rows import ADD, RowsFormSet, bound, rows_formset


class AnswersForm(forms.Form):
    """The questions of one section, each with its field or fields; a draft may leave them empty.

    Questions whose condition is not met stay in the form: without JavaScript they say when they are to be answered,
    with it they come and go. Their answers are kept but not read (`calls.questionnaire.conditions.shown`).
    """

    mark_optional = False

    def __init__(self, *args, questions, answers=None, **kwargs):
        self.questions = [question for question in questions if question.get("type") not in ("rows", "files")]
        initial = _typed(self.questions, answers or {}) | (kwargs.pop("initial", None) or {})
        super().__init__(*args, initial=initial, **kwargs)
        self.answers, self.refused = {}, set()
        for question in self.questions:
            for suffix, field in type_of(question).fields(question).items():
                self.fields[_name(question, suffix)] = _worded(field, question, suffix)

    def clean(self):
        """The answers that can be kept, in `self.answers`; the keys of the questions of the others, in `refused`.

        A text over its number of words is kept: it is a draft's, and prevents filing (`faults`).
        """
        data = super().clean()
        self.answers, self.refused = {}, set()
        for question in self.questions:
            names = {suffix: _name(question, suffix) for suffix in type_of(question).fields(question)}
            if any(name in self.errors for name in names.values()):
                self.refused.add(question["key"])
                continue
            values = {suffix: data.get(name) for suffix, name in names.items()}
            try:
                self.answers[question["key"]] = type_of(question).answer(values)
            except ValidationError as error:
                self.refused.add(question["key"])
                for suffix, told in error.message_dict.items():
                    self.add_error(names[suffix], told)
        return data


class Item(NamedTuple):
    """One question on the page: its bound fields, or its rows, or where its files are chosen; and when it is asked."""

    question: dict
    fields: list
    formset: object = None
    when: str = ""  # « À remplir seulement si … »; empty for what is always asked
    joined: list = ()  # the files joined so far, as the page made them

    @property
    def type(self):
        return self.question.get("type", "long_text")

    @property
    def help(self):
        """What is told above the rows of a group."""
        return _hint(self.question)

    @property
    def condition(self):
        """The condition as the page's script reads it."""
        return json.dumps(self.question["condition"]) if self.question.get("condition") else ""


class QuestionnaireForm:
    """A whole section: its simple questions in one form, each of its repeated groups in a formset of its own.

    `items` are in the order of the form. The page includes `calls/questionnaire/fields.html`.

    Args:
        definition: the whole form, for what conditions refer to.
        answers: JSON answers by question key, those of the other sections too, for the same reason.
        joined: files joined so far, by question key.
    """

    def __init__(self, request, section, *, definition=None, answers=None, joined=None):
        self.section, self.written = section, answers or {}
        self.definition, self.joined = definition or {"sections": [section]}, joined or {}
        self.posted = request.method == "POST"
        data = request.POST if self.posted else None
        questions = section.get("questions", [])
        self.form = AnswersForm(data, questions=questions, answers=self.written)
        self.files = FilesForm(data, request.FILES if self.posted else None, questions=questions)
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
            yield Item(
                question,
                self._fields(question),
                formset=self.groups.get(question["key"]),
                when=asked_only_if(question.get("condition"), self.definition),
                joined=self.joined.get(question["key"], []),
            )

    def _fields(self, question):
        if question.get("type") == "files":
            return [self.files[question["key"]]]
        return [self.form[_name(question, suffix)] for suffix in type_of(question).fields(question)]

    @property
    def known(self):
        """As JSON, the answers of the other sections that the conditions of this one may read."""
        _, asked = shown(self.definition, self.written)
        here = {question["key"] for question in self.section.get("questions", [])}
        known = {key: answer for key, answer in self.written.items() if key in asked - here}
        return json.dumps(known)

    @property
    def parts(self):
        """All the forms of the page, for `components/form_errors.html`."""
        return [self.form, *self.groups.values(), self.files]

    @property
    def is_multipart(self):
        return bool(self.files.fields)

    def is_valid(self):
        """Whether all that was typed may be kept; the button that adds a row posts, and keeps nothing."""
        complete = all(self._complete) and not self.adds_a_row
        return self.posted and complete and self.form.is_valid() and self.files.is_valid()

    @property
    def adds_a_row(self):
        return ADD in self.form.data

    @property
    def answers(self):
        """The JSON answers by question key, those that can be kept: a group is kept whole, or not at all."""
        self.form.is_valid()
        rows = {
            key: [form.answers for form in formset.standing()]
            for key, formset in self.groups.items()
            if formset.is_valid()
        }
        return self.form.answers | rows

    @property
    def refused(self):
        """The keys of the questions whose typed answer cannot be kept, files apart."""
        self.form.is_valid()
        return self.form.refused | {key for key, formset in self.groups.items() if not formset.is_valid()}

    @property
    def told(self):
        """What is wrong, by the name of its field on the page; of a group as a whole, by the key of its question."""
        found = {name: " ".join(errors) for name, errors in self.form.errors.items()}
        for key, formset in self.groups.items():
            if formset.non_form_errors():
                found[key] = " ".join(formset.non_form_errors())
            for form in formset.forms:
                found |= {form.add_prefix(name): " ".join(errors) for name, errors in form.errors.items()}
        return found

    @property
    def errors(self):
        return self.form.errors


class FilesForm(forms.Form):
    """The files that the questions of a section ask for; the fit ones are in `chosen`, though others be refused."""

    mark_optional = False

    def __init__(self, *args, questions, **kwargs):
        super().__init__(*args, **kwargs)
        self.questions = [question for question in questions if question.get("type") == "files"]
        for question in self.questions:
            field = type_of(question).field(question)
            self.fields[question["key"]] = _worded(field, question, "")
            field.help_text = " ".join(filter(None, [field.help_text, field.told]))

    def clean(self):
        for question in self.questions:
            for told in self.fields[question["key"]].refused:
                self.add_error(question["key"], told)

    @property
    def chosen(self):
        """(question, its field, fit uploads with their content type) of each question for which some were sent."""
        for question in self.questions:
            field = self.fields[question["key"]]
            if field.fit:
                yield question, field, field.fit


def group_formset(question):
    """The formset of a repeated group: one row is its columns."""

    class RowForm(AnswersForm):
        def __init__(self, *args, **kwargs):
            super().__init__(*args, questions=question["columns"], **kwargs)

    return rows_formset(RowForm, formset=GroupFormSet, max_num=question.get("max_rows") or MAX_ROWS)


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


class Gap(NamedTuple):
    """One thing that is missing or wrong, in French, and the id of the field where it is mended; none: the section."""

    text: str
    anchor: str = ""

    def __str__(self):
        return self.text


def gaps(questions, answers):
    """What these questions, all asked, still lack: answers, files, and what no longer fits."""
    found = []
    for question in questions:
        answer = answers.get(question["key"])
        kept = is_answered(answer) if question.get("type") == "files" else fits(question, answer)
        if question.get("required") and not (kept and (not isinstance(answer, str) or answer.strip())):
            found.append(Gap(f"« {question['label']} » est à remplir.", anchor(question)))
        rows = answer if question.get("type") == "rows" and fits(question, answer) else []
        for number, row in enumerate(rows, start=1):
            found += [
                Gap(
                    f"« {question['label']} », ligne {number} : « {column['label']} » est à remplir.",
                    anchor(question, number, column),
                )
                for column in question["columns"]
                if column.get("required") and not is_answered(row.get(column["key"]))
            ]
    return found + [Gap(f"« {label} » : {told}", where) for label, told, where in faults(questions, answers)]


def faults(questions, answers):
    """(label, what is wrong, where) of answers that these questions no longer admit: a limit lowered, a choice gone."""
    found = []
    for question in questions:
        answer = answers.get(question["key"])
        if question.get("type") == "files" or not fits(question, answer):
            continue
        columns = question.get("columns")
        for number, written in enumerate(answer if columns else [{question["key"]: answer}], start=1):
            form = AnswersForm(_typed(columns or [question], written), questions=columns or [question])
            for column in columns or [question]:
                where = anchor(question, number, column if columns else None)
                told = [told for name in _names(column) for told in form.errors.get(name, [])]
                told.append(_too_long(column, written.get(column["key"])))
                found += [(question["label"], each, where) for each in told if each]
    return found


def _too_long(question, answer):
    limit = question.get("max_words")
    if not limit or not isinstance(answer, str) or word_count(answer) <= limit:
        return ""
    return f"{word_count(answer)} mots : la limite est de {limit}. Rien n’est perdu, raccourcissez."


def anchor(question, row=1, column=None):
    """The id, on the page of its section, of the first field of a question, or of a column of one of its rows."""
    if question.get("type") == "files":
        return f"id_{question['key']}"
    if question.get("type") == "rows" and column is None:
        return f"{question['key']}-ligne-{row}"
    prefix = f"{question['key']}-{row - 1}" if column else None
    asked = column or question
    field = AnswersForm(questions=[asked], prefix=prefix)[_names(asked)[0]]
    return field.id_for_label or f"{field.auto_id}_0"  # a list of choices has no control of its own


def _names(question):
    return [_name(question, suffix) for suffix in type_of(question).fields(question)]


def posted(question, answer):
    """What a page would post to give this answer, by the names of its fields; of a group, its rows too."""
    if question.get("type") != "rows":
        return _typed([question], {question["key"]: answer})
    key, rows = question["key"], _typed_rows(question, answer)
    fields = {f"{key}-TOTAL_FORMS": len(rows), f"{key}-INITIAL_FORMS": 0}
    return fields | {
        f"{key}-{place}-{name}": value for place, row in enumerate(rows) for name, value in row.items()
    }


def is_of(name, question):
    """Whether a posted field is one of this question's."""
    if question.get("type") != "rows":
        return name in {_name(question, suffix) for suffix in type_of(question).fields(question)}
    return bool(re.fullmatch(rf"{re.escape(question['key'])}-(\d+-.+|[A-Z]+_(NUM_)?FORMS)", name))


def _name(question, suffix):
    return f"{question['key']}-{suffix}" if suffix else question["key"]


def _typed(questions, answers):
    """What one would type in the fields of these questions to give these answers."""
    return {
        _name(question, suffix): value
        for question in questions
        for suffix, value in typed_of(question, answers.get(question["key"])).items()
    }


def _typed_rows(question, rows):
    return [_typed(question["columns"], row) for row in (rows if fits(question, rows) else [])]


def _worded(field, question, suffix):
    """The field with the words of its question: its label, its help, what it may hold and who will read it."""
    field.required = False
    field.label = question["label"] + (f" ({suffix.replace('debut', 'début')})" if suffix else "")
    field.help_text = _hint(question)
    if question.get("max_words"):
        field.widget.attrs["data-max-words"] = question["max_words"]
    return field


def _hint(question):
    limit = question.get("max_words")
    hints = [
        "Obligatoire pour déposer." if question.get("required") else "Facultatif.",
        question.get("help"),
        f"{limit} mots au plus." if limit else "",
        f"En {question['unit']}." if question.get("unit") else "",
        _told(question),
    ]
    return " ".join(filter(None, hints))


def _told(question):
    """Who will read the answer, where it is not the usual: who judges the application."""
    confidentiality = question.get("confidentiality")
    return f"{CONFIDENTIALITY[confidentiality]}." if confidentiality in ("public", "secret") else ""
