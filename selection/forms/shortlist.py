from django import forms

from selection.shortlisting import mark

CHOICES = [("", "À décider"), ("yes", "Présélectionner"), ("no", "Écarter")]
VALUES = {"": None, "yes": True, "no": False}
KEYS = {value: key for key, value in VALUES.items()}


class ChoiceForm(forms.Form):
    """What is chosen of one dossier, and why; `read` says what the page showed when it was made."""

    mark_optional = False
    choice = forms.ChoiceField(label="Choix", choices=CHOICES, required=False)
    reason = forms.CharField(
        label="Motif", required=False, max_length=5000, widget=forms.Textarea(attrs={"rows": 3})
    )
    read = forms.CharField(widget=forms.HiddenInput, max_length=16, required=False)

    def __init__(self, data=None, *, case, synthesis=""):
        self.case, self.prefilled = case, not case.shortlist_reason and bool(synthesis)
        initial = {
            "choice": KEYS[case.shortlist_choice],
            "reason": case.shortlist_reason or synthesis,
            "read": mark(case),
        }
        super().__init__(data, initial=initial, prefix=f"dossier-{case.pk}")
        for name in ("choice", "reason"):
            self.fields[name].label = f"{self.fields[name].label} – {case.application.reference}"

    def chosen(self):
        """The arguments of the action, of this dossier."""
        data = self.cleaned_data
        return VALUES[data["choice"]], data["reason"], data["read"]
