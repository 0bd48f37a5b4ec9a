"""The files of a press kit: those of what its announcement says now, and no other."""

from django.urls import reverse

from documents.models import ProducedDocument
from selection.press_kit.keys import KINDS, key_of, keys_of

LABELS = {"pdf": "Dossier de presse (PDF)", "zip": "Dossier de presse et pièces (ZIP)"}


def files_of(announcements):
    """The files of the press kit of each announcement, by its number: {"pdf": document or None, "zip": the same}."""
    keys = keys_of(announcements)
    found = {
        name: ProducedDocument.objects.latest_of_each(kind, list(keys.values()))
        for name, kind in KINDS.items()
    }
    return {pk: {name: found[name].get(key) for name in KINDS} for pk, key in keys.items()}


def file_of(announcement, name):
    """One file of the press kit of an announcement, whatever its state, or None."""
    return ProducedDocument.objects.latest(KINDS[name], key_of(announcement))


def shown_files(announcement, *, preview=""):
    """The files as a page shows them; under a preview, `preview` is what its link ends with."""
    place, under = (
        ("selection:preview_press_kit", preview) if preview else ("selection:press_kit", announcement.slug)
    )
    return [
        {
            "label": LABELS[name],
            "document": document,
            "poll_url": "" if preview else reverse(f"{place}_{name}_progress", args=[under]),
            "download_url": reverse(f"{place}_{name}", args=[under]),
        }
        for name, document in files_of([announcement])[announcement.pk].items()
    ]
