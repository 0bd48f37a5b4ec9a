"""What the secretariat asks for on a filed dossier, and the carrier's answer."""

from django.contrib import messages
from django.shortcuts import redirect, render
from django.views.decorators.http import require_http_methods, require_POST

from applications import actions, completeness, rules
from applications.exchange_forms import WordForm
from applications.views.dossiers import get_application
from journal import clock
from journal.refusals import Refused, require

ANSWERED = "Vos compléments sont déposés : ils forment un nouveau dépôt, et le secrétariat est prévenu."


@require_http_methods(["GET", "HEAD", "POST"])
def clarification(request, key):
    """What is asked, until when and where; then the answer, which is a filing. A refusal keeps what was typed."""
    application = get_application(request, key)
    refusal = ""
    form = WordForm(request.POST if request.method == "POST" else None)
    if request.method == "POST":
        require(rules.can_file(request.user, application))
        if form.is_valid():
            try:
                actions.answer_clarification(application, by=request.user, **form.cleaned_data)
            except Refused as refused:
                refusal = refused.reason
            else:
                messages.success(request, ANSWERED)
                return redirect("applications:clarification", application.key)
    asked, rights = asked_of(application), rules.rights(request.user, application)
    context = {
        **asked,
        **progress_of(application, asked["asked"]),
        "application": application,
        "form": form,
        "refusal": refusal,
        "can_write": rights.write,
        "can_file": rights.file,
        "can_hand_over": rights.commit,
    }
    return render(request, "applications/clarification.html", context, status=409 if refusal else 200)


@require_POST
def hand_over(request, key):
    """Tell those who file that the answer is written."""
    application = get_application(request, key)
    actions.hand_clarification_over(application, by=request.user)
    messages.success(request, "Vos valideurs sont prévenus. Les compléments ne sont pas encore déposés.")
    return redirect("applications:clarification", application.key)


def asked_of(application):
    """What is asked now, whether its time is past; what was asked before, with the filing that the answer replaced."""
    asked = application.clarification
    others = application.clarifications.exclude(pk=asked and asked.pk).select_related("submission")
    return {
        "asked": asked,
        "is_late": asked is not None and asked.due_at <= clock.now(),
        "former": [(each, each.submission.revision - 1 if each.submission else None) for each in others],
    }


def progress_of(application, asked):
    """Each section that is asked for with its state, and all that they lack."""
    states = {state.key: state for state in completeness.sections(application)} if asked else {}
    named = [(each, states[each["key"]]) for each in asked.sections if each["key"] in states] if asked else []
    return {"sections": named, "gaps": completeness.gaps([state for _, state in named])}
