from django import forms
from django.conf import settings
from django.db.models import Q

from calls.models import Call, Fund, deadline_text

ALL = "tous"
SHOWN = 50


def days_in_words():
    delays = sorted(settings.REMINDER_DAYS, reverse=True)
    *first, last = [f"{days} jour{'s' if days > 1 else ''}" for days in delays]
    return f"{', '.join(first)} et {last}" if first else last


class TopicsForm(forms.Form):
    """What to be told of. `chosen` are slugs of funds (or « tous ») and of calls, offered and ticked."""

    funds = forms.MultipleChoiceField(
        label="Être prévenu des nouveaux appels à projets de",
        widget=forms.CheckboxSelectMultiple,
        required=False,
    )
    deadlines = forms.BooleanField(
        label="Recevoir aussi les rappels de date limite de tous les appels de ces fonds", required=False
    )
    calls = forms.MultipleChoiceField(
        label="Être rappelé avant la date limite de",
        widget=forms.CheckboxSelectMultiple,
        required=False,
    )

    def __init__(self, *args, chosen_funds=(), chosen_calls=(), **kwargs):
        super().__init__(*args, **kwargs)
        funds = list(Fund.objects.public().order_by("code", "id"))
        calls = list(self._calls(chosen_calls))
        self._funds = {fund.slug: fund for fund in funds}
        self._calls_by_slug = {call.slug: call for call in calls}
        self.fields["funds"].choices = [
            (ALL, "Tous les fonds"),
            *((fund.slug, f"{fund.code} : {fund.name}") for fund in funds),
        ]
        self.fields["calls"].choices = [
            (call.slug, f"{call.title} ({deadline_text(call.closes_at)})") for call in calls
        ]
        self.fields["calls"].help_text = f"Un message {days_in_words()} avant la date limite."
        self.initial.setdefault("funds", list(chosen_funds))
        self.initial.setdefault("calls", list(chosen_calls))
        if not calls:
            del self.fields["calls"]

    def _calls(self, chosen):
        """Those that end soonest, and those already chosen even if a thousand others end before."""
        live = Call.objects.public().in_time().order_by("closes_at", "id")
        soonest = live.values("pk")[:SHOWN]
        return live.filter(Q(pk__in=soonest) | Q(pk__in=Call.objects.filter(slug__in=chosen)))

    def clean(self):
        data = super().clean()
        chosen = data.pop("funds", [])
        data["all_funds"] = ALL in chosen
        data["funds"] = [self._funds[slug] for slug in chosen if slug != ALL]
        data["calls"] = [self._calls_by_slug[slug] for slug in data.get("calls", [])]
        if not (chosen or data["calls"]) and not self.errors:
            raise forms.ValidationError("Choisissez au moins un fonds ou un appel.")
        return data


class SubscribeForm(TopicsForm):
    email = forms.EmailField(
        label="Votre adresse électronique",
        help_text="Exemple : prenom.nom@organisme.fr",
        widget=forms.EmailInput(attrs={"autocomplete": "email"}),
    )
    field_order = ["email", "funds", "deadlines", "calls"]

    def clean_email(self):
        return self.cleaned_data["email"].lower()
