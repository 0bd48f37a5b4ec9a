"""Who may apply to a call, and for how much."""

from django import forms

from calls.models import CarrierRule
from calls.money import AmountField
from calls.rows import RowsFormSet, rows_formset


class CarrierRuleForm(forms.ModelForm):
    threshold = AmountField(label="Seuil (€)", required=False, help_text="Vide : celui de l’appel.")
    ceiling = AmountField(label="Plafond (€)", required=False, help_text="Vide : celui de l’appel.")

    class Meta:
        model = CarrierRule
        fields = ["kind", "threshold", "ceiling"]

    def clean(self):
        data = super().clean()
        threshold, ceiling = data.get("threshold"), data.get("ceiling")
        if threshold is not None and ceiling is not None and ceiling < threshold:
            self.add_error("ceiling", "Le plafond doit être au moins égal au seuil.")
        return data


class BaseCarriersFormSet(RowsFormSet):
    def clean(self):
        if any(self.errors):
            return
        kinds = [row["kind"] for row in self.rows()]
        if len(set(kinds)) < len(kinds):
            raise forms.ValidationError(
                "Une nature d’organisme est écrite deux fois : gardez une seule ligne pour elle."
            )


CarriersFormSet = rows_formset(CarrierRuleForm, formset=BaseCarriersFormSet)
