from django.conf import settings
from django.contrib.auth import login
from django.contrib.auth.decorators import login_not_required
from django.contrib.auth.views import LoginView, LogoutView
from django.shortcuts import render
from django.urls import reverse
from django.utils.decorators import method_decorator
from django.utils.http import urlencode

from accounts import kept_posts
from accounts.forms import SignInForm

OF_ANOTHER = "Ce que porte cette page a été écrit sous un autre compte{}, et ne peut pas être enregistré sous le vôtre."
DEMO_HINT = "Le mot de passe des comptes de démonstration est celui qu’affiche « make run »."


@method_decorator(login_not_required, name="dispatch")
class SignIn(LoginView):
    """Sign in, then go where one was heading."""

    form_class = SignInForm
    template_name = "accounts/sign_in.html"
    redirect_authenticated_user = True
    http_method_names = ["get", "post"]

    def dispatch(self, request, *args, **kwargs):
        """Who signed in meanwhile in another tab gets back what they were sending, not their start page."""
        if request.user.is_authenticated and (kept := kept_posts.read(request)):
            return send_again(request, kept)
        return super().dispatch(request, *args, **kwargs)

    def form_valid(self, form):
        kept = kept_posts.read(self.request)
        if kept is None:
            return super().form_valid(form)
        user = form.get_user()
        if kept_posts.is_of_another(kept.author, user):
            author = kept_posts.name_of(kept.author, told_to=user)
            form.add_error(None, OF_ANOTHER.format(f" ({author})" if author else ""))
            return self.form_invalid(form)
        login(self.request, user)
        return send_again(self.request, kept)

    def get_context_data(self, **kwargs):
        return super().get_context_data(
            **kwargs, kept=kept_posts.read(self.request), **sign_in_context(self.request.get_full_path())
        )


def sign_in_keeping(request, kept):
    """The sign-in page, for someone whose session had expired: it carries what they were sending."""
    form = SignInForm(request, initial={"kept_post": str(kept)})
    address = f"{reverse('accounts:sign_in')}?{urlencode({'next': request.get_full_path()})}"
    context = {"form": form, "kept": kept, **sign_in_context(address)}
    return never_cached(render(request, "accounts/sign_in.html", context, status=401))


def send_again(request, kept, *, status=200):
    """Offer to send again what was not kept, with a fresh token; only show it to who did not write it."""
    if request.user.is_authenticated and kept_posts.is_of_another(kept.author, request.user):
        author = kept_posts.name_of(kept.author, told_to=request.user)
        context = {"kept": kept, "author": author}
        return never_cached(render(request, "accounts/written_by_another.html", context, status=409))
    return never_cached(render(request, "accounts/send_again.html", {"kept": kept}, status=status))


def never_cached(response):
    response["Cache-Control"] = "no-store"
    return response


def sign_in_context(address):
    return {"hint": DEMO_HINT if settings.PORTAL_DEMO else "", "address": address}


class SignOut(LogoutView):
    http_method_names = ["post"]


def account_tried(request, credentials):
    """The account that someone tries to enter, whatever the case they type its address in."""
    return (credentials or request.POST).get("username", "").strip().casefold()


def locked_out(request, *args, **kwargs):
    """Tell someone whose account met too many failures when to come back."""
    return render(request, "accounts/locked_out.html", status=429)
