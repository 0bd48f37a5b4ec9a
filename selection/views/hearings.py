"""Hearings: the slots of a call, the hearing of a dossier, the programme of a day."""

from itertools import groupby

from django.contrib import messages
from django.http import Http404
from django.shortcuts import get_object_or_404, redirect, render
from django.utils import timezone
from django.utils.translation import ngettext
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from calls.models import Call, FundRole
from journal import clock, dates
from journal.refusals import Refused, refuse_unless, require
from selection import rules
from selection.actions import hearings as actions
from selection.forms.hearings import HearingForm, InvitationForm, SeriesForm, SlotForm
from selection.lifecycle import State
from selection.models import Case, Hearing, HearingSlot
from selection.views.case import get_submission
from selection.views.frame import frame
from selection.views.refusal import keeping, refusal_of, status_of, unsaved


def get_call(request, slug):
    """A call of a fund whose secretariat or audit one belongs to, or 404."""
    mine = FundRole.objects.filter(user=request.user, role__in=FundRole.READERS).values("fund")
    return get_object_or_404(Call.objects.select_related("fund"), slug=slug, fund__in=mine)


def slots_of(call, user):
    """The slots of a call; who is recused from what a slot hears is told only that it is taken."""
    slots = list(call.hearing_slots.select_related("hearing__case__application").prefetch_related("panel"))
    readable = set(Case.objects.readable_by(user).filter(call=call).values_list("pk", flat=True))
    for slot in slots:
        slot.taken = hasattr(slot, "hearing")
        slot.heard = slot.hearing if slot.taken and slot.hearing.case_id in readable else None
    return slots


def by_day(slots):
    days = groupby(slots, lambda slot: timezone.localdate(slot.begins_at))
    return [(dates.day(day), day.isoformat(), list(of_day)) for day, of_day in days]


@require_safe
def hearings(request, slug):
    """The slots of a call, day by day, and the shortlisted dossiers that have none."""
    call = get_call(request, slug)
    waiting = Case.objects.readable_by(request.user).standing().filter(call=call, hearing=None)
    context = {
        "call": call,
        "days": by_day(slots_of(call, request.user)),
        "waiting": waiting.filter(state=State.SHORTLISTED).select_related("application").order_by("pk"),
        "can_hold": rules.can_hold_hearings(request.user, call) and call.has_hearings,
    }
    return render(request, "selection/hearings.html", context)


@require_safe
def programme(request, slug, day):
    """What is heard on a day, to be printed."""
    call = get_call(request, slug)
    found = [each for each in by_day(slots_of(call, request.user)) if each[1] == day]
    if not found:
        raise Http404
    [(title, _, slots)] = found
    return render(request, "selection/programme.html", {"call": call, "day": title, "slots": slots})


@require_http_methods(["GET", "HEAD", "POST"])
def make_slots(request, slug):
    """Make a slot, or a series of them."""
    call = get_call(request, slug)
    require(rules.can_hold_hearings(request.user, call))
    refuse_unless(call.has_hearings, "Cet appel ne prévoit pas d’audition.")
    form = SeriesForm(request.POST or None, people=rules.may_sit(call))
    if form.is_valid():
        data = form.cleaned_data
        try:
            made = actions.make_slots(
                call, form.times(), place=data["place"], panel=data["panel"], by=request.user
            )
        except Refused as refusal:
            form.add_error(None, refusal.reason)
        else:
            count = len(made)
            messages.success(
                request, ngettext("%d créneau est ouvert.", "%d créneaux sont ouverts.", count) % count
            )
            return redirect("selection:hearings", slug)
    return render(request, "selection/make_slots.html", {"call": call, "form": form})


@require_http_methods(["GET", "HEAD", "POST"])
def slot(request, slug, pk):
    """Change a slot; those invited to it are told."""
    call = get_call(request, slug)
    require(rules.can_hold_hearings(request.user, call))
    found = get_object_or_404(HearingSlot, call=call, pk=pk)
    hidden = Hearing.objects.filter(slot=found).exclude(case__in=Case.objects.readable_by(request.user))
    if hidden.exists():
        raise Http404
    form = SlotForm(request.POST or None, people=rules.may_sit(call), initial=SlotForm.initial_of(found))
    if form.is_valid():
        data, [(begins_at, ends_at)] = form.cleaned_data, form.times()
        times = {"begins_at": begins_at, "ends_at": ends_at}
        try:
            actions.change_slot(found, **times, place=data["place"], panel=data["panel"], by=request.user)
        except Refused as refusal:
            form.add_error(None, refusal.reason)
        else:
            messages.success(request, "Le créneau est changé ; les personnes invitées sont prévenues.")
            return redirect("selection:hearings", slug)
    taken = Hearing.objects.filter(slot=found).exists()
    return render(request, "selection/slot.html", {"call": call, "slot": found, "form": form, "taken": taken})


@require_POST
def remove_slot(request, slug, pk):
    found = get_object_or_404(HearingSlot, call=get_call(request, slug), pk=pk)
    actions.remove_slot(found, by=request.user)
    messages.success(request, "Le créneau est supprimé.")
    return redirect("selection:hearings", slug)


def get_case(application):
    return Case.objects.select_related("application", "call").get(application=application)


def hearing_of(case):
    return Hearing.objects.select_related("slot__call", "closed_by", "invited_by").filter(case=case).first()


@require_http_methods(["GET", "HEAD", "POST"])
def hearing(request, reference):
    """The hearing of a dossier: invite it to a slot, move it, then note what was heard."""
    application = get_submission(request, reference).application
    case = get_case(application)
    found = hearing_of(case)
    can_hold = rules.can_hold_hearings(request.user, case.call)
    form = HearingForm(request.POST if request.method == "POST" else None, instance=found) if found else None
    if request.method == "POST":
        require(can_hold)
        refuse_unless(form, "Ce dossier n’est pas, ou plus, invité à une audition : rien n’est enregistré.")
        if form.is_valid():
            with keeping(form):
                actions.note_hearing(found, **form.cleaned_data, closed=form.closing, by=request.user)
                messages.success(
                    request, "L’audition est close." if form.closing else "Vos notes sont enregistrées."
                )
                return redirect("selection:hearing", reference)
        found = hearing_of(case)  # as it is kept: the form wrote on the former
        refuse_unless(found, "Cette audition vient d’être annulée par un collègue : rien n’est enregistré.")
        if refusal_of(form):
            form.read_again(found)
    return show(request, case, found, form)


def show(request, case, found, form=None, invitation=None):
    """The page, with the form that was sent and refused, if one was; above, why, where its form has no more place."""
    application, can_hold = case.application, rules.can_hold_hearings(request.user, case.call)
    form = form or (HearingForm(instance=found) if found else None)
    closed = found and found.closed_at
    can_invite = can_hold and not case.withdrawn and case.state in actions.HEARD
    refusals = [
        refusal_of(form) if closed else None,
        None if can_invite and not closed else refusal_of(invitation),
    ]
    free = HearingSlot.objects.filter(call=case.call, hearing=None, begins_at__gt=clock.now())
    context = frame(application, "hearing") | {
        "call": case.call,
        "hearing": found,
        "panel": found.slot.panel.all() if found else [],
        "form": form if can_hold and not closed and not case.withdrawn else None,
        "reason": " ".join(refusal.reason for refusal in refusals if refusal),
        "unsaved": unsaved(form) if closed and form.is_bound else [],
        "theirs": found if isinstance(refusal_of(form), actions.NotesConflict) else None,
        "invitation": invitation or InvitationForm(slots=free),
        "has_free": invitation or free.exists(),
        "can_hold": can_invite,
    }
    return render(request, "selection/hearing.html", context, status=status_of(form, invitation))


@require_POST
def give_slot(request, reference):
    """Invite a dossier to the chosen slot, or move it there."""
    application = get_submission(request, reference).application
    require(rules.can_hold_hearings(request.user, application.call))
    form = InvitationForm(request.POST, slots=HearingSlot.objects.filter(call=application.call))
    if form.is_valid():
        with keeping(form):
            actions.give_slot(form.cleaned_data["slot"], application.case, by=request.user)
            messages.success(request, "L’invitation est envoyée, avec son fichier d’agenda.")
            return redirect("selection:hearing", reference)
        case = get_case(application)
        return show(request, case, hearing_of(case), invitation=form)
    messages.error(request, "Choisissez un créneau libre : aucune invitation n’est envoyée.")
    return redirect("selection:hearing", reference)


@require_POST
def cancel_hearing(request, reference):
    """Take the invitation back."""
    application = get_submission(request, reference).application
    require(rules.can_hold_hearings(request.user, application.call))
    found = Hearing.objects.filter(case=application.case).first()
    refuse_unless(found, "Ce dossier n’est plus invité à une audition.")
    actions.cancel_hearing(found, by=request.user)
    messages.success(request, "L’audition est annulée ; les personnes invitées sont prévenues.")
    return redirect("selection:hearing", reference)
