import re

from django import forms

ASKED = 20  # references that are read of an address; four are compared


class ComparisonForm(forms.Form):
    """Which dossiers are put side by side."""

    dossiers = forms.CharField(
        label="Références des dossiers à comparer",
        help_text="De deux à quatre, séparées par des virgules.",
        max_length=300,
    )

    @staticmethod
    def references_in(typed):
        """The references of what was typed or ticked, each once; what no reference could be is left out."""
        found = re.findall(r"[\w-]{1,60}", " ".join(typed)[:2000])
        return list(dict.fromkeys(each.upper() for each in found))[:ASKED]
