from django.conf import settings
from django.contrib.auth.views import LoginView, LogoutView
from django.shortcuts import render

from accounts.forms import SignInForm

DEMO_HINT = "Le mot de passe des comptes de démonstration est celui qu’affiche « make run »."


class SignIn(LoginView):
    """Sign in, then go where one was heading."""

    form_class = SignInForm
    template_name = "accounts/sign_in.html"
    redirect_authenticated_user = True
    http_method_names = ["get", "post"]

    def get_context_data(self, **kwargs):
        return super().get_context_data(**kwargs, hint=DEMO_HINT if settings.PORTAL_DEMO else "")


class SignOut(LogoutView):
    http_method_names = ["post"]


def account_tried(request, credentials):
    """The account that someone tries to enter, whatever the case they type its address in."""
    return (credentials or request.POST).get("username", "").strip().casefold()


def locked_out(request, *args, **kwargs):
    """Tell someone whose account met too many failures when to come back."""
    return render(request, "accounts/locked_out.html", status=429)
