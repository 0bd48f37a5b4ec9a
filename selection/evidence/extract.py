"""The journal of a session, with the links of its chain: every entry on it in full, of the others their link alone.

A link is the hash of an entry and of the link before it. Between two entries of the session stand those of others,
whose words are nobody's here: only their links are given, so that this extract fits in the whole chain, and in any
other extract of it, link by link.
"""

from django.db.models import CharField
from django.db.models.functions import Cast

from applications.models import Application, Recusal
from journal.models import Entry, Seal
from selection.models import (
    Attendance,
    Ballot,
    CommitteeBook,
    CommitteeSession,
    ConflictDeclaration,
    Minutes,
    MinutesSignature,
    Scenario,
    Scorecard,
    SessionDocument,
    SessionStatement,
    Vote,
)

# Of the making of this very file, which the next making must not find.
LEFT_OUT = ["session.evidence_asked", "session.evidence_handed_out"]
# Of a scenario, what the committee was shown of it: what it asks tells what is left of the envelope.
SHOWN = ["scenario.presented", "scenario.put_away"]
LINKS_A_LINE = 200


def entries_of(session):
    """The numbers of the entries on a session and on all that belongs to it: agenda, cards, ballots, recusals…"""
    applications = session.items.values("case__application")
    recused = Recusal.objects.filter(application__in=applications).values("application")
    return set().union(
        *_on(CommitteeSession.objects.filter(pk=session.pk)),
        *_on(session.items.all()),
        *_on(SessionDocument.objects.filter(session=session)),
        *_on(Attendance.objects.filter(session=session)),
        *_on(SessionStatement.objects.filter(session=session)),
        *_on(CommitteeBook.objects.filter(session=session)),
        *_on(Scorecard.objects.filter(item__session=session)),
        *_on(Vote.objects.filter(item__session=session)),
        *_on(Ballot.objects.filter(vote__item__session=session)),
        *_on(Scenario.objects.filter(session=session), event__in=SHOWN),
        *_on(Minutes.objects.filter(session=session)),
        *_on(MinutesSignature.objects.filter(minutes__session=session)),
        *_on(ConflictDeclaration.objects.filter(application__in=applications)),
        *_on(Application.objects.filter(pk__in=recused), event="application.recused"),
    )


def _on(rows, **only):
    """The entries on these rows, in a query of its own, which has an index."""
    keys = rows.order_by().values(as_text=Cast("pk", CharField()))
    found = Entry.objects.filter(subject_type=rows.model._meta.label_lower, subject_id__in=keys, **only)
    yield found.exclude(event__in=LEFT_OUT).values_list("pk", flat=True)


def lines(pks):
    """The extract, line by line, from the first of these entries to the last; a link at a time is in memory."""
    ends = Seal.objects.filter(entry__in=pks).order_by("id").values_list("id", flat=True)
    first, last = ends.first(), ends.last()
    if first is None:
        return
    others = []
    chain = Seal.objects.filter(id__range=(first, last)).order_by("id")
    for block in _blocks(
        chain.values_list("entry_id", "previous_sha256", "sha256").iterator(chunk_size=2000)
    ):
        asked = [pk for pk, _, _ in block if pk in pks]
        known = Entry.objects.select_related("details").in_bulk(asked)
        for pk, previous, sha256 in block:
            if pk not in known:
                others.append(sha256)
                continue
            yield from _elsewhere(others)
            others = []
            yield _line(known[pk], previous, sha256)


def _blocks(rows, size=500):
    block = []
    for row in rows:
        block.append(row)
        if len(block) == size:
            yield block
            block = []
    if block:
        yield block


def _elsewhere(links):
    for start in range(0, len(links), LINKS_A_LINE):
        yield {"ailleurs": links[start : start + LINKS_A_LINE]}


def _line(entry, previous, sha256):
    details = getattr(entry, "details", None)
    return {
        "ecriture": entry.pk,
        "le": entry.at.isoformat(timespec="microseconds"),
        "evenement": entry.event,
        "acteur": entry.actor_id,
        "objet": entry.subject_type,
        "objet_numero": entry.subject_id,
        "detail": details and details.content,
        "sel": details and details.salt,
        "detail_sha256": entry.details_sha256,
        "maillon_precedent": previous,
        "maillon": sha256,
    }


def actors_of(pks):
    """The numbers of who wrote these entries, or is named in them."""
    return set(Entry.objects.filter(pk__in=pks, actor_id__isnull=False).values_list("actor_id", flat=True))


def grew_since(session, moment):
    """Whether the journal of a session has entries after a moment."""
    return Entry.objects.filter(pk__in=entries_of(session), at__gt=moment).exists()
