"""The press kit of an announcement: the page, its files, how far they are; nothing of it before the minute."""

from django.contrib import messages
from django.contrib.auth.decorators import login_not_required
from django.http import Http404
from django.shortcuts import redirect, render
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from documents.serving import serve, show_progress
from journal.refusals import require
from selection import rules
from selection.actions.press_kit import order_press_kit
from selection.announced import address_of, changes_of
from selection.models import Announcement
from selection.press_kit import contents
from selection.press_kit.files import LABELS, file_of, shown_files
from selection.views.announcements import get_announcement as get_mine
from selection.views.press import get_announcement
from selection.views.previews import dead_link, find_preview, get_entered, guarded, has_entered


def gathered(announcement, *, preview=""):
    """The contents of the kit, with where a page finds its pictures."""
    kit = contents.gather(announcement)
    for picture in kit.all_pictures:
        picture.url = address_of(announcement, picture, preview=preview)
    return kit


@login_not_required
@require_safe
def press_kit(request, slug):
    """What the PDF says, as a page, and its files."""
    found = get_announcement(request, slug)
    context = {
        "announcement": found,
        "kit": gathered(found),
        "changes": changes_of(found),
        "files": shown_files(found),
        "is_public": Announcement.objects.public().filter(pk=found.pk).exists(),
        "can_order": rules.can_write_announcement(request.user, found),
    }
    return render(request, "selection/press_kit.html", context)


@require_POST
def order(request, slug):
    """Have the files made: before the validation to look at them, or again after a failure or a change."""
    found = get_mine(request, slug)
    order_press_kit(found, by=request.user)
    messages.success(request, "Le dossier de presse est demandé : cette page dit quand il est prêt.")
    return redirect("selection:press_kit", slug)


@login_not_required
@require_http_methods(["GET", "HEAD", "POST"])
def progress(request, slug, name):
    """How far a file is; the secretariat may ask again for one that failed."""
    found = get_announcement(request, slug)
    if request.method == "POST":
        require(rules.can_write_announcement(request.user, found))
    shown = next(each for each in shown_files(found) if each["label"] == LABELS[name])
    return show_progress(
        request,
        shown["document"],
        label=shown["label"],
        back=found.get_absolute_url(),
        download_url=shown["download_url"],
    )


@login_not_required
@require_safe
def file(request, slug, name):
    found = get_announcement(request, slug)
    return serve(_made(found, name).file, name=f"Dossier de presse {found.title}.{name}")


def _made(announcement, name):
    """A file that is made of what the announcement says now."""
    document = file_of(announcement, name)
    if document is None or document.file is None:
        raise Http404
    return document


# By a personal preview


@login_not_required
@require_safe
def preview(request, token):
    """The same page under embargo, for the holder of a link."""
    found = find_preview(token)
    if found is None:
        return dead_link(request)
    if not has_entered(request, found):
        return guarded(redirect("selection:preview", token))
    announcement = found.announcement
    context = {
        "preview": found,
        "announcement": announcement,
        "kit": gathered(announcement, preview=token),
        "files": shown_files(announcement, preview=token),
        "token": token,
        "is_public": Announcement.objects.public().filter(pk=announcement.pk).exists(),
        "is_scheduled": announcement.state == Announcement.State.SCHEDULED,
    }
    return guarded(render(request, "selection/preview_press_kit.html", context))


@login_not_required
@require_safe
def preview_file(request, token, name):
    found = get_entered(request, token)
    document = _made(found.announcement, name)
    return guarded(serve(document.file, name=f"Sous embargo – dossier de presse.{name}"))
