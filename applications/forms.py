from django import forms

from accounts.models import Organisation
from applications.models import Application, Attachment, FinancingLine, SavingsLine
from calls.money import AmountField
from calls.questionnaire.types import word_count
from calls.rows import rows_formset
from documents import uploads


class ApplicationForm(forms.ModelForm):
    """What a draft begins with: the project's name, who carries it, its themes."""

    class Meta:
        model = Application
        fields = ["organisation", "title", "themes"]
        widgets = {"themes": forms.CheckboxSelectMultiple}

    def __init__(self, *args, call, user, **kwargs):
        super().__init__(*args, **kwargs)
        self.fields["themes"].queryset = call.themes.all()
        mine = Organisation.objects.filter(memberships__user=user).distinct()
        self.fields["organisation"].queryset = mine
        self.fields["organisation"].empty_label = None
        if self.instance.pk:
            del self.fields["organisation"]


class SectionForm(forms.Form):
    """The questions of one text section. A draft may leave them empty, but not exceed their number of words."""

    mark_optional = False
    version = forms.IntegerField(widget=forms.HiddenInput, min_value=0)

    def __init__(self, *args, section, **kwargs):
        super().__init__(*args, **kwargs)
        self.questions = section["questions"]
        for question in self.questions:
            words = question.get("max_words")
            hints = [
                "" if question.get("required") else "Facultatif.",
                question.get("help"),
                f"{words} mots au plus." if words else "",
            ]
            self.fields[question["key"]] = forms.CharField(
                label=question["label"],
                help_text=" ".join(filter(None, hints)),
                required=False,
                max_length=60_000,
                widget=forms.Textarea(
                    attrs={"rows": 4 if (words or 0) <= 250 else 9, "data-max-words": words or ""}
                ),
            )

    def clean(self):
        data = super().clean()
        for question in self.questions:
            words, limit = word_count(data.get(question["key"])), question.get("max_words")
            if limit and words > limit:
                self.add_error(
                    question["key"],
                    f"{words} mots : la limite est de {limit}. Rien n’est perdu, raccourcissez votre texte.",
                )
        return data

    def answers(self):
        return {question["key"]: self.cleaned_data[question["key"]] for question in self.questions}


class FinancingLineForm(forms.ModelForm):
    amount = AmountField(label="Montant (€)")

    class Meta:
        model = FinancingLine
        fields = ["year", "source", "label", "amount"]
        widgets = {"year": forms.TextInput(attrs={"inputmode": "numeric", "maxlength": 4})}


class SavingsLineForm(forms.ModelForm):
    amount = AmountField(label="Montant (€)")

    class Meta:
        model = SavingsLine
        fields = ["year", "label", "amount", "recurring"]
        widgets = {"year": forms.TextInput(attrs={"inputmode": "numeric", "maxlength": 4})}


FinancingFormSet = rows_formset(FinancingLineForm)
SavingsFormSet = rows_formset(SavingsLineForm)


class AttachmentForm(forms.ModelForm):
    upload = forms.FileField(label="Fichier", help_text=f"{uploads.ACCEPTED}, 20 Mo au plus.")

    class Meta:
        model = Attachment
        fields = ["description"]
        help_texts = {"description": "Ce que contient la pièce, en quelques mots."}

    field_order = ["upload", "description"]

    def clean_upload(self):
        upload = self.cleaned_data["upload"]
        self.content_type = uploads.check(upload)
        return upload


class RemarksForm(forms.Form):
    remarks = forms.CharField(
        label="Vos remarques aux rédacteurs",
        widget=forms.Textarea(attrs={"rows": 5}),
        max_length=5000,
        help_text="Elles leur sont envoyées par courriel.",
    )
