from django import forms

from selection.models import EligibilityFact


class FactForm(forms.Form):
    """What one retains of a rule: `found` is what the portal found of it."""

    mark_optional = False
    verdict = forms.ChoiceField(
        label="Ce que vous retenez", choices=EligibilityFact.Verdict.choices, widget=forms.RadioSelect
    )
    reason = forms.CharField(
        label="Motif",
        required=False,
        max_length=3000,
        widget=forms.Textarea(attrs={"rows": 4}),
        help_text="Obligatoire si vous ne retenez pas le constat. S’il y a irrecevabilité, le porteur le lira.",
    )

    def __init__(self, *args, found, **kwargs):
        super().__init__(*args, **kwargs)
        self.found = found

    def clean(self):
        data = super().clean()
        overruled = data.get("verdict") and data["verdict"] != self.found
        if overruled and not data.get("reason", "").strip():
            self.add_error("reason", "Motivez ce que vous retenez contre le constat.")
        return data


class EligibleForm(forms.Form):
    reason = forms.CharField(
        label="Remarque",
        required=False,
        max_length=3000,
        widget=forms.Textarea(attrs={"rows": 3}),
        help_text="Elle reste au secrétariat.",
    )


class IneligibilityForm(forms.Form):
    mark_optional = False
    reason = forms.CharField(
        label="Motif de l’irrecevabilité",
        max_length=6000,
        widget=forms.Textarea(attrs={"rows": 10}),
        error_messages={"required": "Motivez l’irrecevabilité : le porteur recevra ce texte."},
        help_text="Tiré des règles non respectées ; vous pouvez le récrire. Le porteur le reçoit tel quel.",
    )


class SettlementForm(forms.Form):
    """What one decides of the proposal that the page showed."""

    mark_optional = False
    proposal = forms.CharField(widget=forms.HiddenInput, required=False)
    accepted = forms.TypedChoiceField(
        label="Votre décision",
        choices=[
            ("oui", "Accepter : le dossier est irrecevable"),
            ("non", "Refuser : la recevabilité reste à examiner"),
        ],
        widget=forms.RadioSelect,
        coerce=lambda value: value == "oui",
    )
    answer = forms.CharField(
        label="Réponse à qui propose",
        required=False,
        max_length=3000,
        widget=forms.Textarea(attrs={"rows": 3}),
        help_text="Obligatoire en cas de refus.",
    )

    def clean(self):
        data = super().clean()
        if data.get("accepted") is False and not data.get("answer", "").strip():
            self.add_error("answer", "Dites pourquoi vous refusez la proposition.")
        return data
