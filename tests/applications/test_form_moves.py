"""Drafts follow the corrected form of their call; what is filed stays as it was."""

import copy

import pytest
from django.db import connection
from django.urls import reverse

from applications import actions
from applications.form_actions import FormCorrected
from applications.models import FormMove, SectionAnswers
from applications.tasks import follow_forms
from calls.models import Correction, FormVersion
from calls.questionnaire.definition import sha256
from journal.models import Entry, OutgoingEmail
from tests.database import in_parallel
from tests.factories import certifier_of, complete_draft, draft, filed_application, head_of

NOTE = "Le calendrier est retiré ; les échéances sont demandées."
ADDED = {"key": "echeances", "type": "long_text", "label": "Quelles sont les échéances ?"}


def correct_form(call, change, note=NOTE):
    """Publish the next version of a call's form, changed in place by `change(sections)`."""
    last = call.form_versions.first()
    definition = copy.deepcopy(last.definition)
    change(definition["sections"])
    form = FormVersion.objects.create(
        call=call, number=last.number + 1, definition=definition, sha256=sha256(definition)
    )
    Correction.objects.create(call=call, form=form, text=note, published_by=head_of(call.fund))
    return form


def replace_a_question(sections):
    """The first question of the first section is no longer asked; another one is."""
    sections[0]["questions"] = [*sections[0]["questions"][1:], ADDED]


@pytest.fixture
def dossier(db):
    return complete_draft()


def first_section(dossier):
    """(key, first question, second question) of the form it is on."""
    section = dossier.form.sections[0]
    return section["key"], *section["questions"][:2]


def answers_of(dossier, section_key):
    return SectionAnswers.objects.get(application=dossier, section_key=section_key).answers


def test_a_draft_follows_with_its_answers_and_keeps_the_others_apart(dossier):
    section, gone, kept = first_section(dossier)
    form = correct_form(dossier.call, replace_a_question)

    follow_forms()

    dossier.refresh_from_db()
    move = FormMove.objects.get()
    assert (dossier.form, move.from_form.number, move.to_form) == (form, 1, form)
    assert answers_of(dossier, section)[kept["key"]] == f"Réponse à {kept['key']}."
    assert gone["key"] not in answers_of(dossier, section)
    assert [(each["label"], each["text"]) for each in move.report["set_aside"]] == [
        (gone["label"], f"Réponse à {gone['key']}.")
    ]
    assert move.report["asked"] == [ADDED["label"]]


def test_the_page_names_a_new_question_once_and_leads_to_its_section(client, dossier):
    note = f"- Nouvelle question : « {ADDED['label']} »."
    form = correct_form(dossier.call, replace_a_question, note=note)
    follow_forms()
    client.force_login(dossier.created_by)

    response = client.get(dossier.get_absolute_url())

    [notice] = response.context["notices"]
    assert (notice.untold, notice.to_fill) == ([], form.sections[:1])
    assert f'<li><a href="{page_of(dossier, form.sections[0]["key"])}">' in response.content.decode()


def test_its_writers_are_told_why_and_what_was_set_aside(dossier):
    _, gone, _ = first_section(dossier)
    correct_form(dossier.call, replace_a_question)

    follow_forms()

    [email] = OutgoingEmail.objects.all()
    assert email.to == dossier.created_by.email
    assert {NOTE, ADDED["label"], gone["label"]} - {
        line.removeprefix("- ") for line in email.body.splitlines()
    } == set()
    assert list(Entry.objects.values_list("event", flat=True)) == ["application.form_moved"]


def test_what_awaits_its_visa_follows_too_and_its_certifier_is_told(dossier):
    certifier = certifier_of(dossier.organisation)
    actions.ask_for_visa(dossier, by=dossier.created_by)
    OutgoingEmail.objects.all().delete()
    correct_form(dossier.call, replace_a_question)

    follow_forms()

    dossier.refresh_from_db()
    assert (dossier.state, dossier.form.number) == ("awaiting_visa", 2)
    assert {email.to for email in OutgoingEmail.objects.all()} == {certifier.email, dossier.created_by.email}


def test_what_is_filed_stays_on_its_form_until_it_is_taken_back(db):
    dossier = filed_application()
    submission = dossier.submissions.get()
    correct_form(dossier.call, replace_a_question)
    follow_forms()
    dossier.refresh_from_db()
    before = dossier.form.number

    actions.take_back(dossier, by=dossier.created_by)

    dossier.refresh_from_db()
    assert (before, dossier.form.number, dossier.submissions.get().content) == (1, 2, submission.content)


def test_the_sweep_moves_each_draft_once(dossier):
    draft(call=dossier.call)
    correct_form(dossier.call, replace_a_question)

    follow_forms()
    follow_forms()

    assert (FormMove.objects.count(), Entry.objects.filter(event="application.form_moved").count()) == (2, 2)


@pytest.mark.django_db(transaction=True)
def test_two_workers_move_a_draft_once():
    dossier = complete_draft()
    correct_form(dossier.call, replace_a_question)

    outcomes = in_parallel(follow_forms, follow_forms)

    assert (outcomes, FormMove.objects.count()) == ([None, None], 1)


def test_a_draft_left_behind_twice_goes_straight_to_the_last_form(dossier):
    correct_form(dossier.call, replace_a_question)
    last = correct_form(dossier.call, lambda sections: sections[1].update(title="Autre titre"))

    follow_forms()

    dossier.refresh_from_db()
    assert (dossier.form, FormMove.objects.count()) == (last, 1)


def test_a_faulty_draft_stops_no_other(dossier, caplog):
    other = draft(call=dossier.call)
    correct_form(dossier.call, replace_a_question)
    FormMove.objects.create(
        application=dossier, from_form=dossier.form, to_form=dossier.call.form_versions.first(), report={}
    )

    follow_forms()

    other.refresh_from_db()
    assert other.form.number == 2
    assert "could not be taken to the new form" in caplog.text


def test_nothing_is_written_under_a_form_that_is_no_longer_the_calls(dossier):
    section, *_ = first_section(dossier)
    correct_form(dossier.call, replace_a_question)

    with pytest.raises(FormCorrected):
        actions.save_section(dossier, section, {}, version=1, by=dossier.created_by)
    with pytest.raises(FormCorrected):
        actions.file_application(dossier, by=certifier_of(dossier.organisation))

    assert FormMove.objects.count() == 0


def test_tables_and_files_stay_where_they_are(dossier):
    lines = list(dossier.financing_lines.values())

    correct_form(dossier.call, lambda sections: sections.remove(of_kind(sections, "financing")))
    follow_forms()

    assert list(dossier.financing_lines.values()) == lines
    assert FormMove.objects.get().report["tables"] == [of_kind(dossier.form.sections, "financing")["title"]]


def of_kind(sections, kind):
    return next(section for section in sections if section["kind"] == kind)


# The pages


def page_of(dossier, section_key):
    return reverse("applications:section", args=[dossier.key, section_key])


def sent_from(dossier, section_key, **typed):
    """What a page open on the dossier's first form sends."""
    fields = {question["key"]: "" for question in dossier.form.section(section_key)["questions"]}
    return fields | typed | {"section_version": 1}


def test_reading_moves_nothing(client, dossier):
    correct_form(dossier.call, replace_a_question)
    client.force_login(dossier.created_by)

    client.get(dossier.get_absolute_url())
    client.get(page_of(dossier, first_section(dossier)[0]))

    assert FormMove.objects.count() == 0


def test_a_page_open_on_the_former_form_meets_a_conflict_and_every_typed_text(client, dossier):
    section, gone, kept = first_section(dossier)
    correct_form(dossier.call, replace_a_question)
    client.force_login(dossier.created_by)
    typed = {gone["key"]: "Un texte tout neuf", kept["key"]: "Un autre texte"}

    response = client.post(page_of(dossier, section), sent_from(dossier, section, **typed))

    page = response.content.decode()
    assert (response.context["corrected"], response.context["unplaced"]) == (
        True,
        [(gone["label"], "Un texte tout neuf", "n’est plus demandé")],
    )
    assert (page.count("Un texte tout neuf"), page.count("Un autre texte")) == (1, 2)
    assert answers_of(dossier, section)[kept["key"]] == f"Réponse à {kept['key']}."


def test_a_text_that_the_dossier_already_keeps_is_not_given_back(client, dossier):
    section, gone, _ = first_section(dossier)
    correct_form(dossier.call, replace_a_question)
    client.force_login(dossier.created_by)
    sent = sent_from(dossier, section, **{gone["key"]: f"Réponse à {gone['key']}."})

    response = client.post(page_of(dossier, section), sent)

    assert response.context["unplaced"] == []


def test_a_text_typed_for_a_question_that_is_now_a_choice_is_given_back(client, dossier):
    section, changed, _ = first_section(dossier)
    correct_form(dossier.call, lambda sections: sections[0]["questions"][0].update(type="boolean"))
    client.force_login(dossier.created_by)
    sent = sent_from(dossier, section, **{changed["key"]: "Un texte tout neuf"})

    response = client.post(page_of(dossier, section), sent)

    assert response.context["unplaced"] == [
        (changed["label"], "Un texte tout neuf", "se répond désormais autrement")
    ]


def test_the_conflict_once_read_is_saved(client, dossier):
    section, _, kept = first_section(dossier)
    correct_form(dossier.call, replace_a_question)
    client.force_login(dossier.created_by)
    sent = sent_from(dossier, section, **{kept["key"]: "Un autre texte"})
    shown = client.post(page_of(dossier, section), sent)

    client.post(page_of(dossier, section), {**sent, "section_version": shown.context["version"]})

    assert answers_of(dossier, section)[kept["key"]] == "Un autre texte"


def test_a_page_of_a_section_that_is_no_more_gives_its_texts_back(client, dossier):
    section, gone, _ = first_section(dossier)
    correct_form(dossier.call, lambda sections: sections.pop(0))
    client.force_login(dossier.created_by)

    response = client.post(
        page_of(dossier, section), sent_from(dossier, section, **{gone["key"]: "Un texte tout neuf"})
    )

    assert (response.status_code, "Un texte tout neuf" in response.content.decode()) == (409, True)


def test_the_dossier_tells_what_the_correction_did(client, dossier):
    _, gone, _ = first_section(dossier)
    correct_form(dossier.call, replace_a_question)
    follow_forms()
    client.force_login(dossier.created_by)

    page = client.get(dossier.get_absolute_url()).content.decode()

    assert [text in page for text in (NOTE, ADDED["label"], gone["label"], f"Réponse à {gone['key']}.")] == [
        True
    ] * 4


def test_a_certifier_does_not_file_what_changed_since_the_page_was_read(client, dossier):
    correct_form(dossier.call, replace_a_question)
    client.force_login(certifier_of(dossier.organisation))

    response = client.post(reverse("applications:file", args=[dossier.key]), {"form": "1"})

    dossier.refresh_from_db()
    assert (response.status_code, response.url) == (302, dossier.get_absolute_url())
    assert (dossier.state, dossier.form.number) == ("draft", 2)


@pytest.mark.django_db(transaction=True)
def test_a_correction_published_at_the_very_instant_of_a_writing_meets_the_same_conflict(client):
    dossier = complete_draft()
    section, _, kept = first_section(dossier)
    client.force_login(dossier.created_by)
    sent = sent_from(dossier, section, **{kept["key"]: "Un autre texte"})
    published = []

    def correct_at_the_first_lock(execute, sql, *rest):
        if "FOR UPDATE" in sql and not published:
            published.extend(in_parallel(lambda: correct_form(dossier.call, replace_a_question)))
        return execute(sql, *rest)

    with connection.execute_wrapper(correct_at_the_first_lock):
        response = client.post(page_of(dossier, section), sent)

    assert (response.context["corrected"], "Un autre texte" in response.content.decode()) == (True, True)
