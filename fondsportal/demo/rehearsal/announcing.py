"""From the decisions to the public minute, and the documents that the worker makes meanwhile."""

import time

from django.db.models import Count, Q, Sum

from calls.money import published_amount
from documents.models import ProducedDocument
from fondsportal.demo.facts import Sources
from journal import clock
from selection.access import whole_book_key
from selection.actions import announcement as announcements
from selection.press_kit.keys import key_of

State = ProducedDocument.State
NEWS_SECONDS = 240  # how long the worker may be without finishing any document
KINDS = {
    "applications.receipt": "Accusés de dépôt (PDF)",
    "applications.dossier": "Dossiers (PDF)",
    "selection.committee_book": "Livre du comité (PDF)",
    "selection.minutes": "Relevé de décisions (PDF)",
    "selection.press_kit": "Dossier de presse (PDF)",
}


class WorkerFailed(Exception):
    """The documents did not all come; the text is French, for the terminal."""


def announce(setting, call, projects, stage):
    """An officer prepares and describes, the head validates and schedules for this very minute."""
    officer, sources = setting.officers[0], Sources()
    announcement = announcements.prepare_announcement(
        call=call,
        title="Les lauréats du premier appel (répétition)",
        introduction="Cette annonce est une répétition : les projets sans source sont fictifs.",
        by=officer,
    )
    facts = {project.title: project.fact for project in projects if project.fact}
    for laureate in announcement.laureates.order_by("pk"):
        if laureate.name in facts:
            announcements.describe_laureate(laureate, **published(facts[laureate.name], sources), by=officer)
        stage.step()
    announcements.validate_announcement(announcement, by=setting.head)
    announcements.schedule_announcement(announcement, publish_at=clock.now(), by=setting.head)
    return announcement


def published(fact, sources):
    """What was really published of a known laureate: never the grant that the rehearsal invented."""
    return {
        "summary": fact["description_fr"],
        "carrier": fact["carrier"],
        "ministry": fact["ministry"],
        "year": fact["year"],
        "fictitious": False,
        "amount": fact["amount_eur"],
        "amount_qualifier": fact["amount_qualifier"],
        "sources": sources[fact["sources"]],
    }


def documents_of(call, session, announcement):
    """The rows of every document that this rehearsal ordered."""
    filed = [str(pk) for pk in call.applications.values_list("submissions", flat=True) if pk]
    cases = [str(pk) for pk in call.cases.values_list("pk", flat=True)]
    return ProducedDocument.objects.filter(
        Q(kind__in=["applications.receipt", "applications.dossier"], subject_key__in=filed)
        | Q(kind="selection.ineligibility_letter", subject_key__in=cases)
        | Q(kind="selection.committee_book", subject_key=whole_book_key(session))
        | Q(kind="selection.minutes", subject_key=str(session.minutes.pk))
        | Q(kind="selection.press_kit", subject_key=key_of(announcement))
    )


def wait_for_documents(documents, stage):
    """Watch the worker until everything is done.

    Raises:
        WorkerFailed: a document failed, or none was finished for four minutes.
    """
    last, since = -1, time.monotonic()
    while True:
        failed = documents.filter(state=State.FAILED).first()
        if failed:
            raise WorkerFailed(f"Le document « {failed} » n’a pas pu être fabriqué : {failed.error}")
        done = documents.filter(state=State.DONE).count()
        if done > last:
            last, since = done, time.monotonic()
        stage.at(done)
        if done == stage.total:
            return
        if time.monotonic() - since > NEWS_SECONDS:
            raise WorkerFailed(
                f"{stage.total - done} documents attendent et aucun n’a avancé depuis {NEWS_SECONDS} s :"
                " un worker Celery tourne-t-il ?"
            )
        time.sleep(0.3)


def measures(documents):
    """[(label, count, pages, bytes)] per kind."""
    rows = documents.values("kind").annotate(count=Count("pk"), pages=Sum("pages"), size=Sum("file__size"))
    found = {row["kind"]: row for row in rows}
    return [
        (KINDS[kind], found[kind]["count"], found[kind]["pages"], found[kind]["size"])
        for kind in KINDS
        if kind in found
    ]


def published_amounts(announcement):
    """{name: amount as the public reads it} of the laureates that have a source."""
    return {
        laureate.name: published_amount(laureate.amount, laureate.amount_qualifier)
        for laureate in announcement.laureates.exclude(sources=[])
    }
