"""A session is told to each member once, follows into their calendar, and has documents."""

from datetime import date, time

import pytest
from django.core.exceptions import PermissionDenied
from django.core.files.uploadedfile import SimpleUploadedFile
from django.urls import reverse
from django.utils import timezone
from icalendar import Calendar

from journal.models import Entry, OutgoingEmail
from journal.refusals import Refused
from selection.actions import committees
from selection.actions import session as actions
from selection.models import CommitteeSession, SessionDocument
from tests.calls.exchanged import pdf
from tests.factories import (
    FundFactory,
    StoredFileFactory,
    auditor_of,
    chair_of,
    committee_session,
    head_of,
    member_of,
    officer_of,
)

WHEN = {"title": "Séance de mars", "held_on": date(2027, 3, 4), "starts_at": time(9, 30), "place": "Salle 1"}


@pytest.fixture
def session(db):
    held = committee_session(FundFactory())
    return actions.convene(committee=held.committee, envelope=held.envelope, by=officer_of(held.fund), **WHEN)


def told():
    return OutgoingEmail.objects.filter(template="selection/emails/convocation.txt").order_by("pk")


def event_of(email):
    [event] = Calendar.from_ical(email.calendar).walk("VEVENT")
    return event


def test_a_convocation_goes_into_the_calendar_in_paris_time(session):
    [email] = told()

    event = event_of(email)
    assert (email.to, str(event["location"]), event["sequence"]) == (chair_of(session).email, "Salle 1", 0)
    assert event["dtstart"].dt.isoformat() == "2027-03-04T09:30:00+01:00"


def test_a_session_whose_hour_is_not_known_takes_the_day(session):
    actions.change_session(session, by=session.prepared_by, **WHEN | {"starts_at": None})

    assert event_of(told().last())["dtstart"].dt == date(2027, 3, 4)


def test_a_session_moved_replaces_the_same_event_with_a_higher_sequence(session):
    count = actions.change_session(session, by=session.prepared_by, **WHEN | {"place": "Salle 2"})

    first, second = told()
    assert (count, event_of(first)["uid"]) == (1, event_of(second)["uid"])
    assert (event_of(second)["sequence"], second.subject) == (
        1,
        "Séance déplacée – Séance de mars, 4 mars 2027",
    )


@pytest.mark.parametrize("change", [{}, {"title": "Séance de printemps"}])
def test_nobody_is_told_again_of_what_did_not_move(session, change):
    assert actions.change_session(session, by=session.prepared_by, **WHEN | change) == 0

    session.refresh_from_db()
    assert (told().count(), session.notices) == (1, 1)


def test_who_sits_no_more_or_has_no_account_any_more_is_not_convened(session):
    ended, closed = member_of(session.committee), member_of(session.committee)
    ended.ended_at = timezone.now()
    ended.save()
    closed.user.is_active = False
    closed.user.save()

    assert actions.change_session(session, by=session.prepared_by, **WHEN | {"place": "Salle 2"}) == 1


def test_who_sits_no_more_has_the_session_taken_out_of_their_calendar(session):
    seat, head = member_of(session.committee), head_of(session.fund)
    given = {"title": "Membre", "part": "member", "is_voting": True, "scope": None, "by": head}
    committees.end_seat(seat, by=head)
    committees.give_seat(session.committee, seat.user, **given)

    left, back = [
        (str(Calendar.from_ical(each.calendar)["method"]), event_of(each)["uid"], event_of(each)["sequence"])
        for each in OutgoingEmail.objects.filter(to=seat.user.email, context__title=session.title).order_by(
            "pk"
        )
    ]

    uid = event_of(told().first())["uid"]
    assert (left, back) == (("CANCEL", uid, 1), ("REQUEST", uid, 1))


def test_a_closed_session_changes_no_more(session):
    CommitteeSession.objects.filter(pk=session.pk).update(state=CommitteeSession.State.CLOSED)

    with pytest.raises(Refused):
        actions.change_session(session, by=session.prepared_by, **WHEN | {"place": "Salle 2"})


def test_only_the_secretariat_changes_a_session_and_its_documents(session):
    for user in (chair_of(session), auditor_of(session.fund)):
        with pytest.raises(PermissionDenied):
            actions.change_session(session, by=user, **WHEN)
        with pytest.raises(PermissionDenied):
            actions.add_documents(session, [], by=user)


def test_a_document_is_added_read_by_the_members_and_removed(client, session):
    client.force_login(session.prepared_by)
    page = reverse("selection:session_documents", args=[session.pk])
    client.post(page, {"files": SimpleUploadedFile("note.pdf", pdf("Note"))})
    document = SessionDocument.objects.get()
    client.force_login(chair_of(session))
    read = client.get(reverse("selection:session_document", args=[session.pk, document.pk])).getvalue()
    shown = "note.pdf" in client.get(session.get_absolute_url()).content.decode()

    actions.remove_document(document, by=session.prepared_by)

    assert (read, shown, SessionDocument.objects.count()) == (pdf("Note"), True, 0)
    assert Entry.objects.filter(event__startswith="session.document_").count() == 2


def test_a_file_that_does_not_pass_the_checks_is_refused_beside_the_field(client, session):
    client.force_login(session.prepared_by)
    page = reverse("selection:session_documents", args=[session.pk])

    response = client.post(page, {"files": SimpleUploadedFile("outil.exe", b"MZ")})

    assert list(response.context["form"].errors) == ["files"]
    assert SessionDocument.objects.count() == 0


def test_a_session_document_of_another_session_is_not_found(client, session):
    elsewhere = committee_session(session.fund)
    document = elsewhere.documents.create(
        file=StoredFileFactory(), name="note.pdf", added_by=session.prepared_by
    )
    client.force_login(session.prepared_by)

    address = reverse("selection:session_document", args=[session.pk, document.pk])

    assert client.get(address).status_code == 404
