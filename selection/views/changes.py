"""What the public is told of a change among the laureates of an announcement: prepared, then published by a head."""

from django.contrib import messages
from django.http import Http404
from django.shortcuts import get_object_or_404, redirect, render
from django.views.decorators.http import require_http_methods, require_POST

from journal import clock
from journal.refusals import refuse_unless, require
from selection import changes
from selection.actions import announcement as announcement_actions
from selection.actions import changes as actions
from selection.forms.changes import ChangeForm, PublishChangeForm
from selection.models import LaureateChange
from selection.views.announcements import get_announcement
from selection.views.publishing import get_draft
from selection.views.refusal import keeping, status_of


@require_POST
def refresh_laureates(request, slug):
    """Drop from a draft who gave up, add who was selected since."""
    gone, come = announcement_actions.refresh_laureates(get_draft(request, slug), by=request.user)
    told = ", ".join(
        f"{count} {word}{'s' if count > 1 else ''}"
        for count, word in ((gone, "retiré"), (come, "ajouté"))
        if count
    )
    messages.success(request, f"Les lauréats sont à jour : {told or 'rien n’avait changé'}.")
    return redirect("selection:announcement_preparation", slug)


@require_http_methods(["GET", "HEAD", "POST"])
def prepare_change(request, slug, kind, reference):
    """The text that the public will read of a change."""
    found = get_announcement(request, slug)
    require(changes.can_tell(request.user, found))
    happened = changes.of_announcement(found, request.user)
    of_it = [each for each in happened if (each.kind, each.case.application.reference) == (kind, reference)]
    if not of_it:
        raise Http404
    [told] = of_it
    refuse_unless(
        told.change is None or told.change.publish_at is None,
        "Ce changement est publié, ou programmé : son texte ne change plus.",
    )
    text = told.change.text if told.change else changes.PROPOSED[kind]
    form = ChangeForm(request.POST or None, initial={"text": text})
    if form.is_valid():
        with keeping(form):
            actions.prepare_change(found, kind=kind, case=told.case, by=request.user, **form.cleaned_data)
            messages.success(
                request, "Le changement est préparé. Une autre personne, responsable, le publie."
            )
            return redirect("selection:announcement_preparation", slug)
    context = {"announcement": found, "told": told, "form": form}
    return render(request, "selection/prepare_change.html", context, status=status_of(form))


def get_change(request, slug, pk):
    found = get_announcement(request, slug)
    changed = LaureateChange.objects.select_related("laureate__announcement__call__fund", "prepared_by")
    return found, get_object_or_404(changed, laureate__announcement=found, pk=pk)


@require_http_methods(["GET", "HEAD", "POST"])
def publish_change(request, slug, pk):
    """Read once more what the public will read, then publish it, now or at a minute to come."""
    found, change = get_change(request, slug, pk)
    require(changes.can_publish(request.user, change))
    form = PublishChangeForm(request.POST or None)
    if form.is_valid():
        with keeping(form, beside="day"):
            actions.publish_change(change, publish_at=form.publish_at(clock.now()), by=request.user)
            messages.success(request, "Le changement est publié, ou programmé à la minute choisie.")
            return redirect("selection:announcement_preparation", slug)
    context = {"announcement": found, "change": change, "form": form}
    return render(request, "selection/publish_change.html", context, status=status_of(form))


@require_POST
def call_off_change(request, slug, pk):
    _, change = get_change(request, slug, pk)
    actions.call_off_change(change, by=request.user)
    messages.success(request, "La publication est annulée : le changement est de nouveau en préparation.")
    return redirect("selection:announcement_preparation", slug)
