"""The form of a call as an applicant will meet it, for the secretariat to try and to check."""

from django.http import Http404
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.views.decorators.http import require_http_methods

from calls import rules
from calls.models import Call
from calls.questionnaire.answering import QuestionnaireForm
from calls.questionnaire.definition import ASKING, COLUMNS
from calls.questionnaire.trying import TotalsForm, Trial
from calls.questionnaire.wording import asked_only_if
from journal.refusals import require

ONWARD = "@section"  # the name of the buttons that go on to another section: no question can have it


@require_http_methods(["GET", "HEAD", "POST"])
def preview(request, slug):
    """One section of the form at a time; what is tried stays in the reader's own session, and nowhere else."""
    call, definition = get_form(request.user, slug)
    if not definition or not definition["sections"]:
        context = {"call": call, "sections": [], "can_prepare": rules.can_prepare_call(request.user, call)}
        return render(request, "calls/preview.html", context)
    if "forget" in request.POST:
        request.session.pop(_memory(call), None)
        return redirect("calls:preview", call.slug)
    sections, position = definition["sections"], _position(request, definition)
    section, tried = sections[position], request.session.get(_memory(call), {})
    form = section_form(request, definition, section, tried)
    checked = form.is_valid()
    if checked:
        tried = tried | typed(form)
        request.session[_memory(call)] = tried
        if (onward := request.POST.get(ONWARD)) in [each["key"] for each in sections]:
            return redirect(reverse("calls:preview", args=[call.slug]) + f"?section={onward}")
    trial = Trial(definition, call, tried)
    context = {
        "call": call,
        "sections": [(each, each["key"] in trial.sections) for each in sections],
        "section": section,
        "position": position + 1,
        "previous": sections[position - 1] if position else None,
        "next": sections[position + 1] if position + 1 < len(sections) else None,
        "onward": ONWARD,
        "asks": section["kind"] in ASKING,
        "is_asked": section["key"] in trial.sections,
        "when": asked_only_if(section.get("condition"), definition),
        "columns": COLUMNS.get(section["kind"], []),
        "form": form,
        "checked": checked,
        "gaps": trial.gaps(section),
        "broken": trial.broken(),
        "tried": bool(tried),
    }
    return render(request, "calls/preview.html", context)


def get_form(user, slug):
    """A call whose form this person may read, and that form: the one being written, else the last one published."""
    call = get_object_or_404(Call.objects.visible_to(user).select_related("fund"), slug=slug)
    require(rules.can_preview_call(user, call))
    form = getattr(call, "form_draft", None) or call.form_versions.order_by("-number").first()
    return call, form and form.definition


def section_form(request, definition, section, tried):
    if section["kind"] in ASKING:
        return QuestionnaireForm(request, section, definition=definition, answers=tried)
    initial = {key.removeprefix("@"): value for key, value in tried.items() if key.startswith("@")}
    return TotalsForm(request.POST or None, kind=section["kind"], initial=initial)


def typed(form):
    """What was typed in a section, as the session keeps it; of files, their names alone."""
    if isinstance(form, TotalsForm):
        return form.totals
    names = {
        question["key"]: [upload.name for upload, _ in uploads] for question, _, uploads in form.files.chosen
    }
    return form.answers | names


def _position(request, definition):
    keys = [section["key"] for section in definition["sections"]]
    key = request.GET.get("section", keys[0])
    if key not in keys:
        raise Http404
    return keys.index(key)


def _memory(call):
    return f"preview-{call.pk}"
