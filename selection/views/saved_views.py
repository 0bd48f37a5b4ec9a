"""The views that one keeps of the list of dossiers."""

from django.contrib import messages
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from calls.models import Fund
from journal.refusals import require
from selection import rules
from selection.actions import saved_views as actions
from selection.forms.saved_views import NewViewForm, ViewForm
from selection.listing import kept_query
from selection.models import SavedView
from selection.views.refusal import keeping, status_of


def opened(query):
    """The address of the list as a view keeps it."""
    return f"{reverse('selection:cases')}?{query}"


@require_safe
def view_list(request):
    """One's own views and those of the secretariat; what is one's own may be renamed, shared or deleted."""
    require(rules.reads_some_fund(request.user))
    views = [
        {"view": view, "url": opened(view.query), "mine": rules.can_change_view(request.user, view)}
        for view in SavedView.objects.usable_by(request.user).select_related("fund", "owner")
    ]
    return render(request, "selection/views.html", {"views": views})


@require_http_methods(["GET", "HEAD", "POST"])
def new_view(request):
    """Keep the choices that the list came with, under a name."""
    funds = Fund.objects.filter(pk__in=rules.secretariats_of(request.user)).order_by("code")
    require(funds)
    query = kept_query(request.user, request.GET.urlencode())
    form = NewViewForm(request.POST or None, funds=funds, initial={"query": query})
    if form.is_valid():
        given = form.cleaned_data
        kept = kept_query(request.user, given.pop("query"))
        with keeping(form):
            view = actions.save_view(given.pop("fund"), query=kept, by=request.user, **given)
            messages.success(request, f"La vue « {view.name} » est enregistrée.")
            return redirect(opened(view.query))
    context = {"form": form, "back": opened(query)}
    return render(request, "selection/new_view.html", context, status=status_of(form))


@require_http_methods(["GET", "HEAD", "POST"])
def change_view(request, pk):
    """Rename a view, share it, or delete it."""
    view = get_object_or_404(SavedView.objects.usable_by(request.user), pk=pk)
    require(rules.can_change_view(request.user, view))
    form = ViewForm(request.POST or None, instance=view)
    if form.is_valid():
        with keeping(form):
            actions.change_view(view, by=request.user, **form.cleaned_data)
            messages.success(request, "La vue est changée.")
            return redirect("selection:views")
    context = {"form": form, "view": view}
    return render(request, "selection/change_view.html", context, status=status_of(form))


@require_POST
def delete_view(request, pk):
    view = get_object_or_404(SavedView.objects.usable_by(request.user), pk=pk)
    actions.delete_view(view, by=request.user)
    messages.success(request, "La vue est supprimée. Les dossiers n’ont pas changé.")
    return redirect("selection:views")
