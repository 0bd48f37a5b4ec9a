"""The report on a form: what to look at before it is public."""

from django.shortcuts import render
from django.urls import reverse
from django.views.decorators.http import require_safe

from calls import rules
from calls.calendar_warnings import warnings_of
from calls.money import grouped
from calls.questionnaire import coherence, report
from calls.questionnaire.definition import questions_of
from calls.views.preview import get_form


@require_safe
def form_report(request, slug):
    """What prevents the publication of the form, then what should be weighed, and how long filling it in takes."""
    call, definition = get_form(request.user, slug)
    prepares = rules.can_prepare_call(request.user, call)
    context = {
        "call": call,
        "definition": definition,
        "calendar_warnings": warnings_of(call),
        "can_prepare": prepares,
    }
    if definition and definition["sections"]:
        criteria = list(call.criteria.values_list("key", "label"))
        words, unlimited = report.most_words(definition)
        writes = prepares and hasattr(call, "form_draft")
        context |= {
            "questions_url": reverse("calls:form_builder" if writes else "calls:form", args=[slug]),
            "problems": coherence.problems(definition, [key for key, _ in criteria]),
            "themes": report.report(definition, criteria),
            "count": len(questions_of(definition)),
            "filling_time": report.filling_time(definition),
            "words": grouped(words),
            "unlimited": unlimited,
            "words_a_minute": report.WORDS_A_MINUTE,
        }
    return render(request, "calls/form_report.html", context)
