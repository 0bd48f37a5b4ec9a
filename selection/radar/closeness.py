"""How close projects are: the cosine of their words, each weighed by how rare it is (TF-IDF).

A word is a French stem, and its first four letters as a word of their own: « urbain » and « urbanisme » share the
second. The weight of a word is (1 + ln(times it is there)) × how rare it is: as BM25
has it, ln(1 + (texts that have it not + ½) ÷ (texts that have it + ½)), times the share of dossiers that have it not.

PostgreSQL finds who shares a heavy word; what is found is weighed here, once a round, and not again for each text.
"""

from array import array
from collections import OrderedDict
from dataclasses import dataclass
from itertools import accumulate
from math import log, sqrt
from operator import mul

from django.db import connection

FOUND = 500  # dossiers looked at for one text, at most
CLOSE = 0.06  # a score below which what is shared is chance
LOOKED_FOR = 60  # words that they are found by, at most: the heaviest ones

KEPT = 2000  # texts whose words are kept in memory, of some twelve bytes a word

WORDS = "SELECT selection_radar_words(%s)::text"
COUNTED = """
SELECT 0, coalesce(string_agg(said.lexeme, E'\\n'), ''),
    coalesce(string_agg(cardinality(said.positions)::text, ' '), '1')
FROM unnest(%s::tsvector) AS said
"""
KNOWN = "SELECT word, texts, rarity FROM selection_radarword WHERE word = ANY(%s)"
# Only what shares a heavy word is looked at: the lists of the index are read until they hold `FOUND` texts.
FOUND_BY = """
SELECT text.id, concat_ws('/', text.submission_id, text.read_from), text.case_id, text.laureate_id, call.fund_id
FROM selection_radartext AS text
LEFT JOIN selection_case AS dossier ON dossier.id = text.case_id
LEFT JOIN calls_call AS call ON call.id = dossier.call_id
WHERE text.id IS DISTINCT FROM %(own)s AND text.problem = '' AND text.id IN (
    SELECT id FROM selection_radartext WHERE %(with_cases)s AND case_id IS NOT NULL AND words @@ %(sought)s::tsquery
    UNION SELECT id FROM selection_radartext WHERE %(with_laureates)s AND laureate_id IS NOT NULL
    UNION SELECT unnest(%(also)s::bigint[])
)
"""
READ = """
SELECT id, string_agg(said.lexeme, E'\\n'), string_agg(cardinality(said.positions)::text, ' ')
FROM selection_radartext CROSS JOIN unnest(words) AS said WHERE id = ANY(%s) GROUP BY id
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


@dataclass(frozen=True)
class Weighed:
    """The words of a text, by their numbers, their weights, and the length of the whole."""

    numbers: array
    weights: array
    length: float


NOTHING = Weighed(array("i"), array("d"), 0.0)


def words_of(text):
    """The words of a text as the radar counts them, ready to be kept or compared."""
    with connection.cursor() as cursor:
        cursor.execute(WORDS, [text])
        return cursor.fetchone()[0]


class Corpus:
    """The texts of the radar as they are weighed, each once: for one round, since words are counted again."""

    def __init__(self):
        self.numbers = {}  # of each word that was met: its place in the two lists below
        self.texts, self.rarity = [], []
        self.weighed = OrderedDict()  # the last texts met, by what names them

    def closest(self, words, *, own=None, cases=True, laureates=True, also=()):
        """The texts that are close to these words, the closest first.

        Args:
            words: as `words_of` gives them.
            own: the text that they are of, left out.
            cases, laureates: what is looked at.
            also: texts that are compared too, close or not.
        """
        counted = _rows(COUNTED, [words])
        self._learn(counted)
        mine = self._weighed(*counted[0][1:])
        asked = {"own": own, "with_cases": cases, "with_laureates": laureates, "also": list(also)}
        found = _rows(FOUND_BY, asked | {"sought": self._sought(counted[0][1], mine)})
        near = []
        for start in range(0, len(found), FOUND):
            block = found[start : start + FOUND]
            theirs = self._read([(pk, read) for pk, read, *_ in block])
            weights = self._spread(mine)
            for (pk, _, *named), other in zip(block, theirs, strict=True):
                near.append(Neighbour(pk, *named, _cosine(weights, mine.length, other)))
        return sorted(near, key=lambda each: (-each.score, each.text))

    def _learn(self, counted):
        """Give a number to each word met for the first time, and know how rare it is."""
        met = {word for _, words, _ in counted for word in words.split("\n")} - self.numbers.keys() - {""}
        known = {word: (texts, rarity) for word, texts, rarity in _rows(KNOWN, [[*met, ""]])}
        _, alone = known.get("", (0, 1.0))
        for word in met:
            self.numbers[word] = len(self.rarity)
            texts, rarity = known.get(word, (1, alone))
            self.texts.append(texts)
            self.rarity.append(rarity)

    def _weighed(self, words, times):
        if not words:
            return NOTHING
        numbers = array("i", map(self.numbers.__getitem__, words.split("\n")))
        weights = array(
            "d",
            (
                (1 + log(int(count))) * self.rarity[number]
                for number, count in zip(numbers, times.split(" "), strict=True)
            ),
        )
        return Weighed(numbers, weights, sqrt(sum(weight * weight for weight in weights)))

    def _read(self, asked):
        """These texts as they are weighed, those that were not met yet read together."""
        missing = [pk for pk, read in asked if (pk, read) not in self.weighed]
        counted = _rows(READ, [missing]) if missing else []
        self._learn(counted)
        new = {pk: self._weighed(words, times) for pk, words, times in counted}
        given = []
        for pk, read in asked:
            given.append(self.weighed.pop((pk, read), None) or new.get(pk, NOTHING))
            self.weighed[pk, read] = given[-1]
        while len(self.weighed) > KEPT:
            self.weighed.popitem(last=False)
        return given

    def _sought(self, words, mine):
        """The heaviest words of a text, as PostgreSQL looks for any of them."""
        ranked = sorted(
            (-weight, word, self.texts[number])
            for word, number, weight in zip(words.split("\n"), mine.numbers, mine.weights, strict=False)
            if self.texts[number] <= FOUND
        )
        met = accumulate(texts for _, _, texts in ranked)
        kept = [word for (_, word, _), so_far in zip(ranked, met, strict=True) if so_far <= FOUND]
        return "|".join(
            "'{}'".format(word.replace("\\", "\\\\").replace("'", "''")) for word in kept[:LOOKED_FOR]
        )

    def _spread(self, mine):
        """The weights of a text by number of word, zero where it has it not."""
        weights = [0.0] * len(self.numbers)
        for number, weight in zip(mine.numbers, mine.weights, strict=True):
            weights[number] = weight
        return weights


def _cosine(weights, length, other):
    if not length or not other.length:
        return 0.0
    return sum(map(mul, map(weights.__getitem__, other.numbers), other.weights)) / (length * other.length)


def _rows(sql, values):
    with connection.cursor() as cursor:
        cursor.execute(sql, values)
        return cursor.fetchall()


def count_words():
    """Count again in how many texts each word is; what is in one alone says nothing of others, and is not kept."""
    with connection.cursor() as cursor:
        cursor.execute("DELETE FROM selection_radarword")
        cursor.execute(COUNT)
