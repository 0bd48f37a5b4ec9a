"""What applications are judged on, and what each score means."""

import re

from django import forms

from calls.forms.step import StepForm
from calls.models import Call, Criterion
from calls.readiness import scale_faults
from calls.rows import OrderedRows, rows_formset
from calls.steps import levels_text


class LevelsField(forms.CharField):
    """What scores mean, a line each: « 2 : partiellement convaincant ». Its value is a list of {score, text}."""

    widget = forms.Textarea(attrs={"rows": 4, "data-wide": True})
    LINE = re.compile(r"(\d{1,2})\s*[:=]\s*(\S.*)")

    def prepare_value(self, value):
        return levels_text(value) if isinstance(value, list) else value

    def has_changed(self, initial, data):
        return super().has_changed(self.prepare_value(initial), data)

    def clean(self, value):
        lines = [line.strip() for line in super().clean(value).splitlines() if line.strip()]
        levels = {}
        for line in lines:
            read = self.LINE.fullmatch(line)
            if read is None:
                raise forms.ValidationError(
                    f"« {line[:60]} » : écrivez d’abord une note et deux-points, par exemple « 2 : partiel »."
                )
            score, text = int(read[1]), read[2]
            if score in levels:
                raise forms.ValidationError(f"La note {score} est expliquée deux fois.")
            levels[score] = text
        return [{"score": score, "text": levels[score]} for score in sorted(levels)]


class ScaleForm(StepForm):
    class Meta:
        model = Call
        fields = ["scale_max"]
        help_texts = {"scale_max": "Chaque critère est noté de 0 à ce nombre, le même pour tous."}


class CriterionForm(forms.ModelForm):
    """A criterion. Its key follows it, unseen, so that the questions that inform it survive its renaming."""

    mark_optional = False
    key = forms.CharField(required=False, max_length=60, widget=forms.HiddenInput)
    levels = LevelsField(
        label="Repères de notation",
        required=False,
        max_length=4000,
        help_text="Ce que veut dire une note, une par ligne. Exemple : « 0 : absent ».",
    )

    class Meta:
        model = Criterion
        fields = ["label", "weight", "minimum", "guidance", "levels", "key"]
        widgets = {
            "label": forms.TextInput(attrs={"data-wide": True}),
            "guidance": forms.Textarea(attrs={"rows": 4, "data-wide": True}),
        }

    def has_changed(self):
        return bool(set(self.changed_data) - {"key", "order"})


class BaseCriteriaFormSet(OrderedRows):
    def clean(self):
        if any(self.errors):
            return
        rows, kept = self.rows(), self.kept()
        total = sum(row["weight"] for row in rows)
        if self.beside.is_valid():
            for number, field, sentence in scale_faults(self.beside.cleaned_data["scale_max"], rows):
                kept[number].add_error(field, sentence)
        if total not in (0, 100):
            raise forms.ValidationError(
                f"Les poids font {total} % : ils doivent faire 100 %. Corrigez-les, rien n’est perdu."
            )


CriteriaFormSet = rows_formset(CriterionForm, formset=BaseCriteriaFormSet, max_num=30)
