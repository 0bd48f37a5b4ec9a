"""From the preparation of a call to its publication, and what may still change afterwards."""

from datetime import timedelta

import pytest
from django.core.exceptions import PermissionDenied

from calls import readiness, steps
from calls.actions import preparation as actions
from calls.models import Call, Round
from calls.questionnaire.definition import canonical
from journal import clock
from journal.models import Entry
from journal.refusals import Refused
from tests.clock import from_now
from tests.factories import (
    CallFactory,
    FundFactory,
    StoredFileFactory,
    ThemeFactory,
    auditor_of,
    officer_of,
    specifications,
)

FIELDS = {"code": "FTAP-2018-1", "title": "Premier appel", "summary": "Résumé."}


def ready_call(**fields):
    """A draft that nothing prevents from being published."""
    call = CallFactory(**fields)
    specifications(call)
    return call


def test_an_officer_prepares_a_call(db):
    fund, theme = FundFactory(), ThemeFactory()
    officer = officer_of(fund)

    call = actions.prepare_call(fund=fund, by=officer, closes_at=from_now(days=9), themes=[theme], **FIELDS)

    assert (call.state, call.slug, call.prepared_by) == (Call.State.DRAFT, "ftap-2018-1", officer)
    assert (list(call.themes.all()), call.rounds.count()) == ([theme], 1)
    assert [entry.event for entry in Entry.objects.all()] == ["call.prepared"]
    assert call.form_draft.definition == {"sections": [], "checks": []}


@pytest.mark.parametrize("role", [auditor_of, lambda fund: officer_of(FundFactory())])
def test_nobody_else_prepares_a_call(db, role):
    fund = FundFactory()

    with pytest.raises(PermissionDenied):
        actions.prepare_call(fund=fund, by=role(fund), **FIELDS)

    assert Call.objects.count() == 0


def test_criteria_are_replaced_in_their_order(db):
    call = CallFactory()

    actions.set_criteria(
        call,
        [{"label": "Un", "weight": 60, "guidance": ""}, {"label": "Deux", "weight": 40, "guidance": "Aide"}],
        by=officer_of(call.fund),
    )

    assert list(call.criteria.values_list("position", "label", "weight")) == [(1, "Un", 60), (2, "Deux", 40)]


@pytest.mark.parametrize(
    "act",
    [
        lambda call, by: actions.save_step(call, steps.named("porteurs"), {}, [{"kind": "operateur"}], by=by),
        lambda call, by: actions.set_criteria(call, [], by=by),
        lambda call, by: actions.remove_document(specifications(call), by=by),
    ],
    ids=["save_step", "set_criteria", "remove_document"],
)
def test_a_published_call_does_not_change_its_rules(db, act):
    call = CallFactory(published=True)

    with pytest.raises(Refused) as refusal:
        act(call, officer_of(call.fund))

    assert refusal.value.reason == actions.FROZEN


def test_a_document_may_still_be_added_to_a_published_call(db):
    call = CallFactory(published=True)

    actions.add_document(
        call, kind="annex", title="Annexe", file=StoredFileFactory(), name="a.pdf", by=officer_of(call.fund)
    )

    assert [str(document) for document in call.documents.all()] == ["Annexe"]


# What a call lacks


def test_the_hash_of_a_form_does_not_depend_on_the_order_of_its_keys():
    assert canonical({"b": 1, "a": "é"}) == '{"a":"é","b":1}'


def no_criteria(call):
    call.criteria.all().delete()


def no_rounds(call):
    call.rounds.all().delete()


def early_deadline(call):
    call.opens_at = clock.now() + timedelta(days=3)
    call.rounds.update(closes_at=call.opens_at)


def past_deadline(call):
    call.rounds.update(closes_at=clock.now())


def no_opening(call):
    call.opens_at = None


def no_summary(call):
    call.summary = ""


def questions_over(call):
    call.opens_at, call.questions_until = clock.now() - timedelta(days=1), clock.now()


def questions_before_the_opening(call):
    call.opens_at = call.questions_until = clock.now() + timedelta(minutes=1)


def questions_after_the_deadline(call):
    call.questions_until = clock.now() + timedelta(days=900)


@pytest.mark.parametrize(
    ("spoil", "gap"),
    [
        (questions_over, "La fin des questions est passée."),
        (questions_before_the_opening, "La fin des questions doit suivre l’ouverture."),
        (questions_after_the_deadline, "Les questions se terminent au plus tard à la date limite de dépôt."),
        (no_criteria, "Aucun critère n’est défini."),
        (no_rounds, "La date limite de dépôt manque."),
        (early_deadline, "La date limite de dépôt doit suivre l’ouverture."),
        (past_deadline, "La date limite de dépôt est passée."),
        (no_opening, "La date d’ouverture manque."),
        (no_summary, "Le résumé manque."),
    ],
)
def test_what_a_call_lacks_is_said(db, spoil, gap):
    call = ready_call()

    spoil(call)

    assert readiness.missing(call) == [gap]


def test_a_complete_call_lacks_nothing(db):
    assert readiness.missing(ready_call()) == []


# The deadline of a published call


@pytest.fixture
def round_(db):
    return CallFactory(published=True).rounds.get()


def test_a_published_deadline_may_be_postponed(round_):
    later = from_now(days=30)

    actions.postpone_deadline(round_, closes_at=later, by=officer_of(round_.call.fund))

    round_.refresh_from_db()
    assert round_.closes_at == later
    assert (
        Entry.objects.get(event="call.deadline_postponed").details.content["after"][:16]
        == later.isoformat()[:16]
    )


@pytest.mark.parametrize("seconds", [0, -1])
def test_a_published_deadline_is_never_advanced(round_, seconds):
    before = round_.closes_at

    with pytest.raises(Refused) as refusal:
        actions.postpone_deadline(
            round_, closes_at=before + timedelta(seconds=seconds), by=officer_of(round_.call.fund)
        )

    assert refusal.value.reason == (
        f"La date limite publiée est le {round_.deadline_text} : elle peut être reportée, jamais avancée."
    )
    assert Round.objects.get().closes_at == before


def test_the_deadline_of_a_draft_is_not_postponed_but_changed(db):
    round_ = CallFactory().rounds.get()

    with pytest.raises(Refused):
        actions.postpone_deadline(round_, closes_at=from_now(days=30), by=officer_of(round_.call.fund))


def test_only_the_secretariat_postpones_a_deadline(round_):
    with pytest.raises(PermissionDenied):
        actions.postpone_deadline(round_, closes_at=from_now(days=30), by=auditor_of(round_.call.fund))


def test_a_round_is_postponed_before_the_next_one_alone(round_):
    Round.objects.create(call=round_.call, number=2, closes_at=from_now(days=30))

    with pytest.raises(Refused) as refusal:
        actions.postpone_deadline(round_, closes_at=from_now(days=31), by=officer_of(round_.call.fund))

    assert refusal.value.reason.startswith("La relève suivante se termine le ")
