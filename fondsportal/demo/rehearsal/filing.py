"""From the call's publication to its deadline: the call opens now, and really closes a few seconds after the last
filing. No clock is faked: the deadline is postponed, as the portal allows, until everyone has filed.
"""

import time
from datetime import timedelta

from django.core.exceptions import PermissionDenied

from applications import actions as applications
from calls.actions import preparation as calls
from calls.actions import publication
from calls.models import Call, CallDocument, closing_day
from calls.questionnaire.definition import default_definition
from documents import storage
from fondsportal.demo import specifications
from fondsportal.demo.facts import CRITERIA, read
from fondsportal.demo.rehearsal import names
from fondsportal.demo.rehearsal.cast import REAL_CALL, THRESHOLD
from journal import clock
from journal.refusals import Refused

WEIGHTS = (30, 25, 25, 20)
# Seconds: the deadline first published; how near it may come; how far ahead it is put at most while people write.
FIRST, NEAR, AHEAD = 6, 3, 6


class Deadline:
    """The call's deadline, held a little after what remains to be done at the pace seen so far."""

    def __init__(self, round_, *, by):
        self.round, self.by = round_, by
        self.postponements = 0

    @property
    def left(self):
        """Seconds before it passes, by the database's clock."""
        return (self.round.closes_at - clock.now()).total_seconds()

    def hold(self, seconds):
        """Postpone it when it is near, far enough for `seconds` of work."""
        if self.left < NEAR:
            closes_at = clock.now() + timedelta(seconds=NEAR + max(2, round(seconds)))
            calls.postpone_deadline(self.round, closes_at=closes_at, by=self.by)
            self.round.refresh_from_db()
            self.postponements += 1

    def wait(self):
        """Let it pass."""
        while (left := self.left) > 0:
            time.sleep(min(left + 0.05, 1))


def publish_call(setting):
    """Prepare and publish the copy of the real call; return it, and whether its preparer was kept from publishing."""
    [fact] = [fact for fact in read("calls") if fact["id"] == REAL_CALL]
    now, officer = clock.now(), setting.officers[0]
    call = calls.prepare_call(
        fund=setting.fund,
        by=officer,
        code=f"{REAL_CALL}-r{setting.number}".upper(),
        title=fact["label"],
        summary="Répétition du premier appel du fonds, à sa taille réelle. Le contenu des dossiers est fictif.",
        opens_at=now,
        closes_at=now + timedelta(seconds=FIRST),
        committee_on=closing_day(now + timedelta(seconds=FIRST)),
        announced_on=closing_day(now + timedelta(seconds=FIRST)),
        threshold=THRESHOLD,
        threshold_base=Call.Base.GRANT,
        cofinancing_required=True,
        contact_email=officer.email,
        fictitious=True,
        themes=setting.themes.values(),
        form=default_definition(),
    )
    calls.set_criteria(
        call,
        [
            {"label": label, "weight": weight, "guidance": ""}
            for label, weight in zip(CRITERIA, WEIGHTS, strict=True)
        ],
        by=officer,
    )
    file = storage.store([specifications.pdf(call)], content_type="application/pdf")
    calls.add_document(
        call,
        kind=CallDocument.Kind.SPECIFICATIONS,
        title="Cahier des charges (fictif)",
        file=file,
        name="cahier-des-charges-fictif.pdf",
        by=officer,
    )
    publication.submit_call(call, by=officer)
    alone = _is_forbidden(publication.publish_call, call, by=officer)
    return publication.publish_call(call, by=setting.head), alone


def write_draft(setting, call, project):
    """What the carrier's agent does: create the dossier, fill every section, ask for the visa."""
    slug = project.carrier.slug
    writer, certifier = setting.writers[slug], setting.certifiers[slug]
    application = applications.create_application(
        call=call,
        organisation=setting.organisations[slug],
        title=project.title,
        themes=[setting.themes[theme] for theme in project.themes],
        fictitious=True,
        by=writer,
    )
    for section, answers in project.answers.items():
        applications.save_section(application, section, answers, version=0, by=writer)
    applications.set_table(application, "financing", project.financing, by=writer)
    applications.set_table(application, "savings", project.savings, by=writer)
    applications.ask_for_visa(application, by=writer)
    if project.returned:
        applications.return_to_writers(application, remarks=names.REMARKS, by=certifier)
        team = project.answers["gouvernance"]
        applications.save_section(application, "gouvernance", team, version=1, by=writer)
        applications.ask_for_visa(application, by=writer)
    return application


def write_drafts(setting, call, projects, deadline, stage):
    """Everyone writes; {title: application}."""
    drafts, started = {}, time.monotonic()
    for done, project in enumerate(projects):
        pace = (time.monotonic() - started) / done if done else 1
        deadline.hold(min(AHEAD, pace * (len(projects) - done)))
        drafts[project.title] = write_draft(setting, call, project)
        stage.step()
    return drafts


def file_all(setting, projects, drafts, deadline, stage):
    """Each certifier files."""
    started = time.monotonic()
    for done, project in enumerate(projects):
        pace = (time.monotonic() - started) / done if done else 0.2
        deadline.hold(pace * (len(projects) - done))
        applications.file_application(drafts[project.title], by=setting.certifiers[project.carrier.slug])
        stage.step()


def _is_forbidden(action, *arguments, **named):
    try:
        action(*arguments, **named)
    except PermissionDenied:
        return True
    return False


def is_refused_earlier(deadline):
    """Whether a published deadline cannot be advanced."""
    try:
        calls.postpone_deadline(
            deadline.round, closes_at=deadline.round.closes_at - timedelta(hours=1), by=deadline.by
        )
    except Refused:
        return True
    return False


def is_refused_late(setting, project, draft):
    """Whether a filing after the deadline is refused."""
    try:
        applications.file_application(draft, by=setting.certifiers[project.carrier.slug])
    except Refused:
        return True
    return False
