from django import forms

from selection import message_templates
from selection.models import MessageTemplate


class TemplateForm(forms.ModelForm):
    """A message with fields, and the dossier on which to try it."""

    reference = forms.CharField(
        label="Essayer sur un dossier",
        required=False,
        max_length=60,
        help_text="Sa référence : l’aperçu montre ce que son porteur lirait.",
    )

    class Meta:
        model = MessageTemplate
        fields = ["name", "text"]
        widgets = {"text": forms.Textarea(attrs={"rows": 12})}

    def __init__(self, *args, fund, cases, **kwargs):
        super().__init__(*args, **kwargs)
        self.fund, self.cases, self.case = fund, cases, None

    def clean_name(self):
        name = self.cleaned_data["name"]
        if message_templates.namesake(self.fund, name, besides=self.instance if self.instance.pk else None):
            raise forms.ValidationError("Un modèle porte déjà ce nom.")
        return name

    def clean_text(self):
        text = self.cleaned_data["text"]
        if unknown := message_templates.unknown_fields(text):
            raise forms.ValidationError(
                f"Aucun dossier ne sait remplir {message_templates.listed(unknown)}."
                " Les champs possibles sont au-dessus du formulaire."
            )
        return text

    def clean_reference(self):
        reference = self.cleaned_data["reference"].strip().upper()
        if reference:
            self.case = self.cases.filter(application__reference=reference).first()
            if self.case is None:
                raise forms.ValidationError("Aucun dossier que vous puissiez traiter n’a cette référence.")
        return reference

    def example(self):
        """What the carrier of the dossier would read; a field without a value stays between its braces."""
        values = message_templates.values_of([self.case])[self.case.application_id]
        return message_templates.fill(self.cleaned_data["text"], values)
