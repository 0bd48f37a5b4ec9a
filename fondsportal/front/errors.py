"""What the portal answers when it fails, without asking anything of what may have failed."""

import sys

from django.db import InterfaceError, OperationalError
from django.http import HttpResponse
from django.shortcuts import render
from django.template.loader import render_to_string

from accounts import kept_posts
from accounts.views import send_again

RETRY_SECONDS = 60


def server_error(request):
    """500 for what nobody foresaw, 503 when the database does not answer; Django has logged which."""
    if isinstance(sys.exc_info()[1], OperationalError | InterfaceError):
        return unavailable()
    return page(500)


def unavailable():
    return page(503, **{"Retry-After": RETRY_SECONDS})


def page(status, **headers):
    """No context: not even the request can be counted on. `no-store` also keeps the session from being read."""
    headers["Cache-Control"] = "no-store"
    return HttpResponse(render_to_string(f"{status}.html"), status=status, headers=headers)


def csrf_failure(request, reason=""):
    """A form whose token is not this session's any more: what it said may be sent again, if a page of ours sent it."""
    kept = kept_posts.is_from_here(request) and (kept_posts.read(request) or kept_posts.of(request))
    return send_again(request, kept, status=403) if kept else render(request, "403_csrf.html", status=403)
