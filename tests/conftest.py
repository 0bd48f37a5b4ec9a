"""The tests' database: the real PostgreSQL, used as the web's own lesser role, so that triggers and grants bind."""

import gc

import pytest
from django.core.cache import cache
from django.db import connection, transaction
from django.db.backends.signals import connection_created
from django.test import TransactionTestCase, override_settings

WEB_ROLE = "portal_web"


def pytest_collection_finish():
    """What is loaded for good is not swept again and again by the collector: a sixth of the time of the tests."""
    gc.collect()
    gc.freeze()
    gc.set_threshold(50_000, 20, 20)


def become_web(sender, connection, **kwargs):
    with connection.cursor() as cursor:
        cursor.execute(f"SET ROLE {WEB_ROLE}")


@pytest.fixture(scope="session")
def django_db_setup(django_db_setup, django_db_blocker):
    """Make the schema as its owner, then work as the role of the web."""
    with django_db_blocker.unblock():
        with connection.cursor() as cursor:
            cursor.execute(
                f"GRANT SELECT, INSERT, UPDATE, DELETE ON ALL TABLES IN SCHEMA public TO {WEB_ROLE}"
            )
            cursor.execute(f"GRANT USAGE ON ALL SEQUENCES IN SCHEMA public TO {WEB_ROLE}")
        connection_created.connect(become_web)
        become_web(None, connection)
    yield
    connection_created.disconnect(become_web)
    with django_db_blocker.unblock(), connection.cursor() as cursor:
        cursor.execute("RESET ROLE")
        # A thread of the live server keeps its session as long as a browser keeps its line: the base goes first.
        cursor.execute(
            "SELECT pg_terminate_backend(pid) FROM pg_stat_activity"
            " WHERE datname = current_database() AND pid <> pg_backend_pid()"
        )


# What the migrations made stays for all the tests.
EMPTY = """
DO $$
DECLARE made text;
BEGIN
    FOR made IN
        SELECT tablename FROM pg_tables WHERE schemaname = 'public'
        AND tablename NOT IN ('django_migrations', 'django_content_type', 'auth_permission')
    LOOP
        EXECUTE format('DELETE FROM %I', made);
    END LOOP;
END $$
"""


def emptied(self):
    """Delete what a transactional test committed, which append-only tables would refuse.

    Django's own way truncates every table, full or empty, and makes the permissions anew: a second each time.
    """
    with transaction.atomic(), connection.cursor() as cursor:
        for statement in ("RESET ROLE", "SET LOCAL session_replication_role = replica", EMPTY):
            cursor.execute(statement)
        cursor.execute(f"SET LOCAL session_replication_role = origin; SET ROLE {WEB_ROLE}")


TransactionTestCase._fixture_teardown = emptied


@pytest.fixture(autouse=True)
def _clean_cache():
    yield
    cache.clear()


@pytest.fixture(autouse=True)
def _files_apart(request, settings, tmp_path):
    """Each test keeps its files apart."""
    if "kept_for_module" not in request.fixturenames:
        settings.FILES_ROOT = tmp_path / "files"


@pytest.fixture(scope="module")
def kept_for_module(django_db_setup, django_db_blocker, tmp_path_factory):
    """For the costly fixtures of a module: the rows and files that they make stay for all of its tests.

    Each test undoes only its own. None may ask for an empty database, nor for one that really commits.
    """
    together = transaction.atomic()
    # As Django's TestCase marks its own, so that the actions' durable transactions may start inside.
    together._from_testcase = True
    with (
        override_settings(FILES_ROOT=tmp_path_factory.mktemp("files")),
        django_db_blocker.unblock(),
        together,
    ):
        yield
        transaction.set_rollback(True)
