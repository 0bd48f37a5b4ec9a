"""What holds for every address of the API: open to all, read only, counted per address, never kept stale."""

from functools import wraps

from django.contrib.auth.decorators import login_not_required
from django.http import Http404, JsonResponse
from django.urls import URLPattern, re_path
from django.views.decorators.http import conditional_page

from journal.limits import limit
from journal.refusals import TooMany

REQUESTS, SECONDS = 300, 60


def public_patterns(api):
    """The addresses of the operations and of their description, each behind the gate; the rest answers in JSON."""
    patterns, _, namespace = api.urls
    opened = [
        URLPattern(pattern.pattern, gate(pattern.callback), pattern.default_args, pattern.name)
        for pattern in patterns
    ]
    return [*opened, re_path(r"", gate(nothing_here), name="nothing_here")], namespace, namespace


def gate(view):
    """Let anyone read, from any site, and no more often than the portal can bear."""
    answer = conditional_page(view)

    @login_not_required
    @wraps(view, updated=())
    def gated(request, *args, **kwargs):
        try:
            if request.method not in ("GET", "HEAD", "OPTIONS"):
                response = problem(405, "Cette API se lit seulement : GET ou HEAD.")
            elif request.method == "OPTIONS":
                response = JsonResponse({})
            else:
                limit("api", request, most=REQUESTS, within=SECONDS)
                request.method, asked = "GET", request.method
                response = answer(request, *args, **kwargs)
                request.method = asked
        except Http404:
            response = nothing_here(request)
        except TooMany as refused:
            response = problem(429, "Trop de demandes depuis votre adresse : réessayez dans une minute.")
            response["Retry-After"] = refused.retry_after
            response["Cache-Control"] = "no-store"
        response["Access-Control-Allow-Origin"] = "*"
        response["Access-Control-Expose-Headers"] = "ETag, Retry-After"
        if request.method == "OPTIONS":
            response["Access-Control-Allow-Headers"] = "If-None-Match"
        if request.method == "OPTIONS" or response.status_code == 405:
            response["Allow"] = response["Access-Control-Allow-Methods"] = "GET, HEAD, OPTIONS"
        return response

    gated.csrf_exempt = True  # nothing is written here
    gated.names_its_methods = True
    return gated


def problem(status, title):
    body = {"statut": status, "titre": title, "erreurs": []}
    return JsonResponse(body, status=status, json_dumps_params={"ensure_ascii": False})


def nothing_here(request):
    return problem(404, "Cette adresse ne mène à rien : voir /api/v1/docs.")
