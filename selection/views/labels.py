"""The labels of a fund: made, renamed, merged, taken away."""

from django.contrib import messages
from django.shortcuts import get_object_or_404, redirect, render
from django.views.decorators.http import require_http_methods, require_safe

from calls.models import FundRole
from journal.refusals import require
from selection import desk, rules
from selection.actions import desk as actions
from selection.forms.desk import LabelForm
from selection.models import Label
from selection.views.refusal import keeping, status_of


def get_label(request, pk):
    """A label of a fund that this person follows, or 404."""
    funds = desk.funds_of(request.user, FundRole.READERS)
    return get_object_or_404(Label.objects.filter(fund__in=funds).select_related("fund"), pk=pk)


@require_safe
def label_list(request):
    """The labels of each fund that one follows, with how many dossiers carry each."""
    require(rules.reads_some_fund(request.user))
    kept = set(desk.funds_of(request.user))
    funds = [
        (fund, desk.labels_counted(request.user, fund), fund in kept)
        for fund in desk.funds_of(request.user, FundRole.READERS)
    ]
    return render(request, "selection/labels.html", {"funds": funds})


@require_http_methods(["GET", "HEAD", "POST"])
def new_label(request, slug):
    fund = get_object_or_404(desk.funds_of(request.user, FundRole.READERS), slug=slug)
    require(rules.can_keep_labels(request.user, fund))
    form = LabelForm(request.POST or None, fund=fund)
    if form.is_valid():
        with keeping(form):
            label = actions.make_label(fund, name=form.cleaned_data["name"], by=request.user)
            messages.success(request, f"L’étiquette « {label} » est prête à être mise sur des dossiers.")
            return redirect("selection:labels")
    context = {"form": form, "fund": fund}
    return render(request, "selection/new_label.html", context, status=status_of(form))


@require_http_methods(["GET", "HEAD", "POST"])
def rename_label(request, pk):
    label = get_label(request, pk)
    require(rules.can_keep_labels(request.user, label.fund))
    form = LabelForm(request.POST or None, fund=label.fund, renamed=label)
    if form.is_valid():
        with keeping(form):
            kept = actions.rename_label(label, name=form.cleaned_data["name"], by=request.user)
            done = "est renommée" if kept.pk == label.pk else "rejoint"
            messages.success(request, f"L’étiquette « {label} » {done} « {kept} ».")
            return redirect("selection:labels")
    context = {"form": form, "label": label}
    return render(request, "selection/rename_label.html", context, status=status_of(form))


@require_http_methods(["GET", "HEAD", "POST"])
def delete_label(request, pk):
    """Say how many dossiers lose the label, then take it away."""
    label = get_label(request, pk)
    require(rules.can_keep_labels(request.user, label.fund))
    if request.method == "POST":
        actions.delete_label(label, by=request.user)
        messages.success(request, f"L’étiquette « {label} » est supprimée.")
        return redirect("selection:labels")
    context = {"label": label, "carried": label.cases.readable_by(request.user).count()}
    return render(request, "selection/delete_label.html", context)
