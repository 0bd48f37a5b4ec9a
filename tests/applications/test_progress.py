"""The task list of a dossier: where it stands, what is ready, how long is left, who does what."""

from datetime import timedelta

import pytest
from django.urls import reverse
from django.utils import timezone

from applications import actions, completeness, progress
from applications.models import Application, Clarification, Collaborator, FinancingLine, SavingsLine
from calls.questionnaire.definition import default_definition
from tests.clock import from_now
from tests.factories import (
    CallFactory,
    SectionAnswers,
    UserFactory,
    certifier_of,
    complete_draft,
    contributor_of,
    draft,
    filed_application,
    officer_of,
    remark_on,
)

pytestmark = pytest.mark.django_db


def seen(application):
    """The dossier as its page reads it."""
    return Application.objects.with_deadline().get(pk=application.pk)


def title_of(application, *, late=False):
    application = seen(application)
    now = application.due_at + timedelta(seconds=1) if late else timezone.now()
    return progress.standing(application, application.submissions.all(), now).title


def taken_back():
    application = filed_application()
    actions.take_back(application, by=application.created_by)
    return application


def awaiting():
    application = complete_draft()
    actions.ask_for_visa(application, by=application.created_by)
    return application


def clarifying():
    application = filed_application()
    application.state = Application.State.CLARIFYING
    application.save()
    Clarification.objects.create(
        application=application,
        sections=[{"key": "projet", "title": "Le projet", "question": "Chiffrez."}],
        due_at=from_now(days=2),
        asked_by=officer_of(application.call.fund),
    )
    return application


def withdrawn():
    application = complete_draft()
    actions.withdraw(application, by=application.created_by)
    return application


@pytest.mark.parametrize(
    ("made", "title"),
    [
        (draft, "BROUILLON, non déposé"),
        (awaiting, "En attente de visa, non déposé"),
        (taken_back, "Repris après dépôt : le dépôt n° 1 reste valable"),
        (clarifying, "Compléments demandés"),
        (withdrawn, "Retiré"),
    ],
)
def test_nobody_mistakes_where_a_dossier_stands(made, title):
    assert title_of(made()) == title


def test_what_is_filed_says_when():
    assert title_of(filed_application()).startswith("DÉPOSÉ le ")


def test_a_draft_past_its_deadline_is_said_to_be_lost_for_this_call_and_kept():
    application = seen(draft())

    told = progress.standing(application, [], application.due_at)

    assert told.tone == "error"
    assert told.text.endswith("Ce dossier est conservé, mais ne peut plus être déposé.")


def labels(application):
    return {state.key: state.label for state in completeness.sections(application)}


def test_a_section_goes_from_to_begin_to_complete_then_to_correct():
    application = draft()
    before = labels(application)["projet"]
    actions.save_section(application, "projet", {"resume": "Un."}, version=0, by=application.created_by)
    begun = labels(application)["projet"]
    questions = application.form.section("projet")["questions"]
    answers = {question["key"]: "Une réponse." for question in questions}
    actions.save_section(application, "projet", answers, version=1, by=application.created_by)
    complete = labels(application)["projet"]
    remark = remark_on(application)
    to_correct = labels(application)["projet"]
    actions.settle_remark(remark, by=application.created_by)

    assert [before, begun, complete, to_correct, labels(application)["projet"]] == [
        "À commencer",
        "En cours",
        "Complet",
        "À corriger",
        "Complet",
    ]


def test_a_section_that_the_secretariat_names_is_to_correct():
    found = labels(clarifying())

    assert [key for key, label in found.items() if label == "À corriger"] == ["projet"]


def test_the_time_left_shrinks_as_one_answers():
    empty = progress.progress(completeness.sections(draft()))
    complete = progress.progress(completeness.sections(complete_draft()))

    assert empty.minutes > 60
    assert (complete.minutes, complete.time_left) == (0, "")


def test_a_writer_says_who_answers_for_a_section(client):
    application = draft()
    colleague = contributor_of(application.organisation)
    Collaborator.objects.create(application=application, user=colleague)
    client.force_login(application.created_by)

    client.post(
        reverse("applications:owners", args=[application.key]), {"responsable-financement": colleague.pk}
    )

    owners = {state.key: state.owner for state in completeness.sections(application) if state.owner}
    assert owners == {"financement": colleague}


def test_nobody_answers_for_a_section_of_a_dossier_they_do_not_write(client):
    application = draft()
    client.force_login(application.created_by)

    page = client.post(
        reverse("applications:owners", args=[application.key]), {"responsable-projet": UserFactory().pk}
    )

    assert list(page.context["form"].errors) == ["responsable-projet"]


def test_a_writer_who_left_the_body_is_offered_no_section(client):
    application = draft()
    colleague = contributor_of(application.organisation)
    Collaborator.objects.create(application=application, user=colleague)
    colleague.memberships.all().delete()
    client.force_login(application.created_by)

    page = client.post(
        reverse("applications:owners", args=[application.key]), {"responsable-projet": colleague.pk}
    )

    assert list(page.context["form"].errors) == ["responsable-projet"]


def large_dossier():
    """Ten sections, sixty answers, eighty rows of budget."""
    definition = default_definition()
    tables = [section for section in definition["sections"] if section["kind"] != "text"]
    texts = [
        {
            "key": f"texte-{number}",
            "title": f"Texte {number}",
            "kind": "text",
            "required": True,
            "questions": [
                {
                    "key": f"question-{number}-{each}",
                    "label": f"Question {each}",
                    "type": "long_text",
                    "required": True,
                }
                for each in range(60 // (10 - len(tables)))
            ],
        }
        for number in range(10 - len(tables))
    ]
    application = draft(call=CallFactory(published=True, form=definition | {"sections": [*texts, *tables]}))
    for section in texts:
        answers = {question["key"]: "Une réponse." for question in section["questions"]}
        SectionAnswers.objects.create(
            application=application, section_key=section["key"], answers=answers, version=1
        )
    for year in range(40):
        FinancingLine.objects.create(application=application, year=2020 + year, source="fund", amount=1000)
        SavingsLine.objects.create(application=application, year=2020 + year, amount=1000)
    return application


def test_opening_a_large_dossier_takes_at_most_fifteen_queries(client, django_assert_num_queries):
    application = large_dossier()
    assert len(application.form.sections) == 10
    client.force_login(application.created_by)

    with django_assert_num_queries(15):
        client.get(application.get_absolute_url())


# Who sees which button


def buttons(client, application, user):
    client.force_login(user)
    page = client.get(application.get_absolute_url()).content.decode()
    names = {"file": "deposer/", "visa": "visa/", "withdraw": "retirer/", "section": "sections/projet/"}
    return {name for name, end in names.items() if f"/dossiers/{application.key}/{end}" in page}


def invited(application, **place):
    person = UserFactory()
    Collaborator.objects.create(application=application, user=person, **place)
    return person


def test_a_writer_asks_for_the_visa_and_a_certifier_files(client):
    application = complete_draft()

    assert buttons(client, application, application.created_by) == {"visa", "withdraw", "section"}
    assert buttons(client, application, certifier_of(application.organisation)) == {
        "file",
        "withdraw",
        "section",
    }


def test_a_guest_writes_and_commits_nobody(client):
    application = complete_draft()
    guest = invited(application, guest_of="Une région")

    assert buttons(client, application, guest) == {"section"}
    assert "seul l’organisme porteur" in client.get(application.get_absolute_url()).content.decode()


def test_a_reader_reads(client):
    application = complete_draft()
    reader = invited(application, guest_of="Une région", role=Collaborator.Role.READER)

    assert buttons(client, application, reader) == set()
    assert "Vous lisez ce dossier" in client.get(application.get_absolute_url()).content.decode()
    assert client.get(reverse("applications:proofread", args=[application.key])).status_code == 200
