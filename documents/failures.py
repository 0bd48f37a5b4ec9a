"""What could not be made: what it is, and who can do something about it, as its own app tells."""

from documents.models import ProducedDocument
from documents.produced import concerns

AT_MOST = 200  # that are looked at for a page


def concerning(documents):
    """(document, its concern) of those whose app still knows the subject, in the same order."""
    keys = {}
    for document in documents:
        keys.setdefault(document.kind, set()).add(document.subject_key)
    known = {kind: concerns[kind](kind, sorted(wanted)) for kind, wanted in keys.items() if kind in concerns}
    rows = [(each, known.get(each.kind, {}).get(each.subject_key)) for each in documents]
    return [(document, concern) for document, concern in rows if concern]


def label_of(document):
    """What a document is, in a few words."""
    for _, concern in concerning([document]):
        return concern.label
    return "Une pièce"


def failures_of(user):
    """(document, its concern) of the failures that someone can do something about, the last first."""
    failed = ProducedDocument.objects.failed().order_by("-done_at", "-pk")[:AT_MOST]
    return [(document, concern) for document, concern in concerning(failed) if user in concern.people]
