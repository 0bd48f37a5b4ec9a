from http import HTTPStatus

from django.conf import settings
from django.core.exceptions import MiddlewareNotUsed
from django.template.loader import render_to_string

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
