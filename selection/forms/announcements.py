from datetime import datetime

from django import forms
from django.utils import timezone

from calls.forms.preparation import DayField
from calls.money import AmountField
from selection.forms import page_texts
from selection.models import Announcement, Laureate

BLANK = "Vide : « non communiqué »."


class AnnouncementForm(forms.ModelForm):
    class Meta:
        model = Announcement
        fields = ["title", "introduction"]
        widgets = {"introduction": forms.Textarea(attrs={"rows": 6})}


class LaureateForm(forms.ModelForm):
    """What the public will read of a laureate."""

    short_text = page_texts.short_text()
    summary = page_texts.long_text()
    amount = AmountField(label="Montant publié (€)", required=False, help_text=BLANK)
    total_cost = AmountField(label="Coût total du projet (€)", required=False, help_text=BLANK)
    expected_savings = AmountField(label="Économies attendues (€)", required=False, help_text=BLANK)

    class Meta:
        model = Laureate
        fields = [
            "name",
            "carrier",
            "ministry",
            "partners",
            "short_text",
            "summary",
            "contact",
            "amount",
            "amount_qualifier",
            "total_cost",
            "expected_savings",
            "duration_months",
            "location",
            "themes",
        ]
        widgets = {
            "partners": forms.Textarea(attrs={"rows": 2}),
            "themes": forms.CheckboxSelectMultiple,
        }
        help_texts = {
            "contact": "Un service et son courriel ou son téléphone. Il est publié.",
        }


class ScheduleForm(forms.Form):
    """The minute of publication, in Paris."""

    day = DayField(label="Jour de publication")
    hour = forms.TimeField(
        label="Heure de publication",
        widget=forms.TimeInput(attrs={"type": "time"}, format="%H:%M"),
        help_text="Avant cette minute, rien n’apparaît nulle part.",
    )

    def __init__(self, *args, announcement, **kwargs):
        at = announcement.publish_at and timezone.localtime(announcement.publish_at)
        super().__init__(*args, initial={"day": at.date(), "hour": at.time()} if at else {}, **kwargs)

    def publish_at(self):
        return timezone.make_aware(datetime.combine(self.cleaned_data["day"], self.cleaned_data["hour"]))
