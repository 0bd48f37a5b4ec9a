"""The database as nobody of the portal sees it: past its guards, and used by several people at the same instant."""

from concurrent.futures import ThreadPoolExecutor
from contextlib import contextmanager
from threading import Barrier

import pytest
from django.db import IntegrityError, connection, transaction

from tests.conftest import WEB_ROLE


@contextmanager
def past_the_guards():
    """A cursor of the server's own superuser, triggers and foreign keys off."""
    with connection.cursor() as cursor:
        cursor.execute("RESET ROLE")
        cursor.execute("SET session_replication_role = replica")
        try:
            yield cursor
        finally:
            cursor.execute("SET session_replication_role = origin")
            cursor.execute(f"SET ROLE {WEB_ROLE}")


@contextmanager
def refused_by_the_database():
    """What is written inside breaks a guard of the database itself; the test goes on afterwards."""
    with pytest.raises(IntegrityError), transaction.atomic():
        yield


def in_parallel(*actions):
    """Run the actions at the same instant, each on its own connection; return what each gave or raised, in order."""
    start = Barrier(len(actions))

    def run(action):
        try:
            connection.ensure_connection()
            start.wait()
            return action()
        except Exception as error:
            return error
        finally:
            connection.close()

    with ThreadPoolExecutor(len(actions)) as pool:
        return list(pool.map(run, actions))


def write(sql, *values):
    """Write by SQL alone, as the role of the web, past every action and form."""
    with connection.cursor() as cursor:
        cursor.execute(sql, values)
