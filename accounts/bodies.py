"""Whether two bodies are the same one: by SIREN, by name, by a name that one of them had (migration 0005)."""

from django.db import connection


def same_bodies(organisations):
    """The keys of these organisations of the directory, and of those that are the same bodies."""
    return set(_asked("SELECT accounts_same_bodies(%s::bigint[])", list(organisations)))


def names_of(organisations):
    """What these organisations are called: their names, former ones too, as `plain` writes them, and « #slug »."""
    return set(_asked("SELECT accounts_names_of(%s::bigint[])", list(organisations)))


def plain(names):
    """Names without accents, capitals nor punctuation, in their order."""
    names = list(names)
    asked = "SELECT ARRAY(SELECT accounts_plain(name) FROM unnest(%s::text[]) WITH ORDINALITY AS given(name, rank)"
    return _asked(f"{asked} ORDER BY rank)", names) if names else []


def _asked(sql, values):
    with connection.cursor() as cursor:
        cursor.execute(sql, [values])
        return cursor.fetchone()[0]
