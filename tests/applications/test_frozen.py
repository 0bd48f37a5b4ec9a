"""A filed dossier refuses every write, also by SQL as the role of the web."""

import pytest
from django.db import ProgrammingError, transaction

from applications import actions
from applications.models import Application, Attachment
from tests.database import refused_by_the_database, write
from tests.factories import StoredFileFactory, ThemeFactory, complete_draft, filed_application

PARTS = {
    "applications_sectionanswers": "answers = '{}'",
    "applications_financingline": "amount = 1",
    "applications_savingsline": "amount = 1",
    "applications_attachment": "name = 'autre.pdf'",
}


def with_an_attachment(application):
    Attachment.objects.create(
        application=application, file=StoredFileFactory(), name="annexe.pdf", added_by=application.created_by
    )
    return application


@pytest.fixture
def filed(db):
    application = with_an_attachment(complete_draft())
    application.call.visa_required = False
    application.call.save()
    actions.file_application(application, by=application.created_by)
    return application


@pytest.mark.parametrize("table", PARTS)
def test_a_row_of_a_filed_dossier_refuses_a_change(filed, table):
    with refused_by_the_database():
        write(f"UPDATE {table} SET {PARTS[table]} WHERE application_id = %s", filed.pk)


@pytest.mark.parametrize("table", PARTS)
def test_a_row_of_a_filed_dossier_refuses_its_deletion(filed, table):
    with refused_by_the_database():
        write(f"DELETE FROM {table} WHERE application_id = %s", filed.pk)


@pytest.mark.parametrize("table", PARTS)
def test_a_filed_dossier_refuses_a_new_row(filed, table):
    other = with_an_attachment(complete_draft())

    with refused_by_the_database():
        write(f"UPDATE {table} SET application_id = %s WHERE application_id = %s", filed.pk, other.pk)


@pytest.mark.parametrize("table", PARTS)
def test_no_row_leaves_a_filed_dossier(filed, table):
    other = complete_draft()
    other.sections.all().delete()

    with refused_by_the_database():
        write(f"UPDATE {table} SET application_id = %s WHERE application_id = %s", other.pk, filed.pk)


@pytest.mark.parametrize("table", PARTS)
def test_a_dossier_that_was_taken_back_may_change_again(filed, table):
    actions.take_back(filed, by=filed.created_by)

    write(f"UPDATE {table} SET {PARTS[table]} WHERE application_id = %s", filed.pk)


@pytest.mark.parametrize(
    "change", ["content = '{}'", "sha256 = 'x'", "requested_grant = 1", "filed_at = now()"]
)
def test_a_submission_never_changes(filed, change):
    with refused_by_the_database():
        write(f"UPDATE applications_submission SET {change}")


def test_a_submission_is_never_deleted(filed):
    with refused_by_the_database():
        write("DELETE FROM applications_submission")


def test_submissions_are_never_emptied(filed):
    with pytest.raises(ProgrammingError), transaction.atomic():
        write("TRUNCATE applications_submission CASCADE")


def test_a_filed_dossier_has_a_number(db):
    with refused_by_the_database():
        Application.objects.filter(pk=complete_draft().pk).update(state="filed")


def test_two_dossiers_of_a_call_never_have_one_number(db):
    first = filed_application()
    second = filed_application(call=first.call)

    with refused_by_the_database():
        Application.objects.filter(pk=second.pk).update(number=first.number)


def test_amounts_are_never_negative(db):
    application = complete_draft()

    with refused_by_the_database():
        application.financing_lines.update(amount=-1)


@pytest.mark.parametrize("change", ["title = 'autre'", "number = 9", "reference = 'X-9'"])
def test_the_identity_of_a_filed_dossier_does_not_change(filed, change):
    with refused_by_the_database():
        write(f"UPDATE applications_application SET {change} WHERE id = %s", filed.pk)


def test_the_themes_of_a_filed_dossier_do_not_change(filed):
    with refused_by_the_database():
        filed.themes.add(ThemeFactory())
