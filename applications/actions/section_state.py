"""A section of a locked dossier as it stands, in one query. A step: it lives in the caller's transaction."""

from datetime import datetime

from django.db.models import DateTimeField, Exists, Func, OuterRef, Subquery
from django.db.models.functions import JSONObject

from applications.models import Application, Clarification, SectionAnswers, SectionVersion, Submission
from calls.models import FormVersion


class StatementTime(Func):
    """The time at which the database starts the statement: see `journal.clock.now`."""

    template, output_field = "statement_timestamp()", DateTimeField()


class SectionState:
    """What a writing must know: the section's row, not yet in the database if nobody wrote in it, and its last version.

    `at` is the database's time, `filed` whether the dossier ever was, `outdated` whether its form was corrected since,
    `clarification` what the secretariat asks for now, if it does.
    Ask for it once the dossier is locked: a statement that waits for its lock sees what was there before it waited.
    """

    def __init__(self, application, section_key, found):
        self.at, self.filed = found["at"], found["was_filed"]
        self.outdated = found["last_form"] != application.form_id
        self.section = SectionAnswers(application=application, section_key=section_key, **_row(found["row"]))
        self.latest = SectionVersion(**_row(found["latest"])) if found["latest"] else None
        self.clarification = Clarification(**_row(found["asked"])) if found["asked"] else None


def section_state(application, section_key):
    """The state of one section of a dossier."""
    of_section = {"application": OuterRef("pk"), "section_key": section_key}
    row = SectionAnswers.objects.filter(**of_section).values(
        json=JSONObject(
            pk="pk",
            answers="answers",
            version="version",
            changed_at="changed_at",
            changed_by_id="changed_by",
            owner_id="owner",
        )
    )
    latest = SectionVersion.objects.filter(**of_section, kept=True).values(
        json=JSONObject(pk="pk", content="content", begun_at="begun_at", saved_by_id="saved_by")
    )
    asked = Clarification.objects.open().filter(application=OuterRef("pk"))
    forms = FormVersion.objects.filter(call=OuterRef("call")).order_by("-number")
    found = Application.objects.filter(pk=application.pk).values(
        at=StatementTime(),
        was_filed=Exists(Submission.objects.filter(application=OuterRef("pk"))),
        last_form=Subquery(forms.values("pk")[:1]),
        row=Subquery(row[:1]),
        latest=Subquery(latest[:1]),
        asked=Subquery(asked.values(json=JSONObject(sections="sections", due_at="due_at"))[:1]),
    )
    return SectionState(application, section_key, found.get())


def _row(found):
    """The values of a row, its times made of their text."""
    return {
        name: datetime.fromisoformat(value) if name.endswith("_at") and value else value
        for name, value in (found or {}).items()
    }
