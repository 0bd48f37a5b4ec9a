"""Hearings of the shortlisted."""

from concurrent.futures import ThreadPoolExecutor
from datetime import timedelta
from threading import Barrier

import icalendar
import pytest
from django.core import mail
from django.db import connection
from django.utils import timezone

from applications.models import Recusal
from journal import actions as journal
from journal.models import OutgoingEmail
from journal.refusals import Refused
from selection.actions import hearings as actions
from selection.models import Case, Hearing, HearingSlot
from tests.factories import UserFactory, case_in, committee_session, member_of, officer_of
from tests.selection.hearing_factories import hearing_call, hearing_of, hearing_slot

SOON = timedelta(days=3)


@pytest.fixture
def call(db):
    return hearing_call()


@pytest.fixture
def officer(call):
    return officer_of(call.fund)


def events():
    """(addressee, method, sequence, uid) of each calendar sent, in order."""
    found = []
    for email in OutgoingEmail.objects.exclude(calendar="").order_by("id"):
        calendar = icalendar.Calendar.from_ical(email.calendar)
        [event] = calendar.walk("VEVENT")
        found.append((email.to, str(calendar["method"]), int(event["sequence"]), str(event["uid"])))
    return found


def test_a_series_makes_its_slots_with_the_pause_between(call, officer, client):
    client.force_login(officer)
    day = timezone.localdate() + SOON

    client.post(
        f"/secretariat/appels/{call.slug}/auditions/creneaux/",
        {
            "day": day.isoformat(), "starts": "09:00", "minutes": "30", "pause": "15", "count": "3",
            "place": "Salle 1", "panel": [officer.pk],
        },
    )  # fmt: skip

    local = [timezone.localtime(slot.begins_at).strftime("%H:%M") for slot in call.hearing_slots.all()]
    assert local == ["09:00", "09:45", "10:30"]


@pytest.mark.parametrize("typed", [{"minutes": "9" * 30}, {"count": "41"}, {"day": "\0"}, {"panel": "\0"}])
def test_a_series_that_means_nothing_makes_no_slot(call, officer, client, typed):
    client.force_login(officer)
    day = (timezone.localdate() + SOON).isoformat()
    said = {"day": day, "starts": "09:00", "minutes": "30", "pause": "0", "count": "1", "place": "A"}

    response = client.post(
        f"/secretariat/appels/{call.slug}/auditions/creneaux/", said | {"panel": officer.pk} | typed
    )

    assert (response.status_code, HearingSlot.objects.count()) == (200, 0)


def test_a_panel_member_is_not_in_two_rooms_at_once_even_for_two_calls(call, officer):
    taken = hearing_slot(hearing_call(fund=call.fund), panel=officer)
    begins_at = taken.begins_at + timedelta(minutes=29)

    with pytest.raises(Refused) as refusal:
        actions.make_slots(
            call, [(begins_at, begins_at + timedelta(hours=1))], place="B", panel=[officer], by=officer
        )

    assert refusal.value.reason.startswith(f"{officer.name} siège déjà dans un autre jury")


def test_a_slot_may_begin_when_another_ends(call, officer):
    taken = hearing_slot(call, panel=officer)

    [made] = actions.make_slots(
        call, [(taken.ends_at, taken.ends_at + SOON)], place="B", panel=[officer], by=officer
    )

    assert made.begins_at == taken.ends_at


def test_a_panel_is_of_the_secretariat_or_of_a_committee_of_the_fund(call, officer):
    member = member_of(committee_session(call.fund).committee).user
    times = [(timezone.now() + SOON, timezone.now() + 2 * SOON)]

    actions.make_slots(call, times, place="A", panel=[member], by=officer)
    with pytest.raises(Refused):
        actions.make_slots(call, times, place="A", panel=[UserFactory()], by=officer)

    assert HearingSlot.objects.count() == 1


def test_an_invitation_reaches_the_dossier_s_people_and_the_panel_with_a_calendar(call):
    hearing = hearing_of(call)

    people = {
        *hearing.slot.panel.all(),
        *(each.user for each in hearing.case.application.collaborators.all()),
    }
    assert {to for to, *_ in events()} >= {person.email for person in people}
    assert {(method, sequence) for _, method, sequence, _ in events()} == {("REQUEST", 0)}


def test_a_move_keeps_the_event_and_raises_its_sequence_and_a_cancellation_ends_it(call, officer):
    hearing = hearing_of(call)
    actions.give_slot(hearing_slot(call, begins_in=2 * SOON), hearing.case, by=officer)

    actions.cancel_hearing(hearing, by=officer)

    carrier = hearing.case.application.created_by.email
    assert len({uid for *_, uid in events()}) == 1
    assert [(sequence, method) for to, method, sequence, _ in events() if to == carrier] == [
        (0, "REQUEST"), (1, "REQUEST"), (2, "CANCEL"),
    ]  # fmt: skip
    assert Hearing.objects.count() == 0


def test_the_calendar_is_attached_to_the_message_that_leaves(call):
    hearing_of(call)
    mail.outbox.clear()

    while journal.send_next():
        pass

    types = {
        part.get_content_type() + ";" + str(part.get_param("method"))
        for message in mail.outbox
        for part in message.message().walk()
        if part.get_content_maintype() == "text"
    }
    assert "text/calendar;REQUEST" in types


def test_the_carrier_reads_the_invitation_and_not_the_shortlist(call, client):
    hearing = hearing_of(call)
    application = hearing.case.application
    client.force_login(application.created_by)

    page = client.get(f"/dossiers/{application.key}/suivi/").text

    assert "Invitation à une audition" in page
    assert "Salle 1" in page
    assert "résélection" not in page


def test_only_a_shortlisted_dossier_is_heard(call, officer):
    case = case_in(Case.State.UNDER_REVIEW, call=call)

    with pytest.raises(Refused):
        actions.give_slot(hearing_slot(call), case, by=officer)


def test_nobody_recused_from_a_dossier_hears_it(call, officer):
    case, slot = case_in(Case.State.SHORTLISTED, call=call), hearing_slot(call)
    Recusal.objects.create(application=case.application, user=slot.panel.get(), reason="Ancien employeur")

    with pytest.raises(Refused) as refusal:
        actions.give_slot(slot, case, by=officer)

    assert refusal.value.reason.startswith(f"{slot.panel.get().name} est déporté de ce dossier.")


def test_who_is_recused_reads_nothing_of_what_a_slot_hears(call, client):
    hearing = hearing_of(call, title="Marqueur du dossier")
    recused = officer_of(call.fund)
    Recusal.objects.create(application=hearing.case.application, user=recused, reason="Ancien employeur")
    client.force_login(recused)

    page = client.get(f"/secretariat/appels/{call.slug}/auditions/").text

    assert page.count("Marqueur du dossier") == 0
    assert (
        client.get(f"/secretariat/appels/{call.slug}/auditions/creneaux/{hearing.slot_id}/").status_code
        == 404
    )


def test_a_closed_hearing_has_a_result_and_no_longer_changes(call, officer):
    hearing = hearing_of(call)
    with pytest.raises(Refused):
        actions.note_hearing(hearing, notes="Convaincant.", result="", closed=True, by=officer)

    actions.note_hearing(hearing, notes="Convaincant.", result="confirmed", closed=True, by=officer)

    with pytest.raises(Refused):
        actions.cancel_hearing(hearing, by=officer)
    assert Hearing.objects.get().closed_by == officer


@pytest.mark.django_db(transaction=True)
def test_two_officers_giving_one_slot_at_once_leave_it_to_one():
    call = hearing_call()
    slot, officers = hearing_slot(call), [officer_of(call.fund), officer_of(call.fund)]
    cases, start = [case_in(Case.State.SHORTLISTED, call=call) for _ in officers], Barrier(2)

    def give(case, by):
        start.wait()
        try:
            actions.give_slot(slot, case, by=by)
            return ""
        except Refused as refusal:
            return refusal.reason
        finally:
            connection.close()

    with ThreadPoolExecutor(2) as pool:
        answers = sorted(pool.map(give, cases, officers))

    assert (answers[0], Hearing.objects.count()) == ("", 1)
    assert "vient d’être attribué par un collègue" in answers[1]


def test_a_slot_that_hears_someone_is_not_removed(call, officer):
    hearing = hearing_of(call)

    with pytest.raises(Refused):
        actions.remove_slot(hearing.slot, by=officer)


def test_the_programme_of_a_day_names_what_is_heard(call, officer, client):
    hearing = hearing_of(call, title="Projet entendu")
    client.force_login(officer)
    day = timezone.localdate(hearing.slot.begins_at).isoformat()

    found, absent = (
        client.get(f"/secretariat/appels/{call.slug}/auditions/programme/{each}/")
        for each in (day, "2001-01-01")
    )

    assert (found.text.count("Projet entendu"), absent.status_code) == (1, 404)
