"""A press kit is known by what its announcement says: once that changes, the kit made before is nobody's any more.

So none has to be taken back, and no process has to run at the minute: a page looks for the kit of what it shows.
"""

import hashlib
import json

from selection.models import AnnouncementPicture, Laureate

# How the address of a file ends → the kind of document that it is.
KINDS = {"pdf": "selection.press_kit", "zip": "selection.press_kit_archive"}

ANNOUNCEMENT = ("title", "introduction", "quotes", "contacts", "figures", "fictitious")
LAUREATE = (
    "slug",
    "name",
    "carrier",
    "ministry",
    "year",
    "short_text",
    "summary",
    "contact",
    "amount",
    "amount_qualifier",
    "partners",
    "location",
    "total_cost",
    "expected_savings",
    "duration_months",
    "links",
    "facts",
    "fictitious",
    "sources",
)
PICTURE = ("laureate_id", "key", "alternative", "credit", "file__sha256")


def key_of(announcement):
    """The key of the press kit of an announcement as it stands."""
    return keys_of([announcement])[announcement.pk]


def keys_of(announcements):
    """The key of the press kit of each announcement, by its number, in a few queries however many they are."""
    said = {each.pk: [[getattr(each, name) for name in ANNOUNCEMENT]] for each in announcements}
    laureates = Laureate.objects.named_at_first().filter(announcement__in=said).order_by("pk")
    laureates = laureates.prefetch_related("themes")
    for laureate in laureates.only("announcement", *LAUREATE):
        themes = sorted(theme.label for theme in laureate.themes.all())
        said[laureate.announcement_id].append([*(getattr(laureate, name) for name in LAUREATE), themes])
    pictures = AnnouncementPicture.objects.filter(announcement__in=said, published=True).order_by("pk")
    for announcement, *picture in pictures.values_list("announcement", *PICTURE):
        said[announcement].append(picture)
    return {pk: f"{pk}/{_digest(rows)}" for pk, rows in said.items()}


def _digest(rows):
    return hashlib.sha256(json.dumps(rows, default=str, sort_keys=True).encode()).hexdigest()[:16]
