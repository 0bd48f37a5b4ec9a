from datetime import timedelta

from django import forms
from django.utils import timezone

from calls.forms.preparation import TIME, paris
from calls.questionnaire.fields import DayField
from selection.models import Hearing

MOST = 40


class SlotForm(forms.Form):
    """One slot: its day, its hour in Paris, its length, where, and who hears."""

    day = DayField(label="Jour")
    starts = forms.TimeField(label="Première heure", widget=TIME)
    minutes = forms.IntegerField(label="Durée (minutes)", min_value=5, max_value=600, initial=30)
    place = forms.CharField(label="Lieu ou lien de visioconférence", max_length=300)
    panel = forms.ModelMultipleChoiceField(
        label="Jury",
        queryset=None,
        widget=forms.CheckboxSelectMultiple,
        error_messages={"required": "Cochez au moins une personne."},
    )

    def __init__(self, *args, people, **kwargs):
        super().__init__(*args, **kwargs)
        self.fields["panel"].queryset = people

    def times(self):
        """The (begins, ends) of each slot."""
        data = self.cleaned_data
        first, length = paris(data["day"], data["starts"]), timedelta(minutes=data["minutes"])
        step = length + timedelta(minutes=data.get("pause") or 0)
        return [(first + step * rank, first + step * rank + length) for rank in range(data.get("count") or 1)]

    @staticmethod
    def initial_of(slot):
        local = timezone.localtime(slot.begins_at)
        return {
            "day": local.date(),
            "starts": local.time(),
            "minutes": (slot.ends_at - slot.begins_at) // timedelta(minutes=1),
            "place": slot.place,
            "panel": list(slot.panel.all()),
        }


class SeriesForm(SlotForm):
    """A series of slots one after the other; one alone by default."""

    pause = forms.IntegerField(label="Pause entre deux (minutes)", min_value=0, max_value=600, initial=10)
    count = forms.IntegerField(
        label="Nombre de créneaux", min_value=1, max_value=MOST, initial=1, help_text=f"{MOST} au plus."
    )
    field_order = ["day", "starts", "minutes", "pause", "count", "place", "panel"]

    def clean(self):
        data = super().clean()
        if (
            not self.errors
            and self.times()[-1][1].astimezone(timezone.get_current_timezone()).date() != data["day"]
        ):
            self.add_error("count", "Le dernier créneau finirait le lendemain : faites une série par jour.")
        return data


class SlotChoice(forms.ModelChoiceField):
    def label_from_instance(self, slot):
        return f"{slot.when}, {slot.place}"


class InvitationForm(forms.Form):
    """To which free slot a dossier is invited, or moved."""

    slot = SlotChoice(label="Créneau libre", queryset=None)

    def __init__(self, *args, slots, **kwargs):
        super().__init__(*args, **kwargs)
        self.fields["slot"].queryset = slots


class HearingForm(forms.ModelForm):
    """What is noted of a hearing; `read` says what the page had read of it."""

    mark_optional = False
    read = forms.CharField(widget=forms.HiddenInput, required=False)

    class Meta:
        model = Hearing
        fields = ["notes", "result"]
        widgets = {"notes": forms.Textarea(attrs={"rows": 10}), "result": forms.RadioSelect}

    def __init__(self, *args, **kwargs):
        super().__init__(*args, **kwargs)
        self.initial["read"] = self.instance.mark
        self.fields["result"].choices = [("", "Pas encore"), *Hearing.Result.choices]

    def clean(self):
        data = super().clean()
        if self.closing and not data.get("result"):
            self.add_error("result", "Choisissez le résultat pour clore l’audition.")
        return data

    @property
    def closing(self):
        return "close" in self.data

    def read_again(self, hearing):
        """Make the page that comes back one that has read this."""
        self.data = self.data.copy()
        self.data["read"] = hearing.mark
