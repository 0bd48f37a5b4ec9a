"""The content of an answer to the secretariat: what was filed, its sections named as they are now, nothing else."""

import pytest

from applications import actions, snapshot
from applications.models import Attachment, SectionAnswers
from tests.applications.test_questions import question
from tests.clock import from_now
from tests.factories import CallFactory, StoredFileFactory, certifier_of, draft, officer_of

pytestmark = pytest.mark.django_db
WHERE_YES = {"match": "all", "tests": [{"question": "boolean", "operator": "is", "value": True}]}


def files_under(key, **settings):
    return question("files", **settings) | {"key": key}


def section(key, *questions, kind="text"):
    return {"key": key, "kind": kind, "title": key.capitalize(), "questions": list(questions)}


@pytest.fixture
def application():
    """Open again, with four files: under two questions of a section, one asked on a condition, and by themselves."""
    sections = [
        section("avis", question("boolean"), files_under("plan"), files_under("accord", condition=WHERE_YES)),
        section("pieces", kind="attachments"),
    ]
    call = CallFactory(published=True, form={"sections": sections, "checks": []})
    application = draft(call=call)
    SectionAnswers.objects.create(
        application=application, section_key="avis", answers={"boolean": True}, version=1
    )
    for position, key in enumerate(["plan", "", "accord", "plan"]):
        join(application, key, position=position)
    actions.file_application(application, by=certifier_of(application.organisation))
    actions.ask_clarification(
        application,
        questions={"avis": "Précisez.", "pieces": "Complétez."},
        due_at=from_now(days=5),
        by=officer_of(call.fund),
    )
    return application


def join(application, key, **fields):
    return Attachment.objects.create(
        application=application,
        question_key=key,
        file=StoredFileFactory(),
        name=f"{key or 'annexe'}.pdf",
        added_by=application.created_by,
        **fields,
    )


def joined(content):
    return [each["question"] for each in content["attachments"]]


@pytest.mark.parametrize("keys", [{"avis"}, {"pieces"}, {"avis", "pieces"}])
def test_what_nobody_changed_is_the_same_to_the_byte(application, keys):
    filed = application.submissions.get()

    assert snapshot.submission(application, snapshot.completed(application, keys)).sha256 == filed.sha256


def test_a_file_joined_under_a_question_comes_with_the_others_of_it(application):
    join(application, "plan", position=9)
    join(application, "", position=9)

    content = snapshot.completed(application, {"avis"})

    assert joined(content) == ["plan", "plan", "plan", "", "accord"]


def test_the_files_of_a_question_that_is_no_longer_asked_go_with_it(application):
    application.sections.update(answers={"boolean": False})

    content = snapshot.completed(application, {"avis"})

    assert joined(content) == ["plan", "", "plan"]
