from http import HTTPStatus
from urllib.parse import urlsplit

from django.conf import settings
from django.contrib.auth.middleware import LoginRequiredMiddleware
from django.contrib.auth.views import redirect_to_login
from django.core.exceptions import MiddlewareNotUsed
from django.template.loader import render_to_string
from django.urls import reverse

from accounts import kept_posts
from accounts.views import sign_in_keeping
from fondsportal.front import errors


class Maintenance:
    """While PORTAL_MAINTENANCE is set, answer 503 to everything but the supervision's questions."""

    def __init__(self, get_response):
        if not settings.PORTAL_MAINTENANCE:
            raise MiddlewareNotUsed
        self.get_response = get_response

    def __call__(self, request):
        if request.path.startswith("/sante/"):
            return self.get_response(request)
        return errors.unavailable()


class NotAllowedPage:
    """Give a page to a 405, which Django leaves empty: someone came back to an address that only a button asks for."""

    def __init__(self, get_response):
        self.get_response = get_response

    def __call__(self, request):
        response = self.get_response(request)
        if response.status_code == HTTPStatus.METHOD_NOT_ALLOWED and not response.content:
            response.content = render_to_string("405.html")
            del response.headers[
                "Content-Length"
            ]  # that of the empty page, or the browser would cut this one
        return response


class CacheRules:
    """Say who may keep a page: nobody keeps a private one, and a public one is asked for again each time.

    A public page can change at the very minute of an announcement, so no copy of it may outlive that minute.
    """

    def __init__(self, get_response):
        self.get_response = get_response

    def __call__(self, request):
        response = self.get_response(request)
        if not response.has_header("Cache-Control"):
            user = getattr(request, "user", None)
            private = user is not None and user.is_authenticated
            response["Cache-Control"] = "private, no-store" if private else "no-cache"
        return response


class SignInFirst(LoginRequiredMiddleware):
    """Ask who is not signed in to do so; what they were sending is carried by the page that asks, not lost.

    It comes after the check of the form's origin: nothing that another site sends is ever carried.
    """

    def handle_no_permission(self, request, view_func):
        kept = kept_posts.of(request)
        if kept:
            return sign_in_keeping(request, kept)
        if request.method == "POST":
            return redirect_to_login(_page_of(request))
        return super().handle_no_permission(request, view_func)


def _page_of(request):
    """The page of the portal whose button was pressed, where one comes back: its address may take no GET."""
    page = urlsplit(request.headers.get("Referer", ""))
    return page.path if page.netloc == request.get_host() else reverse("front:desk")
