"""The radar's work: reading what stands, then comparing each text with the others. The worker alone runs it.

Closeness goes both ways, so that comparing a text also writes what it is to the others: the earlier dossiers then
learn of the later ones without being compared again.
"""

from collections import Counter

from django.db import transaction
from django.db.models import CharField, F, Q, Value
from django.db.models.functions import MD5, Concat

from journal import clock
from selection.models import Case, Laureate, RadarText, RadarWord, SimilarProject
from selection.radar import closeness, funding, passages, texts

KEPT = 10  # of each kind: dossiers of the same fund, of others, laureates
NAMESAKES = 20  # of the same carrier or of the same amounts, compared however far their words are
DRIFT = 0.1  # the words are counted again when there are so many more texts, or fewer


@transaction.atomic(durable=True)
def read_next():
    """Read the next project that the radar does not know as it stands, and say whether there was one."""
    stale = Q(radar_text=None) | ~Q(radar_text__submission=F("submission"))
    case = _unlocked(Case.objects.standing().filter(stale, submission__isnull=False))
    if case:
        said = texts.whole(*texts.of_content(case.submission.content))
        _keep({"case": case}, said, submission=case.submission)
        return True
    laureate = _unlocked(
        Laureate.objects.public()
        .annotate(said=MD5(Concat("name", Value("\n"), "summary", output_field=CharField())))
        .filter(Q(radar_text=None) | ~Q(radar_text__read_from=F("said")))
    )
    if laureate:
        _keep({"laureate": laureate}, texts.whole(*texts.of_laureate(laureate)), read_from=laureate.said)
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
def compare_next():
    """Find what is close to the next text, both ways, and say whether there was one."""
    waiting = RadarText.objects.filter(compared_at=None).select_related(
        "case__application__organisation", "case__submission", "case__call", "laureate__organisation"
    )
    text = waiting.select_for_update(of=["self"], skip_locked=True).order_by("id").first()
    if text is None:
        return False
    SimilarProject.objects.filter(
        Q(case=text.case_id) | Q(other=text.case_id) if text.case_id else Q(laureate=text.laureate_id)
    ).delete()
    SimilarProject.objects.bulk_create(_similar(text))
    text.compared_at = clock.now()
    text.save(update_fields=["compared_at"])
    return True


# Steps


def _unlocked(rows):
    """The first of these rows that no other worker holds."""
    return rows.select_for_update(of=["self"], skip_locked=True, no_key=True).order_by("pk").first()


def _keep(of, said, **read):
    RadarText.objects.update_or_create(
        **of, defaults={"words": closeness.words_of(said), "compared_at": None, **read}
    )


def _similar(text):
    """The rows that say what is close to a text: its own, and those of the others."""
    mine = text.case or text.laureate
    near = closeness.closest(
        text.words,
        own=text.pk,
        laureates=text.laureate is None,
        also=_namesakes(text.case) if text.case else (),
    )
    others = {
        "case": _cases([each.case for each in near]),
        "laureate": _laureates([each.laureate for each in near]),
    }
    kept, chosen = Counter(), []
    for each in near:
        other = others["case"].get(each.case) or others["laureate"].get(each.laureate)
        if other is None or _is_of(other, mine) or _is_of(mine, other):
            continue
        kind = (each.case is None, text.case is not None and each.fund == text.case.call.fund_id)
        close = each.score >= closeness.CLOSE and kept[kind] < KEPT
        if close or _facts(mine, other):
            kept[kind] += close
            chosen.append((other, each.score))
    quoted = passages.between(_sentences(mine), [_sentences(other) for other, _ in chosen])
    rows = [
        _both_ways(mine, other, score, pairs) for (other, score), pairs in zip(chosen, quoted, strict=True)
    ]
    return [row for both in rows for row in both]


def _cases(keys):
    found = Case.objects.standing().select_related("submission", "application__organisation", "call")
    return found.in_bulk([key for key in keys if key])


def _laureates(keys):
    return Laureate.objects.public().select_related("organisation").in_bulk([key for key in keys if key])


def _is_of(laureate, case):
    """Whether a laureate is what became of this very dossier."""
    return isinstance(laureate, Laureate) and isinstance(case, Case) and laureate.case_id == case.pk


def _sentences(thing):
    if isinstance(thing, Laureate):
        return texts.sentences(*texts.of_laureate(thing))
    return texts.sentences(*texts.of_content(thing.submission.content))


def _facts(mine, other):
    """What both may have funded twice, as the first reads it."""
    if isinstance(mine, Laureate):
        mine, other = other, mine
    if isinstance(other, Laureate):
        return funding.with_laureate(mine.submission.content, mine.application.organisation, other)
    return funding.between(mine.submission.content, other.submission.content)


def _both_ways(mine, other, score, quoted):
    row = {"score": score, "passages": quoted, "double_funding": _facts(mine, other)}
    swapped = [{"mine": pair["theirs"], "theirs": pair["mine"]} for pair in quoted]
    if isinstance(other, Laureate):
        return [SimilarProject(case=mine, laureate=other, **row)]
    if isinstance(mine, Laureate):
        return [SimilarProject(case=other, laureate=mine, **row | {"passages": swapped})]
    back = row | {"passages": swapped, "double_funding": _facts(other, mine)}
    return [SimilarProject(case=mine, other=other, **row), SimilarProject(case=other, other=mine, **back)]


def _namesakes(case):
    """The texts of the other dossiers of a carrier, and of those of the very same amounts."""
    same = Q(case__application__organisation=case.application.organisation_id)
    if case.requested_grant and case.total_cost:
        same |= Q(case__requested_grant=case.requested_grant, case__total_cost=case.total_cost)
    found = RadarText.objects.filter(same).exclude(case=case).order_by("-id")
    return list(found.values_list("pk", flat=True)[:NAMESAKES])
