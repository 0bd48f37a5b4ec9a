"""The passages by which two projects are close: pairs of sentences that share rare words, those words marked."""

from itertools import product

from django.db import connection

from calls.search import CONFIG, START, STOP
from selection.models import RadarWord

KEPT = 3  # pairs of sentences for one project
SHORTLISTED = 12  # sentences of each side that are paired
ROOT = 5  # letters of a stem that two words share to be marked as one
TELLING = 0.35  # how rare a shared word is, beside the rarest one, to be marked
EMPTY = "'le', 'a'"  # « les » and « à », which PostgreSQL's French does not know to be empty

STEMS = f"""
SELECT ARRAY(SELECT DISTINCT left(stem, {ROOT}) FROM unnest(tsvector_to_array(
    to_tsvector('{CONFIG}', sentence))) AS stem WHERE stem NOT IN ({EMPTY}))
FROM unnest(%s::text[]) WITH ORDINALITY AS said(sentence, rank) ORDER BY rank
"""  # noqa: S608
MARK = f"""
SELECT ts_headline('{CONFIG}', sentence, query::tsquery, %s)
FROM unnest(%s::text[], %s::text[]) WITH ORDINALITY AS said(sentence, query, rank) ORDER BY rank
"""  # noqa: S608
MARKS = f"StartSel={START}, StopSel={STOP}, HighlightAll=true"


def stems_of(sentences):
    """The set of stems of each sentence, cut so that words of one family are one."""
    with connection.cursor() as cursor:
        cursor.execute(STEMS, [sentences])
        return [set(row[0]) for row in cursor.fetchall()]


def rarity(stems):
    """How rare each stem is among the texts of the radar, as `RadarWord` says; unknown, it is in one text alone."""
    known = dict(RadarWord.objects.filter(word__in=[*stems, ""]).values_list("word", "rarity"))
    alone = known.get("", 1)
    return {stem: known.get(stem, alone) for stem in stems}


def pairs(mine, theirs, rare):
    """The best pairs of sentences that share something, each sentence once.

    Args:
        mine, theirs: lists of (sentence, stems).
        rare: how rare each stem is, see `rarity`; what is common beside the rarest one says nothing.

    Returns:
        A list of (my sentence, theirs, the stems they share).
    """
    told, telt = ({stem for _, stems in side for stem in stems} for side in (mine, theirs))
    shared_rarity = {stem: rare[stem] for stem in told & telt}
    least = TELLING * max(shared_rarity.values(), default=0)
    common = {stem: weight for stem, weight in shared_rarity.items() if weight >= least}

    def worth(stems):
        return sum(common.get(stem, 0) for stem in stems)

    best_of_mine, best_of_theirs = (
        sorted(side, key=lambda said: -worth(said[1]))[:SHORTLISTED] for side in (mine, theirs)
    )
    ranked = []
    for (own, own_stems), (other, other_stems) in product(best_of_mine, best_of_theirs):
        shared = own_stems & other_stems & common.keys()
        if shared:
            ranked.append((-worth(shared) / (len(own_stems) + len(other_stems)) ** 0.5, own, other, shared))
    kept, used = [], set()
    for _, own, other, shared in sorted(ranked, key=lambda each: each[:3]):
        if len(kept) < KEPT and not {(0, own), (1, other)} & used:
            used |= {(0, own), (1, other)}
            kept.append((own, other, shared))
    return kept


def marked(found):
    """The same pairs as {"mine", "theirs"}, what they share between the marks that `highlighted` reads."""
    if not found:
        return []
    queries = ["|".join(f"{_quoted(stem)}:*" for stem in sorted(shared)) for *_, shared in found]
    with connection.cursor() as cursor:
        cursor.execute(
            MARK,
            [
                MARKS,
                [text for own, other, _ in found for text in (own, other)],
                [query for query in queries for _ in range(2)],
            ],
        )
        texts = [row[0] for row in cursor.fetchall()]
    return [{"mine": own, "theirs": other} for own, other in zip(texts[::2], texts[1::2], strict=True)]


def _quoted(stem):
    escaped = stem.replace("\\", "\\\\").replace("'", "''")
    return f"'{escaped}'"


def stemmed(texts):
    """Several texts, lists of sentences, as lists of (sentence, stems): one query for all of them."""
    stems = iter(stems_of([each for sentences in texts for each in sentences]))
    return [[(each, next(stems)) for each in sentences] for sentences in texts]


def between(mine, others):
    """The passages that bring a text close to each of several others, all stemmed, as `marked` gives them.

    The number of queries does not depend on how many there are.
    """
    known = {stem for _, said in mine for stem in said}
    rare = rarity({stem for side in others for _, said in side for stem in said} & known)
    found = [pairs(mine, side, rare) for side in others]
    quoted = iter(marked([pair for each in found for pair in each]))
    return [[next(quoted) for _ in each] for each in found]
