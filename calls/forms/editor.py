"""The steps of the call editor as forms: what one types in each."""

from crispy_forms.layout import Column, Fieldset, Row
from django import forms

from calls.forms.calendar import CalendarForm, RoundsFormSet
from calls.forms.carriers import CarriersFormSet, refuse_backward
from calls.forms.circuit import CircuitForm, OutcomesFormSet
from calls.forms.criteria import CriteriaFormSet, ScaleForm
from calls.forms.preparation import checked_code
from calls.forms.step import StepForm, laid_out
from calls.models import Call, Fund, FundRole, Programme
from calls.money import AmountField, PercentField


class IdentityForm(StepForm):
    """What a call begins with; its fund is chosen once, among those of one's own."""

    class Meta:
        model = Call
        fields = ["fund", "programme", "code", "title", "themes"]
        widgets = {"themes": forms.CheckboxSelectMultiple}

    def __init__(self, *args, user, **kwargs):
        super().__init__(*args, **kwargs)
        own = Fund.objects.filter(roles__user=user, roles__role__in=FundRole.SECRETARIAT).distinct()
        self.fields["fund"].queryset, self.fields["fund"].empty_label = own, None
        self.fields["programme"].queryset = Programme.objects.filter(fund__in=own).select_related("fund")
        self.fields["programme"].label_from_instance = lambda programme: (
            f"{programme.fund.code} : {programme.name}"
        )
        self.fields["programme"].empty_label = "aucun"
        if self.instance.pk:
            self.fields["fund"].disabled = True
            self.fields["programme"].queryset = self.instance.fund.programmes.all()
            self.fields["programme"].label_from_instance = str

    def clean_code(self):
        return checked_code(self.cleaned_data["code"])

    def clean(self):
        data = super().clean()
        if data.get("programme") and data["programme"].fund != data.get("fund"):
            self.add_error("programme", "Ce programme est celui d’un autre fonds.")
        return data


class MoneyForm(StepForm):
    threshold = AmountField(
        label="Seuil (€)", required=False, help_text="Montant minimal, par exemple 500 000."
    )
    ceiling = AmountField(label="Plafond (€)", required=False, help_text="Montant maximal.")
    threshold_base = forms.ChoiceField(
        label="Le seuil et le plafond portent sur",
        choices=[
            (Call.Base.UNSPECIFIED, "à préciser"),
            *((base.value, base.label) for base in Call.Base if base != Call.Base.UNSPECIFIED),
        ],
    )
    flat_grant = AmountField(
        label="Subvention forfaitaire (€)",
        required=False,
        help_text="Si chaque lauréat reçoit le même montant.",
    )
    max_rate = PercentField(
        label="Taux maximal de la subvention (%)",
        required=False,
        help_text="La part du coût total que le fonds peut payer, par exemple 50.",
    )
    grouped_accepted = forms.TypedChoiceField(
        label="Dossiers groupés",
        choices=[("", "non précisé"), ("True", "acceptés"), ("False", "refusés")],
        coerce=lambda value: value == "True",
        empty_value=None,
        required=False,
        help_text="Un dossier porte plusieurs petits projets dont les montants s’ajoutent.",
    )

    class Meta:
        model = Call
        fields = [
            "threshold", "ceiling", "threshold_base", "flat_grant", "max_rate", "cofinancing_required",
            "grouped_accepted", "savings_horizon", "savings_measure",
        ]  # fmt: skip
        labels = {
            "savings_horizon": "Nombre d’années après la fin du projet",
            "savings_measure": "Économies retenues",
        }
        help_texts = {"savings_horizon": "Par exemple 3, pour l’année N+3."}

    helper = laid_out(
        Fieldset(
            "Montants",
            Row(Column("threshold"), Column("ceiling")),
            "threshold_base",
            Row(Column("flat_grant"), Column("max_rate")),
            "cofinancing_required",
            "grouped_accepted",
        ),
        Fieldset("Mesure des économies", Row(Column("savings_horizon"), Column("savings_measure"))),
    )

    def clean(self):
        data = super().clean()
        refuse_backward(self, data)
        return data


class TextsForm(StepForm):
    class Meta:
        model = Call
        fields = ["summary", "description", "next_steps", "contact_email"]
        widgets = {
            "summary": forms.Textarea(attrs={"rows": 3}),
            "description": forms.Textarea(attrs={"rows": 12}),
            "next_steps": forms.Textarea(attrs={"rows": 6}),
        }
        labels = {"next_steps": "Et après le dépôt ?"}


# Step by its key → the form of its fields, the formset of its rows.
FORMS = {
    "identite": (IdentityForm, None),
    "calendrier": (CalendarForm, RoundsFormSet),
    "argent": (MoneyForm, None),
    "porteurs": (None, CarriersFormSet),
    "circuit": (CircuitForm, OutcomesFormSet),
    "criteres": (ScaleForm, CriteriaFormSet),
    "textes": (TextsForm, None),
}
