"""What is searched of a filed dossier: its title and its carrier first, then all that it answers; its files apart.

PostgreSQL keeps at most a megabyte of words of one row: what is longer is cut, and the case says so.
"""

from django.db import DatabaseError, connection, transaction
from django.db.models import F, Q
from psycopg.errors import ProgramLimitExceeded

from applications.tables import TABLES
from calls.search import CONFIG
from documents import reading
from documents.models import StoredFile
from selection.models import Case

LONGEST = 700_000  # characters: their words nearly always hold in a megabyte
VECTOR = f"""
    setweight(to_tsvector('{CONFIG}'::regconfig, %s), 'A')
    || setweight(to_tsvector('{CONFIG}'::regconfig, %s), 'B')
    || setweight(to_tsvector('{CONFIG}'::regconfig, %s), 'D')
"""


def to_index():
    """The cases whose search does not say what stands, or awaits the words of a file."""
    late = Q(indexed=None) | ~Q(indexed=F("submission")) | Q(files_awaited__gt=0)
    return Case.objects.filter(late, submission__isnull=False)


def answers_of(content):
    """Everything a dossier says, as one text."""
    said = [*content["themes"]]
    for section in content["sections"]:
        for answer in section["answers"]:
            said.append(answer.get("text") or "")
            said += [str(cell) for row in answer.get("rows") or [] for cell in row if cell]
    for kind in TABLES:
        said += [
            str(value) for line in content.get(kind, []) for value in line.values() if isinstance(value, str)
        ]
    return "\n".join(said)


def files_of(content):
    """The files of a dossier whose words may be read, with what was read of each."""
    hashes = {each["sha256"] for each in content["attachments"]}
    files = StoredFile.objects.filter(sha256__in=hashes).select_related("text").order_by("pk")
    return [file for file in files if reading.may_be_read(file)]


def is_read(file):
    return hasattr(file, "text")


def names_of(content):
    return " ".join(f"{each['name']} {each['description']}" for each in content["attachments"])


def vector(title, carrier, text):
    """The search of these texts as PostgreSQL writes it, and whether the last one had to be cut."""
    kept = text[:LONGEST]
    while True:
        try:
            return _vector(title, carrier, kept), len(kept) < len(text)
        except DatabaseError as refused:
            if not isinstance(refused.__cause__, ProgramLimitExceeded):
                raise
            kept = kept[: len(kept) // 2]


@transaction.atomic
def _vector(title, carrier, text):
    with connection.cursor() as cursor:
        cursor.execute(f"SELECT ({VECTOR})::text", [title, carrier, text])
        return cursor.fetchone()[0]
