from django import forms

from accounts.models import Organisation, User
from selection.models import InterestLink


class InterestForm(forms.ModelForm):
    class Meta:
        model = InterestLink
        fields = ["organisation", "nature", "text"]
        help_texts = {
            "organisation": "S’il n’est pas dans l’annuaire, écrivez au secrétariat.",
            "text": "Depuis quand, jusqu’à quand, à quel titre.",
        }

    def __init__(self, *args, **kwargs):
        super().__init__(*args, **kwargs)
        self.fields["organisation"].queryset = Organisation.objects.order_by("name")


class DeclarationForm(forms.Form):
    """Whose tie is to settle, and what the portal cannot know of it."""

    person = forms.ModelChoiceField(User.objects.none(), label="Personne concernée")
    text = forms.CharField(
        label="Lien que le portail ne connaît pas",
        required=False,
        max_length=1000,
        widget=forms.Textarea(attrs={"rows": 4}),
        help_text="Ce que le portail trouve lui-même (ministère de tutelle, liens déclarés) s’y ajoute.",
    )

    def __init__(self, *args, people, **kwargs):
        super().__init__(*args, **kwargs)
        self.fields["person"].queryset = people


class SettlementForm(forms.Form):
    mark_optional = False
    recused = forms.TypedChoiceField(
        label="Cette personne peut-elle traiter ce dossier ?",
        choices=[("non", "Oui, elle peut le traiter"), ("oui", "Non, elle se déporte et ne le voit plus")],
        widget=forms.RadioSelect,
        coerce=lambda value: value == "oui",
    )
    reason = forms.CharField(
        label="Motif",
        max_length=3000,
        widget=forms.Textarea(attrs={"rows": 4}),
        help_text="Il est conservé, et envoyé à la personne concernée.",
    )


class RecusalForm(forms.Form):
    reason = forms.CharField(
        label="Motif de votre déport",
        max_length=300,
        help_text="Une phrase : le secrétariat la lit, le porteur jamais.",
    )
