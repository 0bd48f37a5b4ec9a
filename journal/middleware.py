from django.http import HttpResponse
from django.shortcuts import render
from django.template.loader import render_to_string

from journal.refusals import Refused, TooMany


class RefusedMiddleware:
    """Answer 409, with the reason, to an act that came too late or out of order; 429 to what comes too often."""

    def __init__(self, get_response):
        self.get_response = get_response

    def __call__(self, request):
        return self.get_response(request)

    def process_exception(self, request, exception):
        if isinstance(exception, Refused):
            return render(request, "409.html", {"reason": exception.reason}, status=409)
        if isinstance(exception, TooMany):
            headers = {"Retry-After": exception.retry_after, "Cache-Control": "no-store"}
            return HttpResponse(render_to_string("429.html"), status=429, headers=headers)
        return None
