"""Drafts follow the form of their call when it is corrected. News travels by pull: the call knows nothing of them.

A dossier moves in the minute that follows (`applications.tasks`), or as soon as someone writes in it. What is filed
stays as it was filed.
"""

import logging

from django.db import transaction
from django.db.models import F, OuterRef, Subquery

from accounts.actions.notices import tell
from accounts.models import NoticePreference
from applications import emails
from applications.lifecycle import UNFILED
from applications.models import Application, FormMove, SectionAnswers
from calls.models import FormVersion
from calls.questionnaire import moving
from journal import actions as journal
from journal.refusals import Refused

logger = logging.getLogger(__name__)


class FormCorrected(Refused):
    """The form was corrected at the very instant of a writing; nothing is written, who writes looks again."""

    def __init__(self):
        super().__init__(
            "Le formulaire de cet appel vient d’être corrigé. Revenez à la page précédente : votre texte y est encore."
            " Copiez-le, puis rouvrez le dossier, qui passe au nouveau formulaire avec tout ce qui y a une place."
        )


@transaction.atomic(durable=True)
def follow_form(application):
    """Take a dossier to the last form of its call, if it is not filed and not there yet."""
    application = Application.objects.locked(application)
    if application.state in UNFILED:
        move_to(application, current_form(application))


@transaction.atomic(durable=True)
def follow_next(*, after=0):
    """Take the next dossier that a correction left behind to the new form; return its row's key, or None at the end.

    Two workers never take the same; a faulty one stops nobody, and is tried again at the next round.
    """
    last = FormVersion.objects.filter(call=OuterRef("call")).order_by("-number").values("pk")[:1]
    behind = (
        Application.objects.unfiled()
        .filter(pk__gt=after)
        .annotate(last_form=Subquery(last))
        .exclude(form=F("last_form"))
        .order_by("pk")
    )
    application = behind.select_for_update(of=["self"], skip_locked=True).first()
    if application is None:
        return None
    try:
        with transaction.atomic():
            move_to(application, current_form(application))
    except Exception:
        logger.exception("application %s could not be taken to the new form", application.pk)
    return application.pk


# Steps


def current_form(application):
    return FormVersion.objects.filter(call=application.call_id).order_by("-number").first()


def refuse_outdated(application):
    """Stop who would write in a locked dossier under a form that is no longer its call's."""
    if application.form_id != current_form(application).pk:
        raise FormCorrected


def move_to(application, form, *, by=None):
    """Take a locked, unfiled dossier to another form of its call, and tell those who write it.

    Every answer whose question still exists and that it still takes goes along; the others are kept word for word in
    the `FormMove`. The sections that changed get a new version, so that a page open on the old form meets a conflict
    and not a silence. Tables and files are left as they are.
    """
    if application.form_id == form.pk:
        return None
    old, rows = application.form, {row.section_key: row for row in application.sections.all()}
    result = moving.moved(old.definition, form.definition, {key: row.answers for key, row in rows.items()})
    versions = {}
    for key in sorted(result.changed):
        row = rows.get(key) or SectionAnswers(application=application, section_key=key)
        row.answers = result.answers.get(key, {})
        row.version += 1
        row.save()
        versions[key] = row.version
    application.form = form
    application.save(update_fields=["form"])
    report = {
        "moved": result.moved,
        "asked": result.asked,
        "set_aside": result.set_aside,
        "versions": versions,
        **_unasked(application, old, form),
    }
    move = FormMove.objects.create(application=application, from_form=old, to_form=form, report=report)
    journal.record(
        "application.form_moved",
        application,
        by=by,
        before=old.number,
        after=form.number,
        set_aside=[each["key"] for each in result.set_aside],
    )
    tell(NoticePreference.Kind.TEAM, emails.form_moved(application, move))
    return move


def _unasked(application, old, form):
    """The tables and the files that the new form no longer asks for: they are kept, and told."""
    kinds = {section["kind"] for section in form.sections}
    questions = {
        question["key"]: question
        for section in form.sections
        for question in section.get("questions", [])
        if question.get("type") == "files"
    }
    files = application.attachments.exclude(question_key="").exclude(question_key__in=questions)
    return {
        "tables": [
            section["title"]
            for section in old.sections
            if section["kind"] not in kinds and section["kind"] not in ("text", "state_of_play")
        ],
        "files": [{"pk": each.pk, "name": each.name} for each in files],
    }
