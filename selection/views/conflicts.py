"""Conflicts of interest: what one declares, what is settled, and recusing oneself."""

from django.contrib import messages
from django.db.models import Q
from django.shortcuts import get_object_or_404, redirect, render
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from accounts.models import User
from journal.refusals import require
from selection import conflicts, rules
from selection.actions import conflicts as actions
from selection.forms.conflicts import DeclarationForm, InterestForm, RecusalForm, SettlementForm
from selection.models import Case, ConflictDeclaration
from selection.views.case import get_submission
from selection.views.frame import frame
from selection.views.refusal import keeping, status_of

State = ConflictDeclaration.State


@require_http_methods(["GET", "HEAD", "POST"])
def interests(request):
    """What ties one to bodies, as one declares it, and what was settled of it."""
    form = InterestForm(request.POST or None)
    if form.is_valid():
        with keeping(form):
            actions.declare_interest(**form.cleaned_data, by=request.user)
            messages.success(request, "Votre lien d’intérêt est déclaré.")
            return redirect("selection:interests")
    declarations = request.user.declarations.select_related("application__call", "settled_by")
    context = {
        "form": form,
        "links": request.user.interests.select_related("organisation").order_by("-ended_at", "id"),
        "declarations": [each for each in declarations if rules.knows_of(request.user, each)],
    }
    return render(request, "selection/interests.html", context, status=status_of(form))


@require_POST
def end_interest(request, pk):
    link = get_object_or_404(request.user.interests, pk=pk)
    actions.end_interest(link, by=request.user)
    messages.success(
        request,
        "Ce lien n’a plus cours. Il reste déclaré, et à trancher sur chaque dossier.",
    )
    return redirect("selection:interests")


def readable_declarations(user):
    """Those on the dossiers that this person reads."""
    found = ConflictDeclaration.objects.filter(application__case__in=Case.objects.readable_by(user))
    return found.select_related("application__case", "application__call__fund", "user", "settled_by")


@require_safe
def declarations(request):
    """Those to settle first, then those that were."""
    require(rules.reads_some_fund(request.user))
    found = readable_declarations(request.user)
    context = {
        "waiting": found.filter(state=State.TO_SETTLE).order_by("raised_at"),
        "settled": found.exclude(state=State.TO_SETTLE).order_by("-settled_at")[:100],
    }
    return render(request, "selection/declarations.html", context)


@require_http_methods(["GET", "HEAD", "POST"])
def settle_declaration(request, pk):
    """Say whether someone may deal with the dossier, and why."""
    declaration = get_object_or_404(readable_declarations(request.user), pk=pk)
    may_settle = rules.can_settle_declaration(request.user, declaration)
    if request.method == "POST":
        require(may_settle)
    form = SettlementForm(request.POST or None)
    if form.is_valid():
        with keeping(form):
            actions.settle_declaration(declaration, **form.cleaned_data, by=request.user)
            messages.success(request, "La déclaration est tranchée, et qui doit le savoir est prévenu.")
            return redirect("selection:declarations")
    context = {
        "declaration": declaration,
        "form": form if form.is_bound or (may_settle and declaration.state == State.TO_SETTLE) else None,
        "settlers": rules.settlers(declaration.user, declaration.application),
    }
    return render(request, "selection/settle_declaration.html", context, status=status_of(form))


@require_http_methods(["GET", "HEAD", "POST"])
def raise_declaration(request, reference):
    """Have it settled whether a person may deal with this dossier, before it is given to them."""
    application = get_submission(request, reference, to_act=True).application
    require(rules.can_raise_declaration(request.user, application))
    people = _people_of(application.call.fund)
    form = DeclarationForm(
        request.POST or None, people=people, initial={"person": request.GET.get("personne")}
    )
    if form.is_valid():
        data = form.cleaned_data
        with keeping(form):
            actions.raise_declaration(application, data["person"], text=data["text"], by=request.user)
            messages.success(request, "La déclaration est transmise à qui peut la trancher, par courriel.")
            return redirect("selection:case", reference)
    asked = request.GET.get("personne", "")
    person = people.filter(pk=asked).first() if asked.isdecimal() and len(asked) < LONGEST_KEY else None
    context = frame(application, "conflicts") | {
        "form": form,
        "person": person,
        "grounds": conflicts.grounds(person, application) if person else [],
        "declarations": application.declarations.select_related("user", "settled_by"),
    }
    return render(request, "selection/raise_declaration.html", context, status=status_of(form))


LONGEST_KEY = 18  # digits: more is no key, and would not fit


def _people_of(fund):
    """Who may be given a dossier of a fund: its secretariat, its committees, those whose opinion it asked."""
    of_it = Q(fund_roles__fund=fund) | Q(seats__committee__fund=fund)
    asked = Q(opinion_requests__case__call__fund=fund)
    return User.objects.filter(of_it | asked, is_active=True).distinct().order_by("name")


@require_http_methods(["GET", "HEAD", "POST"])
def recuse_oneself(request, reference):
    """Have nothing more to do with a dossier."""
    application = get_submission(request, reference, to_act=True).application
    require(rules.can_recuse_oneself(request.user, application))
    form = RecusalForm(request.POST or None)
    if form.is_valid():
        actions.recuse_oneself(application, by=request.user, **form.cleaned_data)
        messages.success(request, "C’est enregistré : vous n’avez plus affaire à ce dossier.")
        return redirect("selection:cases")
    return render(request, "selection/recuse_oneself.html", frame(application, "conflicts") | {"form": form})
