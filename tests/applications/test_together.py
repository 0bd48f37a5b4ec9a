"""Several people at the same instant: one dossier filed once, numbers without a gap, no late filing that waited."""

import threading
import time

import pytest
from django.db import connection, transaction
from django.db.models import QuerySet

from applications import actions
from applications.actions import filing as filing_actions
from applications.actions import writing
from applications.models import Application, Submission
from calls.models import Round
from documents.models import ProducedDocument
from journal import clock
from journal.models import Entry, OutgoingEmail
from journal.refusals import Refused
from tests.clock import from_now
from tests.database import in_parallel
from tests.factories import CallFactory, certifier_of, complete_draft

pytestmark = pytest.mark.django_db(transaction=True)


def filing(application):
    certifier = certifier_of(application.organisation)
    return lambda: actions.file_application(application, by=certifier).pk


def test_filing_twenty_times_together_gives_one_submission():
    application = complete_draft()

    given = in_parallel(*[filing(application)] * 20)

    [submission] = Submission.objects.all()
    assert given == [submission.pk] * 20
    assert (submission.revision, Application.objects.get().number) == (1, 1)
    assert Entry.objects.filter(event="application.filed").count() == 1
    assert sorted(email.to for email in OutgoingEmail.objects.all()) == sorted(
        {application.created_by.email, submission.filed_by.email}
    )


def test_dossiers_filed_together_get_consecutive_numbers():
    call = CallFactory(published=True)
    applications = [complete_draft(call=call) for _ in range(10)]

    in_parallel(*[filing(application) for application in applications])

    assert sorted(Application.objects.values_list("number", flat=True)) == list(range(1, 11))


def shared_out(works, clients):
    """The works as these many clients do them at the same time, each one after the other."""

    def client(own):
        return lambda: [work() for work in own]

    return in_parallel(*[client(works[number::clients]) for number in range(clients)])


@pytest.mark.parametrize(
    ("dossiers", "clients"), [(16, 8), pytest.param(122, 8, marks=pytest.mark.heavy)], ids=["few", "campaign"]
)
def test_a_campaign_filed_by_eight_clients_at_once_loses_and_doubles_nothing(dossiers, clients):
    call = CallFactory(published=True)
    applications = [complete_draft(call=call) for _ in range(dossiers)]

    given = shared_out([filing(application) for application in applications], clients)

    kept = Submission.objects.values_list("pk", flat=True)
    assert sorted(pk for client in given for pk in client) == sorted(kept)
    assert sorted(Application.objects.values_list("number", flat=True)) == list(range(1, dossiers + 1))
    assert Submission.objects.values("application").distinct().count() == dossiers
    assert ProducedDocument.objects.count() == 2 * dossiers
    assert Entry.objects.filter(event="application.filed").count() == dossiers


def test_what_is_filed_while_a_colleague_saves_is_one_state():
    """A table is replaced line by line: what is frozen has all its lines of one saving, none of two."""
    application = complete_draft()

    def save():
        for year in range(2020, 2050):
            lines = [{"year": year, "source": "fund", "label": "", "amount": 100_000} for _ in range(8)]
            try:
                actions.set_table(application, "financing", lines, by=application.created_by)
            except Refused:
                return

    def file_it():
        time.sleep(0.05)
        return actions.file_application(application, by=certifier_of(application.organisation))

    in_parallel(save, file_it)

    years = [line["year"] for line in Submission.objects.get().content["financing"]]
    assert (len(years), len(set(years))) == (8, 1)


def test_colleagues_who_save_one_section_together_do_not_overwrite_each_other():
    application = complete_draft()

    def saving(text):
        return lambda: actions.save_section(
            application, "projet", {"resume": text}, version=1, by=application.created_by
        ).answers["resume"]

    given = in_parallel(*[saving(f"Texte {number}") for number in range(5)])

    kept = application.sections.get(section_key="projet")
    assert [answer for answer in given if isinstance(answer, str)] == [kept.answers["resume"]]
    assert [type(answer) for answer in given].count(actions.EditConflict) == 4


# The same races with the lock of the dossier off: it is what the tests above rest on


@pytest.fixture
def without_the_lock(monkeypatch):
    """The dossier is read without being locked, and both have read it before either is written."""
    locked, both_have_read = QuerySet.select_for_update, threading.Barrier(2)

    def read_only(queryset, **options):
        return queryset if queryset.model is Application else locked(queryset, **options)

    def wait_before(module, name):
        act = getattr(module, name)

        def act_together(*arguments, **named):
            both_have_read.wait(10)
            return act(*arguments, **named)

        monkeypatch.setattr(module, name, act_together)

    monkeypatch.setattr(QuerySet, "select_for_update", read_only)
    return wait_before


def test_with_the_lock_off_both_colleagues_are_told_that_they_saved_and_one_text_is_overwritten(
    without_the_lock,
):
    application = complete_draft()
    without_the_lock(writing, "_keep_answers")

    def saving(text):
        return lambda: actions.save_section(
            application, "projet", {"resume": text}, version=1, by=application.created_by
        ).answers["resume"]

    assert sorted(in_parallel(saving("Un texte"), saving("Un autre"))) == ["Un autre", "Un texte"]


def test_with_the_lock_off_the_second_to_file_meets_an_error_of_the_database(without_the_lock):
    application = complete_draft()
    without_the_lock(filing_actions, "_refuse_late")

    given = in_parallel(*[filing(application)] * 2)

    assert sorted(type(answer).__name__ for answer in given) == ["IntegrityError", "int"]
    assert Submission.objects.count() == 1


def test_a_filing_that_waited_past_the_deadline_is_refused():
    """It began in time, then waited for its lock until too late: the clock that counts is read after the lock."""
    application = complete_draft()
    file_it = filing(application)
    Round.objects.update(closes_at=from_now(seconds=2))
    locked, given = threading.Event(), []

    def hold_the_round():
        with transaction.atomic():
            Round.objects.select_for_update().get()
            locked.set()
            with connection.cursor() as cursor:
                cursor.execute("SELECT pg_sleep(2.5)")

    def file_meanwhile():
        locked.wait(10)
        began_at = clock.now()
        try:
            given.append(file_it())
        except Refused as refusal:
            given.append(refusal)
        return began_at

    _, began_at = in_parallel(hold_the_round, file_meanwhile)

    assert began_at < Round.objects.get().closes_at
    assert [type(answer) for answer in given] == [Refused]
    assert Submission.objects.count() == 0
