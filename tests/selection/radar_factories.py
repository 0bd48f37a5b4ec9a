"""Dossiers that say something, so that the radar has something to compare."""

from applications.actions import file_application
from applications.models import SectionAnswers
from selection.models import Case
from tests.factories import certifier_of, complete_draft


def case_saying(text, *, title="Projet sans titre", **fields):
    """A filed dossier whose every answer is a text."""
    application = complete_draft(title=title, **fields)
    for section in SectionAnswers.objects.filter(application=application):
        section.answers = dict.fromkeys(section.answers, "") | {next(iter(section.answers)): text}
        section.answers = {key: said or "Sans objet." for key, said in section.answers.items()}
        section.save()
    file_application(application, by=certifier_of(application.organisation))
    return Case.objects.get(application=application)
