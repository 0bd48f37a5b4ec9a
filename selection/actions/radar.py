"""The radar's work: reading what stands, then comparing each text with the others. The worker alone runs it.

Closeness goes both ways, so that comparing a text also writes what it is to the others: the earlier dossiers then
learn of the later ones without being compared again.
"""

import logging
from collections import Counter

from django.db import OperationalError, connection, transaction
from django.db.models import CharField, F, Q, Value
from django.db.models.functions import MD5, Concat

from applications.models import Submission
from journal import clock
from selection.models import Case, Laureate, RadarText, RadarWord, SimilarProject
from selection.radar import closeness, funding, passages, texts

logger = logging.getLogger(__name__)

KEPT = 10  # of each kind: dossiers of the same fund, of others, laureates
NAMESAKES = 20  # of the same carrier or of the same amounts, compared however far their words are
SENTENCES_OF = 100  # projects whose sentences are kept in memory
DRIFT = 0.1  # the words are counted again when there are so many more texts, or fewer


class Met:
    """What one round of comparisons has read already, so that nothing is read twice for it."""

    def __init__(self):
        self.corpus = closeness.Corpus()
        self.frozen = {}  # what the check of double funding reads of a submission, by its key
        self.stemmed = {}  # the sentences of a project, by itself and its submission

    def read(self, submissions):
        """Know what these submissions say; a submission never changes."""
        if len(self.frozen) > closeness.KEPT:
            self.frozen.clear()
        missing = set(submissions) - self.frozen.keys()
        parts = [f"content__{part}" for part in funding.READ]
        for pk, *values in Submission.objects.filter(pk__in=missing).values_list("pk", *parts):
            known = zip(funding.READ, values, strict=True)
            self.frozen[pk] = {part: value for part, value in known if value is not None}

    def sentences(self, things):
        """The sentences of these projects, stemmed."""
        if len(self.stemmed) > SENTENCES_OF:
            self.stemmed.clear()
        keys = [(each, getattr(each, "submission_id", None)) for each in things]
        missing = [each for each, key in zip(things, keys, strict=True) if key not in self.stemmed]
        whole = Submission.objects.in_bulk([each.submission_id for each in missing if isinstance(each, Case)])
        said = [
            texts.of_laureate(each)
            if isinstance(each, Laureate)
            else texts.of_content(whole[each.submission_id].content)
            for each in missing
        ]
        found = passages.stemmed([texts.sentences(*each) for each in said])
        new = {
            (each, getattr(each, "submission_id", None)): side
            for each, side in zip(missing, found, strict=True)
        }
        self.stemmed |= new
        return [self.stemmed[key] for key in keys]


@transaction.atomic(durable=True)
def read_next():
    """Read the next project that the radar does not know as it stands, and say whether there was one."""
    stale = Q(radar_text=None) | ~Q(radar_text__submission=F("submission"))
    case = _unlocked(Case.objects.standing().filter(stale, submission__isnull=False))
    if case:
        _keep({"case": case}, submission=case.submission)
        return True
    laureate = _unlocked(
        Laureate.objects.public()
        .annotate(said=MD5(Concat("name", Value("\n"), "summary", output_field=CharField())))
        .filter(Q(radar_text=None) | ~Q(radar_text__read_from=F("said")))
    )
    if laureate:
        _keep({"laureate": laureate}, read_from=laureate.said)
    return laureate is not None


@transaction.atomic(durable=True)
def forget_gone():
    """Leave out the dossiers that their carriers gave up, and the laureates that are no longer public."""
    RadarText.objects.filter(case__withdrawn=True).delete()
    SimilarProject.objects.filter(other__withdrawn=True).delete()
    hidden = RadarText.objects.filter(laureate__isnull=False).exclude(laureate__in=Laureate.objects.public())
    SimilarProject.objects.filter(laureate__in=hidden.values("laureate")).delete()
    hidden.delete()


@transaction.atomic(durable=True)
def count_words_again():
    """Count the words of all texts, if there are many more or fewer of them than when they were counted."""
    counted = RadarWord.objects.select_for_update().filter(word="").first()
    there = RadarText.objects.count()
    if counted is None or abs(there - counted.texts) > DRIFT * counted.texts:
        closeness.count_words()


@transaction.atomic(durable=True)
def compare_next(met):
    """Find what is close to the next text, both ways, and say whether there was one that nobody else compares.

    One at a time, on all machines: two texts that find each other would write the same rows.
    """
    with connection.cursor() as cursor:
        cursor.execute("SELECT pg_try_advisory_xact_lock(hashtext('radar'))")
        if not cursor.fetchone()[0]:
            return False
    waiting = RadarText.objects.filter(compared_at=None).select_related(
        "case__application__organisation", "case__call", "laureate__organisation"
    )
    text = waiting.select_for_update(of=["self"], skip_locked=True).order_by("id").first()
    if text is None:
        return False
    SimilarProject.objects.filter(
        Q(case=text.case_id) | Q(other=text.case_id) if text.case_id else Q(laureate=text.laureate_id)
    ).delete()
    rows, text.problem = _tried(text.case or text.laureate, lambda: _similar(text, met))
    SimilarProject.objects.bulk_create(rows or [])
    if text.problem:
        text.words = ""
    text.compared_at = clock.now()
    text.save(update_fields=["compared_at", "problem", "words"] if text.problem else ["compared_at"])
    return True


# Steps


def _unlocked(rows):
    """The first of these rows that no other worker holds."""
    return rows.select_for_update(of=["self"], skip_locked=True, no_key=True).order_by("pk").first()


def _keep(of, **read):
    """Keep the words of a project, or what prevents reading it."""
    [thing] = of.values()
    words, problem = _tried(thing, lambda: _words(thing))
    facts = {"words": words or "", "problem": problem, "compared_at": clock.now() if problem else None}
    RadarText.objects.update_or_create(**of, defaults=facts | read)
    if problem:
        SimilarProject.objects.filter(
            Q(case=thing) | Q(other=thing) if "case" in of else Q(laureate=thing)
        ).delete()


def _tried(thing, act):
    """(what an act gives, nothing), or (None, what prevents it): one project never stops the others.

    What the database could not do this time is for the next round.
    """
    try:
        with transaction.atomic():
            return act(), ""
    except OperationalError:
        raise
    except Exception as error:
        logger.exception("the radar sets %s %s aside", thing._meta.label, thing.pk)
        return None, f"son contenu n’est pas lisible ({type(error).__name__})"


def _words(thing):
    """The words of a project, once all that a comparison reads of it was found to be there."""
    if isinstance(thing, Laureate):
        said = texts.of_laureate(thing)
    else:
        content = thing.submission.content
        said = texts.of_content(content)
        funding.between(content, content)
    texts.sentences(*said)
    return closeness.words_of(texts.whole(*said))


def _similar(text, met):
    """The rows that say what is close to a text: its own, and those of the others."""
    mine = text.case or text.laureate
    near = met.corpus.closest(
        text.words,
        own=text.pk,
        laureates=text.laureate is None,
        also=_namesakes(text.case) if text.case else (),
    )
    others = {
        "case": _cases([each.case for each in near]),
        "laureate": _laureates([each.laureate for each in near]),
    }
    met.read([case.submission_id for case in [text.case, *others["case"].values()] if case])
    kept, chosen = Counter(), []
    for each in near:
        other = others["case"].get(each.case) or others["laureate"].get(each.laureate)
        if other is None or _is_of(other, mine) or _is_of(mine, other):
            continue
        kind = (each.case is None, text.case is not None and each.fund == text.case.call.fund_id)
        close = each.score >= closeness.CLOSE and kept[kind] < KEPT
        if close or _facts(mine, other, met.frozen):
            kept[kind] += close
            chosen.append((other, each.score))
    own, *told = met.sentences([mine, *(other for other, _ in chosen)])
    quoted = passages.between(own, told)
    rows = [
        _both_ways(mine, other, score, pairs, met.frozen)
        for (other, score), pairs in zip(chosen, quoted, strict=True)
    ]
    return [row for both in rows for row in both]


def _cases(keys):
    found = Case.objects.standing().select_related("application__organisation", "call")
    return found.defer("search", "files_search").in_bulk([key for key in keys if key])


def _laureates(keys):
    return Laureate.objects.public().select_related("organisation").in_bulk([key for key in keys if key])


def _is_of(laureate, case):
    """Whether a laureate is what became of this very dossier."""
    return isinstance(laureate, Laureate) and isinstance(case, Case) and laureate.case_id == case.pk


def _facts(mine, other, frozen):
    """What both may have funded twice, as the first reads it."""
    if isinstance(mine, Laureate):
        mine, other = other, mine
    content = frozen[mine.submission_id]
    if isinstance(other, Laureate):
        return funding.with_laureate(content, mine.application.organisation, other)
    return funding.between(content, frozen[other.submission_id])


def _both_ways(mine, other, score, quoted, frozen):
    row = {"score": score, "passages": quoted, "double_funding": _facts(mine, other, frozen)}
    swapped = [{"mine": pair["theirs"], "theirs": pair["mine"]} for pair in quoted]
    if isinstance(other, Laureate):
        return [SimilarProject(case=mine, laureate=other, **row)]
    if isinstance(mine, Laureate):
        return [SimilarProject(case=other, laureate=mine, **row | {"passages": swapped})]
    back = row | {"passages": swapped, "double_funding": _facts(other, mine, frozen)}
    return [SimilarProject(case=mine, other=other, **row), SimilarProject(case=other, other=mine, **back)]


def _namesakes(case):
    """The texts of the other dossiers of a carrier, and of those of the very same amounts."""
    same = Q(case__application__organisation=case.application.organisation_id)
    if case.requested_grant and case.total_cost:
        same |= Q(case__requested_grant=case.requested_grant, case__total_cost=case.total_cost)
    found = RadarText.objects.filter(same).exclude(case=case).order_by("-id")
    return list(found.values_list("pk", flat=True)[:NAMESAKES])
