"""Telling of documents that could not be made, to those who can do something about it."""

from datetime import timedelta

from django.db import transaction

from documents import emails, failures
from documents.models import ProducedDocument
from journal import actions as journal
from journal import clock

AT_ONCE = 500
AGAIN = timedelta(days=1)  # the same document that fails again within it is not told of twice


@transaction.atomic(durable=True)
def tell_failures():
    """Write once to each person concerned by what failed since the last time, however many documents that is."""
    failed = ProducedDocument.objects.failed().filter(told_at=None)
    failed = list(failed.select_for_update(skip_locked=True, no_key=True).order_by("pk")[:AT_ONCE])
    known = _told_lately(failed)
    told = {}
    for document, concern in failures.concerning([each for each in failed if _subject(each) not in known]):
        for person in concern.people:
            told.setdefault(person, []).append((document, concern))
    ProducedDocument.objects.filter(pk__in=[each.pk for each in failed]).update(told_at=clock.now())
    journal.post(*(emails.documents_failed(person, theirs) for person, theirs in told.items()))


def _subject(document):
    return document.kind, document.subject_key


def _told_lately(documents):
    """The subjects, of these documents, of which an earlier failure was told not long ago."""
    keys = [each.subject_key for each in documents]
    told = ProducedDocument.objects.filter(subject_key__in=keys, told_at__gt=clock.now() - AGAIN)
    return set(told.values_list("kind", "subject_key"))
