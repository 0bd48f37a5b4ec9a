"""What people type about a call that is already public."""

from django import forms

from calls.models import Correction


class CorrectionForm(forms.ModelForm):
    """`read` is what the officer read again before publishing: nothing else is published."""

    class Meta:
        model = Correction
        fields = ["text"]
        widgets = {"text": forms.Textarea(attrs={"rows": 5})}
        help_texts = {
            "text": "Ce qui change ou se précise, et pourquoi. Une ligne vide sépare deux paragraphes,"
            " « - » fait une liste."
        }

    def was_read(self):
        """Whether the text is the one that was read, however the browser ends its lines."""
        return self.data.get("read", "").strip().splitlines() == self.cleaned_data["text"].splitlines()
