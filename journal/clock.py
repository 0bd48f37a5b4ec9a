"""The clock of the portal is the database's, so that no web server's drift opens or closes anything."""

from django.db import connection


def now():
    """The time at which the database starts this very statement, aware.

    Read it *after* the row it is compared with is locked: PostgreSQL's `now()` is the start of the transaction
    and would let in a late filing that waited for its lock.
    """
    with connection.cursor() as cursor:
        cursor.execute("SELECT statement_timestamp()")
        return cursor.fetchone()[0]
