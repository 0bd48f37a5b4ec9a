"""Against machines that fill every field of a form, with nothing asked of people."""

from django import forms


class TrappedForm(forms.Form):
    """A form with one field more, last, that no page shows: only a machine fills it."""

    website = forms.CharField(
        label="Laissez ce champ vide",
        required=False,
        max_length=200,
        widget=forms.TextInput(attrs={"class": "fr-input portal-trap", "autocomplete": "off"}),
    )

    def __init__(self, *args, **kwargs):
        super().__init__(*args, **kwargs)
        self.order_fields([name for name in self.fields if name != "website"])

    def from_a_machine(self):
        """Whether the trap was filled; it is taken out of the cleaned data."""
        return bool(self.cleaned_data.pop("website"))
