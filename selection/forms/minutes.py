"""The text of minutes, what confirms a signature, why one is taken back."""

from django import forms

LARGEST_VERSION = 2**31 - 1


class MinutesForm(forms.Form):
    """The text as someone corrects it; `version` is that of the one that the page had read."""

    text = forms.CharField(
        label="Texte du relevé",
        max_length=1_000_000,
        strip=False,
        widget=forms.Textarea(attrs={"rows": 30, "class": "portal-minutes__text"}),
        help_text="Une ligne qui commence par « ## » ouvre une partie ; « - » en début de ligne fait une liste ;"
        " **deux astérisques** mettent en gras.",
    )
    version = forms.IntegerField(min_value=0, max_value=LARGEST_VERSION, widget=forms.HiddenInput)

    def made_for(self, version):
        """Say anew which text the page has read, where what was sent is shown again beside it."""
        self.data = self.data.copy()
        self.data["version"] = str(version)


class ProduceForm(forms.Form):
    version = forms.IntegerField(
        min_value=0, max_value=LARGEST_VERSION, required=False, widget=forms.HiddenInput
    )


class SignForm(forms.Form):
    """The code that confirms a signature, and the version that was read."""

    code = forms.CharField(
        label="Code reçu par courriel",
        max_length=20,
        help_text="Six chiffres.",
        widget=forms.TextInput(attrs={"inputmode": "numeric", "autocomplete": "one-time-code"}),
    )
    version = forms.IntegerField(min_value=0, max_value=LARGEST_VERSION, widget=forms.HiddenInput)


class WithdrawSignatureForm(forms.Form):
    reason = forms.CharField(
        label="Ce qui est à corriger",
        max_length=2000,
        widget=forms.Textarea(attrs={"rows": 4}),
        help_text="Le secrétariat le lit, et le journal le garde.",
    )
