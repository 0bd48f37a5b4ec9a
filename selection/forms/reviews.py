from django import forms

from calls.money import AmountField
from selection.forms.criteria import CriteriaForm
from selection.models import Review


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
