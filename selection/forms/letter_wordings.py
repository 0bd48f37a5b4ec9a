from django import forms

from calls.models import Call
from selection import letters, message_templates


class WordingForm(forms.Form):
    """The words that the letters of an outcome begin with, for a fund or for one of its calls."""

    call = forms.ModelChoiceField(
        Call.objects.none(), label="Pour", required=False, empty_label="Tous les appels du fonds"
    )
    text = forms.CharField(
        label="Début de la lettre",
        required=False,
        max_length=10_000,
        widget=forms.Textarea(attrs={"rows": 10}),
        help_text="Laissez vide pour revenir au texte du portail.",
    )

    def __init__(self, *args, fund, **kwargs):
        super().__init__(*args, **kwargs)
        self.fields["call"].queryset = Call.objects.filter(fund=fund).order_by("-pk")

    def clean_text(self):
        text = self.cleaned_data["text"].strip()
        if unknown := message_templates.unknown_fields(text, letters.FIELDS):
            raise forms.ValidationError(
                f"Aucune lettre ne sait remplir {message_templates.listed(unknown)}."
                " Les champs possibles sont au-dessus du formulaire."
            )
        return text
