"""The documentation of the API, in the portal's own look: no script, no other host."""

from django.contrib.auth.decorators import login_not_required
from django.shortcuts import render
from django.views.decorators.http import require_safe

from fondsportal.front.api import documentation
from fondsportal.front.api.gate import REQUESTS


@login_not_required
@require_safe
def api_documentation(request):
    """Each operation with its parameters, an example and its answers, read off the OpenAPI description."""
    context = {
        "operations": documentation.operations(),
        "schemas": documentation.schemas(),
        "requests_a_minute": REQUESTS,
    }
    return render(request, "front/api_documentation.html", context)
