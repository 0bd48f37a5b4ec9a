"""What someone says of a project to know which calls it fits."""

from django import forms

from accounts.models import Organisation
from calls.money import AmountField
from calls.self_check import Answers

YES_NO = [("oui", "oui"), ("non", "non")]


def yes_or_no(**options):
    """A question answered by yes, by no, or not at all."""
    return forms.TypedChoiceField(
        choices=YES_NO,
        coerce=lambda value: value == "oui",
        empty_value=None,
        required=False,
        widget=forms.RadioSelect,
        **options,
    )


class EligibilityForm(forms.Form):
    """Read from the address, so that a result can be shared; nothing is kept."""

    mark_optional = False
    porteur = forms.ChoiceField(
        label="Nature de votre organisme", choices=[("", "Choisissez"), *Organisation.Kind.choices]
    )
    subvention = AmountField(
        label="Subvention demandée (€)",
        required=False,
        help_text="Par exemple 600 000. Pour un dossier groupé, le total de ses projets.",
    )
    cout = AmountField(
        label="Coût total du projet (€)", required=False, help_text="Tout compris, cofinancements inclus."
    )
    cofinancement = yes_or_no(
        label="Avez-vous un cofinancement ?",
        help_text="Ressources propres de votre organisme, partenaire ou autre financement public.",
    )
    groupe = yes_or_no(
        label="Est-ce un dossier groupé ?",
        help_text="Un dossier qui porte plusieurs petits projets, dont les montants s’ajoutent.",
    )

    def clean(self):
        data = super().clean()
        grant, total = data.get("subvention"), data.get("cout")
        if grant is None or total is None:
            return data
        if grant > total:
            self.add_error("cout", "Le coût total est au moins égal à la subvention demandée.")
        elif data.get("cofinancement") and grant == total:
            self.add_error("cofinancement", "La subvention couvre tout le coût : il n’y a rien à cofinancer.")
        elif data.get("cofinancement") is False and grant < total:
            self.add_error("cofinancement", "La subvention ne couvre pas tout le coût : qui paie le reste ?")
        return data

    def answers(self):
        data = self.cleaned_data
        return Answers(
            kind=data["porteur"],
            kind_label=Organisation.Kind(data["porteur"]).label,
            grant=data["subvention"],
            total_cost=data["cout"],
            cofinancing=data["cofinancement"],
            grouped=data["groupe"],
        )
