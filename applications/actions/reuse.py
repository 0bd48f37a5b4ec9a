"""Beginning a dossier from an earlier one, or from a file."""

from django.db import transaction

from applications import rules, transfer
from applications.actions.writing import begin
from applications.models import Attachment, FormMove, SectionAnswers
from applications.tables import TABLES
from journal import actions as journal
from journal import clock
from journal.refusals import require


@transaction.atomic(durable=True)
def clone(source, *, call, by):
    """Begin a draft for an open call with what a dossier of the same body says, whatever became of it."""
    require(rules.can_copy(by, source))
    content = transfer.content_of(source)
    application = _begin_with(
        content, call=call, organisation=source.organisation, by=by, fictitious=source.fictitious
    )
    application.copied_from = source
    application.save(update_fields=["copied_from"])
    _fill(application, content, from_form=source.form, by=by)
    journal.record("application.copied", application, by=by, source=source.key)
    return application


@transaction.atomic(durable=True)
def import_dossier(content, *, call, organisation, by):
    """Begin a draft for an open call with what a file says."""
    application = _begin_with(content, call=call, organisation=organisation, by=by)
    _fill(application, content, from_form=application.form, by=by)
    journal.record("application.imported", application, by=by)
    return application


# Steps


def _begin_with(content, *, call, organisation, by, fictitious=False):
    themes = call.themes.filter(slug__in=content.themes)
    return begin(
        call=call, organisation=organisation, title=content.title, by=by, themes=themes, fictitious=fictitious
    )


def _fill(application, content, *, from_form, by):
    """Write in a new draft what has a place in its form, and keep the rest in its `FormMove`, with all lines."""
    placed, now = transfer.placed(content, application.form), clock.now()
    by_kind = {section["kind"]: section["key"] for section in application.form.sections}
    written = dict(placed.answers)
    for kind, lines in placed.lines.items():
        rows = getattr(application, TABLES[kind].rows)
        rows.bulk_create(rows.model(application=application, **line) for line in lines)
        if lines and kind in by_kind:
            written.setdefault(by_kind[kind], {})
    SectionAnswers.objects.bulk_create(
        SectionAnswers(
            application=application,
            section_key=key,
            answers=answers,
            version=1,
            changed_at=now,
            changed_by=by,
        )
        for key, answers in written.items()
    )
    Attachment.objects.bulk_create(
        Attachment(
            application=application,
            question_key=each["question"],
            file=each["file"],
            name=each["name"],
            description=each["description"],
            position=position,
            added_by=by,
        )
        for position, each in enumerate(placed.files)
    )
    FormMove.objects.create(
        application=application, from_form=from_form, to_form=application.form, report=placed.report
    )
