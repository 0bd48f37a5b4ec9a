"""The committees of a fund, for its secretariat: who sits, by which rules, when."""

from django.contrib import messages
from django.shortcuts import get_object_or_404, redirect, render
from django.views.decorators.http import require_http_methods, require_safe

from calls.models import FundRole
from journal.refusals import require
from selection import rules
from selection.actions import committees as actions
from selection.forms.committees import CommitteeForm, NewSeatForm, SeatForm
from selection.models import Committee, CommitteeSession
from selection.views.refusal import keeping, status_of


def committees_readable_by(user):
    """Those of the funds whose secretariat or audit someone belongs to."""
    funds = FundRole.objects.filter(user=user, role__in=FundRole.READERS).values("fund")
    return (
        Committee.objects.filter(fund__in=funds).select_related("fund").order_by("fund__name", "name", "pk")
    )


def get_committee(request, pk, *, to_keep=False):
    """A committee that this person reads, or 404; 403 where it is to be kept and they do not."""
    committee = get_object_or_404(committees_readable_by(request.user), pk=pk)
    require(not to_keep or rules.can_keep_committees(request.user, committee.fund))
    return committee


def get_seat(request, pk, seat_pk):
    committee = get_committee(request, pk, to_keep=True)
    return get_object_or_404(committee.seats.select_related("user", "committee__fund"), pk=seat_pk)


def heads_some_fund(user):
    return user.fund_roles.filter(role=FundRole.Role.HEAD).exists()


@require_safe
def committees(request):
    """Every committee of one's funds."""
    require(rules.reads_some_fund(request.user))
    context = {
        "committees": committees_readable_by(request.user),
        "can_make": heads_some_fund(request.user),
    }
    return render(request, "selection/committees.html", context)


@require_safe
def committee(request, pk):
    """Its rules, its seats, its calendar."""
    found = get_committee(request, pk)
    seats = found.seats.select_related("user", "scope")
    context = {
        "committee": found,
        "seats": seats.filter(ended_at=None),
        "ended": seats.exclude(ended_at=None).order_by("-ended_at"),
        "sessions": CommitteeSession.objects.filter(committee=found).order_by("-held_on", "-pk"),
        "facts": [
            ("Fonds", found.fund.name),
            ("Pouvoir", found.get_power_display()),
            ("Quorum", "non communiqué" if found.quorum is None else f"{found.quorum} votants présents"),
            ("Mode de vote", found.get_vote_mode_display()),
            ("En cas de partage des voix", found.get_tie_rule_display()),
        ],
        "can_keep": rules.can_keep_committees(request.user, found.fund),
    }
    return render(request, "selection/committee_detail.html", context)


@require_http_methods(["GET", "HEAD", "POST"])
def new_committee(request):
    require(heads_some_fund(request.user))
    form = CommitteeForm(request.POST or None, user=request.user)
    if form.is_valid():
        made = actions.make_committee(by=request.user, **form.cleaned_data)
        messages.success(request, "Le comité est créé. Attribuez-en les sièges.")
        return redirect("selection:committee_detail", made.pk)
    return render(request, "selection/committee_form.html", {"form": form})


@require_http_methods(["GET", "HEAD", "POST"])
def change_committee(request, pk):
    """Another name, other rules: those of the sessions to be convened."""
    found = get_committee(request, pk, to_keep=True)
    form = CommitteeForm(request.POST or None, instance=found, user=request.user)
    if form.is_valid():
        with keeping(form):
            actions.change_committee(found, by=request.user, **form.cleaned_data)
            messages.success(
                request, "Le comité est modifié. Les séances déjà convoquées gardent leurs règles."
            )
            return redirect("selection:committee_detail", pk)
    context = {"form": form, "committee": get_committee(request, pk)}
    return render(request, "selection/committee_form.html", context, status=status_of(form))


@require_http_methods(["GET", "HEAD", "POST"])
def new_seat(request, pk):
    """Give someone a seat: they are convened to the sessions to come."""
    found = get_committee(request, pk, to_keep=True)
    form = NewSeatForm(request.POST or None)
    if form.is_valid():
        with keeping(form, beside="email"):
            data = form.cleaned_data
            del data["email"]
            seat = actions.give_seat(found, form.user, by=request.user, **data)
            messages.success(request, f"{seat.user} siège : {seat.title}.")
            return redirect("selection:committee_detail", pk)
    context = {"form": form, "committee": found, "seat": None}
    return render(request, "selection/seat.html", context, status=status_of(form))


@require_http_methods(["GET", "HEAD", "POST"])
def seat(request, pk, seat_pk):
    found = get_seat(request, pk, seat_pk)
    form = SeatForm(request.POST or None, initial=SeatForm.initial_of(found))
    if form.is_valid():
        with keeping(form):
            actions.change_seat(found, by=request.user, **form.cleaned_data)
            messages.success(request, "Le siège est modifié.")
            return redirect("selection:committee_detail", pk)
    context = {"form": form, "committee": found.committee, "seat": found}
    return render(request, "selection/seat.html", context, status=status_of(form))


@require_http_methods(["GET", "HEAD", "POST"])
def end_seat(request, pk, seat_pk):
    """Ask, then end a seat."""
    found = get_seat(request, pk, seat_pk)
    if request.method == "POST":
        actions.end_seat(found, by=request.user)
        messages.success(request, f"{found.user} ne siège plus.")
        return redirect("selection:committee_detail", pk)
    return render(request, "selection/end_seat.html", {"committee": found.committee, "seat": found})
