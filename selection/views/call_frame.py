"""What the secretariat's pages of one call share: who may read it, its name, and the way from one to another."""

from django.shortcuts import get_object_or_404
from django.urls import reverse

from calls.rules import is_in_secretariat
from selection import dashboard

# (key, label, address): the pages of a call
PAGES = [
    ("dashboard", "Tableau de bord", "selection:dashboard"),
    ("statistics", "Statistiques", "selection:statistics"),
    ("exports", "Exports", "selection:exports"),
]


def readable_call(request, slug):
    """A call of one's funds, for the secretariat and the audit; 404 for anyone else."""
    return get_object_or_404(dashboard.calls_of(request.user), slug=slug)


def frame(call, current, user):
    """The context that `selection/call_frame.html` asks for; `current` is the key of the page on show."""
    if call.imported:  # none of its dossiers is here
        pages = [page for page in PAGES if page[0] == "statistics"]
        return {"call": call, "menu": menu_of(call, pages, current)}
    menu = menu_of(call, PAGES, current)
    menu.insert(1, ("Dossiers déposés", dashboard.list_url(call), False))
    if call.has_shortlist and is_in_secretariat(user, call.fund):
        menu += menu_of(call, [("shortlist", "Présélection", "selection:shortlist")], current)
    if call.has_hearings:
        menu += menu_of(call, [("hearings", "Auditions", "selection:hearings")], current)
    return {"call": call, "menu": menu}


def menu_of(call, pages, current):
    return [(label, reverse(address, args=[call.slug]), key == current) for key, label, address in pages]
