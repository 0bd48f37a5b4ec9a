"""What people type about a call that is already public."""

from django import forms

from calls.models import Correction


class CorrectionForm(forms.ModelForm):
    class Meta:
        model = Correction
        fields = ["text"]
        widgets = {"text": forms.Textarea(attrs={"rows": 5})}
        help_texts = {
            "text": "Ce qui change ou se précise, et pourquoi. Une ligne vide sépare deux paragraphes,"
            " « - » fait une liste."
        }
