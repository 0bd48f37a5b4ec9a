from django import forms

from fondsportal.front.models import SatisfactionAnswer

QUESTIONS = {
    SatisfactionAnswer.Place.FILING: "Le dépôt de votre dossier a-t-il été facile ?",
    SatisfactionAnswer.Place.PUBLIC: "Avez-vous trouvé ce que vous cherchiez ?",
}


class SurveyForm(forms.Form):
    """Two questions, and a field that only machines see."""

    score = forms.TypedChoiceField(
        choices=SatisfactionAnswer.Score.choices, coerce=int, widget=forms.RadioSelect
    )
    comment = forms.CharField(
        label="Que pouvons-nous améliorer ?",
        required=False,
        max_length=2000,
        widget=forms.Textarea(attrs={"rows": 5}),
        help_text="N’écrivez ni nom, ni adresse, ni rien qui permette de reconnaître quelqu’un.",
    )
    website = forms.CharField(
        label="Laissez ce champ vide",
        required=False,
        max_length=200,
        widget=forms.TextInput(attrs={"class": "fr-input portal-trap", "autocomplete": "off"}),
    )

    def __init__(self, *args, place, **kwargs):
        super().__init__(*args, **kwargs)
        self.fields["score"].label = QUESTIONS[place]

    @property
    def by_a_machine(self):
        return bool(self.cleaned_data["website"])
