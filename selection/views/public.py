"""What everyone may read: laureates and announcements, from their minute on."""

from django.contrib.auth.decorators import login_not_required
from django.core.paginator import Paginator
from django.db.models import F
from django.http import Http404
from django.shortcuts import get_object_or_404, render
from django.views.decorators.http import require_GET, require_http_methods

from documents.models import ProducedDocument
from documents.serving import serve, show_progress
from journal.refusals import require
from selection import rules
from selection.models import Announcement, Laureate


@login_not_required
@require_GET
def laureates(request):
    """The funded projects, by year."""
    seen = Laureate.objects.public().select_related("fund", "call")
    years = seen.exclude(year=None).order_by("-year").values_list("year", flat=True).distinct()
    year = request.GET.get("annee", "")
    if not (year.isdecimal() and len(year) == 4):
        year = ""
    else:
        seen = seen.filter(year=int(year))
    page = Paginator(seen.order_by(F("year").desc(nulls_last=True), "name", "pk"), 30).get_page(
        request.GET.get("page")
    )
    query = f"annee={year}&" if year else ""
    return render(
        request, "selection/laureates.html", {"page": page, "years": years, "year": year, "query": query}
    )


@login_not_required
@require_GET
def laureate(request, slug):
    """One funded project."""
    seen = Laureate.objects.visible_to(request.user).select_related("fund", "call", "announcement")
    found = get_object_or_404(seen, slug=slug)
    facts = [
        ("Porteur", found.carrier or "non communiqué"),
        ("Ministère", found.ministry or "non communiqué"),
        ("Fonds", found.fund.name),
        ("Appel à projets", found.call.title if found.call else "non communiqué"),
        ("Année", found.year or "non communiquée"),
        ("Subvention", found.amount_text),
    ]
    return render(request, "selection/laureate.html", {"laureate": found, "facts": facts})


@login_not_required
@require_GET
def announcements(request):
    """What was announced, newest first."""
    found = Announcement.objects.public().select_related("call__fund")
    return render(request, "selection/announcements.html", {"announcements": found})


def get_announcement(request, slug):
    seen = Announcement.objects.visible_to(request.user).select_related("call__fund")
    return get_object_or_404(seen, slug=slug)


@login_not_required
@require_GET
def announcement(request, slug):
    """The laureates of a call, with the press kit."""
    found = get_announcement(request, slug)
    context = {
        "announcement": found,
        "laureates": found.laureates.all(),
        "document": ProducedDocument.objects.latest("selection.press_kit", str(found.pk)),
        "is_public": Announcement.objects.public().filter(pk=found.pk).exists(),
    }
    return render(request, "selection/announcement.html", context)


@login_not_required
@require_http_methods(["GET", "POST"])
def press_kit(request, slug):
    """How far the press kit is; the secretariat may ask again for one that failed."""
    found = get_announcement(request, slug)
    if request.method == "POST":
        require(rules.can_prepare_announcement(request.user, found.call))
    document = ProducedDocument.objects.latest("selection.press_kit", str(found.pk))
    return show_progress(request, document, label="Dossier de presse", back=found.get_absolute_url())


@login_not_required
@require_GET
def press_kit_pdf(request, slug):
    found = get_announcement(request, slug)
    document = ProducedDocument.objects.latest("selection.press_kit", str(found.pk))
    if document is None or document.file is None:
        raise Http404
    return serve(document.file, name=f"Dossier de presse {found.title}.pdf")
