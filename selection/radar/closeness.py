"""How close projects are: the cosine of their words, each weighed by how rare it is (TF-IDF), by PostgreSQL alone.

A word is a French stem, and its first four letters as a word of their own: « urbain » and « urbanisme » share the
second. The weight of a word is (1 + ln(times it is there)) × how rare it is: as BM25
has it, ln(1 + (texts that have it not + ½) ÷ (texts that have it + ½)), times the share of dossiers that have it not.
"""

from dataclasses import dataclass

from django.db import connection

FOUND = 500  # dossiers looked at for one text, at most
CLOSE = 0.06  # a score below which what is shared is chance
LOOKED_FOR = 60  # words that they are found by, at most: the heaviest ones

WORDS = "SELECT selection_radar_words(%s)::text"

# Only what shares a heavy word is looked at: the lists of the index are read until they hold `FOUND` texts.
CLOSEST = r"""
WITH alone AS (SELECT coalesce((SELECT rarity FROM selection_radarword WHERE word = ''), 1) AS rarity),
mine AS MATERIALIZED (
    SELECT said.lexeme, coalesce(known.texts, 1) AS texts,
        (1 + ln(cardinality(said.positions))) * coalesce(known.rarity, alone.rarity) AS weight
    FROM alone CROSS JOIN unnest(%(words)s::tsvector) AS said
    LEFT JOIN selection_radarword AS known ON known.word = said.lexeme
),
heavy AS (
    SELECT lexeme, row_number() OVER ranked AS rank, sum(texts) OVER ranked AS met
    FROM mine WHERE texts <= %(found)s WINDOW ranked AS (ORDER BY weight DESC, lexeme)
),
sought AS MATERIALIZED (
    SELECT string_agg('''' || replace(replace(lexeme, '\', '\\'), '''', '''''') || '''', '|')::tsquery AS query
    FROM heavy WHERE met <= %(found)s AND rank <= %(looked_for)s
),
found AS MATERIALIZED (
    SELECT id, words FROM selection_radartext WHERE id IN (
        SELECT id FROM selection_radartext
        WHERE %(with_cases)s AND case_id IS NOT NULL AND words @@ (SELECT query FROM sought)
        UNION SELECT id FROM selection_radartext WHERE %(with_laureates)s AND laureate_id IS NOT NULL
        UNION SELECT unnest(%(also)s::bigint[])
    )
),
compared AS (
    SELECT found.id, sum(theirs.weight * mine.weight) AS common, sqrt(sum(theirs.weight ^ 2)) AS length
    FROM found CROSS JOIN alone CROSS JOIN LATERAL (
        SELECT said.lexeme, (1 + ln(cardinality(said.positions))) * coalesce(known.rarity, alone.rarity) AS weight
        FROM unnest(found.words) AS said LEFT JOIN selection_radarword AS known ON known.word = said.lexeme
    ) AS theirs LEFT JOIN mine ON mine.lexeme = theirs.lexeme
    WHERE found.id IS DISTINCT FROM %(own)s
    GROUP BY found.id
)
SELECT text.id, text.case_id, text.laureate_id, call.fund_id,
    coalesce(common / nullif(length * (SELECT sqrt(sum(weight ^ 2)) FROM mine), 0), 0) AS score
FROM compared JOIN selection_radartext AS text USING (id)
LEFT JOIN selection_case AS dossier ON dossier.id = text.case_id
LEFT JOIN calls_call AS call ON call.id = dossier.call_id
ORDER BY score DESC, text.id
"""

# What nearly all dossiers say, because their form asks for it, tells none from another, however rare among laureates;
# ten more dossiers are supposed, so that a few prove little.
COUNT = """
INSERT INTO selection_radarword (word, texts, rarity)
SELECT word, found, ln(1 + (total.texts - found + 0.5) / (found + 0.5)) * (1 - coalesce(said, 0) / (total.cases + 10.0))
FROM (SELECT count(*) AS texts, count(case_id) AS cases FROM selection_radartext) AS total
CROSS JOIN (SELECT word, ndoc AS found FROM ts_stat('SELECT words FROM selection_radartext')) AS known
LEFT JOIN (
    SELECT word, ndoc AS said FROM ts_stat('SELECT words FROM selection_radartext WHERE case_id IS NOT NULL')
) AS dossiers USING (word)
WHERE found > 1
UNION ALL
SELECT '', count(*), ln(1 + greatest(count(*) - 0.5, 0.5) / 1.5) FROM selection_radartext
"""


@dataclass(frozen=True)
class Neighbour:
    """A text of the radar and how close it is, from 0 (not a word in common) to 1; `fund` is its dossier's."""

    text: int
    case: int | None
    laureate: int | None
    fund: int | None
    score: float


def words_of(text):
    """The words of a text as the radar counts them, ready to be kept or compared."""
    with connection.cursor() as cursor:
        cursor.execute(WORDS, [text])
        return cursor.fetchone()[0]


def closest(words, *, own=None, cases=True, laureates=True, also=()):
    """The texts that are close to these words, the closest first.

    Args:
        words: as `words_of` gives them.
        own: the text that they are of, left out.
        cases, laureates: what is looked at.
        also: texts that are compared too, close or not.
    """
    asked = {
        "words": words,
        "own": own,
        "with_cases": cases,
        "with_laureates": laureates,
        "also": list(also),
        "found": FOUND,
        "looked_for": LOOKED_FOR,
    }
    with connection.cursor() as cursor:
        cursor.execute(CLOSEST, asked)
        return [Neighbour(*row) for row in cursor.fetchall()]


def count_words():
    """Count again in how many texts each word is; what is in one alone says nothing of others, and is not kept."""
    with connection.cursor() as cursor:
        cursor.execute("DELETE FROM selection_radarword")
        cursor.execute(COUNT)
