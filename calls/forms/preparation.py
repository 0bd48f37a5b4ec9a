"""What the forms of a call share: its days and hours in Paris, its files, its deadline once published."""

from datetime import datetime, time, timedelta

from django import forms
from django.utils import timezone

from calls.models import CallDocument
from calls.questionnaire.fields import DayField
from documents import uploads

RESERVED = {"nouveau", "calendrier"}  # words that stand where a call's slug does in addresses


class HourInput(forms.TimeInput):
    """An hour, with its seconds where it has some: « 23:59:59 » must not come back as 23:59."""

    def format_value(self, value):
        return value.strftime("%H:%M:%S" if value.second else "%H:%M") if isinstance(value, time) else value


TIME = HourInput(attrs={"type": "time"})


def checked_code(typed):
    """A call's reference, in capitals; its slug is made of it."""
    code = typed.strip().upper()
    if not code.replace("-", "").isalnum() or not code.isascii():
        raise forms.ValidationError("Des lettres sans accent, des chiffres et des tirets seulement.")
    if code.lower() in RESERVED:
        raise forms.ValidationError("Cette référence est réservée : choisissez-en une autre.")
    return code


def paris(day, hour):
    return timezone.make_aware(datetime.combine(day, hour))


def end(day, hour):
    """The first instant that is too late: the hour said, or the midnight that ends the day."""
    return paris(day, hour) if hour else paris(day + timedelta(days=1), time(0))


def last_day(instant):
    """The day and the hour that `end` makes an instant of; no hour stands for midnight, none of both for None."""
    if instant is None:
        return None, None
    local = timezone.localtime(instant)
    if local.time() == time(0):
        return (local - timedelta(seconds=1)).date(), None
    return local.date(), local.time()


class DocumentForm(forms.ModelForm):
    upload = forms.FileField(label="Fichier", help_text=f"{uploads.ACCEPTED}, 20 Mo au plus.")

    class Meta:
        model = CallDocument
        fields = ["kind", "title"]

    def clean_upload(self):
        upload = self.cleaned_data["upload"]
        self.content_type = uploads.check(upload)
        return upload


class DeadlineForm(forms.Form):
    """A later deadline for a published call."""

    closes_on = DayField(label="Nouvelle date limite")
    closes_time = forms.TimeField(
        label="Heure limite", widget=TIME, required=False, help_text="Vide : minuit, à la fin de ce jour."
    )

    def __init__(self, *args, last, **kwargs):
        super().__init__(*args, **kwargs)
        self.last = last

    def clean(self):
        data = super().clean()
        if "closes_on" in data and "closes_time" in data and self.closes_at() <= self.last.closes_at:
            self.add_error(
                "closes_on",
                f"La date limite publiée est le {self.last.deadline_text} : choisissez une date plus tardive.",
            )
        return data

    def closes_at(self):
        return end(self.cleaned_data["closes_on"], self.cleaned_data["closes_time"])
