"""The carrier's own public page, shown to it under embargo: accepted, or corrected by a deadline."""

from django.contrib import messages
from django.shortcuts import get_object_or_404, redirect, render
from django.views.decorators.http import require_http_methods, require_safe

from documents import storage
from documents.serving import show_picture
from journal import clock
from selection.actions import page_checks as actions
from selection.forms.publishing import CheckForm, PictureForm
from selection.lifecycle import Notice
from selection.models import Announcement, LaureateCheck
from selection.page_checks import checked_by, mark_of
from selection.views.refusal import keeping, status_of

Answer = LaureateCheck.Answer


def get_checked(request, key):
    return get_object_or_404(checked_by(request.user), case__application__key=key)


@require_http_methods(["GET", "HEAD", "POST"])
def page_check(request, key):
    """Read the page to come; accept it as it is, or say in one's own words what it should be."""
    laureate = get_checked(request, key)
    check = laureate.page_check
    correcting = request.method == "POST" and "accept" not in request.POST
    form = CheckForm(request.POST if correcting else None, laureate=laureate)
    with_picture = bool(request.FILES) or any(request.POST.get(name) for name in ("alternative", "credit"))
    picture = PictureForm(request.POST if with_picture else None, request.FILES or None)
    if request.method == "POST" and not correcting:
        seen = request.POST.get("seen")
        actions.answer_check(laureate, answer=Answer.ACCEPTED, seen=seen, by=request.user)
        messages.success(request, "Votre page est acceptée. Elle paraîtra avec l’annonce.")
        return redirect("selection:page_check", key)
    if correcting and form.is_valid() and (not with_picture or picture.is_valid()):
        with keeping(form):
            actions.answer_check(
                laureate,
                answer=Answer.CORRECTED,
                by=request.user,
                texts=form.cleaned_data,
                picture=_stored(picture) if with_picture else None,
            )
            messages.success(request, "Vos corrections sont transmises au secrétariat.")
            return redirect("selection:page_check", key)
    if correcting:
        picture.ask_again()
    now = clock.now()
    context = {
        "application": laureate.case.application,
        "laureate": laureate,
        "check": check,
        "seen": mark_of(laureate),
        "form": form,
        "picture_form": picture,
        "parts": [form, picture],
        "pictures": laureate.pictures.select_related("file"),
        "is_open": now < check.due_at
        and laureate.announcement.state == Notice.DRAFT
        and check.settled_at is None,
        "is_public": Announcement.objects.public().filter(pk=laureate.announcement_id).exists(),
    }
    return render(request, "selection/page_check.html", context, status=status_of(form))


def _stored(form):
    return {
        "file": storage.store([form.picture], content_type=form.content_type),
        "alternative": form.cleaned_data["alternative"],
        "credit": form.cleaned_data["credit"],
    }


@require_safe
def page_check_picture(request, key, picture):
    """A picture of one's own page."""
    found = get_object_or_404(get_checked(request, key).pictures.select_related("file"), key=picture)
    return show_picture(found.file, name=found.name)
