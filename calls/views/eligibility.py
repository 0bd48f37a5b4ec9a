"""Which calls would a project fit? Answered from each call's own rules; nothing that is typed is kept."""

from django.contrib.auth.decorators import login_not_required
from django.shortcuts import get_object_or_404, render
from django.views.decorators.http import require_safe

from calls.countdown import countdown_of
from calls.forms.eligibility import EligibilityForm
from calls.models import Call
from calls.self_check import FITS, MISFIT, UNSURE, Result, check
from journal import clock

AT_MOST = 100  # calls compared at once: the next ones to close


@login_not_required
@require_safe
def eligibility(request, slug):
    """The questions for one call, its answer, then what the other calls answer."""
    calls = Call.objects.visible_to(request.user).prefetch_related("carrier_rules")
    call = get_object_or_404(calls, slug=slug)
    form = asked(request)
    context = {
        "call": call,
        "form": form,
        "known": call.is_known_at(clock.now()),
        "in_time": Call.objects.public().in_time().filter(pk=call.pk).exists(),
    }
    if form.is_valid():
        answers = form.answers()
        others, more = compared(answers, besides=call)
        context |= {"result": Result(call, check(call, answers)), "groups": grouped(others), "more": more}
    return render(request, "calls/eligibility.html", context)


@login_not_required
@require_safe
def eligibility_of_all(request):
    """The same questions, answered by every call that is open or to come."""
    form = asked(request)
    context = {"form": form, "call": None}
    if form.is_valid():
        results, more = compared(form.answers())
        context |= {"groups": grouped(results), "more": more}
    return render(request, "calls/eligibility.html", context)


def asked(request):
    """The form as the address fills it; blank when it holds none of its answers."""
    return EligibilityForm(request.GET if EligibilityForm.base_fields.keys() & request.GET.keys() else None)


def compared(answers, besides=None):
    """What each call in time answers, the next to close first; and whether there are more calls than that."""
    calls = Call.objects.public().in_time().exclude(pk=besides.pk if besides else None).select_related("fund")
    calls = calls.prefetch_related("carrier_rules").order_by("closes_at", "code")
    now = clock.now()
    found = [Result(call, check(call, answers), countdown_of(call, now)) for call in calls[: AT_MOST + 1]]
    return found[:AT_MOST], len(found) > AT_MOST


def grouped(results):
    """(title, results) of the calls that fit, that may, that do not; those without any are left out."""
    titles = {
        FITS: "Ils vous correspondent",
        UNSURE: "À vérifier",
        MISFIT: "Ils ne vous correspondent pas",
    }
    by_conclusion = [
        (title, [each for each in results if each.conclusion == key]) for key, title in titles.items()
    ]
    return [(title, found) for title, found in by_conclusion if found]
