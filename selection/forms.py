from datetime import datetime

from django import forms
from django.utils import timezone

from calls.forms.preparation import DayField
from calls.models import Envelope
from calls.money import AmountField
from selection.models import Announcement, Ballot, Committee, CommitteeSession, Decision, Laureate, Review

BLANK = "Vide : « non communiqué »."
NOTE = {"inputmode": "numeric", "autocomplete": "off"}


class EligibilityForm(forms.Form):
    mark_optional = False
    eligible = forms.TypedChoiceField(
        label="Ce dossier est-il recevable ?",
        choices=[("oui", "Recevable"), ("non", "Irrecevable")],
        widget=forms.RadioSelect,
        coerce=lambda value: value == "oui",
    )
    reason = forms.CharField(
        label="Motif",
        required=False,
        widget=forms.Textarea(attrs={"rows": 4}),
        max_length=3000,
        help_text="Obligatoire en cas d’irrecevabilité : il est envoyé au porteur.",
    )

    def clean(self):
        data = super().clean()
        if data.get("eligible") is False and not data.get("reason", "").strip():
            self.add_error("reason", "Motivez l’irrecevabilité : le porteur recevra ce texte.")
        return data


class CriteriaForm(forms.Form):
    """A score per criterion of the call, from 0 to its scale, and room for words."""

    required_scores = True
    with_comments = False

    def __init__(self, *args, call, **kwargs):
        super().__init__(*args, **kwargs)
        self.criteria = list(call.criteria.all())
        own = self.fields
        self.fields = {}
        for criterion in self.criteria:
            self.fields[f"score_{criterion.pk}"] = forms.IntegerField(
                label=f"{criterion.label} ({criterion.weight} %)",
                help_text=f"De 0 à {call.scale_max}. {criterion.guidance}",
                min_value=0,
                max_value=call.scale_max,
                required=self.required_scores,
                widget=forms.TextInput(attrs=NOTE),
                error_messages={
                    "invalid": f"Écrivez une note entière, de 0 à {call.scale_max}.",
                    "min_value": f"La note va de 0 à {call.scale_max}.",
                    "max_value": f"La note va de 0 à {call.scale_max}.",
                },
            )
            if self.with_comments:
                self.fields[f"comment_{criterion.pk}"] = forms.CharField(
                    label=f"Commentaire – {criterion.label}",
                    required=False,
                    max_length=5000,
                    widget=forms.Textarea(attrs={"rows": 2}),
                )
        self.fields.update(own)


class ReviewForm(CriteriaForm):
    """A review may be kept unfinished; to finish it, every score and a recommendation are needed."""

    mark_optional = False
    required_scores = False
    with_comments = True

    recommendation = forms.ChoiceField(
        label="Recommandation",
        choices=[("", "Choisir"), *Review.Recommendation.choices],
        required=False,
    )
    proposed_amount = AmountField(label="Subvention proposée (€)", required=False)
    comment = forms.CharField(
        label="Synthèse pour le comité",
        required=False,
        max_length=10_000,
        widget=forms.Textarea(attrs={"rows": 6}),
    )

    def clean(self):
        data = super().clean()
        if self.finishing:
            for criterion in self.criteria:
                name = f"score_{criterion.pk}"
                if data.get(name) is None and name not in self.errors:
                    self.add_error(name, "Donnez une note pour terminer l’évaluation.")
            if not data.get("recommendation"):
                self.add_error("recommendation", "Choisissez une recommandation pour terminer l’évaluation.")
        return data

    @property
    def finishing(self):
        return "finish" in self.data

    @staticmethod
    def initial_of(review):
        """What a review already says, as the form's initial values."""
        if review is None:
            return {}
        initial = {
            "recommendation": review.recommendation,
            "proposed_amount": review.proposed_amount,
            "comment": review.comment,
        }
        for score in review.scores.all():
            initial[f"score_{score.criterion_id}"] = score.value
            initial[f"comment_{score.criterion_id}"] = score.comment
        return initial

    def facts(self):
        """The arguments of the action that keeps the review."""
        data = self.cleaned_data
        return {
            "scores": [
                {
                    "criterion": criterion,
                    "value": data[f"score_{criterion.pk}"],
                    "comment": data[f"comment_{criterion.pk}"],
                }
                for criterion in self.criteria
            ],
            "comment": data["comment"],
            "recommendation": data["recommendation"],
            "proposed_amount": data["proposed_amount"],
            "finished": self.finishing,
        }


class ScorecardForm(CriteriaForm):
    comment = forms.CharField(
        label="Commentaire",
        required=False,
        max_length=5000,
        widget=forms.Textarea(attrs={"rows": 4}),
        help_text="Scellé avec vos notes jusqu’à ce que la présidence les révèle.",
    )

    @staticmethod
    def initial_of(card):
        if card is None:
            return {}
        return {
            "comment": card.comment,
            **{f"score_{each.criterion_id}": each.value for each in card.scores.all()},
        }

    def scores(self):
        return {criterion: self.cleaned_data[f"score_{criterion.pk}"] for criterion in self.criteria}


class BallotForm(forms.Form):
    choice = forms.ChoiceField(label="Votre vote", choices=Ballot.Choice.choices, widget=forms.RadioSelect)


class DecisionForm(forms.ModelForm):
    """What the call's own outcomes offer, or else the usual ones; `below` says what prevents selecting."""

    mark_optional = False
    outcome = forms.ChoiceField(label="Décision", widget=forms.RadioSelect)
    amount = AmountField(
        label="Subvention accordée (€)", required=False, help_text="Pour un projet retenu, et lui seul."
    )

    class Meta:
        model = Decision
        fields = ["outcome", "amount", "reason"]
        widgets = {"reason": forms.Textarea(attrs={"rows": 4})}

    def __init__(self, *args, call, below=(), **kwargs):
        super().__init__(*args, **kwargs)
        if not call.pays:
            del self.fields["amount"]
        self.below, self.outcomes = below, {str(outcome.pk): outcome for outcome in call.outcomes.all()}
        named = [(key, outcome.label) for key, outcome in self.outcomes.items()]
        self.fields["outcome"].choices = named or Decision.Outcome.choices

    def clean_outcome(self):
        """The state that the choice stands for; its words go in `label`."""
        chosen = self.outcomes.get(self.cleaned_data["outcome"])
        self.cleaned_data["label"] = chosen.label if chosen else ""
        outcome = chosen.state if chosen else self.cleaned_data["outcome"]
        if outcome == Decision.Outcome.SELECTED and self.below:
            raise forms.ValidationError(f"Ce dossier ne peut pas être retenu. {' ; '.join(self.below)}.")
        return outcome

    def clean(self):
        data = super().clean()
        selected = data.get("outcome") == Decision.Outcome.SELECTED
        asked = "amount" in self.fields and "amount" not in self.errors
        if selected and asked and not data.get("amount"):
            self.add_error("amount", "Écrivez le montant accordé.")
        if not selected and data.get("amount"):
            self.add_error("amount", "Un montant accompagne un projet retenu, et lui seul.")
        return data


class SessionForm(forms.ModelForm):
    class Meta:
        model = CommitteeSession
        fields = ["committee", "envelope", "title", "held_on"]
        field_classes = {"held_on": DayField}

    def __init__(self, *args, user, **kwargs):
        super().__init__(*args, **kwargs)
        mine = {"fund__roles__user": user, "fund__roles__role__in": ["officer", "head"]}
        self.fields["committee"].queryset = Committee.objects.filter(**mine).distinct()
        self.fields["envelope"].queryset = Envelope.objects.filter(**mine).select_related("fund").distinct()

    def clean(self):
        data = super().clean()
        committee, envelope = data.get("committee"), data.get("envelope")
        if committee and envelope and committee.fund_id != envelope.fund_id:
            self.add_error("envelope", "Cette enveloppe est celle d’un autre fonds.")
        return data


class AnnouncementForm(forms.ModelForm):
    class Meta:
        model = Announcement
        fields = ["title", "introduction"]
        widgets = {"introduction": forms.Textarea(attrs={"rows": 6})}


class LaureateForm(forms.ModelForm):
    """What the public will read of a laureate."""

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
            "summary",
            "amount",
            "amount_qualifier",
            "total_cost",
            "expected_savings",
            "duration_months",
            "location",
            "themes",
        ]
        widgets = {
            "summary": forms.Textarea(attrs={"rows": 5}),
            "partners": forms.Textarea(attrs={"rows": 2}),
            "themes": forms.CheckboxSelectMultiple,
        }


class ScheduleForm(forms.Form):
    """The minute of publication, in Paris."""

    day = DayField(label="Jour de publication")
    hour = forms.TimeField(
        label="Heure de publication",
        widget=forms.TimeInput(attrs={"type": "time"}, format="%H:%M"),
        help_text="Avant cette minute, rien n’apparaît nulle part.",
    )

    def publish_at(self):
        return timezone.make_aware(datetime.combine(self.cleaned_data["day"], self.cleaned_data["hour"]))
