from django import forms


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
