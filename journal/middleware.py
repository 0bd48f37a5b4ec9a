from django.shortcuts import render

from journal.refusals import Refused


class RefusedMiddleware:
    """Answer 409, with the reason, to an act that came too late or out of order."""

    def __init__(self, get_response):
        self.get_response = get_response

    def __call__(self, request):
        return self.get_response(request)

    def process_exception(self, request, exception):
        if isinstance(exception, Refused):
            return render(request, "409.html", {"reason": exception.reason}, status=409)
        return None
