"""What a corrected form did to a dossier, as its writers read it."""

import re
from dataclasses import dataclass

from applications.models import FormMove
from calls.models import Correction
from calls.questionnaire.types import type_of

GONE, CHANGED = "n’est plus demandé", "se répond désormais autrement"


@dataclass(frozen=True)
class Notice:
    """One move, with the public notes that say why; read by `templates/applications/form_moves.html`."""

    move: FormMove
    notes: list

    @property
    def report(self):
        return self.move.report

    @property
    def untold(self):
        """The new questions that the public notes do not name already."""
        told = " ".join(note.text for note in self.notes)
        return [label for label in self.report["asked"] if f"« {label} »" not in told]

    @property
    def copied(self):
        """Whether it was no correction: the dossier began with what another one, or a file, says."""
        return self.report.get("copied", False)

    @property
    def to_fill(self):
        """The sections that hold the new questions, as they stand in the version the dossier came to."""
        asked = set(self.report["asked"])
        return [
            section
            for section in self.move.to_form.sections
            if asked & {question["label"] for question in section.get("questions", [])}
        ]


def notices(application):
    """The moves of a dossier, the last one first."""
    moves = list(application.form_moves.select_related("from_form", "to_form"))
    if not moves:
        return []
    return [Notice(move, list(notes_of(move))) for move in moves]


def notes_of(move):
    """The public notes of the versions that a move went through; a dossier that was copied went through none."""
    if move.report.get("copied"):
        return Correction.objects.none()
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
    """(label, typed text, what became of the question) for what a page open on the former form posts and has no field.

    Args:
        posted: the QueryDict of a section's page, whose questions may since have changed, moved or gone.
    """
    move = application.form_moves.select_related("from_form").first() if posted else None
    former = move.from_form.section(section_key) if move and not move.report.get("copied") else None
    if former is None:
        return []
    homes = {
        question["key"]: (section, question)
        for section in application.form.sections
        for question in section.get("questions", [])
    }
    found = []
    if application.form.section(section_key) is None and (lines := _lines(posted, "form")):
        found.append((former["title"], lines, GONE))
    for question in former.get("questions", []):
        section, now = homes.get(question["key"], (None, None))
        if now and section["key"] == section_key and _has_the_same_fields(question, now):
            continue
        typed = _typed(posted, question)
        if typed and typed not in _kept(application, move, question):
            found.append((question["label"], typed, _fate(section, section_key)))
    return found


def _fate(section, section_key):
    if section is None:
        return GONE
    return CHANGED if section["key"] == section_key else f"désormais dans « {section['title']} »"


def _has_the_same_fields(question, now):
    columns, left = ({each["key"] for each in every.get("columns") or []} for every in (question, now))
    return question.get("type", "long_text") == now.get("type", "long_text") and columns <= left


def _kept(application, move, question):
    """What the dossier still holds of a question, in its answers or set aside, as one types it."""
    key = question["key"]
    answers = [row.answers[key] for row in application.sections.all() if key in row.answers]
    answers += [each["answer"] for each in move.report["set_aside"] if each["key"] == key]
    return [_joined(map(str, type_of(question).typed(answer).values())) for answer in answers]


def _typed(posted, question):
    """All that was typed for a question, whatever its number of fields."""
    key = question["key"]
    if question.get("type") == "rows":
        return _lines(posted, key)
    names = [f"{key}-{suffix}" if suffix else key for suffix in type_of(question).fields(question)]
    return _joined(value for name in names for value in posted.getlist(name))


def _lines(posted, prefix):
    """All that was typed in the rows of a formset."""
    cell = re.compile(rf"{re.escape(prefix)}-\d+-(?!DELETE$)")
    return _joined(value for name in posted if cell.match(name) for value in posted.getlist(name))


def _joined(values):
    """Several fields as one text, however the browser ends its lines."""
    return "\n".join("\n".join(value.splitlines()) for value in values if value.strip())
