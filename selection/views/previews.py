"""An announcement before its minute: the links that show it, and the page they lead to.

Following a link shows the embargo alone and changes nothing; accepting it opens the page in that browser until the
link dies. A dead link answers as one that never was.
"""

from django.contrib import messages
from django.contrib.auth.decorators import login_not_required
from django.http import Http404
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from accounts.actions.invitations import token_hash
from documents.serving import show_picture
from journal import clock
from journal.refusals import refuse_unless
from selection import rules
from selection.actions import previews as actions
from selection.announced import shown
from selection.forms.publishing import PreviewForm
from selection.lifecycle import Notice
from selection.models import Announcement, Preview
from selection.press_kit.files import shown_files
from selection.views.announcements import get_announcement
from selection.views.refusal import keeping, status_of

# The secretariat's side


@require_http_methods(["GET", "HEAD", "POST"])
def previews(request, slug):
    """Who may see the announcement before its minute, who did, and one more link."""
    found = get_announcement(request, slug)
    press = rules.can_open_preview(request.user, found, Preview.Purpose.PRESS)
    form, address = PreviewForm(request.POST or None, press=press), ""
    if form.is_valid():
        data = form.cleaned_data
        with keeping(form):
            token = actions.open_preview(found, expires_at=data.pop("moment"), by=request.user, **data)
            if data["send"]:
                messages.success(request, f"Le lien est envoyé à {data['email']}.")
                return redirect("selection:previews", slug)
            address = request.build_absolute_uri(reverse("selection:preview", args=[token]))
            form = PreviewForm(press=press)
    context = {
        "announcement": found,
        "links": found.previews.select_related("created_by"),
        "now": clock.now(),
        "form": form,
        "address": address,
        "is_head": press,
        "is_public": Announcement.objects.public().filter(pk=found.pk).exists(),
    }
    return render(request, "selection/previews.html", context, status=status_of(form))


@require_POST
def revoke_preview(request, slug, pk):
    found = get_announcement(request, slug)
    actions.revoke_preview(get_object_or_404(found.previews, pk=pk), by=request.user)
    messages.success(request, "Le lien est révoqué : il ne mène plus à rien.")
    return redirect("selection:previews", slug)


# The holder's side


def find_preview(token):
    standing = Preview.objects.standing().select_related("announcement__call__fund")
    return standing.filter(token_sha256=token_hash(token)).first()


def has_entered(request, preview):
    """Whether the embargo was accepted in this browser."""
    return bool(request.session.get(_mark(preview)))


def get_entered(request, token):
    """The preview, whose embargo this browser accepted."""
    found = find_preview(token)
    if found is None or not has_entered(request, found):
        raise Http404
    return found


def dead_link(request):
    """What its holder does next; the same whether the link expired, was revoked, or never was."""
    return guarded(render(request, "selection/preview_over.html", status=404))


def _mark(preview):
    return f"preview-{preview.pk}"


def guarded(response):
    """Kept by nobody, indexed by nobody, and its address told to no other site."""
    response["Cache-Control"] = "private, no-store"
    response["X-Robots-Tag"] = "noindex, nofollow, noarchive"
    response["Referrer-Policy"] = "same-origin"
    return response


@login_not_required
@require_http_methods(["GET", "HEAD", "POST"])
def preview(request, token):
    """The embargo first; then, once it is accepted, what will be published, without a link out of the page."""
    found = find_preview(token)
    if found is None:
        return dead_link(request)
    if request.method == "POST":
        refuse_unless("accept" in request.POST, "Cochez la case : l’embargo s’accepte avant de lire.")
        actions.enter_preview(found)
        request.session[_mark(found)] = True
        return guarded(redirect("selection:preview", token))
    announcement = found.announcement
    context = {
        "preview": found,
        "announcement": announcement,
        "is_public": Announcement.objects.public().filter(pk=announcement.pk).exists(),
        "is_scheduled": announcement.state == Notice.SCHEDULED,
        "token": token,
    }
    if not has_entered(request, found):
        return guarded(render(request, "selection/preview_door.html", context))
    context["files"] = shown_files(announcement, preview=token)
    context |= shown(announcement, preview=token)
    return guarded(render(request, "selection/preview.html", context))


@login_not_required
@require_safe
def preview_picture(request, token, key):
    found = get_entered(request, token)
    pictures = found.announcement.pictures.filter(published=True).select_related("file")
    picture = get_object_or_404(pictures, key=key)
    return guarded(show_picture(picture.file, name=picture.name))
