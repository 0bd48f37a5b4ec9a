"""What an announcement shows, before its minute and after: its figures, its pictures, its laureates.

The public page and a preview are made of the same; only the addresses of pictures and of the press kit differ.
"""

from django.urls import reverse

from selection.figures import sum_text, tally_of
from selection.models import LaureateChange

# key → what it counts; the secretariat chooses among them, in this order
FIGURES = {
    "laureates": "Nombre de lauréats",
    "granted": "Subventions accordées",
    "ministries": "Nombre de ministères",
    "themes": "Nombre de thèmes",
    "cost": "Coût total des projets",
    "savings": "Économies attendues",
}
DEFAULT = ["laureates", "granted"]


def figures(announcement, laureates):
    """(value, label) of each figure that was chosen, of these laureates; a sum of unknown amounts says so."""
    made = {
        "laureates": lambda: _counted(len(laureates), "Lauréat"),
        "granted": lambda: _granted(laureates),
        "ministries": lambda: _known({each.ministry for each in laureates if each.ministry}, "Ministère"),
        "themes": lambda: _known({theme for each in laureates for theme in each.themes.all()}, "Thème"),
        "cost": lambda: _sum([each.total_cost for each in laureates], "Coût total des projets"),
        "savings": lambda: _sum([each.expected_savings for each in laureates], "Économies attendues"),
    }
    chosen = announcement.figures or DEFAULT
    return [made[key]() for key in FIGURES if key in chosen]


def pictures_of(laureate):
    """The pictures of a laureate's own page, which obeys the embargo of its announcement."""
    if laureate.announcement is None:
        return []
    pictures = list(laureate.pictures.filter(published=True).select_related("file"))
    for picture in pictures:
        picture.url = address_of(laureate.announcement, picture)
    return pictures


def shown(announcement, *, preview=""):
    """All that a page of an announcement shows; under a preview, `preview` is what its link ends with."""
    listed = announcement.laureates.listed().with_changes()
    laureates = list(listed.prefetch_related("themes"))
    counted = [each for each in laureates if each.withdrew_on is None]
    pictures = list(announcement.pictures.filter(published=True).select_related("file"))
    for picture in pictures:
        picture.url = address_of(announcement, picture, preview=preview)
    for laureate in laureates:
        laureate.shown_pictures = [each for each in pictures if each.laureate_id == laureate.pk]
    return {
        "announcement": announcement,
        "laureates": laureates,
        "counted": counted,
        "changes": changes_of(announcement),
        "figures": figures(announcement, counted),
        "pictures": [each for each in pictures if each.laureate_id is None],
    }


def changes_of(announcement):
    """What changed of its laureates since, as it was told, the last first."""
    return list(
        LaureateChange.objects.told().filter(laureate__announcement=announcement).select_related("laureate")
    )


def address_of(announcement, picture, *, preview=""):
    """Where a picture is shown; under a preview, `preview` is what its link ends with."""
    if preview:
        return reverse("selection:preview_picture", args=[preview, picture.key])
    return reverse("selection:announcement_picture", args=[announcement.slug, picture.key])


def _granted(laureates):
    whole = tally_of(laureates)
    notes = filter(None, ["Subventions", whole.unknown_text, whole.press_text])
    return whole.granted_text, ", ".join(notes)


def _counted(number, word):
    return str(number), word if number < 2 else f"{word}s"


def _known(found, word):
    """How many are known; when none is, their number is not zero."""
    return _counted(len(found), word) if found else ("non communiqué", f"{word}s")


def _sum(amounts, label):
    known = [each for each in amounts if each is not None]
    missing = len(amounts) - len(known)
    text = sum_text(sum(known) if known else None, is_minimum=missing, is_about=False)
    unknown = f", dont {missing} non communiqué{'s' if missing > 1 else ''}" if missing and known else ""
    return text, label + unknown
