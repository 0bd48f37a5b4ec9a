"""The form of a public call is corrected by a new version, with a dated and public note."""

import copy

import pytest
from django.core.exceptions import PermissionDenied
from django.urls import reverse

from calls.actions import form_correction as actions
from calls.models import Correction, FormDraft, FormVersion, Round
from calls.questionnaire.definition import BLANK_FORM
from documents.models import ProducedDocument
from journal.models import Entry, OutgoingEmail
from journal.refusals import Refused
from tests.clock import from_now
from tests.factories import CallFactory, FundFactory, auditor_of, head_of, officer_of

NOTE = "Une question sur les échéances est ajoutée."
ADDED = {"key": "echeances", "type": "long_text", "label": "Quelles sont les échéances ?", "required": True}


@pytest.fixture
def call(db):
    return CallFactory(published=True)


def change_form(call, by):
    """Begin a correction and add a question to the first section, as the form builder does."""
    draft = actions.begin_form_correction(call, by=by)
    definition = copy.deepcopy(draft.definition)
    definition["sections"][0]["questions"].append(ADDED)
    FormDraft.objects.filter(pk=draft.pk).update(definition=definition, changed_by=by, version=1)


def test_a_correction_begins_from_the_last_version(call):
    draft = actions.begin_form_correction(call, by=officer_of(call.fund))

    published = FormVersion.objects.get().definition
    assert draft.definition == {name: published[name] for name in ("sections", "checks")}


def test_two_officers_who_begin_correct_the_same_form(call):
    first = actions.begin_form_correction(call, by=officer_of(call.fund))

    assert actions.begin_form_correction(call, by=officer_of(call.fund)) == first


def test_a_head_publishes_a_new_version_with_its_note_and_its_pdf(call):
    change_form(call, officer_of(call.fund))
    head = head_of(call.fund)

    form = actions.publish_form_correction(call, note=NOTE, by=head)

    correction = Correction.objects.get()
    assert (form.number, form.published_by, form.definition["sections"][0]["questions"][-1]) == (
        2,
        head,
        ADDED,
    )
    assert (correction.form, correction.text, FormDraft.objects.count()) == (form, NOTE, 0)
    assert ProducedDocument.objects.get().subject_key == str(form.pk)
    assert ProducedDocument.objects.get().kind == BLANK_FORM
    assert list(Entry.objects.order_by("id").values_list("event", flat=True)) == [
        "form.correction_begun",
        "form.corrected",
        "call.corrected",
    ]


def test_who_wrote_a_correction_does_not_publish_it(call):
    head = head_of(call.fund)
    change_form(call, head)

    with pytest.raises(PermissionDenied):
        actions.publish_form_correction(call, note=NOTE, by=head)


@pytest.mark.parametrize("role", [officer_of, auditor_of, lambda fund: head_of(FundFactory())])
def test_only_a_head_of_the_fund_publishes_a_correction(call, role):
    change_form(call, officer_of(call.fund))

    with pytest.raises(PermissionDenied):
        actions.publish_form_correction(call, note=NOTE, by=role(call.fund))


def test_a_form_that_did_not_change_is_not_published_again(call):
    actions.begin_form_correction(call, by=officer_of(call.fund))

    with pytest.raises(Refused) as refusal:
        actions.publish_form_correction(call, note=NOTE, by=head_of(call.fund))

    assert refusal.value.reason == "Le formulaire n’a pas changé : il n’y a rien à publier."


def test_a_form_that_does_not_hold_together_is_not_published(call):
    change_form(call, officer_of(call.fund))
    draft = FormDraft.objects.get()
    draft.definition["sections"][1]["questions"] = [ADDED]
    draft.save()

    with pytest.raises(Refused) as refusal:
        actions.publish_form_correction(call, note=NOTE, by=head_of(call.fund))

    assert "Deux questions ont la même clé « echeances »." in refusal.value.reason


def test_what_the_head_has_not_read_is_not_published(call):
    change_form(call, officer_of(call.fund))

    with pytest.raises(Refused) as refusal:
        actions.publish_form_correction(call, note=NOTE, by=head_of(call.fund), version=0)

    assert refusal.value.reason == actions.STALE


def test_past_the_last_deadline_a_correction_is_only_thrown_away(call):
    change_form(call, officer_of(call.fund))
    Round.objects.update(closes_at=from_now())

    with pytest.raises(Refused) as refusal:
        actions.publish_form_correction(call, note=NOTE, by=head_of(call.fund))
    actions.abandon_form_correction(call, by=officer_of(call.fund))

    assert refusal.value.reason == actions.ENDED
    assert (FormDraft.objects.count(), FormVersion.objects.count()) == (0, 1)


@pytest.mark.parametrize("trait", [{}, {"submitted": True}, {"scheduled": True}])
def test_a_call_that_is_not_public_is_changed_and_not_corrected(db, trait):
    call = CallFactory(**trait)

    with pytest.raises(Refused):
        actions.begin_form_correction(call, by=officer_of(call.fund))


def test_the_heads_who_may_publish_a_correction_are_told_that_it_is_ready(call):
    writer, head = head_of(call.fund), head_of(call.fund)
    change_form(call, writer)

    told = actions.announce_form_correction(call, by=writer)

    assert told == [head]
    assert [email.to for email in OutgoingEmail.objects.all()] == [head.email]
    assert Entry.objects.filter(event="form.correction_announced").count() == 1


def test_a_correction_that_changes_nothing_is_not_announced(call):
    actions.begin_form_correction(call, by=officer_of(call.fund))

    with pytest.raises(Refused) as refusal:
        actions.announce_form_correction(call, by=officer_of(call.fund))

    assert refusal.value.reason == actions.UNCHANGED


# The pages


def test_a_correction_is_led_to_from_the_builder_and_signalled_from_its_page(client, call):
    officer, head = officer_of(call.fund), head_of(call.fund)
    change_form(call, officer)
    client.force_login(officer)

    builder = client.get(reverse("calls:form_builder", args=[call.slug])).content.decode()
    signalled = client.post(reverse("calls:announce_form_correction", args=[call.slug]), follow=True)

    assert f'href="{page_of(call)}"' in builder
    assert str(head) in signalled.content.decode()


def page_of(call):
    return reverse("calls:form_correction", args=[call.slug])


def test_the_note_proposed_to_the_head_says_what_changes(client, call):
    change_form(call, officer_of(call.fund))
    client.force_login(head_of(call.fund))

    form = client.get(page_of(call)).context["form"]

    section = FormVersion.objects.get().sections[0]["title"]
    assert (
        form["text"].value() == f"- Nouvelle question dans « {section} » : « Quelles sont les échéances ? »."
    )


def test_the_public_reads_the_note_its_version_and_the_corrected_form(client, call):
    change_form(call, officer_of(call.fund))
    client.force_login(head_of(call.fund))
    client.post(page_of(call), {"text": NOTE, "version": 1})
    client.logout()

    page, form = (
        client.get(address).content.decode() for address in (call.get_absolute_url(), form_of(call))
    )

    assert (NOTE in page, "formulaire, version 2" in page, ADDED["label"] in form) == (True, True, True)


def form_of(call):
    return reverse("calls:form", args=[call.slug])


def test_a_form_in_correction_is_seen_by_nobody_else(client, call):
    change_form(call, officer_of(call.fund))

    assert ADDED["label"] not in client.get(form_of(call)).content.decode()
