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
