"""A call becomes public by two people: one submits, another publishes, at once or at a minute to come."""

from datetime import timedelta

import pytest
from django.core.exceptions import PermissionDenied

from calls import lifecycle
from calls.actions import corrections, preparation, publication, questions
from calls.lifecycle import State
from calls.models import Call, FormDraft, FormVersion
from calls.questionnaire.definition import sha256
from calls.steps import STEPS
from documents.models import ProducedDocument
from journal.models import Entry, OutgoingEmail
from journal.refusals import Refused
from tests.clock import from_now, python_clock_off_by
from tests.database import in_parallel
from tests.factories import (
    CallFactory,
    FundFactory,
    StoredFileFactory,
    auditor_of,
    head_of,
    officer_of,
    specifications,
)


def ready_call(**fields):
    """A draft that nothing prevents from being submitted."""
    call = CallFactory(**fields)
    specifications(call)
    return call


def submitted_call(**fields):
    return ready_call(submitted=True, **fields)


def scheduled_call(**fields):
    """A submitted call that a head has set to be public in an hour."""
    call = submitted_call(**fields)
    return publication.publish_call(call, by=head_of(call.fund), at=from_now(hours=1))


def events():
    return list(Entry.objects.order_by("id").values_list("event", flat=True))


# Submitting


@pytest.mark.parametrize("role", [officer_of, head_of])
def test_the_secretariat_submits_a_call_that_lacks_nothing(db, role):
    call = ready_call()
    person = role(call.fund)

    publication.submit_call(call, by=person)

    call.refresh_from_db()
    assert (call.state, call.submitted_by, events()) == (State.SUBMITTED, person, ["call.submitted"])


def test_the_heads_who_may_publish_are_told_and_they_alone(db):
    fund = FundFactory()
    preparer, submitter, other = head_of(fund), head_of(fund), head_of(fund)
    officer_of(fund)
    head_of(FundFactory())

    publication.submit_call(ready_call(fund=fund, prepared_by=preparer), by=submitter)

    assert [email.to for email in OutgoingEmail.objects.all()] == [other.email]


def test_a_call_that_lacks_something_is_not_submitted(db):
    call = CallFactory(criteria=(50, 40))

    with pytest.raises(Refused) as refusal:
        publication.submit_call(call, by=officer_of(call.fund))

    assert refusal.value.reason == (
        "Cet appel n’est pas prêt : Les poids des critères font 90 % au lieu de 100 %. Le cahier des charges manque."
    )


@pytest.mark.parametrize(
    "act",
    [
        lambda call, by: preparation.save_step(call, STEPS[0], {}, by=by),
        lambda call, by: preparation.set_criteria(call, [], by=by),
        lambda call, by: preparation.add_document(
            call, kind="annex", title="Annexe", file=StoredFileFactory(), name="a.pdf", by=by
        ),
        lambda call, by: preparation.postpone_deadline(call.rounds.get(), closes_at=from_now(days=9), by=by),
        lambda call, by: questions.set_questions_end(call, until=from_now(days=1), by=by),
        lambda call, by: corrections.publish_correction(call, text="Une note", by=by),
    ],
    ids=["save_step", "set_criteria", "add_document", "postpone", "questions_end", "correction"],
)
@pytest.mark.parametrize("trait", ["submitted", "scheduled"])
def test_what_a_head_reads_or_has_set_a_minute_for_does_not_change(db, trait, act):
    call = CallFactory(**{trait: True})

    with pytest.raises(Refused) as refusal:
        act(call, officer_of(call.fund))

    waiting = publication.WAITING if trait == "submitted" else publication.planned(call)
    assert refusal.value.reason == waiting


def test_a_head_returns_a_call_with_remarks_that_its_submitter_receives(db):
    call = submitted_call()
    submitter = call.submitted_by

    publication.return_call(call, remarks="Le seuil manque.", by=head_of(call.fund))

    call.refresh_from_db()
    assert (call.state, call.return_remarks, call.submitted_by) == (State.DRAFT, "Le seuil manque.", None)
    [email] = OutgoingEmail.objects.all()
    assert (email.to, "Le seuil manque." in email.body) == (submitter.email, True)
    assert events() == ["call.returned"]


def test_the_secretariat_takes_back_what_no_head_has_published(db):
    call = submitted_call()

    publication.take_back(call, by=officer_of(call.fund))

    call.refresh_from_db()
    assert (call.state, call.submitted_at, events()) == (State.DRAFT, None, ["call.taken_back"])


@pytest.mark.parametrize("role", [officer_of, auditor_of, lambda fund: head_of(FundFactory())])
@pytest.mark.parametrize(
    "act",
    [
        lambda call, by: publication.return_call(call, remarks="Non.", by=by),
        lambda call, by: publication.publish_call(call, by=by),
    ],
    ids=["return", "publish"],
)
def test_only_a_head_of_its_fund_publishes_a_call_or_returns_it(db, act, role):
    call = submitted_call()

    with pytest.raises(PermissionDenied):
        act(call, role(call.fund))


# Publishing


def test_a_head_publishes_what_another_person_submitted(db):
    call = submitted_call()

    publication.publish_call(call, by=head_of(call.fund))

    assert [each.pk for each in Call.objects.public()] == [call.pk]
    assert events() == ["call.published"]


@pytest.mark.parametrize("name", ["prepared_by", "submitted_by"])
def test_who_prepared_or_submitted_a_call_does_not_publish_it(db, name):
    fund = FundFactory()
    head = head_of(fund)
    call = submitted_call(fund=fund, **{name: head})

    with pytest.raises(PermissionDenied):
        publication.publish_call(call, by=head)


def test_a_draft_is_not_published_unless_submitted(db):
    call = ready_call()

    with pytest.raises(Refused):
        publication.publish_call(call, by=head_of(call.fund))

    assert FormVersion.objects.count() == 0


def test_a_call_that_is_no_longer_ready_is_not_published(db):
    call = submitted_call()
    call.rounds.update(closes_at=from_now())

    with pytest.raises(Refused) as refusal:
        publication.publish_call(call, by=head_of(call.fund))

    assert refusal.value.reason == "Cet appel n’est pas prêt : La date limite de dépôt est passée."


def test_publishing_freezes_the_form_with_the_criteria(db):
    call = submitted_call(criteria=(70, 30))
    head = head_of(call.fund)

    publication.publish_call(call, by=head)

    form = FormVersion.objects.get()
    assert [criterion["weight"] for criterion in form.definition["criteria"]] == [70, 30]
    assert (form.sha256, form.published_by) == (sha256(form.definition), head)


@pytest.mark.django_db(transaction=True)
def test_two_heads_who_publish_at_the_same_instant_publish_once():
    call = submitted_call()
    heads = [head_of(call.fund), head_of(call.fund)]

    outcomes = in_parallel(*[lambda by=by: publication.publish_call(call, by=by) for by in heads])

    assert sorted(type(outcome).__name__ for outcome in outcomes) == ["Call", "Refused"]
    assert FormVersion.objects.count() == 1


# Publishing later


def test_a_publication_is_set_for_a_whole_minute(db):
    call, at = submitted_call(), from_now(hours=3)

    publication.publish_call(call, by=head_of(call.fund), at=at)

    call.refresh_from_db()
    assert call.published_at == FormVersion.objects.get().published_at == at.replace(second=0, microsecond=0)
    assert (list(Call.objects.public()), events()) == ([], ["call.scheduled"])


@pytest.mark.parametrize(
    ("delta", "reason"),
    [
        ({"minutes": -1}, "Cette minute est passée : choisissez-en une à venir."),
        ({"days": 3}, "La date limite de dépôt est le {deadline} : l’appel doit être public avant."),
    ],
)
def test_neither_the_past_nor_what_follows_the_deadline_is_a_minute_to_publish_at(db, delta, reason):
    call = submitted_call()

    with pytest.raises(Refused) as refusal:
        publication.publish_call(call, by=head_of(call.fund), at=from_now(**delta))

    assert refusal.value.reason == reason.format(deadline=call.rounds.get().deadline_text)


def test_a_publication_may_follow_the_opening_but_not_the_end_of_the_questions(db):
    call = submitted_call(questions_until=from_now(hours=2))

    with pytest.raises(Refused) as refusal:
        publication.publish_call(call, by=head_of(call.fund), at=from_now(hours=3))

    assert refusal.value.reason.startswith("Les questions se termineraient avant la publication")


def test_a_publication_that_is_scheduled_precedes_an_opening_to_come(db):
    call = submitted_call(opens_at=from_now(hours=2), closes_in=timedelta(days=9))

    with pytest.raises(Refused) as refusal:
        publication.publish_call(call, by=head_of(call.fund), at=from_now(hours=4))

    assert refusal.value.reason.startswith("La publication doit précéder l’ouverture (le ")


def test_a_publication_that_has_not_come_is_called_back_with_its_form(db):
    call = submitted_call(prepared_by=officer_of(FundFactory()))
    written = call.form_draft.definition
    publication.publish_call(call, by=head_of(call.fund), at=from_now(hours=1))

    publication.call_back(call, by=head_of(call.fund))

    call.refresh_from_db()
    assert (call.state, call.published_at, FormVersion.objects.count()) == (State.DRAFT, None, 0)
    assert FormDraft.objects.get().definition == written
    assert (ProducedDocument.objects.count(), events()) == (0, ["call.scheduled", "call.called_back"])


def test_a_call_called_back_is_submitted_and_published_again(db):
    call = scheduled_call()
    publication.call_back(call, by=head_of(call.fund))

    publication.submit_call(call, by=officer_of(call.fund))
    publication.publish_call(call, by=head_of(call.fund))

    assert [form.number for form in Call.objects.public().get().form_versions.all()] == [1]


def test_a_public_call_is_not_called_back_whatever_the_web_servers_clock_says(db):
    call = CallFactory(published=True)

    with python_clock_off_by(hours=-2), pytest.raises(Refused) as refusal:
        publication.call_back(call, by=head_of(call.fund))

    assert refusal.value.reason == "Cet appel est public : il se corrige, mais ne se reprend plus."


def test_an_officer_does_not_call_a_publication_back(db):
    call = scheduled_call()

    with pytest.raises(PermissionDenied):
        publication.call_back(call, by=officer_of(call.fund))


WALK = {
    "submit": lambda call, by: publication.submit_call(call, by=by),
    "return": lambda call, by: publication.return_call(call, remarks="Non.", by=by),
    "take_back": lambda call, by: publication.take_back(call, by=by),
    "publish": lambda call, by: publication.publish_call(call, by=by),
    "call_back": lambda call, by: publication.call_back(call, by=by),
}
PASSES = {
    "draft": {"submit"},
    "submitted": {"return", "take_back", "publish"},
    "scheduled": {"call_back"},
    "published": set(),
}


@pytest.mark.parametrize("act", WALK)
@pytest.mark.parametrize("stage", PASSES)
def test_each_act_passes_at_its_own_stage_and_at_no_other(db, stage, act):
    call = ready_call(**({} if stage == "draft" else {stage: True}))
    before = call.state

    try:
        WALK[act](call, head_of(call.fund))
        passed = True
    except Refused:
        passed = False

    call.refresh_from_db()
    assert passed == (act in PASSES[stage])
    assert passed or call.state == before
    assert not passed or call.state in lifecycle.MOVES[before]
