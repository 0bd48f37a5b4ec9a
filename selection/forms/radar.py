from django import forms

from selection.models import MeetingSuggestion
from selection.radar.discretion import revealed


class MeetingForm(forms.ModelForm):
    """What the secretariat writes to two carriers; nothing in it may tell one of the other's dossier."""

    def __init__(self, *args, cases, **kwargs):
        super().__init__(*args, **kwargs)
        self.cases = cases

    def clean_text(self):
        text = self.cleaned_data["text"]
        told = [each for case in self.cases for each in revealed(text, case)]
        if told:
            raise forms.ValidationError(
                "Ce texte révèle l’un des dossiers à l’autre porteur : %(told)s. Dites le besoin commun avec d’autres"
                " mots ; rien n’est envoyé.",
                params={"told": " ; ".join(f"« {each} »" for each in dict.fromkeys(told))},
            )
        return text

    class Meta:
        model = MeetingSuggestion
        fields = ["text"]
        labels = {"text": "Ce qui rapproche les deux projets"}
        help_texts = {
            "text": "Les deux porteurs lisent le même texte. N’y nommez ni organisme, ni projet, ni montant : dites le"
            " besoin commun en une phrase, par exemple « Vous préparez tous deux un outil de prise de rendez-vous »."
        }
        widgets = {"text": forms.Textarea(attrs={"rows": 4})}
