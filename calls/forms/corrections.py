"""What people type about a call that is already public."""

from django import forms

from calls.models import Correction


class FormNoteForm(forms.Form):
    """The public note of a corrected form; `version` is the draft that was read, so that nothing else is published."""

    text = forms.CharField(
        label="Note publique",
        max_length=2000,
        widget=forms.Textarea(attrs={"rows": 8}),
        help_text="Ce qui change, et pourquoi. Elle est datée, publiée avec le formulaire, et ne se réécrit plus.",
    )
    version = forms.IntegerField(widget=forms.HiddenInput, min_value=0, max_value=2**31 - 1)

    def written(self):
        return {"note": self.cleaned_data["text"], "version": self.cleaned_data["version"]}


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
