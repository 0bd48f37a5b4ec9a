"""Who may apply to a call, and for how much."""

from django import forms

from calls.models import Call, CarrierRule
from calls.money import AmountField, euros
from calls.rows import RowsFormSet, rows_formset


def refuse_backward(form, data):
    threshold, ceiling = data.get("threshold"), data.get("ceiling")
    if threshold is not None and ceiling is not None and ceiling < threshold:
        form.add_error("ceiling", "Le plafond doit être au moins égal au seuil.")


def refuse_against_call(form, call):
    """Refuse a kind's own amount that leaves nothing between it and the call's other one."""
    threshold, ceiling = form.cleaned_data["threshold"], form.cleaned_data["ceiling"]
    if ceiling is None and None not in (threshold, call.ceiling) and call.ceiling < threshold:
        form.add_error("threshold", f"Ce seuil dépasse le plafond de l’appel, {euros(call.ceiling)}.")
    if threshold is None and None not in (ceiling, call.threshold) and ceiling < call.threshold:
        form.add_error("ceiling", f"Ce plafond est inférieur au seuil de l’appel, {euros(call.threshold)}.")


class CarrierRuleForm(forms.ModelForm):
    mark_optional = False
    threshold = AmountField(label="Seuil (€)", required=False, help_text="Vide : celui de l’appel.")
    ceiling = AmountField(label="Plafond (€)", required=False, help_text="Vide : celui de l’appel.")
    base = forms.ChoiceField(
        label="Les montants portent sur",
        required=False,
        choices=[
            ("", "comme pour l’appel"),
            *((base.value, base.label) for base in Call.Base if base != Call.Base.UNSPECIFIED),
        ],
        widget=forms.Select(attrs={"data-wide": True}),
    )

    class Meta:
        model = CarrierRule
        fields = ["kind", "threshold", "ceiling", "base"]
        widgets = {"kind": forms.Select(attrs={"data-wide": True})}

    def clean(self):
        data = super().clean()
        refuse_backward(self, data)
        return data


class BaseCarriersFormSet(RowsFormSet):
    def clean(self):
        if any(self.errors):
            return
        if self.call:
            for form in self.kept():
                refuse_against_call(form, self.call)
        kinds = [row["kind"] for row in self.rows()]
        if len(set(kinds)) < len(kinds):
            raise forms.ValidationError(
                "Une nature d’organisme est écrite deux fois : gardez une seule ligne pour elle."
            )


CarriersFormSet = rows_formset(CarrierRuleForm, formset=BaseCarriersFormSet)
