"""What the script of a section's page asks: to keep what is being typed, and who else is here."""

from django.contrib.auth.decorators import login_not_required
from django.core.exceptions import PermissionDenied
from django.http import Http404, JsonResponse
from django.shortcuts import get_object_or_404
from django.urls import reverse
from django.utils.formats import date_format
from django.utils.timezone import localtime
from django.views.decorators.http import require_POST

from accounts.kept_posts import AUTHOR, is_of_another
from applications import actions, presence, tables
from applications.form_actions import FormCorrected
from applications.merging import Base, mark
from applications.models import Application
from applications.views.frame import base_read, version_read
from applications.views.lines import as_typed
from calls.questionnaire.answering import QuestionnaireForm
from calls.questionnaire.definition import ASKING
from journal.refusals import Refused

SIGNED_OUT = "Votre session a expiré."
SOMEONE_ELSE = "Vous êtes maintenant connecté sous un autre compte."


@require_POST
@login_not_required  # a script cannot follow to the sign-in page: it is told 401
def autosave(request, key, section_key):
    """Keep what can be of a section being typed, and say what cannot."""
    if told := why_not_signed_in(request):
        return JsonResponse({"reason": told, "sign_in": reverse("accounts:sign_in")}, status=401)

    def read(application):
        section = application.form.section(section_key)
        if section is None or section["kind"] not in ASKING:
            raise Http404
        return QuestionnaireForm(request, section, definition=application.form.definition)

    try:
        state, typed = actions.autosave_section(
            key,
            section_key,
            read=read,
            version=version_read(request),
            base=base_read(request),
            by=request.user,
        )
    except (Application.DoesNotExist, Refused) as refused:
        return not_kept(request, key, refused)
    presence.enter(state.section.application, request.user, section_key)
    return JsonResponse(kept(request, state, typed))


@require_POST
@login_not_required
def autosave_table(request, key, section_key):
    """Keep a table being typed, if every cell of it is right, or say which are not: half a table is never kept."""
    if told := why_not_signed_in(request):
        return JsonResponse({"reason": told, "sign_in": reverse("accounts:sign_in")}, status=401)

    def read(application):
        section = application.form.section(section_key)
        if section is None or section["kind"] not in tables.TABLES:
            raise Http404
        return as_typed(request, application, section)

    try:
        state, typed = actions.autosave_table(
            key, section_key, read=read, version=version_read(request), by=request.user
        )
    except (Application.DoesNotExist, Refused) as refused:
        return not_kept(request, key, refused)
    presence.enter(state.section.application, request.user, section_key)
    return JsonResponse(
        {
            "version": state.section.version,
            "base": "",
            "saved_at": time_of(state),
            "refused": typed.told,
            "changed": [],
            "nothing": bool(typed.told),
        }
    )


def why_not_signed_in(request):
    if not request.user.is_authenticated:
        return SIGNED_OUT
    return SOMEONE_ELSE if is_of_another(request.POST.get(AUTHOR), request.user) else ""


def kept(request, state, typed):
    """What was kept, and the marks of what the page now shows: not of what a colleague changed meanwhile."""
    section, questions = state.section, typed.section.get("questions", [])
    base, given = Base.of(section.application.form, questions, section.answers), base_read(request).marks
    changed = [each for each in questions if differs(typed.answers, section.answers, each["key"])]
    for question in changed:
        base.marks[question["key"]] = given.get(question["key"], "")
    return {
        "version": section.version,
        "base": str(base),
        "saved_at": time_of(state),
        "refused": typed.told,
        "changed": [question["label"] for question in changed],
    }


def time_of(state):
    return date_format(localtime(state.at), "H:i")


def not_kept(request, key, refused):
    """The answer to what could not be kept: nothing to see here, or why, and what to do."""
    if isinstance(refused, Application.DoesNotExist):
        raise (PermissionDenied if is_visible(request.user, key) else Http404) from None
    return JsonResponse(refusal(refused), status=409)


def differs(typed, kept_answers, key):
    return key in typed and mark(typed[key]) != mark(kept_answers.get(key))


def refusal(refused):
    """Why nothing was kept; whether both texts can be compared by sending the page itself."""
    met = isinstance(refused, actions.EditConflict)
    by = str(refused.theirs.changed_by) if met and refused.theirs.changed_by else ""
    return {
        "reason": refused.reason,
        "conflict": met,
        "by": by,
        "form_corrected": isinstance(refused, FormCorrected),
    }


def is_visible(user, key):
    return Application.objects.visible_to(user).filter(key=key).exists()


@require_POST
@login_not_required
def presence_of(request, key):
    """Say that one is in a section, or leaves it; be told who else is."""
    if not request.user.is_authenticated:
        return JsonResponse({"reason": SIGNED_OUT}, status=401)
    application = get_object_or_404(Application.objects.visible_to(request.user), key=key)
    section_key = request.POST.get("section", "")[:60]
    if request.POST.get("leave"):
        presence.leave(application, request.user)
        return JsonResponse({"names": []})
    presence.enter(application, request.user, section_key)
    there = presence.others(application, request.user).get(section_key, [])
    return JsonResponse({"names": [each.name for each in there]})
