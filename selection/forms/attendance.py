from django import forms


class AgendaChoice(forms.ModelMultipleChoiceField):
    def label_from_instance(self, item):
        return f"{item.case.application.reference} – {item.case.application.title}"


class TieForm(forms.Form):
    """What a member found out since their statement; `items` are those of the agenda that they deal with."""

    mark_optional = False
    text = forms.CharField(
        label="Lien à déclarer",
        max_length=3000,
        widget=forms.Textarea(attrs={"rows": 4}),
        help_text="Lequel, depuis quand, à quel titre.",
    )
    tied = AgendaChoice(
        label="Dossiers concernés",
        queryset=None,
        widget=forms.CheckboxSelectMultiple,
        help_text="La présidence dit pour chacun si ce membre peut en délibérer ; d’ici là, il n’y vote pas.",
    )

    def __init__(self, *args, items, **kwargs):
        super().__init__(*args, **kwargs)
        self.fields["tied"].queryset = items


class StatementForm(forms.Form):
    """What a member declares as a session opens; `items` are those of the agenda that they deal with."""

    mark_optional = False
    has_ties = forms.TypedChoiceField(
        label="Votre déclaration",
        choices=[
            ("non", "Aucun lien avec les dossiers de l’ordre du jour"),
            ("oui", "Un ou plusieurs liens à déclarer"),
        ],
        widget=forms.RadioSelect,
        coerce=lambda value: value == "oui",
    )
    text = forms.CharField(
        label="Liens à déclarer",
        required=False,
        max_length=3000,
        widget=forms.Textarea(attrs={"rows": 4}),
        help_text="Lesquels, depuis quand, à quel titre. Vide si vous n’en avez aucun.",
    )
    tied = AgendaChoice(
        label="Dossiers concernés",
        queryset=None,
        required=False,
        widget=forms.CheckboxSelectMultiple,
        help_text="La présidence dit pour chacun si vous pouvez en délibérer.",
    )

    def __init__(self, *args, items, **kwargs):
        super().__init__(*args, **kwargs)
        self.fields["tied"].queryset = items

    def clean(self):
        data = super().clean()
        if data.get("has_ties") and not data.get("text") and "text" not in self.errors:
            self.add_error("text", "Dites quels sont ces liens.")
        if data.get("has_ties") is False and (data.get("text") or data.get("tied")):
            self.add_error(
                "has_ties",
                "Vous décrivez un lien ou cochez un dossier : choisissez « liens à déclarer », ou videz-les.",
            )
        return data
