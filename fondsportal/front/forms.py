from django import forms

from calls.forms.trap import TrappedForm
from fondsportal.front.models import SatisfactionAnswer

QUESTIONS = {
    SatisfactionAnswer.Place.FILING: "Le dépôt de votre dossier a-t-il été facile ?",
    SatisfactionAnswer.Place.PUBLIC: "Avez-vous trouvé ce que vous cherchiez ?",
}


class SurveyForm(TrappedForm):
    """Two questions."""

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

    def __init__(self, *args, place, **kwargs):
        super().__init__(*args, **kwargs)
        self.fields["score"].label = QUESTIONS[place]
