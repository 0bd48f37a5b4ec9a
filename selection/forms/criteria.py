from django import forms

NOTE = {"inputmode": "numeric", "autocomplete": "off"}


class CriteriaForm(forms.Form):
    """A score per criterion of the call, from 0 to its scale; `radios_up_to` is the longest scale shown whole."""

    radios_up_to = 0

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
                widget=self.choice(criterion, call.scale_max),
                error_messages={
                    "required": "Donnez une note.",
                    "invalid": f"Écrivez une note entière, de 0 à {call.scale_max}.",
                    "min_value": f"La note va de 0 à {call.scale_max}.",
                    "max_value": f"La note va de 0 à {call.scale_max}.",
                },
            )
        self.fields.update(own)

    def choice(self, criterion, highest):
        """How a score is given: among radios, each with what it means where the call says so, or typed."""
        if highest > self.radios_up_to:
            return forms.TextInput(attrs=NOTE)
        meant = {level["score"]: level["text"] for level in criterion.levels if level["text"]}
        values = range(highest + 1)
        return forms.RadioSelect(choices=[(n, f"{n} – {meant[n]}" if n in meant else n) for n in values])
