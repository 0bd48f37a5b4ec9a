"""The clock is the database's, and it runs during a transaction."""

from django.db import connection

from journal import clock
from tests.clock import python_clock_off_by


def test_the_clock_runs_during_a_transaction(db):
    with connection.cursor() as cursor:
        cursor.execute("SELECT now()")
        started_at = cursor.fetchone()[0]
        cursor.execute("SELECT pg_sleep(0.02)")

    assert clock.now() > started_at


def test_the_clock_is_aware(db):
    assert clock.now().tzinfo is not None


def test_the_clock_ignores_the_web_servers_own(db):
    before = clock.now()

    with python_clock_off_by(days=1):
        told = clock.now()

    assert (told - before).total_seconds() < 5
