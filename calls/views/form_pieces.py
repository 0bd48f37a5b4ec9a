"""One piece of a form at a time: a section, a question, a check, a condition.

Who saves over a colleague's work is first shown it, beside their own; what they typed stays in the page.
"""

from django.contrib import messages
from django.shortcuts import redirect, render
from django.views.decorators.http import require_http_methods

from calls import form_outline
from calls.actions import form_building as actions
from calls.forms.form_builder import QuestionEditor, SectionForm
from calls.forms.form_conditions import REFINE, CheckForm, ConditionEditor
from calls.questionnaire import editing
from calls.questionnaire.definition import KINDS
from calls.questionnaire.types import TYPES
from calls.questionnaire.wording import check_words, condition_words
from calls.views.form_builder import address, get_editable, get_piece
from journal.refusals import refuse_unless


@require_http_methods(["GET", "HEAD", "POST"])
def add_form_section(request, slug):
    """Add a section: questions, or one of the tables that the selection computes on."""
    call, draft = get_editable(request, slug)
    form = SectionForm(request.POST or None, written={}, definition=draft.definition, version=draft.version)
    key, conflict = saved(form, lambda said: actions.add_section(call, form.piece, **said), request.user)
    if key:
        messages.success(request, f"La section « {form.piece['title']} » est ajoutée.")
        return redirect(address(call, "sections", key))
    context = {"title": "Ajouter une section", "submit": "Ajouter la section", "conflict": conflict}
    return render(
        request, "calls/form_piece.html", {"call": call, "form": form, "back": address(call), **context}
    )


@require_http_methods(["GET", "HEAD", "POST"])
def form_section(request, slug, key):
    """Change the words of a section."""
    call, draft = get_editable(request, slug)
    written = get_piece(request, draft, "sections", key)
    form = SectionForm(
        request.POST or None, written=written, definition=draft.definition, version=draft.version
    )
    done, conflict = saved(
        form, lambda said: actions.change(call, "sections", key, form.piece, **said), request.user
    )
    if done:
        messages.success(request, f"La section « {form.piece['title']} » est enregistrée.")
        return redirect(address(call, "sections", key))
    context = {
        "call": call,
        "form": form,
        "title": f"Section « {written['title']} »",
        "about": KINDS[written["kind"]],
        "submit": "Enregistrer la section",
        "back": address(call, "sections", key),
        **compared(conflict, "sections", key, form, form_outline.section_settings),
    }
    return render(request, "calls/form_piece.html", context)


@require_http_methods(["GET", "HEAD", "POST"])
def add_form_question(request, slug, key):
    """Choose a type, then write a question of it at the end of a section."""
    call, draft = get_editable(request, slug)
    section = get_piece(request, draft, "sections", key)
    refuse_unless(editing.takes_questions(section), actions.FIXED)
    kind, back = request.GET.get("type", ""), address(call, "sections", key)
    if kind not in TYPES:
        context = {"call": call, "section": section, "types": TYPES.items(), "back": back}
        return render(request, "calls/form_question_type.html", context)
    editor = QuestionEditor(
        request, kind=kind, criteria=call.criteria.all(), written={}, version=draft.version
    )
    new, conflict = saved(
        editor.form, lambda said: actions.add_question(call, key, editor.form.piece, **said), request.user
    )
    if new:
        messages.success(request, f"La question « {editor.form.piece['label']} » est ajoutée.")
        return redirect(address(call, "questions", new))
    context = {"title": "Nouvelle question", "submit": "Ajouter la question", "conflict": conflict}
    return render(
        request,
        "calls/form_question.html",
        {"call": call, "section": section, "editor": editor, "kind": TYPES[kind], "back": back, **context},
    )


@require_http_methods(["GET", "HEAD", "POST"])
def form_question(request, slug, key):
    """Change a question; its type too, which then asks for settings of its own."""
    call, draft = get_editable(request, slug)
    written = get_piece(request, draft, "questions", key)
    section = editing.section_of(draft.definition, key)
    refuse_unless(editing.takes_questions(section), actions.FIXED)
    kind = request.GET.get("type", "")
    kind = kind if kind in TYPES else written.get("type", "long_text")
    editor = QuestionEditor(
        request, kind=kind, criteria=call.criteria.all(), written=written, version=draft.version
    )
    done, conflict = saved(
        editor.form,
        lambda said: actions.change(call, "questions", key, editor.form.piece, **said),
        request.user,
    )
    if done:
        messages.success(request, f"La question « {editor.form.piece['label']} » est enregistrée.")
        return redirect(address(call, "questions", key))
    criteria = dict(call.criteria.values_list("key", "label"))
    context = {
        "call": call,
        "section": section,
        "editor": editor,
        "kind": TYPES[kind],
        "types": [(name, each.label, name == kind) for name, each in TYPES.items()],
        "title": f"Question « {written['label']} »",
        "submit": "Enregistrer la question",
        "back": address(call, "questions", key),
        **compared(
            conflict,
            "questions",
            key,
            editor.form,
            lambda question, _: form_outline.question_settings(question, criteria),
        ),
    }
    return render(request, "calls/form_question.html", context)


@require_http_methods(["GET", "HEAD", "POST"])
def add_form_check(request, slug):
    """Add a check across answers."""
    call, draft = get_editable(request, slug)
    form = CheckForm(request.POST or None, written={}, definition=draft.definition, version=draft.version)
    key, conflict = saved(form, lambda said: actions.add_check(call, form.piece, **said), request.user)
    if key:
        messages.success(request, f"Le contrôle est ajouté. {check_words(form.piece, draft.definition)}")
        return redirect(address(call, "checks", key))
    context = {
        "call": call,
        "form": form,
        "title": "Ajouter un contrôle",
        "submit": "Ajouter le contrôle",
        "conflict": conflict,
        "examples": form_outline.example_checks(draft.definition),
        "back": address(call),
    }
    return render(request, "calls/form_check.html", context)


@require_http_methods(["GET", "HEAD", "POST"])
def form_check(request, slug, key):
    """Change a check."""
    call, draft = get_editable(request, slug)
    written = get_piece(request, draft, "checks", key)
    form = CheckForm(
        request.POST or None, written=written, definition=draft.definition, version=draft.version
    )
    done, conflict = saved(
        form, lambda said: actions.change(call, "checks", key, form.piece, **said), request.user
    )
    if done:
        messages.success(request, f"Le contrôle est enregistré. {check_words(form.piece, draft.definition)}")
        return redirect(address(call, "checks", key))
    context = {
        "call": call,
        "form": form,
        "title": "Modifier un contrôle",
        "submit": "Enregistrer le contrôle",
        "sentence": check_words(written, draft.definition),
        "back": address(call, "checks", key),
        **compared(conflict, "checks", key, form, form_outline.check_settings),
    }
    return render(request, "calls/form_check.html", context)


@require_http_methods(["GET", "HEAD", "POST"])
def form_condition(request, slug, piece, key):
    """Say when a section or a question is asked, or a check made."""
    call, draft = get_editable(request, slug)
    written = get_piece(request, draft, piece, key)
    editor = ConditionEditor(request, draft.definition, written, version=draft.version)
    done, conflict = saved(
        editor.form,
        lambda said: actions.set_condition(call, piece, key, editor.condition, **said),
        request.user,
        ready=editor.complete,
    )
    if done:
        words = condition_words(editor.condition, draft.definition) if editor.condition else ""
        messages.success(
            request, f"Condition enregistrée : si {words}." if words else "Il n’y a plus de condition."
        )
        return redirect(address(call, piece, key))
    editor.form.piece = {"condition": editor.condition}
    context = {
        "call": call,
        "piece": piece,
        "name": form_outline.name_of(written),
        "editor": editor,
        "refine": [(REFINE, "Continuer")],
        "back": address(call, piece, key),
        **compared(conflict, piece, key, editor.form, form_outline.condition_settings),
    }
    return render(request, "calls/form_condition.html", context)


def saved(form, act, by, *, ready=None):
    """Act if the form is complete: the key that the action gives, or the conflict that stopped it.

    After a conflict the form may be sent again: it has now been read beside the colleague's version.
    """
    if not (form.is_valid() and form.piece if ready is None else ready):
        return None, None
    try:
        return act({"version": form.read_version, "by": by}), None
    except actions.EditConflict as conflict:
        form.read_again(conflict.draft.version)
        return None, conflict


def compared(conflict, piece, key, form, settings):
    """Both versions of a piece, setting by setting: what a colleague left, and what is typed here."""
    if conflict is None:
        return {"conflict": None}
    definition = conflict.draft.definition
    theirs = settings(editing.find(definition, piece, key), definition)
    mine = settings(form.piece, definition)
    rows = [
        (label, there, here) for (label, there), (_, here) in zip(theirs, mine, strict=True) if here or there
    ]
    return {"conflict": conflict, "rows": rows}
