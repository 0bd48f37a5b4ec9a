"""Announcements and what the press asks for; nothing shows before its minute."""

from django.contrib.auth.decorators import login_not_required
from django.shortcuts import get_object_or_404, render
from django.views.decorators.http import require_safe

from calls.models import Fund
from calls.paging import page_of
from documents.serving import show_picture
from selection import rules
from selection.announced import shown
from selection.filters import AnnouncementFilterSet
from selection.models import Announcement
from selection.press_kit.files import files_of, shown_files

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
        "files": shown_files(found),
        "is_public": Announcement.objects.public().filter(pk=found.pk).exists(),
        "can_order": rules.can_write_announcement(request.user, found),
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
    files = files_of(latest)
    context = {
        "kits": [(each, files[each.pk]) for each in latest],
        "funds": Fund.objects.public(),
    }
    return render(request, "selection/press.html", context)
