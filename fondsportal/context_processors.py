"""What the frame of every page needs, from the settings and the request alone."""

from django.conf import settings
from django.urls import reverse
from django.utils.functional import SimpleLazyObject

NAME = "Portail des fonds"
# A label with an address, or with a list of them that unfolds.
MENU = [
    ("Accueil", "front:home"),
    (
        "Appels à projets",
        [
            ("Ouverts et passés", "calls:list"),
            ("Les fonds", "calls:funds"),
            ("Suis-je éligible ?", "calls:eligibility_of_all"),
            ("Événements", "calls:events"),
            ("S’abonner", "calls:subscribe"),
        ],
    ),
    (
        "Lauréats",
        [
            ("Tous les lauréats", "selection:laureates"),
            ("En chiffres", "selection:figures"),
        ],
    ),
    ("Résultats", "front:results"),
    (
        "Annonces et presse",
        [
            ("Annonces", "selection:announcements"),
            ("Espace presse", "selection:press"),
        ],
    ),
    ("Données ouvertes", "front:dataset_list"),
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
        "account": user.pk if signed_in else "",
        "person": str(user) if signed_in else "",
        "navigation": navigation([*MENU, DESK] if signed_in else MENU, request.path),
        "footer_links": [{"label": label, "url": reverse(name)} for label, name in FOOTER],
    }


def navigation(menu, path):
    """The menu with its addresses; `current` is the aria-current of the page itself, or of the closest above it."""
    links = [link for entry in menu for link in (entry[1] if isinstance(entry[1], list) else [entry])]
    urls = {name: reverse(name) for _, name in links}
    home = reverse("front:home")
    above = [url for url in urls.values() if path == url or (url != home and path.startswith(url))]
    closest = max(above, key=len, default="")

    def shown(label, name):
        url = urls[name]
        return {"label": label, "url": url, "current": url == closest and ("page" if url == path else "true")}

    return [
        group(label, [shown(*link) for link in to]) if isinstance(to, list) else shown(label, to)
        for label, to in menu
    ]


def group(label, links):
    return {"label": label, "links": links, "current": any(link["current"] for link in links) and "true"}
