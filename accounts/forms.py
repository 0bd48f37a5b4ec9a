from django import forms
from django.contrib.auth.forms import AuthenticationForm


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
