"""Building a form: who may, when, over whose version, within which limits."""

import pytest
from django.core.exceptions import PermissionDenied

from calls.actions import form_building as actions
from calls.models import Call, FormDraft
from calls.questionnaire import editing, schema
from calls.questionnaire.definition import default_definition, empty_definition
from journal.models import Entry
from journal.refusals import Refused
from tests.factories import CallFactory, FundFactory, auditor_of, checked_form, head_of, officer_of

pytestmark = pytest.mark.django_db

QUESTION = {"label": "Combien d’agents ?", "type": "integer", "required": False}


def form_of(call):
    return FormDraft.objects.get(call=call)


def test_a_question_is_added_with_a_key_of_its_own_and_written_down():
    call = CallFactory()
    officer = officer_of(call.fund)

    key = actions.add_question(call, "projet", QUESTION, version=0, by=officer)

    draft, entry = form_of(call), Entry.objects.get(event="form.question_added")
    assert key == "combien-d-agents"
    assert editing.section_of(draft.definition, key)["key"] == "projet"
    assert (draft.version, draft.changed_by) == (1, officer)
    assert (entry.actor_id, entry.details.content) == (officer.pk, {"key": key, "version": 1})
    assert Call.objects.get().prepared_by == officer


def test_a_change_over_a_colleagues_is_refused_with_their_version():
    call = CallFactory()
    first, second = officer_of(call.fund), head_of(call.fund)
    actions.change(call, "questions", "resume", QUESTION, version=0, by=first)

    with pytest.raises(actions.EditConflict) as conflict:
        actions.change(call, "questions", "resume", {**QUESTION, "label": "Autre"}, version=0, by=second)

    theirs = editing.find(conflict.value.draft.definition, "questions", "resume")
    assert (theirs["label"], conflict.value.draft.changed_by) == ("Combien d’agents ?", first)
    assert form_of(call).version == 1


def test_a_question_sent_again_from_an_earlier_page_makes_no_twin():
    call = CallFactory()
    officer = officer_of(call.fund)
    actions.add_question(call, "projet", QUESTION, version=0, by=officer)

    with pytest.raises(Refused) as refusal:
        actions.add_question(call, "projet", {**QUESTION, "key": "cle"}, version=0, by=officer)

    assert refusal.value.reason == "Cette question a déjà été ajoutée : elle est dans le formulaire."
    assert form_of(call).version == 1


def moving(call, by):
    return actions.shift(call, "questions", "resume", 1, version=0, by=by)


@pytest.mark.parametrize("role", [auditor_of, lambda fund: officer_of(FundFactory())])
def test_only_the_secretariat_of_the_fund_builds_its_form(role):
    call = CallFactory()

    with pytest.raises(PermissionDenied):
        moving(call, role(call.fund))


def test_the_form_of_a_published_call_changes_in_a_correction_alone():
    call = CallFactory(published=True)
    officer = officer_of(call.fund)

    with pytest.raises(Refused) as refusal:
        moving(call, officer)
    FormDraft.objects.create(call=call, definition=default_definition())
    moving(call, officer)

    assert refusal.value.reason == actions.FROZEN
    assert form_of(call).version == 1


def test_what_something_depends_on_is_not_removed():
    call = CallFactory(form=checked_form())

    with pytest.raises(Refused) as refusal:
        actions.remove(call, "sections", "financement", version=0, by=officer_of(call.fund))

    assert refusal.value.reason == (
        "Rien n’a été supprimé : en dépendent « La subvention dépasse la moitié du coût. »."
    )


def test_a_form_has_one_financing_plan():
    call = CallFactory()

    with pytest.raises(Refused):
        actions.add_section(
            call, {"title": "Encore", "kind": "financing"}, version=0, by=officer_of(call.fund)
        )

    assert form_of(call).version == 0


@pytest.mark.parametrize("piece", ["sections", "questions", "checks"])
def test_a_form_has_limits_that_are_told(piece):
    many = [{"key": f"q{n}", "label": "Q", "type": "short_text"} for n in range(schema.MAX_QUESTIONS)]
    section = {"title": "S", "kind": "text", "questions": []}
    check = {"left": "@threshold", "operator": "at_least", "amount": "1", "message": "M"}
    definition = {
        "sections": [{**section, "key": f"s{n}"} for n in range(schema.MAX_SECTIONS)],
        "checks": [{**check, "key": f"c{n}"} for n in range(schema.MAX_CHECKS)],
    }
    definition["sections"][0]["questions"] = many
    call = CallFactory(form=definition)
    officer = officer_of(call.fund)
    acts = {
        "sections": lambda: actions.add_section(call, section, version=0, by=officer),
        "questions": lambda: actions.add_question(call, "s1", QUESTION, version=0, by=officer),
        "checks": lambda: actions.add_check(call, check, version=0, by=officer),
    }

    with pytest.raises(Refused) as refusal:
        acts[piece]()

    limit, told = actions.LIMITS[piece]
    assert refusal.value.reason == told.format(limit)


def test_a_model_fills_an_empty_form_once():
    call = CallFactory(form=empty_definition())
    officer = officer_of(call.fund)

    actions.use_template(call, "transformation", version=0, by=officer)
    with pytest.raises(Refused):
        actions.use_template(call, "transformation", version=1, by=officer)

    assert form_of(call).definition == default_definition()


def test_the_fixed_questions_of_a_section_do_not_change():
    call = CallFactory(
        form=editing.section_added(empty_definition(), {"title": "S", "kind": "state_of_play"})[0]
    )
    officer = officer_of(call.fund)
    said = {"version": 0, "by": officer}

    for act in (
        lambda: actions.change(call, "questions", "avancement", QUESTION, **said),
        lambda: actions.remove(call, "questions", "avancement", **said),
        lambda: actions.shift(call, "questions", "avancement", 1, **said),
        lambda: actions.set_condition(call, "questions", "avancement", None, **said),
        lambda: actions.add_question(call, "s", QUESTION, **said),
    ):
        with pytest.raises(Refused) as refusal:
            act()
        assert refusal.value.reason == actions.FIXED
