"""The shape of what the public is told of a change among laureates."""

from datetime import datetime

from django import forms
from django.utils import timezone

from calls.forms.preparation import DayField


class ChangeForm(forms.Form):
    text = forms.CharField(
        label="Ce que le public lira",
        max_length=1000,
        widget=forms.Textarea(attrs={"rows": 4}),
        help_text="La date et la nature du changement s’ajoutent d’elles-mêmes. Le motif du porteur ne se publie pas.",
    )


class PublishChangeForm(forms.Form):
    """Now, or at a minute to come, in Paris."""

    day = DayField(
        label="Jour de publication", required=False, help_text="Vide, avec l’heure : tout de suite."
    )
    hour = forms.TimeField(
        label="Heure de publication",
        required=False,
        widget=forms.TimeInput(attrs={"type": "time"}, format="%H:%M"),
        help_text="Avant cette minute, rien n’apparaît nulle part.",
    )

    def clean(self):
        data = super().clean()
        if not self.errors and bool(data.get("day")) != (data.get("hour") is not None):
            raise forms.ValidationError(
                "Donnez le jour et l’heure, ou ni l’un ni l’autre pour publier maintenant."
            )
        return data

    def publish_at(self, now):
        day, hour = self.cleaned_data["day"], self.cleaned_data["hour"]
        return timezone.make_aware(datetime.combine(day, hour)) if day else now
