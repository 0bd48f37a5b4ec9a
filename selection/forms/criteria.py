from django import forms

NOTE = {"inputmode": "numeric", "autocomplete": "off"}


class CriteriaForm(forms.Form):
    """A score per criterion of the call, from 0 to its scale."""

    def __init__(self, *args, call, **kwargs):
        super().__init__(*args, **kwargs)
        self.criteria = list(call.criteria.all())
        own = self.fields
        self.fields = {}
        for criterion in self.criteria:
            self.fields[f"score_{criterion.pk}"] = forms.IntegerField(
                label=f"{criterion.label} ({criterion.weight} %)",
                help_text=f"De 0 à {call.scale_max}. {criterion.guidance}",
                min_value=0,
                max_value=call.scale_max,
                widget=forms.TextInput(attrs=NOTE),
                error_messages={
                    "invalid": f"Écrivez une note entière, de 0 à {call.scale_max}.",
                    "min_value": f"La note va de 0 à {call.scale_max}.",
                    "max_value": f"La note va de 0 à {call.scale_max}.",
                },
            )
        self.fields.update(own)
