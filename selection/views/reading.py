"""What a member does for themselves alone while they read: a mark, a note."""

from django.contrib import messages
from django.contrib.auth.decorators import login_not_required
from django.http import JsonResponse
from django.shortcuts import redirect
from django.urls import reverse
from django.utils.formats import date_format
from django.utils.timezone import localtime
from django.views.decorators.http import require_POST

from accounts import kept_posts
from applications.views.autosave import why_not_signed_in
from journal import clock
from journal.refusals import Refused, refuse_unless, require
from selection import rules
from selection.actions import reading as actions
from selection.forms.committee import NoteForm
from selection.views.committee import get_item
from selection.views.items import item_page
from selection.views.refusal import keeping, refusal_of
from selection.views.reviews import SOMEONE_ELSE


@require_POST
def mark_read(request, pk, reference):
    """Mark an item as read, or as still to be."""
    read = request.POST.get("read") == "1"
    actions.mark(get_item(request, pk, reference), read=read, by=request.user)
    messages.success(request, "Dossier marqué comme lu." if read else "Dossier marqué comme à lire.")
    return redirect("selection:item", pk, reference)


@require_POST
def write_note(request, pk, reference):
    """Keep one's private note of an item."""
    found = get_item(request, pk, reference)
    require(rules.can_score(request.user, found))
    refuse_unless(
        not kept_posts.is_of_another(request.POST.get(kept_posts.AUTHOR), request.user), SOMEONE_ELSE
    )
    form = NoteForm(request.POST)
    if form.is_valid():
        with keeping(form, beside="note"):
            actions.write_note(found, by=request.user, **form.said())
            messages.success(request, "Votre note est enregistrée. Personne d’autre ne la lit.")
            return redirect("selection:item", pk, reference)
    seat = rules.seat_of(request.user, found.session)
    return item_page(request, found, seat, note=form, status=409 if refusal_of(form) else 200)


@require_POST
@login_not_required  # a script cannot follow to the sign-in page: it is told 401
def autosave_note(request, pk, reference):
    """Keep one's private note while it is typed, and tell the script of the page what is kept."""
    if told := why_not_signed_in(request):
        return JsonResponse({"reason": told, "sign_in": reverse("accounts:sign_in")}, status=401)
    found, form = get_item(request, pk, reference), NoteForm(request.POST)
    require(rules.can_score(request.user, found))
    kept = {"base": "", "changed": [], "refused": {}}
    if not form.is_valid():
        wrong = {name: errors[0] for name, errors in form.errors.items()}
        return JsonResponse(kept | {"nothing": True, "refused": wrong})
    try:
        reading = actions.write_note(found, by=request.user, **form.said())
    except Refused as refused:
        met = isinstance(refused, actions.NoteConflict)
        return JsonResponse({"reason": refused.reason, "conflict": met, "by": ""}, status=409)
    saved_at = date_format(localtime(clock.now()), "H:i")
    return JsonResponse(kept | {"version": reading.version, "saved_at": saved_at})
