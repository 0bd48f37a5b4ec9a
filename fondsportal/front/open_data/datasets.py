"""The datasets of `/donnees/`: what each holds, when it last changed, its checksum and what its check found.

All is computed from visible rows alone, when asked: what is under embargo moves neither a date, nor a count, nor a
hash. What takes a walk through every row is remembered in the cache, by the version of the rows; without the cache
it is computed again.
"""

import hashlib
import json
from collections import Counter
from collections.abc import Callable
from dataclasses import dataclass

import xlsxwriter
from django.conf import settings
from django.core.cache import cache
from django.db import connection
from django.urls import reverse
from redis.exceptions import RedisError

from fondsportal.front.changes import calls_changed_at, laureates_changed_at
from fondsportal.front.open_data import records, rows, scdl, table_schema
from fondsportal.front.open_data.formats import FORMAT, WRITERS

A_DAY = 24 * 3600
AT_A_TIME = 2000
# Up to so many rows, a checksum is computed for the page; beyond, when it is asked for.
FEW = 2000
# So many rejected rows are shown on the page; all of them in a file.
FIRST = 50


@dataclass(frozen=True)
class Dataset:
    """A table of public facts. `select` gives its rows, `record` makes each a dictionary of the schema's fields."""

    slug: str
    title: str
    purpose: str
    schema: dict
    extensions: tuple
    select: Callable
    record: Callable
    problems: Callable
    last_change: Callable
    # Whether a row with a problem is left out of the files.
    strict: bool = False

    def get_absolute_url(self):
        return reverse("front:dataset", args=[self.slug])

    def address_of(self, extension):
        return reverse("front:dataset_file", args=[self.slug, extension])

    @property
    def names(self):
        return [field["name"] for field in self.schema["fields"]]

    def walk(self):
        """Every visible row, a few at a time."""
        return self.select().iterator(chunk_size=AT_A_TIME)

    def published(self):
        """The records of the files."""
        for row in self.walk():
            if not self.strict or not self.problems(row):
                yield self.record(row)

    def rejected(self):
        """(row, problems) of what the check found wrong."""
        for row in self.walk():
            if found := self.problems(row):
                yield row, found

    def version(self):
        """(hash, number) of the visible rows, by the database: the hash is that of nothing else, but our own code's."""
        sql, parameters = self.select().query.sql_with_params()
        with connection.cursor() as cursor:
            # The rows are hashed with their columns, in any order: theirs is that of their slug.
            cursor.execute(
                "SELECT count(*), coalesce(md5(string_agg(line, '' ORDER BY line)), '') "  # noqa: S608
                f"FROM (SELECT md5(visible::text) AS line FROM ({sql}) AS visible) AS lines",
                parameters,
            )
            count, rows_hash = cursor.fetchone()
        shape = json.dumps([self.schema, settings.PORTAL_URL, FORMAT, xlsxwriter.__version__], sort_keys=True)
        return hashlib.sha256(f"{rows_hash}{shape}".encode()).hexdigest(), count

    def content(self, extension):
        """The bytes of a file, block by block."""
        return WRITERS[extension](self.names, self.published())


def checksum(dataset, extension, version):
    """SHA-256 of a file as it is served."""

    def compute():
        digest = hashlib.sha256()
        for block in dataset.content(extension):
            digest.update(block)
        return digest.hexdigest()

    return remembered(f"donnees.sha256.{dataset.slug}.{extension}.{version}", compute)


def report(dataset, version):
    """How many rows are valid and rejected, why, and the first rejected ones."""

    def compute():
        reasons, rejected, first = Counter(), 0, []
        for row, problems in dataset.rejected():
            reasons.update(problems)
            rejected += 1
            if len(first) < FIRST:
                first.append(rejection(row, problems))
        return {"rejected": rejected, "reasons": reasons.most_common(), "first": first}

    return remembered(f"donnees.validation.{dataset.slug}.{version}", compute)


def rejection(row, problems):
    """A rejected row as its list tells it."""
    return {
        "slug": row["slug"],
        "name": row.get("name") or row.get("title"),
        "missing": [field for field, problem in problems if problem == "manquant"],
        "wrong": [f"{field} ({problem})" for field, problem in problems if problem != "manquant"],
    }


def remembered(key, compute):
    """What the cache knows, or what is computed now; the portal works without its cache."""
    try:
        if (known := cache.get(key)) is None:
            cache.set(key, known := compute(), A_DAY)
        return known
    except RedisError:
        return compute()


# The datasets


def checked_against(schema, record):
    """The check of a row against its own dictionary."""

    def problems(row):
        cells = {name: table_schema.cell(value) for name, value in record(row).items()}
        return table_schema.problems(schema, cells)

    return problems


CALLS_SCHEMA = table_schema.of_record(records.CallRecord, name="appels", title="Appels à projets")
LAUREATES_SCHEMA = table_schema.of_record(records.LaureateRecord, name="laureats", title="Lauréats")

DATASETS = {
    dataset.slug: dataset
    for dataset in (
        Dataset(
            slug="appels",
            title="Appels à projets",
            purpose="Les appels à projets publiés : dates, règles, montants, thèmes et sources.",
            schema=CALLS_SCHEMA,
            extensions=("csv", "json", "xlsx"),
            select=rows.calls,
            record=rows.call_record,
            problems=checked_against(CALLS_SCHEMA, rows.call_record),
            last_change=calls_changed_at,
        ),
        Dataset(
            slug="laureats",
            title="Lauréats",
            purpose="Les projets financés : porteur, fonds, appel, montant et ce qu’il vaut, sources.",
            schema=LAUREATES_SCHEMA,
            extensions=("csv", "json", "xlsx"),
            select=rows.laureates,
            record=rows.laureate_record,
            problems=checked_against(LAUREATES_SCHEMA, rows.laureate_record),
            last_change=laureates_changed_at,
        ),
        Dataset(
            slug="subventions",
            title="Subventions au schéma SCDL 2.1.1",
            purpose="Les lauréats dont tous les champs que la réglementation demande sont connus, au schéma"
            " « subventions » du socle commun des données locales.",
            schema=scdl.SCHEMA,
            extensions=("csv",),
            select=scdl.rows,
            record=scdl.cells,
            problems=scdl.problems,
            last_change=laureates_changed_at,
            strict=True,
        ),
    )
}
