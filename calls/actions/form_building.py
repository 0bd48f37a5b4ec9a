"""What the secretariat does with a form while it writes it: in a call in preparation, or in a correction of one."""

from django.db import transaction

from calls import rules
from calls.actions import publication
from calls.lifecycle import State
from calls.models import Call, FormDraft
from calls.questionnaire import editing, schema
from calls.questionnaire.definition import form_template
from journal import actions as journal
from journal import clock, dates
from journal.refusals import Refused, refuse_unless, require

LIMITS = {
    "sections": (schema.MAX_SECTIONS, "Ce formulaire a déjà {} sections : c’est le plus qu’il puisse avoir."),
    "questions": (
        schema.MAX_QUESTIONS,
        "Ce formulaire aurait plus de {} questions : c’est le plus qu’il puisse avoir.",
    ),
    "checks": (schema.MAX_CHECKS, "Ce formulaire a déjà {} contrôles : c’est le plus qu’il puisse avoir."),
}
FROZEN = "Cet appel est publié : son formulaire ne change plus sans une correction publique et datée."
FIXED = "Ce que demande cette section est le même pour tous les appels : ses questions ne changent pas."
ADDED = {
    "sections": "Cette section a déjà été ajoutée : elle est dans le formulaire.",
    "questions": "Cette question a déjà été ajoutée : elle est dans le formulaire.",
    "checks": "Ce contrôle a déjà été ajouté : il est dans le formulaire.",
}
EVENTS = {"sections": "section", "questions": "question", "checks": "check"}


class EditConflict(Refused):
    """A colleague changed the form since it was read; `draft` is what the database now holds."""

    def __init__(self, draft):
        self.draft = draft
        who = f" par {draft.changed_by}" if draft.changed_by else ""
        self.who_and_when = f"{who} le {dates.moment(draft.changed_at)}"
        self.told_of_a_removal = (
            f"Cette partie du formulaire a été supprimée entre-temps{self.who_and_when} : rien n’a été enregistré."
            " Pour copier ce que vous avez écrit, revenez à la page précédente de votre navigateur."
        )
        super().__init__(
            f"Le formulaire a été modifié entre-temps{self.who_and_when} : rien n’a été enregistré."
        )


@transaction.atomic(durable=True)
def use_template(call, name, *, version, by):
    """Copy a model of form into one that is still empty."""
    call, draft = _locked(call, version, by)
    refuse_unless(
        not draft.definition["sections"],
        "Ce formulaire a déjà des sections : un modèle remplit un formulaire vide.",
    )
    template = form_template(name)
    refuse_unless(template, "Ce modèle de formulaire n’existe pas.")
    definition = {**draft.definition, "sections": template["sections"]}
    _keep(call, draft, definition, "form.template_used", by=by, template=name)


@transaction.atomic(durable=True)
def add_section(call, section, *, version, by):
    """Add a section at the end of the form; gives its key."""
    call, draft = _locked(call, version, by, adding=("sections", section))
    refuse_unless_single(draft.definition, section["kind"])
    definition, key = editing.section_added(draft.definition, section)
    return _keep(call, draft, definition, "form.section_added", by=by, key=key)


@transaction.atomic(durable=True)
def add_question(call, section_key, question, *, version, by):
    """Add a question at the end of a section; gives its key."""
    call, draft = _locked(call, version, by, adding=("questions", question))
    _refuse_unless_it_takes_questions(draft.definition, section_key)
    definition, key = editing.question_added(draft.definition, section_key, question)
    return _keep(call, draft, definition, "form.question_added", by=by, key=key)


@transaction.atomic(durable=True)
def add_check(call, check, *, version, by):
    """Add a computed check; gives its key."""
    call, draft = _locked(call, version, by, adding=("checks", check))
    definition, key = editing.check_added(draft.definition, check)
    return _keep(call, draft, definition, "form.check_added", by=by, key=key)


@transaction.atomic(durable=True)
def copy(call, piece, key, *, version, by):
    """Put a copy of a section or of a question after it; gives the key of the copy."""
    call, draft = _locked(call, version, by)
    found = _existing(draft, piece, key)
    if piece == "sections":
        refuse_unless_single(draft.definition, found["kind"])
    else:
        _refuse_if_fixed(draft.definition, key)
    definition, new = editing.copied(draft.definition, piece, key)
    return _keep(call, draft, definition, f"form.{EVENTS[piece]}_copied", by=by, key=new, copy_of=key)


@transaction.atomic(durable=True)
def change(call, piece, key, replacement, *, version, by):
    """Write a section, a question or a check anew; its key, its place and its condition stay."""
    call, draft = _locked(call, version, by)
    _existing(draft, piece, key)
    if piece == "questions":
        _refuse_if_fixed(draft.definition, key)
    definition = editing.replaced(draft.definition, piece, key, replacement)
    return _keep(call, draft, definition, f"form.{EVENTS[piece]}_changed", by=by, key=key)


@transaction.atomic(durable=True)
def set_condition(call, piece, key, condition, *, version, by):
    """Say when a section or a question is asked, or a check made; None says always."""
    call, draft = _locked(call, version, by)
    _existing(draft, piece, key)
    if piece == "questions":
        _refuse_if_fixed(draft.definition, key)
    definition = editing.changed(draft.definition, piece, key, condition=condition)
    return _keep(call, draft, definition, "form.condition_set", by=by, piece=EVENTS[piece], key=key)


@transaction.atomic(durable=True)
def remove(call, piece, key, *, version, by):
    """Take a section, a question or a check off the form, unless something else depends on it."""
    call, draft = _locked(call, version, by)
    _existing(draft, piece, key)
    if piece == "questions":
        _refuse_if_fixed(draft.definition, key)
    dependents = editing.dependents(draft.definition, piece, key)
    names = ", ".join(f"« {title} »" for _, _, title in dependents)
    refuse_unless(not dependents, f"Rien n’a été supprimé : en dépendent {names}.")
    definition = editing.removed(draft.definition, piece, key)
    _keep(call, draft, definition, f"form.{EVENTS[piece]}_removed", by=by, key=key)


@transaction.atomic(durable=True)
def shift(call, piece, key, step, *, version, by):
    """Move a section or a question one place earlier (-1) or later (+1)."""
    call, draft = _locked(call, version, by)
    _refuse_unless_movable(draft, piece, key)
    definition = editing.shifted(draft.definition, piece, key, step)
    return _keep(call, draft, definition, f"form.{EVENTS[piece]}_moved", by=by, key=key)


@transaction.atomic(durable=True)
def place(call, piece, key, *, section_key="", before="", version, by):
    """Move a section, or a question to a section, just before another; to the end without."""
    call, draft = _locked(call, version, by)
    _refuse_unless_movable(draft, piece, key)
    if piece == "questions":
        _refuse_unless_it_takes_questions(draft.definition, section_key)
    definition = editing.placed(draft.definition, piece, key, section_key=section_key, before=before)
    return _keep(call, draft, definition, f"form.{EVENTS[piece]}_moved", by=by, key=key)


# Steps


def why_not_editable(call):
    """Why the form of a call does not change now, in a French sentence; empty when it may."""
    if not FormDraft.objects.filter(call=call).exists():
        return publication.planned(call) or FROZEN
    if call.state not in (State.DRAFT, State.PUBLISHED):
        return "Cet appel est soumis à publication : son formulaire ne change plus avant d’être publié ou renvoyé."
    return ""


def refuse_unless_single(definition, kind):
    """Refuse a second section of a kind that a form holds once."""
    refuse_unless(
        kind not in editing.kinds_taken(definition),
        "Ce formulaire a déjà une section de cette nature : une seule suffit.",
    )


def refuse_beyond_limits(definition):
    for piece, (limit, told) in LIMITS.items():
        refuse_unless(len(editing.pieces(definition, piece)) <= limit, told.format(limit))


def _locked(call, version, by, *, adding=None):
    """The call and its form, locked, if nobody changed the form since it was at this version.

    `adding` is (list, piece): sent again from a page shown earlier, it would make a twin.
    """
    call = Call.objects.select_for_update().get(pk=call.pk)
    require(rules.can_prepare_call(by, call))
    reason = why_not_editable(call)
    refuse_unless(not reason, reason)
    draft = FormDraft.objects.select_for_update(of=["self"]).select_related("changed_by").get(call=call)
    if draft.version != version:
        if adding:
            refuse_unless(not _is_there(draft.definition, *adding), ADDED[adding[0]])
        raise EditConflict(draft)
    return call, draft


def _is_there(definition, piece, given):
    """Whether a form has a piece with all the words and settings of another."""
    said = {name: value for name, value in given.items() if name != "key"}
    return any(said == {name: each.get(name) for name in said} for each in editing.pieces(definition, piece))


def _keep(call, draft, definition, event, *, by, key="", **details):
    refuse_beyond_limits(definition)
    if call.in_preparation:
        call.prepared_by = by
        call.save(update_fields=["prepared_by"])
    draft.definition, draft.version = definition, draft.version + 1
    draft.changed_at, draft.changed_by = clock.now(), by
    draft.save()
    journal.record(event, call, by=by, key=key, version=draft.version, **details)
    return key


def _existing(draft, piece, key):
    found = editing.find(draft.definition, piece, key)
    refuse_unless(found, "Cette partie du formulaire n’existe pas ou plus : rien n’a été enregistré.")
    return found


def _refuse_if_fixed(definition, key):
    refuse_unless(
        editing.takes_questions(editing.section_of(definition, key)),
        FIXED,
    )


def _refuse_unless_movable(draft, piece, key):
    _existing(draft, piece, key)
    if piece == "questions":
        _refuse_if_fixed(draft.definition, key)


def _refuse_unless_it_takes_questions(definition, section_key):
    section = editing.find(definition, "sections", section_key)
    refuse_unless(section, "Cette section n’existe pas ou plus : rien n’a été enregistré.")
    refuse_unless(editing.takes_questions(section), FIXED)
