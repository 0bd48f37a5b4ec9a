"""What a member does for themselves alone while they read: a mark, a note."""

from django.contrib import messages
from django.shortcuts import redirect
from django.views.decorators.http import require_POST

from journal.refusals import require
from selection import rules
from selection.actions import reading as actions
from selection.forms.committee import NoteForm
from selection.views.committee import get_item
from selection.views.items import item_page
from selection.views.refusal import keeping, refusal_of


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
    form = NoteForm(request.POST)
    if form.is_valid():
        with keeping(form, beside="note"):
            actions.write_note(found, by=request.user, **form.cleaned_data)
            messages.success(request, "Votre note est enregistrée. Personne d’autre ne la lit.")
            return redirect("selection:item", pk, reference)
    if refusal := refusal_of(form):
        form.made_for(refusal.reading.version)
    seat = rules.seat_of(request.user, found.session)
    return item_page(request, found, seat, note=form, status=409 if refusal_of(form) else 200)
