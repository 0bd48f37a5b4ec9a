from django import forms
from django.contrib.auth.forms import AuthenticationForm, SetPasswordForm

from accounts.models import Membership, NoticePreference

LAST_YEAR = 2100


class SignInForm(AuthenticationForm):
    """E-mail address and password; the answer never says which of the two is wrong."""

    error_messages = {
        "invalid_login": "Adresse électronique ou mot de passe inexact. Vérifiez les majuscules, puis réessayez.",
        "inactive": "Adresse électronique ou mot de passe inexact. Vérifiez les majuscules, puis réessayez.",
    }

    def __init__(self, *args, **kwargs):
        super().__init__(*args, **kwargs)
        self.fields["username"].label = "Adresse électronique professionnelle"
        self.fields["username"].help_text = "Format attendu : prenom.nom@organisme.gouv.fr"
        self.fields["username"].widget = forms.EmailInput(
            attrs={"autocomplete": "username", "autocapitalize": "none", "spellcheck": "false"}
        )
        self.fields["password"].label = "Mot de passe"
        # What was being sent when the session had expired: see `accounts.kept_posts`.
        self.fields["kept_post"] = forms.CharField(required=False, widget=forms.HiddenInput)


class OpenAccountForm(SetPasswordForm):
    """What an account is opened with, for `user`, whose address is the invitation's."""

    name = forms.CharField(
        label="Nom affiché",
        max_length=150,
        help_text="Comme vos collègues vous connaissent : prénom, nom et service si vous voulez.",
        widget=forms.TextInput(attrs={"autocomplete": "name"}),
    )
    field_order = ["name", "new_password1", "new_password2"]

    def __init__(self, *args, **kwargs):
        super().__init__(*args, **kwargs)
        first, second = self.fields["new_password1"], self.fields["new_password2"]
        first.label, second.label = "Mot de passe", "Le même mot de passe, une seconde fois"
        first.help_text = (
            "12 caractères au moins ; ni un mot de passe courant, ni votre nom, ni votre adresse."
        )

    def clean_name(self):
        self.user.name = self.cleaned_data["name"]
        return self.user.name

    def clean(self):
        """As Django's, but what is wrong with a password is told beside the first field, where it is chosen."""
        self.validate_passwords("new_password1", "new_password2")
        self.validate_password_for_user(self.user, "new_password1")
        return super(SetPasswordForm, self).clean()


class DelegationForm(forms.Form):
    """To which colleague one lends one's visa, and for which days."""

    place = forms.ModelChoiceField(
        Membership.objects.none(),
        label="À qui",
        help_text="Un agent de votre organisme, qui y a déjà un compte.",
        empty_label="Choisir",
    )
    first_day = forms.DateField(label="Du", widget=forms.DateInput(attrs={"type": "date"}, format="%Y-%m-%d"))
    last_day = forms.DateField(
        label="Au",
        widget=forms.DateInput(attrs={"type": "date"}, format="%Y-%m-%d"),
        help_text="Ce jour compris.",
    )

    def __init__(self, *args, by, today, **kwargs):
        super().__init__(*args, **kwargs)
        self.today = today
        certified = by.memberships.filter(role=Membership.Role.CERTIFIER).values("organisation")
        colleagues = Membership.objects.filter(organisation__in=certified, user__is_active=True)
        colleagues = colleagues.filter(role=Membership.Role.CONTRIBUTOR).exclude(user=by)
        self.fields["place"].queryset = colleagues.select_related("user", "organisation").order_by(
            "user__name"
        )

    def clean_first_day(self):
        if self.cleaned_data["first_day"] < self.today:
            raise forms.ValidationError("Ce jour est passé : la délégation commence au plus tôt aujourd’hui.")
        return self.cleaned_data["first_day"]

    def clean_last_day(self):
        first, last = self.cleaned_data.get("first_day"), self.cleaned_data["last_day"]
        if first and last < first:
            raise forms.ValidationError("La délégation finit avant d’avoir commencé.")
        if last.year >= LAST_YEAR:
            raise forms.ValidationError("Cette date est trop lointaine.")
        return last


class NoticesForm(forms.Form):
    """How soon one wants each kind of news."""

    def __init__(self, *args, paces, **kwargs):
        super().__init__(*args, **kwargs)
        for kind in NoticePreference.Kind:
            self.fields[kind.value] = forms.ChoiceField(
                label=kind.label,
                choices=NoticePreference.Pace.choices,
                initial=paces.get(kind, NoticePreference.Pace.AT_ONCE),
                widget=forms.RadioSelect,
            )
