"""The database itself refuses to change what happened, and a change made behind its back is found."""

from io import StringIO

import pytest
from django.core.management import CommandError, call_command
from django.db import ProgrammingError, connection, transaction

from journal import actions
from journal.models import Entry, EntryDetails, Seal
from tests.conftest import WEB_ROLE
from tests.database import past_the_guards, refused_by_the_database, write
from tests.factories import OrganisationFactory

TABLES = ["journal_entry", "journal_entrydetails", "journal_seal"]
COLUMNS = {"journal_entry": "event", "journal_entrydetails": "salt", "journal_seal": "sha256"}


@pytest.fixture
def entries(db):
    """Three sealed entries."""
    organisation = OrganisationFactory()
    made = [actions.record("essai", organisation, number=number) for number in range(3)]
    actions.seal()
    return made


@pytest.mark.parametrize("table", TABLES)
def test_an_update_is_refused(entries, table):
    with refused_by_the_database():
        write(f"UPDATE {table} SET {COLUMNS[table]} = 'x'")


@pytest.mark.parametrize("table", TABLES)
def test_a_deletion_is_refused(entries, table):
    with refused_by_the_database():
        write(f"DELETE FROM {table}")


@pytest.mark.parametrize("table", TABLES)
def test_the_web_may_not_empty_a_table(entries, table):
    with pytest.raises(ProgrammingError, match="permission denied"), transaction.atomic():
        write(f"TRUNCATE {table}")


@pytest.mark.parametrize("table", TABLES)
def test_even_the_owner_may_not_empty_a_table(entries, table):
    with refused_by_the_database():
        write(f"SET CONSTRAINTS ALL IMMEDIATE; RESET ROLE; TRUNCATE {table} CASCADE")


def test_the_role_of_the_tests_is_the_webs(db):
    with connection.cursor() as cursor:
        cursor.execute("SELECT current_user, rolsuper FROM pg_roles WHERE rolname = current_user")

        assert cursor.fetchone() == (WEB_ROLE, False)


def verify():
    said = StringIO()
    call_command("verify_journal", stdout=said, no_color=True)
    return said.getvalue().strip()


def test_an_intact_chain_is_said_to_be(entries):
    assert verify() == "3 écritures vérifiées : la chaîne est intacte."


@pytest.mark.parametrize(
    "change", ["event = 'autre'", "actor_id = 1", "subject_id = '0'", "at = at - interval '1 second'"]
)
def test_a_changed_entry_is_located(entries, change):
    with past_the_guards() as cursor:
        cursor.execute(f"UPDATE journal_entry SET {change} WHERE id = %s", [entries[1].pk])

    with pytest.raises(CommandError, match=f"^La chaîne est rompue à l'écriture {entries[1].pk} "):
        verify()


def test_changed_details_are_located(entries):
    with past_the_guards() as cursor:
        cursor.execute("UPDATE journal_entrydetails SET content = '{}' WHERE entry_id = %s", [entries[2].pk])

    with pytest.raises(CommandError, match=rf"^Les détails de l'écriture {entries[2].pk} \(essai\)"):
        verify()


def test_a_removed_entry_breaks_the_chain_at_the_next_one(entries):
    with past_the_guards() as cursor:
        for table in reversed(TABLES):
            key = "id" if table == "journal_entry" else "entry_id"
            cursor.execute(f"DELETE FROM {table} WHERE {key} = %s", [entries[0].pk])

    with pytest.raises(CommandError, match=f"^La chaîne est rompue à l'écriture {entries[1].pk} "):
        verify()


def test_retention_erases_details_and_the_chain_still_holds(entries):
    with connection.cursor() as cursor:
        cursor.execute("RESET ROLE")
        cursor.execute("CREATE ROLE portal_retention")  # undone with the test
        cursor.execute("GRANT SELECT, DELETE ON journal_entrydetails TO portal_retention")
        cursor.execute("SET ROLE portal_retention")
        cursor.execute("DELETE FROM journal_entrydetails WHERE entry_id = %s", [entries[0].pk])
        cursor.execute(f"SET ROLE {WEB_ROLE}")

    assert EntryDetails.objects.count() == 2
    assert verify() == "3 écritures vérifiées : la chaîne est intacte."


def test_entries_and_seals_go_in_pairs(entries):
    assert Entry.objects.filter(seal=None).count() == 0
    assert Seal.objects.count() == Entry.objects.count()
