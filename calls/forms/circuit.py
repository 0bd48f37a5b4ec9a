"""Who proposes, decides and pays, and what may be decided."""

from crispy_forms.layout import Column, Fieldset, Row
from django import forms

from calls.forms.step import StepForm, laid_out
from calls.models import Call, Outcome
from calls.rows import OrderedRows, rows_formset


class CircuitForm(StepForm):
    class Meta:
        model = Call
        fields = [
            "visa_required", "anonymous", "has_shortlist", "has_hearings", "proposed_by", "decided_by", "paid_by",
            "expected_laureates",
        ]  # fmt: skip

    helper = laid_out(
        Fieldset("Dépôt", "visa_required", "anonymous"),
        Fieldset("Sélection", "has_shortlist", "has_hearings"),
        Fieldset(
            "Décision",
            Row(Column("proposed_by"), Column("decided_by")),
            Row(Column("paid_by"), Column("expected_laureates")),
        ),
    )

    def __init__(self, *args, **kwargs):
        super().__init__(*args, **kwargs)
        for name in ("proposed_by", "decided_by", "paid_by"):
            self.fields[name].choices = [("", "non communiqué"), *self.fields[name].choices[1:]]

    def clean(self):
        data = super().clean()
        if data.get("has_hearings") and not data.get("has_shortlist"):
            self.add_error(
                "has_hearings", "On auditionne des présélectionnés : cochez aussi la présélection."
            )
        return data


class OutcomeForm(forms.ModelForm):
    mark_optional = False

    class Meta:
        model = Outcome
        fields = ["label", "state"]
        help_texts = {"label": "Dans les mots de l’appel, par exemple « retenu sous conditions »."}

    def has_changed(self):
        return bool(set(self.changed_data) - {"order"})


class BaseOutcomesFormSet(OrderedRows):
    def clean(self):
        if any(self.errors):
            return
        labels = [row["label"].casefold() for row in self.rows()]
        if len(set(labels)) < len(labels):
            raise forms.ValidationError(
                "Une décision est écrite deux fois : gardez une seule ligne pour elle."
            )


OutcomesFormSet = rows_formset(OutcomeForm, formset=BaseOutcomesFormSet, max_num=20)

# What one may start from: (label of the button, rows).
OUTCOMES_TO_START_FROM = {
    "quatre": (
        "Retenu, liste complémentaire, ajourné, non retenu",
        [{"label": state.label.capitalize(), "state": state.value} for state in Outcome.State],
    ),
    "conditions": (
        "Retenu, retenu sous conditions, ajourné, non retenu",
        [
            {"label": "Retenu", "state": Outcome.State.SELECTED.value},
            {"label": "Retenu sous conditions", "state": Outcome.State.SELECTED.value},
            {"label": "Ajourné", "state": Outcome.State.DEFERRED.value},
            {"label": "Non retenu", "state": Outcome.State.REJECTED.value},
        ],
    ),
    "concours": (
        "Lauréat, non retenu",
        [
            {"label": "Lauréat", "state": Outcome.State.SELECTED.value},
            {"label": "Non retenu", "state": Outcome.State.REJECTED.value},
        ],
    ),
}
