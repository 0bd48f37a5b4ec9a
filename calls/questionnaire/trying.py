"""A form tried before anybody files with it: what its answers so far would hide, lack and break."""

from decimal import Decimal

from django import forms

from calls.questionnaire.answering import asked_of, gaps
from calls.questionnaire.conditions import QUANTITIES, broken, shown
from calls.questionnaire.fields import NumberField
from calls.questionnaire.wording import AMOUNTS, check_words


class TotalsForm(forms.Form):
    """What the lines of a table would add up to: the checks compute with these, not with the lines."""

    mark_optional = False

    def __init__(self, *args, kind, **kwargs):
        super().__init__(*args, **kwargs)
        for name, (label, needed) in QUANTITIES.items():
            if needed == kind:
                places = 2 if name in AMOUNTS else 0
                self.fields[name.removeprefix("@")] = NumberField(
                    label=label[0].upper() + label[1:], required=False, min_value=0, decimal_places=places
                )

    @property
    def totals(self):
        """What was typed, as the session keeps it; None where nothing was."""
        typed = self.cleaned_data.items()
        return {f"@{name}": None if value is None else str(value) for name, value in typed}


class Trial:
    """What was tried of a form so far: answers by question key, and totals by the name of their quantity."""

    def __init__(self, definition, call, tried):
        self.definition = definition
        self.answers = {key: answer for key, answer in tried.items() if not key.startswith("@")}
        totals = {key: Decimal(value) for key, value in tried.items() if key.startswith("@") and value}
        self.quantities = totals | {"@threshold": call.threshold, "@ceiling": call.ceiling}
        self.sections, self.questions = shown(definition, self.answers)

    def gaps(self, section):
        """What an applicant would be told to fill in, in this section."""
        if section["key"] not in self.sections:
            return []
        return [gap.text for gap in gaps(asked_of(self.definition, section, self.answers), self.answers)]

    def broken(self):
        """(the rule in words, what an applicant would be told, whether it prevents filing) of each check that fails."""
        return [
            (check_words(check, self.definition), check["message"], check.get("blocking", True))
            for check in broken(self.definition, self.answers, self.quantities)
        ]
