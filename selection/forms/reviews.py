from django import forms

from calls.money import AmountField
from selection.models import Flag, Review

WORDS = [
    ("strengths", "Points forts"),
    ("weaknesses", "Points faibles"),
    ("questions", "Questions au porteur"),
    ("comment", "Commentaire"),
]


class ReviewForm(forms.Form):
    """A grid: per criterion of the call a score, from 0 to its scale, and words; then what is recommended.

    It may be kept unfinished; to finish it, every score and a recommendation are needed. `facts` is what can be kept
    of it, even where it is not valid.
    """

    mark_optional = False

    recommendation = forms.ChoiceField(
        label="Recommandation",
        choices=[*Review.Recommendation.choices, ("", "pas encore de recommandation")],
        required=False,
        widget=forms.RadioSelect,
    )
    proposed_amount = AmountField(label="Subvention proposée (€)", required=False)
    amount_reason = forms.CharField(
        label="Motif du montant proposé",
        required=False,
        max_length=5000,
        widget=forms.Textarea(attrs={"rows": 3}),
        help_text="Ce qui l’explique, surtout s’il diffère de la subvention demandée.",
    )
    comment = forms.CharField(
        label="Synthèse pour le comité",
        required=False,
        max_length=10_000,
        widget=forms.Textarea(attrs={"rows": 6}),
    )

    def __init__(self, *args, call, criteria, **kwargs):
        super().__init__(*args, **kwargs)
        self.criteria = criteria
        own = self.fields
        self.fields = {}
        for criterion in criteria:
            self.fields[f"score_{criterion.pk}"] = _score(criterion, call.scale_max)
            for part, label in WORDS:
                self.fields[f"{part}_{criterion.pk}"] = forms.CharField(
                    label=label,
                    required=False,
                    max_length=5000,
                    widget=forms.Textarea(
                        attrs={"rows": 2, "aria-label": f"{label} – {criterion.label}"},
                    ),
                )
        self.fields.update(own)

    def clean(self):
        data = super().clean()
        self.kept = dict(data)
        if self.finishing:
            for criterion in self.criteria:
                name = f"score_{criterion.pk}"
                if data.get(name) is None and name not in self.errors:
                    self.add_error(name, "Donnez une note pour terminer.")
            if not data.get("recommendation") and "recommendation" not in self.errors:
                self.add_error("recommendation", "Choisissez une recommandation pour terminer.")
        return data

    @property
    def finishing(self):
        return "finish" in self.data

    @property
    def blocks(self):
        """(criterion, its bound fields), in the order of the call."""
        for criterion in self.criteria:
            names = [f"{part}_{criterion.pk}" for part in ("score", *dict(WORDS))]
            yield criterion, [self[name] for name in names]

    @property
    def conclusion(self):
        return [self[name] for name in self.base_fields]

    @staticmethod
    def initial_of(review):
        """What a review already says, as the form's initial values."""
        if review is None:
            return {}
        initial = {name: getattr(review, name) for name in ReviewForm.base_fields}
        for score in review.scores.all():
            initial[f"score_{score.criterion_id}"] = score.value
            for part, _ in WORDS:
                initial[f"{part}_{score.criterion_id}"] = getattr(score, part)
        return initial

    def facts(self):
        """What can be kept, as the arguments of the action that keeps it; what is wrong stays as it was."""
        scores = []
        for criterion in self.criteria:
            said = {part: f"{part}_{criterion.pk}" for part, _ in WORDS} | {"value": f"score_{criterion.pk}"}
            given = {part: self.kept[name] for part, name in said.items() if name in self.kept}
            scores.append({"criterion": criterion, **given})
        return {
            "scores": scores,
            "finished": self.finishing and self.is_valid(),
            **{name: self.kept[name] for name in self.base_fields if name in self.kept},
        }


def _score(criterion, highest):
    """The choice of a score, each with what it means where the call says so."""
    levels = {level["score"]: level["text"] for level in criterion.levels}
    choices = [
        (value, f"{value} – {levels[value]}" if levels.get(value) else str(value))
        for value in range(highest + 1)
    ]
    return forms.TypedChoiceField(
        label=f"Note de 0 à {highest} – {criterion.label}",
        choices=[*choices, ("", "pas encore de note")],
        coerce=int,
        empty_value=None,
        required=False,
        widget=forms.RadioSelect,
        error_messages={"invalid_choice": f"La note va de 0 à {highest}."},
    )


class ReviewersForm(forms.Form):
    """Who, in the secretariat, is entrusted with a review of a dossier."""

    reviewers = forms.MultipleChoiceField(
        label="Qui évalue ce dossier ?",
        widget=forms.CheckboxSelectMultiple,
        error_messages={"required": "Cochez au moins une personne : personne n’a été désigné."},
    )

    def __init__(self, *args, people, **kwargs):
        super().__init__(*args, **kwargs)
        self.people = {str(person.pk): person for person in people}
        self.fields["reviewers"].choices = [(pk, str(person)) for pk, person in self.people.items()]

    def chosen(self):
        return [self.people[pk] for pk in self.cleaned_data["reviewers"]]


class ReopenForm(forms.Form):
    reason = forms.CharField(
        label="Pourquoi rouvrir ?",
        max_length=2000,
        widget=forms.Textarea(attrs={"rows": 4}),
        help_text="Ce motif est envoyé à la personne qui l’a écrite, et gardé au journal.",
        error_messages={"required": "Motivez la réouverture : rien n’a changé."},
    )


class FlagForm(forms.Form):
    mark_optional = False

    kind = forms.ChoiceField(
        label="Nature", choices=Flag.Kind.choices, widget=forms.RadioSelect, initial=Flag.Kind.QUALITY
    )
    text = forms.CharField(
        label="Ce qui doit être surveillé", max_length=500, widget=forms.Textarea(attrs={"rows": 3})
    )


class LiftForm(forms.Form):
    because = forms.CharField(
        label="Pourquoi lever cette alerte ?", max_length=500, widget=forms.Textarea(attrs={"rows": 3})
    )
