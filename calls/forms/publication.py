"""What the head of a secretariat types to publish a call, or to give it back."""

from datetime import datetime

from django import forms
from django.utils import timezone

from calls.questionnaire.fields import DayField
from journal import clock

AT_ONCE, LATER = "maintenant", "plus-tard"


class PublicationForm(forms.Form):
    """At once, or at a minute of Paris that is still to come; a date that is typed is never ignored."""

    mark_optional = False
    when = forms.ChoiceField(
        label="Publication",
        choices=[(AT_ONCE, "Tout de suite"), (LATER, "À une date et une heure")],
        widget=forms.RadioSelect,
    )
    day = DayField(label="Jour de publication, à une date choisie", required=False)
    hour = forms.TimeField(
        label="Heure de publication, à cette date",
        widget=forms.TimeInput(attrs={"type": "time"}, format="%H:%M"),
        required=False,
        help_text="Heure de Paris, à la minute. Vide : dès le début de ce jour.",
    )

    def clean(self):
        data = super().clean()
        self.at = None
        if data.get("when") == AT_ONCE and (data.get("day") or data.get("hour")):
            self.add_error(
                "when", "Vous avez écrit une date : choisissez « À une date et une heure », ou effacez-la."
            )
        if data.get("when") != LATER or self.errors:
            return data
        if not data.get("day"):
            self.add_error("day", "Choisissez le jour de publication, ou publiez tout de suite.")
            return data
        hour = data.get("hour") or datetime.min.time()
        self.at = timezone.make_aware(datetime.combine(data["day"], hour.replace(second=0, microsecond=0)))
        if self.at <= clock.now():
            self.add_error("day", "Cette minute est passée : choisissez-en une à venir.")
        return data


class ReturnForm(forms.Form):
    remarks = forms.CharField(
        label="Vos remarques",
        widget=forms.Textarea(attrs={"rows": 5}),
        max_length=5000,
        help_text="Elles sont envoyées à la personne qui a soumis l’appel, et affichées dans sa préparation.",
    )
