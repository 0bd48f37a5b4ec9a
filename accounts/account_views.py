"""One's own account: which e-mails one gets, and to whom one lends one's visa."""

from django.contrib import messages
from django.shortcuts import get_object_or_404, redirect, render
from django.utils import timezone
from django.views.decorators.http import require_http_methods, require_POST

from accounts.actions import delegations as actions
from accounts.actions.notices import choose_paces
from accounts.forms import DelegationForm, NoticesForm
from accounts.models import Membership
from journal import clock
from journal.refusals import require


@require_http_methods(["GET", "HEAD", "POST"])
def notices(request):
    """How soon one wants each kind of news, and what is always sent."""
    paces = dict(request.user.notice_preferences.values_list("kind", "pace"))
    form = NoticesForm(request.POST or None, paces=paces)
    if form.is_valid():
        choose_paces(form.cleaned_data, by=request.user)
        messages.success(request, "Vos choix sont enregistrés.")
        return redirect("accounts:notices")
    return render(request, "accounts/notices.html", {"form": form})


@require_http_methods(["GET", "HEAD", "POST"])
def delegations(request):
    """The visas that one lends and that one holds."""
    certifies = request.user.memberships.filter(role=Membership.Role.CERTIFIER).exists()
    now = clock.now()
    form = DelegationForm(request.POST or None, by=request.user, today=timezone.localdate(now))
    if request.method == "POST":
        require(certifies)
    if form.is_valid():
        data = form.cleaned_data
        actions.delegate_visa(
            data["place"].organisation,
            delegate=data["place"].user,
            first_day=data["first_day"],
            last_day=data["last_day"],
            by=request.user,
        )
        messages.success(request, f"Votre visa est confié à {data['place'].user}, qui en est prévenu.")
        return redirect("accounts:delegations")
    context = {
        "form": form if certifies else None,
        "given": standings(request.user.delegations_given.select_related("delegate", "organisation"), now),
        "held": standings(request.user.delegations_held.select_related("certifier", "organisation"), now),
    }
    return render(request, "accounts/delegations.html", context)


def standings(found, now):
    """(delegation, its standing in words, whether it may still be ended) for each."""
    return [(each, each.standing_at(now), each.is_open_at(now)) for each in found[:50]]


@require_POST
def revoke_delegation(request, pk):
    """Take one's visa back."""
    found = get_object_or_404(request.user.delegations_given, pk=pk)
    actions.revoke_delegation(found, by=request.user)
    messages.success(request, f"{found.delegate} ne peut plus déposer à votre place.")
    return redirect("accounts:delegations")
