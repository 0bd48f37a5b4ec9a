"""Writing a draft: its identity, its sections, its tables."""

from django.db import transaction
from django.db.models.functions import Now

from applications import rules
from applications.actions.guards import locked_for_writing
from applications.models import Application, Collaborator, SectionAnswers
from applications.tables import TABLES
from calls.models import Call
from journal import actions as journal
from journal import clock
from journal.refusals import Refused, refuse_unless, require


class EditConflict(Refused):
    """A colleague saved the same section meanwhile; `theirs` is what the database now holds."""

    def __init__(self, theirs):
        self.theirs = theirs
        super().__init__("Cette section a été modifiée par quelqu’un d’autre entre-temps.")


@transaction.atomic(durable=True)
def create_application(*, call, organisation, title, by, themes=(), fictitious=False):
    """Begin a draft for a call that is open."""
    return begin(
        call=call, organisation=organisation, title=title, by=by, themes=themes, fictitious=fictitious
    )


@transaction.atomic(durable=True)
def change_identity(application, *, title, themes, by):
    """Rename the project, or change its themes."""
    application = locked_for_writing(application, by)
    application.title = title
    application.save(update_fields=["title"])
    application.themes.set(themes)
    journal.record("application.identity_changed", application, by=by)


@transaction.atomic(durable=True)
def save_section(application, section_key, answers, *, version, by):
    """Keep the answers of a text section, unless a colleague saved it since this person opened it.

    Raises:
        EditConflict: with the row as it now stands; nothing is written, the caller shows both texts.
    """
    application = locked_for_writing(application, by, section_key)
    section = _next_version(application, section_key, version=version, by=by)
    section.answers = answers
    section.save()
    journal.record(
        "application.section_saved", application, by=by, section=section_key, version=section.version
    )
    return section


@transaction.atomic(durable=True)
def set_table(application, kind, lines, *, by, version=None):
    """Replace the lines of a table by a list of values by field; `kind` is that of its section.

    Raises:
        EditConflict: as for a text, unless no version is given, by who did not read the table before.
    """
    section_key = _key_of(application, kind)
    application = locked_for_writing(application, by, section_key)
    rows = getattr(application, TABLES[kind].rows)
    _next_version(application, section_key, version=version, by=by).save()
    rows.all().delete()
    rows.bulk_create(rows.model(application=application, **line) for line in lines)
    journal.record(
        "application.table_set", application, by=by, table=kind, lines=TABLES[kind].lines(application)
    )


# Steps


def begin(*, call, organisation, title, by, themes=(), fictitious=False):
    """A new draft for a call that is open, and its first writer."""
    require(rules.can_apply_for(by, organisation))
    refuse_unless(
        Call.objects.open().filter(pk=call.pk).exists(), "Cet appel n’est pas ouvert aux candidatures."
    )
    round_ = call.rounds.filter(closes_at__gt=Now()).order_by("closes_at").first()
    application = Application.objects.create(
        call=call,
        round=round_,
        form=call.form_versions.first(),
        organisation=organisation,
        title=title,
        created_by=by,
        fictitious=fictitious,
    )
    application.themes.set(themes)
    Collaborator.objects.create(application=application, user=by)
    journal.record("application.created", application, by=by, call=call.code)
    return application


def _next_version(application, section_key, *, version, by):
    """The section's row, one version further and not yet saved, if it is still at the version someone read."""
    section, _ = SectionAnswers.objects.get_or_create(application=application, section_key=section_key)
    if version not in (None, section.version):
        raise EditConflict(section)
    section.version += 1
    section.changed_at, section.changed_by = clock.now(), by
    return section


def _key_of(application, kind):
    return next(section["key"] for section in application.form.sections if section["kind"] == kind)
