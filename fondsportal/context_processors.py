"""What the frame of every page needs, from the settings and the request alone."""

from django.conf import settings
from django.urls import reverse
from django.utils.functional import SimpleLazyObject

NAME = "Portail des fonds"
MENU = [
    ("Accueil", "front:home"),
    ("Appels à projets", "calls:list"),
    ("Lauréats", "selection:laureates"),
    ("Annonces", "selection:announcements"),
]
DESK = ("Mon espace", "front:desk")
FOOTER = [
    ("Plan du site", "front:site_plan"),
    ("Accessibilité : non conforme", "front:accessibility"),
    ("Mentions légales", "front:legal"),
    ("Données personnelles", "front:privacy"),
    ("Cookies", "front:cookies"),
]


def portal(request):
    """Offer `portal` to templates; a fragment that does not use it pays nothing, not even the session."""
    return {"portal": SimpleLazyObject(lambda: frame(request))}


def frame(request):
    user = getattr(request, "user", None)
    signed_in = bool(user and user.is_authenticated)
    return {
        "name": NAME,
        "page": request.resolver_match.view_name if request.resolver_match else "",
        "address": settings.PORTAL_URL,
        "state_brand": settings.PORTAL_STATE_BRAND,
        "demo": settings.PORTAL_DEMO,
        "signed_in": signed_in,
        "person": str(user) if signed_in else "",
        "navigation": [
            {"label": label, "url": reverse(name), "current": current(request.path, reverse(name))}
            for label, name in ([*MENU, DESK] if signed_in else MENU)
        ],
        "footer_links": [{"label": label, "url": reverse(name)} for label, name in FOOTER],
    }


def current(path, url):
    """The value of aria-current for a menu item: the page itself, an ancestor of it, or neither."""
    if path == url:
        return "page"
    return "true" if url != reverse("front:home") and path.startswith(url) else ""
