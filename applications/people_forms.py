"""Who is invited to a dossier, as what, and on whose behalf."""

from django import forms

from applications import rules
from applications.actions.people import in_team
from applications.models import Collaborator

COLLEAGUE, OTHER = "carrier", "other"
NOT_A_COLLEAGUE = (
    "Cette adresse n’est pas du domaine de vos collègues : invitez la personne comme agent d’un partenaire,"
    " ou demandez à un valideur de votre organisme de l’inviter."
)


class InvitationForm(forms.Form):
    """An address, what it may do, and whose agent it is: the carrier's, or a partner's."""

    email = forms.EmailField(
        label="Adresse électronique professionnelle",
        help_text="Elle recevra un lien personnel, qui ne sert qu’une fois.",
        widget=forms.EmailInput(
            attrs={"autocomplete": "off", "autocapitalize": "none", "spellcheck": "false"}
        ),
    )
    role = forms.ChoiceField(
        label="Ce que la personne pourra faire",
        choices=[("writer", "écrire dans le dossier"), ("reader", "le lire seulement")],
        initial=Collaborator.Role.WRITER,
        widget=forms.RadioSelect,
    )
    whose = forms.ChoiceField(label="La personne travaille pour", widget=forms.RadioSelect)
    partner = forms.CharField(
        label="Nom de cet autre partenaire",
        required=False,
        max_length=200,
        help_text="Seulement si vous avez choisi « un autre partenaire ».",
    )

    def __init__(self, *args, application, by, **kwargs):
        super().__init__(*args, **kwargs)
        self.application, self.by = application, by
        names = dict.fromkeys(
            str(partner.organisation or partner.name)
            for partner in application.partners.select_related("organisation")
        )
        self.fields["whose"].choices = [
            (COLLEAGUE, f"{application.organisation}, qui porte le dossier"),
            *((f"partner-{number}", name) for number, name in enumerate(names, start=1)),
            (OTHER, "un autre partenaire"),
        ]
        self.fields["whose"].initial = COLLEAGUE

    def clean_email(self):
        email = self.cleaned_data["email"].lower()
        if in_team(self.application, email):
            raise forms.ValidationError("Cette personne est déjà de l’équipe.")
        if self.application.invited.pending().to(email).exists():
            raise forms.ValidationError(
                "Cette personne est déjà invitée : renvoyez-lui son invitation depuis la page de l’équipe."
            )
        return email

    def clean(self):
        data = super().clean()
        whose, email = data.get("whose"), data.get("email")
        if whose == OTHER and not data.get("partner"):
            self.add_error("partner", "Écrivez le nom de l’organisme partenaire.")
        colleague = whose == COLLEAGUE and email
        if colleague and not rules.can_invite_colleague(self.by, self.application, email):
            self.add_error("email", NOT_A_COLLEAGUE)
        return data

    @property
    def invited(self):
        """What to invite with, once valid."""
        data = self.cleaned_data
        named = (
            data["partner"] if data["whose"] == OTHER else dict(self.fields["whose"].choices)[data["whose"]]
        )
        return {
            "email": data["email"],
            "role": data["role"],
            "guest_of": "" if data["whose"] == COLLEAGUE else named,
        }
