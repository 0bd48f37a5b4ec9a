"""The form builder's main page: the whole form, its order, what is copied in it or removed from it."""

from django.contrib import messages
from django.http import Http404
from django.shortcuts import redirect, render
from django.urls import reverse
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from calls import form_outline
from calls.actions import form_building as actions
from calls.forms.form_builder import version_of
from calls.models import FormDraft
from calls.questionnaire import coherence, editing
from calls.questionnaire.definition import form_templates
from calls.views.preparation import get_draftable
from journal.refusals import Refused, refuse_unless


@require_safe
def form_builder(request, slug):
    """The whole form: its sections, their questions, its checks, and what is wrong with it."""
    call = get_draftable(request.user, slug)
    draft = get_draft(call)
    criteria = dict(call.criteria.values_list("key", "label"))
    reason = actions.why_not_editable(call)
    context = {
        "call": call,
        "draft": draft,
        "sections": form_outline.outline(draft.definition, criteria),
        "checks": form_outline.checks(draft.definition),
        "problems": [
            (problem.text, form_outline.anchor(problem.piece, problem.key))
            for problem in coherence.located_problems(draft.definition, list(criteria))
        ],
        "templates": form_templates(),
        "question_count": len(editing.pieces(draft.definition, "questions")),
        "editable": not reason,
        "reason": reason,
    }
    return render(request, "calls/form_builder.html", context)


@require_POST
def use_form_template(request, slug):
    """Fill an empty form with a model."""
    call = get_draftable(request.user, slug)
    name, version = request.POST.get("template", ""), version_of(request.POST)
    told = "Le modèle est copié : tout s’y change."
    return done(
        request, call, told, lambda: actions.use_template(call, name, version=version, by=request.user)
    )


@require_POST
def move_in_form(request, slug):
    """Move a section or a question: `up`, `down`, or `move` to where it was dropped, in `section` and `before`."""
    call = get_draftable(request.user, slug)
    way = next((name for name in ("up", "down", "move") if name in request.POST), "")
    piece, _, key = request.POST.get(way, "").partition(":")
    refuse_unless(
        piece in ("sections", "questions"), "Rien n’a été déplacé : choisissez ce qui est à déplacer."
    )
    said = {"version": version_of(request.POST), "by": request.user}
    if way == "move":
        said |= {"section_key": request.POST.get("section", ""), "before": request.POST.get("before", "")}
        return moved(request, call, piece, lambda: actions.place(call, piece, key, **said))
    step = -1 if way == "up" else 1
    return moved(request, call, piece, lambda: actions.shift(call, piece, key, step, **said))


@require_http_methods(["GET", "HEAD", "POST"])
def place_in_form(request, slug, piece, key):
    """Move a section or a question anywhere, from a list of the places there are."""
    call, draft = get_editable(request, slug)
    found = get_piece(request, draft, piece, key)
    if piece == "checks":
        raise Http404
    if request.method == "POST":
        section_key, _, before = request.POST.get("place", "").partition("/")
        said = {"version": version_of(request.POST), "by": request.user}
        return moved(
            request,
            call,
            piece,
            lambda: actions.place(call, piece, key, section_key=section_key, before=before, **said),
        )
    context = {
        "call": call,
        "draft": draft,
        "name": form_outline.name_of(found),
        "groups": form_outline.places(draft.definition, piece, key),
        "current": form_outline.current_place(draft.definition, piece, key),
        "back": address(call, piece, key),
    }
    return render(request, "calls/form_place.html", context)


@require_POST
def copy_in_form(request, slug, piece, key):
    """Put a copy of a section or of a question after it."""
    call = get_draftable(request.user, slug)
    if piece == "checks":
        raise Http404
    said = {"version": version_of(request.POST), "by": request.user}
    told = "La copie est ajoutée juste après : changez-en les mots."
    return done(request, call, told, lambda: actions.copy(call, piece, key, **said), piece)


@require_http_methods(["GET", "HEAD", "POST"])
def remove_from_form(request, slug, piece, key):
    """Ask for a confirmation, then remove; what something else depends on stays."""
    call, draft = get_editable(request, slug)
    found = get_piece(request, draft, piece, key)
    name = form_outline.name_of(found)
    if request.method == "POST":
        said = {"version": version_of(request.POST), "by": request.user}
        told = f"« {name} » est supprimé du formulaire."
        return done(request, call, told, lambda: actions.remove(call, piece, key, **said))
    context = {
        "call": call,
        "draft": draft,
        "piece": piece,
        "name": name,
        "questions": found.get("questions", []),
        "dependents": [
            (form_outline.with_noun(where, title), address(call, where, which))
            for where, which, title in editing.dependents(draft.definition, piece, key)
        ],
        "back": address(call, piece, key),
    }
    return render(request, "calls/form_remove.html", context)


# What the pages of the builder share


def get_draft(call):
    """The form that is being written, or why there is none."""
    draft = FormDraft.objects.select_related("changed_by").filter(call=call).first()
    if draft is None:
        raise Refused(actions.why_not_editable(call))
    return draft


def get_editable(request, slug):
    """A call that this person prepares and its form, which may change now; 404, 403 or 409 otherwise."""
    call = get_draftable(request.user, slug)
    draft = get_draft(call)
    reason = actions.why_not_editable(call)
    refuse_unless(not reason, reason)
    return call, draft


def get_piece(request, draft, piece, key):
    """A piece of the form; who was changing one that a colleague removed is told so."""
    found = editing.find(draft.definition, piece, key)
    if found is None and request.method == "POST":
        raise Refused(actions.EditConflict(draft).told_of_a_removal)
    if found is None:
        raise Http404
    return found


def address(call, piece="", key=""):
    """The builder's page, at one of its pieces."""
    return reverse("calls:form_builder", args=[call.slug]) + form_outline.anchor(piece, key)


def done(request, call, told, act, piece=""):
    """Act, then show the form where it changed; where a colleague was faster, say so and show their form."""
    try:
        key = act()
    except actions.EditConflict as conflict:
        messages.warning(request, f"{conflict.reason} Voici le formulaire à jour : recommencez.")
        return redirect(address(call))
    messages.success(request, told)
    return redirect(address(call, piece, key) if piece else address(call))


def moved(request, call, piece, act):
    """Move, then say where the piece now stands."""
    try:
        key = act()
    except actions.EditConflict as conflict:
        messages.warning(request, f"{conflict.reason} Voici le formulaire à jour : recommencez.")
        return redirect(address(call))
    messages.success(request, form_outline.where(get_draft(call).definition, piece, key))
    return redirect(address(call, piece, key))
