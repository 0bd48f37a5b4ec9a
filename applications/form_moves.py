"""What a corrected form did to a dossier, as its writers read it."""

from dataclasses import dataclass

from applications.models import FormMove
from calls.models import Correction


@dataclass(frozen=True)
class Notice:
    """One move, with the public notes that say why; read by `templates/applications/form_moves.html`."""

    move: FormMove
    notes: list

    @property
    def report(self):
        return self.move.report


def notices(application):
    """The moves of a dossier, the last one first."""
    moves = list(application.form_moves.select_related("from_form", "to_form"))
    if not moves:
        return []
    return [Notice(move, list(notes_of(move))) for move in moves]


def notes_of(move):
    """The public notes of the versions that a move went through."""
    return Correction.objects.filter(
        call=move.to_form.call_id,
        form__number__gt=move.from_form.number,
        form__number__lte=move.to_form.number,
    ).order_by("form__number", "id")


def made_conflict(application, section):
    """Whether a section is at the version that the last move gave it: nobody else wrote in it since."""
    move = application.form_moves.first()
    return bool(move) and move.report["versions"].get(section.section_key) == section.version


def unplaced(application, section_key, posted):
    """(label, typed text, the section that now asks it or empty) for what a page open on the former form posts here.

    Args:
        posted: the QueryDict of a section's page, whose questions may since have gone elsewhere or nowhere.
    """
    move = application.form_moves.select_related("from_form").first() if posted else None
    former = move.from_form.section(section_key) if move else None
    if former is None:
        return []
    here = {
        question["key"] for question in (application.form.section(section_key) or {}).get("questions", [])
    }
    homes = {
        question["key"]: section["title"]
        for section in application.form.sections
        for question in section.get("questions", [])
    }
    found = []
    if application.form.section(section_key) is None and (lines := _typed(posted, "form")):
        found.append((former["title"], lines, ""))
    for question in former.get("questions", []):
        if question["key"] in here:
            continue
        typed = _typed(posted, question["key"])
        if typed:
            found.append((question["label"], typed, homes.get(question["key"], "")))
    return found


def _typed(posted, key):
    """All that was typed for a question, whatever its number of fields."""
    names = [name for name in posted if name == key or name.startswith(f"{key}-")]
    hidden = ("TOTAL_FORMS", "INITIAL_FORMS", "MIN_NUM_FORMS", "MAX_NUM_FORMS", "DELETE")
    return "\n".join(
        value
        for name in names
        if not name.endswith(hidden)
        for value in posted.getlist(name)
        if value.strip()
    )
