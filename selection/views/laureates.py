"""The public list of funded projects, their pages and their figures."""

from django.contrib.auth.decorators import login_not_required
from django.shortcuts import get_object_or_404, render
from django.views.decorators.http import require_safe

from calls.paging import page_of
from selection import figures as figures_of_laureates
from selection import sheet
from selection.announced import pictures_of
from selection.filters import LaureateFilterSet
from selection.models import Announcement, Laureate, LaureateChange


@login_not_required
@require_safe
def laureates(request):
    """The funded projects, searched, filtered and sorted by what the address says."""
    filters = LaureateFilterSet(request.GET, Laureate.objects.public().with_changes().select_related("fund"))
    gone = LaureateChange.objects.told().filter(kind=LaureateChange.Kind.WITHDREW)
    context = {
        "filters": filters,
        "withdrawn": gone.filter(laureate__in=filters.qs.order_by().values("pk")).count(),
        "page": page_of(request, filters.qs),
        "view": filters.values.get("vue", "cartes"),
        "amount_asked": filters.values.keys() & {"montant_min", "montant_max"},
    }
    return render(request, "selection/laureates.html", context)


@login_not_required
@require_safe
def laureate(request, slug):
    """One funded project: who, how much, when, where it comes from."""
    seen = Laureate.objects.visible_to(request.user)
    found = get_object_or_404(
        seen.with_changes()
        .select_related("fund", "call", "announcement", "organisation")
        .prefetch_related("themes"),
        slug=slug,
    )
    announced = Announcement.objects.visible_to(request.user).filter(pk=found.announcement_id).exists()
    context = {
        "laureate": found,
        "is_public": found.announcement_id is None or Laureate.objects.public().filter(pk=found.pk).exists(),
        "groups": sheet.groups(found, announced=announced),
        "pictures": pictures_of(found),
        "changes": found.changes.told(),
        "near": sheet.near(found, Laureate.objects.public()),
    }
    return render(request, "selection/laureate.html", context)


@login_not_required
@require_safe
def figures(request):
    """The laureates in figures, each chart with its table."""
    whole, sections = figures_of_laureates.sections(Laureate.objects.public().counted())
    return render(request, "selection/figures.html", {"whole": whole, "sections": sections})
