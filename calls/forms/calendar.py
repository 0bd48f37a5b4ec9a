"""When a call opens, closes, once or several times, and is decided. Days and hours are those of Paris."""

from datetime import time

from crispy_forms.layout import Column, Row
from django import forms
from django.utils import timezone

from calls.forms.preparation import TIME, end, last_day, paris
from calls.forms.step import StepForm, laid_out
from calls.models import Call
from calls.questionnaire.fields import DayField
from calls.readiness import calendar_faults
from calls.rows import RowsFormSet, rows_formset

MIDNIGHT = "Vide : minuit, à la fin de ce jour."


class CalendarForm(StepForm):
    opens_on = DayField(label="Ouverture des dépôts", required=False)
    opens_time = forms.TimeField(
        label="Heure d’ouverture", widget=TIME, required=False, help_text="Vide : dès le début de ce jour."
    )
    questions_on = DayField(label="Questions du public jusqu’au", required=False)
    questions_time = forms.TimeField(
        label="Heure limite des questions", widget=TIME, required=False, help_text=MIDNIGHT
    )

    class Meta:
        model = Call
        fields = ["committee_on", "announced_on"]
        field_classes = {"committee_on": DayField, "announced_on": DayField}
        labels = {"committee_on": "Comité prévu le"}

    helper = laid_out(
        Row(Column("opens_on"), Column("opens_time")),
        Row(Column("questions_on"), Column("questions_time")),
        Row(Column("committee_on"), Column("announced_on")),
    )

    @staticmethod
    def shown(content):
        opening = content["opens_at"] and timezone.localtime(content["opens_at"])
        questions_on, questions_time = last_day(content["questions_until"])
        return content | {
            "opens_on": opening and opening.date(),
            "opens_time": opening.time() if opening and opening.time() != time(0) else None,
            "questions_on": questions_on,
            "questions_time": questions_time,
        }

    def clean(self):
        data = super().clean()
        opens_on, opens_time = data.pop("opens_on", None), data.pop("opens_time", None)
        questions_on, questions_time = data.pop("questions_on", None), data.pop("questions_time", None)
        data["opens_at"] = paris(opens_on, opens_time or time(0)) if opens_on else None
        data["questions_until"] = end(questions_on, questions_time) if questions_on else None
        return data


class RoundForm(forms.Form):
    """A closing date. Its content is an instant, `closes_at`."""

    mark_optional = False

    closes_on = DayField(label="Date limite de dépôt")
    closes_time = forms.TimeField(label="Heure limite", widget=TIME, required=False, help_text=MIDNIGHT)

    @staticmethod
    def shown(row):
        return dict(zip(("closes_on", "closes_time"), last_day(row["closes_at"]), strict=True))

    def clean(self):
        data = super().clean()
        closes_on, closes_time = data.pop("closes_on", None), data.pop("closes_time", None)
        if closes_on:
            data["closes_at"] = end(closes_on, closes_time)
        return data


class BaseRoundsFormSet(RowsFormSet):
    def clean(self):
        """Dates that go backward are told beside the field to correct, wherever it is on the page."""
        if any(self.errors) or not self.beside.is_valid():
            return
        dates, kept = self.beside.cleaned_data, self.kept()
        names = ("opens_at", "questions_until", "committee_on", "announced_on")
        closings = [form.cleaned_data["closes_at"] for form in kept]
        for field, sentence in calendar_faults(**{name: dates[name] for name in names}, closings=closings):
            if field.startswith("rows-"):
                _, number, name = field.split("-")
                kept[int(number)].add_error(name, sentence)
            else:
                self.beside.add_error(field, sentence)


RoundsFormSet = rows_formset(RoundForm, formset=BaseRoundsFormSet, max_num=60)
