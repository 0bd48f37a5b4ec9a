"""Announcements and what the press asks for; nothing shows before its minute."""

from django.contrib.auth.decorators import login_not_required
from django.http import Http404
from django.shortcuts import get_object_or_404, render
from django.views.decorators.http import require_http_methods, require_safe

from calls.models import Fund
from calls.paging import page_of
from documents.models import ProducedDocument
from documents.serving import serve, show_picture, show_progress
from journal.refusals import require
from selection import rules
from selection.announced import shown
from selection.filters import AnnouncementFilterSet
from selection.models import Announcement

PRESS_KIT = "selection.press_kit"
LATEST = 5


@login_not_required
@require_safe
def announcements(request):
    """What was announced, newest first."""
    filters = AnnouncementFilterSet(request.GET, Announcement.objects.public().select_related("call__fund"))
    return render(
        request, "selection/announcements.html", {"filters": filters, "page": page_of(request, filters.qs)}
    )


def get_announcement(request, slug):
    seen = Announcement.objects.visible_to(request.user).select_related("call__fund")
    return get_object_or_404(seen, slug=slug)


@login_not_required
@require_safe
def announcement(request, slug):
    """The laureates of a call, their figures, the press kit and whom to write to."""
    found = get_announcement(request, slug)
    context = {
        **shown(found),
        "document": ProducedDocument.objects.latest(PRESS_KIT, str(found.pk)),
        "is_public": Announcement.objects.public().filter(pk=found.pk).exists(),
    }
    return render(request, "selection/announcement.html", context)


@login_not_required
@require_safe
def announcement_picture(request, slug, key):
    """A picture, from the minute of its announcement on; the secretariat sees those that carriers offer too."""
    found = get_announcement(request, slug)
    pictures = found.pictures.select_related("file")
    if not rules.can_prepare_announcement(request.user, found.call):
        pictures = pictures.filter(published=True)
    picture = get_object_or_404(pictures, key=key)
    response = show_picture(picture.file, name=picture.name)
    # No copy outlives the minute of a postponement or of a withdrawal: it is asked for again each time.
    is_public = Announcement.objects.public().filter(pk=found.pk).exists()
    response["Cache-Control"] = "no-cache" if is_public else "private, no-store"
    return response


@login_not_required
@require_safe
def press(request):
    """For journalists: the last press kits, whom to write to, and what an embargo is."""
    latest = list(Announcement.objects.public().select_related("call__fund")[:LATEST])
    kits = ProducedDocument.objects.latest_of_each(PRESS_KIT, [str(each.pk) for each in latest])
    ready = {key: kit for key, kit in kits.items() if kit.state == ProducedDocument.State.DONE}
    context = {
        "kits": [(each, ready.get(str(each.pk))) for each in latest],
        "funds": Fund.objects.public(),
    }
    return render(request, "selection/press.html", context)


@login_not_required
@require_http_methods(["GET", "HEAD", "POST"])
def press_kit(request, slug):
    """How far the press kit is; the secretariat may ask again for one that failed."""
    found = get_announcement(request, slug)
    if request.method == "POST":
        require(rules.can_prepare_announcement(request.user, found.call))
    document = ProducedDocument.objects.latest(PRESS_KIT, str(found.pk))
    return show_progress(request, document, label="Dossier de presse", back=found.get_absolute_url())


@login_not_required
@require_safe
def press_kit_pdf(request, slug):
    found = get_announcement(request, slug)
    document = ProducedDocument.objects.latest(PRESS_KIT, str(found.pk))
    if document is None or document.file is None:
        raise Http404
    return serve(document.file, name=f"Dossier de presse {found.title}.pdf")
