"""After the decision: what a laureate gives up, and who the chair takes from the reserve list in its place."""

from mimetypes import guess_extension

from django.contrib import messages
from django.db.models import Prefetch
from django.http import Http404
from django.shortcuts import get_object_or_404, redirect, render
from django.views.decorators.http import require_http_methods, require_safe

from applications import rules as application_rules
from applications.views.dossiers import get_application
from calls.money import euros
from documents.serving import serve
from journal import dates
from journal.refusals import refuse_unless, require
from selection import envelope, rules, succession
from selection.access import reads_every_decision
from selection.actions import succession as actions
from selection.forms.succession import (
    PromotionForm,
    RecordWithdrawalForm,
    RefusePromotionForm,
    StandDownForm,
)
from selection.models import Case, Promotion, Withdrawal
from selection.views.case import get_submission
from selection.views.frame import frame
from selection.views.refusal import keeping, status_of

# The carrier


@require_http_methods(["GET", "HEAD", "POST"])
def stand_down(request, key):
    """What giving up means; then a reason and a confirmation. A laureate that was not told so has no such page."""
    application = get_application(request, key)
    award = succession.told_award_of(application)
    if award is None:
        raise Http404
    require(application_rules.can_withdraw(request.user, application))
    form = StandDownForm(request.POST or None)
    if form.is_valid():
        with keeping(form):
            actions.stand_down(application, reason=form.cleaned_data["reason"], by=request.user)
            messages.success(
                request, "Votre désistement est enregistré. Un accusé de réception vous est envoyé."
            )
            return redirect("selection:follow", key)
    context = {"application": application, "award": award, "form": form}
    return render(request, "selection/stand_down.html", context, status=status_of(form))


# The secretariat


@require_safe
def withdrawals(request):
    """Who gave up in one's funds, and who is proposed, validated or refused in their place."""
    require(rules.reads_some_fund(request.user))
    cases = Case.objects.readable_by(request.user).values("pk")
    promotions = Promotion.objects.filter(reserve__item__case__in=cases).select_related(
        "reserve__item__case__application", "settled_by", "decision__letter"
    )
    found = (
        Withdrawal.objects.filter(decision__item__case__in=cases)
        .select_related("decision__item__case__application__call", "decision__envelope__fund", "recorded_by")
        .prefetch_related(Prefetch("promotions", promotions, to_attr="told"))
    )
    for each in found:
        each.is_unfilled = not any(promotion.state in Promotion.LIVE for promotion in each.told)
    return render(request, "selection/withdrawals.html", {"withdrawals": found})


@require_http_methods(["GET", "HEAD", "POST"])
def record_withdrawal(request, reference):
    """Record what a laureate gave up by letter."""
    application = get_submission(request, reference, to_act=True).application
    require(rules.can_record_withdrawal(request.user, application))
    award = succession.award_of(application)
    refuse_unless(award, actions.NO_AWARD)
    form = RecordWithdrawalForm(request.POST or None, request.FILES or None)
    if form.is_valid():
        with keeping(form):
            actions.record_withdrawal(application, by=request.user, **form.said())
            messages.success(request, "Le désistement est enregistré ; le porteur en est avisé.")
            return redirect("selection:withdrawals")
    context = frame(application, "withdrawal") | {"award": award, "form": form}
    return render(request, "selection/record_withdrawal.html", context, status=status_of(form))


@require_safe
def withdrawal_letter(request, pk):
    """The letter by which a laureate gave up."""
    cases = Case.objects.readable_by(request.user).values("pk")
    found = get_object_or_404(Withdrawal, pk=pk, decision__item__case__in=cases, letter__isnull=False)
    suffix = guess_extension(found.letter.content_type) or ""
    return serve(found.letter, name=f"desistement-{found.decision.item.case.application.reference}{suffix}")


# The chair


def get_promotion(request, pk):
    """A proposal, for who settles it and for who reads the dossier in the fund."""
    found = get_object_or_404(
        Promotion.objects.select_related(
            "reserve__item__session__committee__fund",
            "reserve__item__case__application__call",
            "reserve__envelope__fund",
            "withdrawal__decision__item__case__application",
            "settled_by",
        ),
        pk=pk,
    )
    reader = Case.objects.readable_by(request.user).filter(pk=found.reserve.item.case_id).exists()
    if not reader and not rules.can_settle_promotion(request.user, found.reserve.item):
        raise Http404
    return found


@require_safe
def promotion(request, pk):
    """Who is proposed, in whose place, for how much, and what is left of the envelope before and after."""
    found = get_promotion(request, pk)
    context = {
        "promotion": found,
        "facts": _facts(request.user, found),
        "may_settle": found.state == Promotion.State.PROPOSED
        and rules.can_settle_promotion(request.user, found.reserve.item),
        "reads_case": Case.objects.readable_by(request.user).filter(pk=found.reserve.item.case_id).exists(),
        "decision": getattr(found, "decision", None),
    }
    return render(request, "selection/promotion.html", context)


@require_http_methods(["GET", "HEAD", "POST"])
def validate_promotion(request, pk):
    """The chair selects the project that is proposed, and says for how much."""
    found = _to_settle(request, pk)
    form = PromotionForm(request.POST or None, promotion=found)
    if form.is_valid():
        with keeping(form):
            try:
                actions.validate_promotion(found, by=request.user, **form.cleaned_data)
            except envelope.EnvelopeExceeded as exceeded:
                form.add_error("amount", exceeded.reason)
            else:
                messages.success(request, "Le projet est retenu. Le secrétariat prépare sa lettre.")
                return redirect("selection:promotion", pk)
    context = {"promotion": found, "form": form, "facts": _facts(request.user, found)}
    return render(request, "selection/validate_promotion.html", context, status=status_of(form))


@require_http_methods(["GET", "HEAD", "POST"])
def refuse_promotion(request, pk):
    """The chair leaves the project on the list, and says why."""
    found = _to_settle(request, pk)
    form = RefusePromotionForm(request.POST or None)
    if form.is_valid():
        with keeping(form):
            following = actions.refuse_promotion(found, by=request.user, **form.cleaned_data)
            if following and rules.can_settle_promotion(request.user, following.reserve.item):
                messages.success(request, "Le refus est enregistré. Voici le projet suivant de la liste.")
                return redirect("selection:promotion", following.pk)
            messages.success(request, "Le refus est enregistré.")
            return redirect("selection:promotion", pk)
    context = {"promotion": found, "form": form}
    return render(request, "selection/refuse_promotion.html", context, status=status_of(form))


def _to_settle(request, pk):
    found = get_promotion(request, pk)
    require(rules.can_settle_promotion(request.user, found.reserve.item))
    refuse_unless(
        found.state == Promotion.State.PROPOSED,
        f"Cette proposition est déjà {found.get_state_display()} : elle ne change plus.",
    )
    return found


def _facts(user, promotion):
    """(label, value) pairs; a total of the envelope only for who could read all that it is made of."""
    reserve, gone = promotion.reserve, promotion.withdrawal.decision
    application, purse = reserve.item.case.application, reserve.envelope
    left = gone.item.case.application
    facts = [
        ("Porteur", application.jury_name),
        ("Séance", reserve.item.session.title),
        ("Rang sur la liste complémentaire", str(reserve.rank or "non communiqué")),
        (
            "Proposé à la suite du désistement de",
            left.title if succession.reads(user, left) else "un lauréat",
        ),
        ("Désistement du", dates.day(promotion.withdrawal.given_on)),
        ("Subvention demandée", euros(reserve.item.case.requested_grant)),
        ("Subvention proposée", euros(promotion.amount)),
    ]
    if promotion.state == Promotion.State.PROPOSED and reads_every_decision(user, purse):
        left_now = succession.room_of(purse)
        facts.append((f"Reste dans l’enveloppe {purse} avant", euros(left_now)))
        facts.append(("Reste après cette reprise", euros(left_now - (promotion.amount or 0))))
    return facts
