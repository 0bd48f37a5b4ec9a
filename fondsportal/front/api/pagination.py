"""Pages that begin where the last one ended: a cursor stays right while rows come and go, and costs no counting.

A cursor is the slug of the last row seen, in hexadecimal: opaque to who reads, and any of the same shape is a place
in the list, so that none can fail.
"""

from ninja import Field, Schema

from fondsportal.front.addresses import absolute

SHAPE = r"^([0-9a-f]{2}){1,200}$"


class PageInput(Schema):
    """Where a page begins, and how long it is."""

    curseur: str = Field(
        None, pattern=SHAPE, description="Donné par `suivant` : où commence la page.", max_length=400
    )
    taille: int = Field(50, ge=1, le=200, description="Nombre de résultats par page.")


def page(request, rows, record, asked):
    """One page of rows ordered by their slug, with the address of the next one."""
    if asked.curseur:
        rows = rows.filter(slug__gt=place(asked.curseur))
    found = list(rows[: asked.taille + 1])
    shown, more = found[: asked.taille], len(found) > asked.taille
    return {
        "resultats": [record(row) for row in shown],
        "suivant": next_address(request, cursor(shown[-1]["slug"])) if more else None,
    }


def cursor(slug):
    return slug.encode().hex()


def place(cursor):
    """The text that a cursor stands for; PostgreSQL knows no NUL."""
    return bytes.fromhex(cursor).decode("utf-8", "replace").replace("\0", "\ufffd")


def next_address(request, cursor):
    query = request.GET.copy()
    query["curseur"] = cursor
    return f"{absolute(request.path)}?{query.urlencode()}"
