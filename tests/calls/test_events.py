"""An event, from its preparation to its report: what is public when, and what never is."""

from datetime import datetime, timedelta
from io import BytesIO
from zoneinfo import ZoneInfo

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.urls import reverse
from django.utils.timezone import localtime
from icalendar import Calendar
from PIL import Image

from calls import attendees
from calls.actions import events as actions
from calls.models import Call, Event, EventFile
from calls.search import query
from documents import storage
from journal.models import EntryDetails, OutgoingEmail
from journal.refusals import Refused
from tests import factories
from tests.clock import from_now

pytestmark = pytest.mark.django_db


def signed_in_officer(client, fund):
    officer = factories.officer_of(fund)
    client.force_login(officer)
    return officer


def preparation(fund, **fields):
    return {
        "fund": fund.pk,
        "kind": "information",
        "title": "Réunion d’information",
        "day": "2030-03-15",
        "starts": "14:30",
        "ends": "16:30",
        "audience": "agents",
        "capacity": "50",
        **fields,
    }


# Before


def test_an_event_is_prepared_then_published(client):
    fund = factories.FundFactory()
    signed_in_officer(client, fund)

    client.post(reverse("calls:prepare_event"), preparation(fund))
    event = Event.objects.get()
    hidden = Event.objects.public().count()
    client.post(reverse("calls:publish_event", args=[event.slug]))

    assert (event.slug, event.when_text) == (
        "reunion-dinformation-2030-03-15",
        "15 mars 2030, de 14:30 à 16:30",
    )
    assert (hidden, Event.objects.public().count()) == (0, 1)


def test_two_events_of_one_name_and_day_have_two_addresses(client):
    fund = factories.FundFactory()
    signed_in_officer(client, fund)

    for _ in range(2):
        client.post(reverse("calls:prepare_event"), preparation(fund))

    assert sorted(Event.objects.values_list("slug", flat=True)) == [
        "reunion-dinformation-2030-03-15",
        "reunion-dinformation-2030-03-15-2",
    ]


@pytest.mark.parametrize(
    ("fields", "wrong"),
    [
        ({"ends": "14:30"}, "ends"),
        ({"starts": ""}, "ends"),
        ({"until_day": "2030-03-16"}, "until_day"),
        ({"until_day": "2030-03-15", "until_time": "14:31"}, "until_time"),
        ({"day": "0001-01-01"}, "day"),
        ({"capacity": "0"}, "capacity"),
        ({"title": "\0"}, "title"),
        ({"online_link": "javascript:alert(1)"}, "online_link"),
    ],
)
def test_what_cannot_be_is_refused_beside_its_field(client, fields, wrong):
    fund = factories.FundFactory()
    signed_in_officer(client, fund)

    response = client.post(reverse("calls:prepare_event"), preparation(fund, **fields))

    assert (list(response.context["form"].errors), Event.objects.count()) == ([wrong], 0)


def test_an_officer_prepares_for_no_other_fund(client):
    fund = factories.FundFactory()
    signed_in_officer(client, factories.FundFactory())

    response = client.post(reverse("calls:prepare_event"), preparation(fund))

    assert list(response.context["form"].errors) == ["fund"]


def test_changing_a_published_event_keeps_what_the_form_shows(client):
    minute = {"second": 0, "microsecond": 0}
    event = factories.EventFactory(
        published=True,
        starts_at=from_now(days=7).replace(**minute),
        registration_until=from_now(days=3).replace(**minute),
    )
    signed_in_officer(client, event.fund)
    address = reverse("calls:change_event", args=[event.slug])
    form = client.get(address).context["form"]

    shown = {name: form.get_initial_for_field(field, name) for name, field in form.fields.items()}
    client.post(address, {name: value for name, value in shown.items() if value not in (None, "")})

    changed = Event.objects.get()
    assert (changed.starts_at, changed.registration_until) == (event.starts_at, event.registration_until)
    assert changed.sequence == event.sequence + 1


def test_an_event_about_a_draft_call_is_not_published():
    call = factories.CallFactory()
    event = factories.EventFactory(fund=call.fund, call=call)

    with pytest.raises(Refused):
        actions.publish_event(event, by=factories.officer_of(call.fund))


def test_an_event_about_a_draft_call_shows_nowhere(client):
    call = factories.CallFactory()
    event = factories.EventFactory(fund=call.fund, call=call, published=True)

    answers = [client.get(event.get_absolute_url()).status_code, Event.objects.public().count()]

    assert answers == [404, 0]


def test_a_rehearsals_event_is_not_public():
    factories.EventFactory(published=True, fund=factories.FundFactory(rehearsal=True))

    assert Event.objects.public().count() == 0


def test_a_draft_event_shows_nowhere(client):
    call = factories.CallFactory(published=True)
    event = factories.EventFactory(fund=call.fund, call=call, title="Le marqueur introuvable")
    addresses = [reverse("calls:events"), call.get_absolute_url()]
    hidden = [reverse(f"calls:{name}", args=[event.slug]) for name in ("event", "event_ics", "register")]

    shown = ["introuvable" in client.get(address).content.decode() for address in addresses]

    assert shown == [False, False]
    assert [client.get(address).status_code for address in hidden] == [404, 404, 404]


def test_a_call_page_shows_its_events(client):
    call = factories.CallFactory(published=True)
    event = factories.EventFactory(fund=call.fund, call=call, published=True)
    factories.EventFactory(fund=call.fund, published=True)

    response = client.get(call.get_absolute_url())

    assert list(response.context["events"]) == [event]


def test_the_list_has_the_next_one_first_then_the_last_one_first(client):
    later = factories.EventFactory(published=True, starts_at=from_now(days=9))
    sooner = factories.EventFactory(published=True, starts_at=from_now(days=1))
    long_ago = factories.EventFactory(published=True, starts_at=from_now(days=-90))
    lately = factories.EventFactory(published=True, starts_at=from_now(days=-9))

    response = client.get(reverse("calls:events"))

    assert list(response.context["to_come"]) == [sooner, later]
    assert list(response.context["page"]) == [lately, long_ago]


def test_an_event_that_has_begun_is_not_over(client):
    event = factories.EventFactory(published=True, starts_at=from_now(hours=-1), ends_at=from_now(hours=1))

    assert list(client.get(reverse("calls:events")).context["to_come"]) == [event]


def test_hours_that_no_source_gives_are_said_to_be_unknown():
    event = factories.EventFactory.build(
        fund=None, starts_at=from_now(), hours_known=False, place="", address=""
    )

    assert event.when_text.endswith(" (horaires non communiqués)")
    assert event.where_text == "non communiqué"


def test_the_link_is_on_no_public_page(client):
    event = factories.EventFactory(published=True, online_link="https://visio.example/marqueur")
    addresses = [event.get_absolute_url(), reverse("calls:register", args=[event.slug]), "/evenements/"]

    pages = [client.get(address).content.decode() for address in addresses]

    assert ["visio.example" in page for page in pages] == [False] * 3
    assert b"visio.example" not in client.get(reverse("calls:event_ics", args=[event.slug])).content


def test_cancelling_tells_who_comes_and_who_waits_and_the_page_says_why(client):
    event = factories.EventFactory(published=True, capacity=1)
    for number in range(3):
        factories.registration_at(event, email=f"agent{number}@organisme.example")
    OutgoingEmail.objects.all().delete()

    actions.cancel_event(event, reason="Grève des trains.", by=factories.officer_of(event.fund))

    told = OutgoingEmail.objects.filter(template="calls/emails/event_cancelled.txt")
    assert sorted(told.values_list("to", flat=True)) == [
        f"agent{number}@organisme.example" for number in range(3)
    ]
    assert "Grève des trains." in client.get(event.get_absolute_url()).content.decode()


def test_who_comes_is_told_of_a_new_place_and_of_nothing_else():
    event = factories.EventFactory(published=True)
    factories.registration_at(event)
    officer = factories.officer_of(event.fund)
    OutgoingEmail.objects.all().delete()

    actions.change_event(event, by=officer, title="Autre titre")
    silent = OutgoingEmail.objects.count()
    actions.change_event(event, by=officer, place="Autre salle")

    assert silent == 0
    assert OutgoingEmail.objects.get().context["where"] == "Autre salle"


def test_the_programme_is_written_by_rows_and_found_by_search(client):
    event = factories.EventFactory(published=True)
    signed_in_officer(client, event.fund)
    rows = {"version": 0, "rows-TOTAL_FORMS": 1, "rows-INITIAL_FORMS": 0, "rows-0-time": "09:30"}

    client.post(
        reverse("calls:event_rows", args=[event.slug, "programme"]),
        {**rows, "rows-0-title": "Les économies pérennes", "rows-0-speakers": "Direction du budget"},
    )

    assert Event.objects.get().programme == [
        {"time": "09:30", "title": "Les économies pérennes", "speakers": "Direction du budget"}
    ]
    assert Event.objects.public().filter(search=query("economie perenne")).count() == 1


def test_the_words_that_hold_a_programme_together_find_nothing():
    factories.EventFactory(
        published=True, programme=[{"time": "09:30", "title": "Accueil", "speakers": "Une direction"}]
    )

    found = [Event.objects.filter(search=query(word)).count() for word in ("title", "speakers", "accueil")]

    assert found == [0, 0, 1]


@pytest.mark.parametrize("page", ["change_event", "event_rows", "write_report"])
def test_who_comes_second_is_told_and_overwrites_nothing(client, page):
    event = factories.EventFactory(published=True, starts_at=from_now(days=7))
    officer = signed_in_officer(client, event.fund)
    address = reverse(f"calls:{page}", args=[event.slug, *(["programme"] if page == "event_rows" else [])])
    rows = {"rows-TOTAL_FORMS": 1, "rows-INITIAL_FORMS": 0, "rows-0-title": "Accueil"}
    stale = {**preparation(event.fund), **rows, "report_text": "Second.", "version": 0}
    actions.write_report(event, report_text="Premier.", by=officer)

    refused = client.post(address, stale)

    event.refresh_from_db()
    assert (refused.status_code, event.report_text, event.programme, event.version) == (
        409,
        "Premier.",
        [],
        1,
    )
    assert client.post(address, {**stale, "version": 1}).status_code == 302


def test_the_journal_says_what_a_change_replaced():
    event = factories.EventFactory(published=True, title="Avant", place="Salle A")

    actions.change_event(event, by=factories.officer_of(event.fund), title="Après", place="Salle A")

    assert EntryDetails.objects.latest("entry_id").content == {"before": {"title": "Avant"}}


# When it has begun, and when it is over


def at(hour, day=15):
    return datetime(2018, 3, day, hour, tzinfo=ZoneInfo("Europe/Paris"))


@pytest.mark.parametrize(
    ("hours", "begins_at", "over_at"),
    [
        ({"starts_at": at(14), "ends_at": at(16)}, at(14), at(16)),
        ({"starts_at": at(14)}, at(14), at(0, 16)),
        ({"starts_at": at(0), "hours_known": False}, at(0, 16), at(0, 16)),
        ({"starts_at": at(0, 25), "hours_known": False}, at(0, 26), at(0, 26)),  # the clocks change that day
    ],
)
def test_an_event_lasts_until_its_end_or_that_of_its_day(hours, begins_at, over_at):
    event = factories.EventFactory(**hours)

    assert (event.begins_at, event.over_at) == (begins_at, over_at)
    assert Event.objects.with_end().get().last_instant == over_at


def today():
    """An event of this very day, at hours that no source gives."""
    midnight = localtime(from_now()).replace(hour=0, minute=0, second=0, microsecond=0)
    return factories.EventFactory(published=True, starts_at=midnight, hours_known=False)


def test_an_event_of_today_without_hours_is_to_come_and_takes_registrations(client):
    event = today()

    registration = factories.registration_at(event)

    assert list(client.get(reverse("calls:events")).context["to_come"]) == [event]
    assert client.post(registration.get_absolute_url()).status_code == 302


@pytest.mark.parametrize("until", [None, {"hours": 1}])
def test_nobody_registers_once_an_event_has_begun(until):
    event = factories.EventFactory(
        published=True, starts_at=from_now(hours=-1), registration_until=until and from_now(**until)
    )

    with pytest.raises(Refused):
        factories.registration_at(event)


def test_an_event_that_has_begun_is_not_called_off():
    event = factories.EventFactory(published=True, starts_at=from_now(minutes=-1))

    with pytest.raises(Refused):
        actions.cancel_event(event, reason="Trop tard.", by=factories.officer_of(event.fund))


def test_nobody_is_told_that_a_past_event_moved():
    event = factories.EventFactory(published=True)
    factories.registration_at(event)
    OutgoingEmail.objects.all().delete()
    Event.objects.update(starts_at=from_now(days=-2))

    actions.change_event(event, by=factories.officer_of(event.fund), place="Autre salle")

    assert OutgoingEmail.objects.count() == 0


def test_a_public_event_does_not_take_a_call_in_preparation(client):
    call = factories.CallFactory()
    event = factories.EventFactory(fund=call.fund, published=True)
    signed_in_officer(client, call.fund)

    page = client.post(
        reverse("calls:change_event", args=[event.slug]),
        {**preparation(call.fund, call=call.pk), "version": 0},
    )
    with pytest.raises(Refused):
        actions.change_event(event, by=factories.officer_of(call.fund), call=call)

    assert list(page.context["form"].errors) == ["call"]
    assert Event.objects.public().count() == 1


def test_a_cancelled_event_is_no_longer_written(client):
    event = factories.EventFactory(published=True)
    signed_in_officer(client, event.fund)
    officer = factories.officer_of(event.fund)
    actions.cancel_event(event, reason="Grève.", by=officer)

    page = client.get(reverse("calls:event_preparation", args=[event.slug])).content.decode()

    assert [name for name in ("compte-rendu/", "modifier/", "programme/") if name in page] == []
    for write in (
        lambda: actions.set_rows(event, "programme", [], by=officer),
        lambda: actions.write_report(event, report_text="Rien.", by=officer),
        lambda: actions.add_file(event, by=officer, kind="document"),
        lambda: actions.change_event(event, by=officer, title="Autre"),
    ):
        with pytest.raises(Refused):
            write()


# The calendar


def entry(client, event):
    calendar = Calendar.from_ical(client.get(reverse("calls:event_ics", args=[event.slug])).content)
    [found] = calendar.walk("VEVENT")
    return found


def test_the_calendar_file_is_the_same_each_time_and_in_paris(client):
    event = factories.EventFactory(published=True)
    address = reverse("calls:event_ics", args=[event.slug])

    first, second = client.get(address), client.get(address)

    found = entry(client, event)
    assert first.content == second.content
    assert (found["dtstart"].params["TZID"], found["dtstart"].dt) == (
        "Europe/Paris",
        event.starts_at.replace(microsecond=0),
    )
    assert b"BEGIN:VTIMEZONE" in first.content


def test_a_change_keeps_the_identity_and_raises_the_sequence(client):
    event = factories.EventFactory(published=True)
    before = entry(client, event)

    actions.change_event(
        event, by=factories.officer_of(event.fund), starts_at=event.starts_at + timedelta(days=1)
    )

    after = entry(client, event)
    assert (after["uid"], after["sequence"], after["dtstart"].dt) == (
        before["uid"],
        before["sequence"] + 1,
        before["dtstart"].dt + timedelta(days=1),
    )


def test_a_cancelled_event_cancels_in_the_calendar(client):
    event = factories.EventFactory(published=True)

    actions.cancel_event(event, reason="Grève.", by=factories.officer_of(event.fund))

    assert entry(client, event)["status"] == "CANCELLED"


def test_an_event_without_known_hours_takes_the_day(client):
    event = factories.EventFactory(published=True, hours_known=False)

    assert entry(client, event)["dtstart"].params["VALUE"] == "DATE"


# Who came


def test_cells_that_a_spreadsheet_would_run_are_text():
    runs = ["=1+1", "+1", "-1", "@SUM", "\tx", "\rx", " =1"]

    assert [attendees.as_text(cell) for cell in runs] == [f"'{cell}" for cell in runs]
    assert attendees.as_text("Une agente") == "Une agente"


def test_the_list_of_who_registered_is_downloaded_as_text(client):
    event = factories.EventFactory(published=True)
    factories.registration_at(event, name='=HYPERLINK("https://mal.example")')
    signed_in_officer(client, event.fund)

    response = client.get(reverse("calls:attendance_csv", args=[event.slug]))

    heading, row = response.content.decode("utf-8-sig").splitlines()
    assert heading == "Nom;Organisme;Adresse électronique;État;Demande du;Présence"
    assert row.startswith('"\'=HYPERLINK(""https://mal.example"")";;agent@organisme.example;inscrite;')


def test_attendance_is_marked_once_the_event_has_begun(client):
    event = factories.EventFactory(published=True)
    came = factories.registration_at(event)
    missed = factories.registration_at(event, email="absente@organisme.example")
    signed_in_officer(client, event.fund)
    address = reverse("calls:attendance", args=[event.slug])

    shown = [came.pk, missed.pk]
    early = client.post(address, {"shown": shown, "present": [came.pk]})
    Event.objects.update(starts_at=from_now(minutes=-1))
    client.post(address, {"shown": shown, "present": [came.pk, "x", "9" * 30, "\0"]})

    came.refresh_from_db()
    missed.refresh_from_db()
    assert (early.status_code, came.attended, missed.attended) == (409, True, False)


def test_two_officers_who_tick_at_once_keep_each_others_ticks(client):
    event = factories.EventFactory(published=True)
    people = [factories.registration_at(event, email=f"agent{n}@organisme.example") for n in range(4)]
    Event.objects.update(starts_at=from_now(minutes=-1))
    signed_in_officer(client, event.fund)
    address = reverse("calls:attendance", args=[event.slug])
    ids = [each.pk for each in people]

    client.post(address, {"shown": ids[:3], "present": [ids[0]]})
    client.post(address, {"shown": ids[:3], "present": [ids[1]]})
    client.post(address, {"shown": ids[:3], "ticked": [ids[0]], "present": [ids[2]]})

    attended = dict(event.registrations.values_list("pk", "attended"))
    assert [attended[pk] for pk in ids] == [False, True, True, None]


def test_the_audit_reads_who_came_and_has_nothing_to_send(client):
    event = factories.EventFactory(published=True)
    factories.registration_at(event)
    Event.objects.update(starts_at=from_now(minutes=-1))
    client.force_login(factories.auditor_of(event.fund))

    page = client.get(reverse("calls:attendance", args=[event.slug])).content.decode()

    assert ('name="shown"' in page, "coche ici les présences.</p>" in page) == (False, True)


# The report


def picture(kind="PNG", size=(2000, 10), **saved):
    made = BytesIO()
    Image.new("RGB", size, "navy").save(made, kind, **saved)
    return SimpleUploadedFile(f"salle.{kind.lower()}", made.getvalue())


def reported_event(**fields):
    return factories.EventFactory(published=True, past=True, report_text="Le marqueur introuvable.", **fields)


def test_a_report_shows_nowhere_before_its_publication(client):
    event = reported_event(quotes=[{"text": "Citation secrète", "author": "Ministère"}])
    file = factories.picture_of(event, storage.store([b"image"], content_type="image/png"))

    page = client.get(event.get_absolute_url()).content.decode()

    assert ("introuvable" in page, "secrète" in page) == (False, False)
    assert client.get(reverse("calls:event_file", args=[event.slug, file.pk])).status_code == 404
    assert Event.objects.filter(search=query("introuvable")).count() == 0


def test_a_published_report_shows_with_its_pictures_and_is_found(client):
    event = reported_event(quotes=[{"text": "Simplifier.", "author": "Une ministre"}])
    file = factories.picture_of(event, storage.store([b"image"], content_type="image/png"))

    actions.publish_report(event, by=factories.officer_of(event.fund))

    page = client.get(event.get_absolute_url()).content.decode()
    assert ("introuvable" in page, "Simplifier." in page, file.alternative in page) == (True, True, True)
    assert Event.objects.public().filter(search=query("introuvable")).count() == 1


def test_a_report_is_not_published_before_the_event_nor_empty():
    early = factories.EventFactory(published=True, report_text="Déjà ?")
    empty = factories.EventFactory(published=True, past=True)

    for event in (early, empty):
        with pytest.raises(Refused):
            actions.publish_report(event, by=factories.officer_of(event.fund))

    assert Event.objects.exclude(report_published_at=None).count() == 0


def test_a_picture_is_redrawn_smaller_and_without_what_the_camera_wrote(client):
    event = reported_event()
    signed_in_officer(client, event.fund)
    exif = Image.Exif()
    exif[0x010F] = "Appareil traçable"
    upload = picture("JPEG", exif=exif)

    client.post(
        reverse("calls:add_picture", args=[event.slug]),
        {"upload": upload, "alternative": "La salle.", "credit": "DITP"},
    )

    path = storage.path_of(EventFile.objects.get().file)
    with Image.open(path) as kept:
        assert (kept.size, dict(kept.getexif())) == ((1600, 8), {})
    assert "traçable".encode() not in path.read_bytes()


@pytest.mark.parametrize("missing", ["alternative", "credit"])
def test_a_picture_needs_its_description_and_its_credit(client, missing):
    event = reported_event()
    signed_in_officer(client, event.fund)
    form = {"upload": picture(), "alternative": "La salle.", "credit": "DITP", missing: ""}

    response = client.post(reverse("calls:add_picture", args=[event.slug]), form)

    assert (list(response.context["form"].errors), EventFile.objects.count()) == ([missing], 0)


def test_a_picture_cut_short_is_refused_with_a_reason(client):
    event = reported_event()
    signed_in_officer(client, event.fund)
    whole = picture(size=(400, 400)).read()
    upload = SimpleUploadedFile("salle.png", whole[: len(whole) // 2])

    response = client.post(
        reverse("calls:add_picture", args=[event.slug]),
        {"upload": upload, "alternative": "La salle.", "credit": "DITP"},
    )

    assert (list(response.context["form"].errors), EventFile.objects.count()) == (["upload"], 0)


def test_a_picture_is_shown_and_a_document_handed_out(client):
    event = reported_event(report_published_at=from_now())
    shown = factories.picture_of(event, storage.store([b"image"], content_type="image/png"))
    slides = EventFile.objects.create(
        event=event,
        kind=EventFile.Kind.DOCUMENT,
        file=storage.store([b"%PDF"], content_type="application/pdf"),
        name="supports.pdf",
        title="Supports",
    )

    answers = [
        client.get(reverse("calls:event_file", args=[event.slug, file.pk])) for file in (shown, slides)
    ]

    given = [
        (
            answer["Content-Disposition"].split(";")[0],
            answer["X-Content-Type-Options"],
            answer["Content-Security-Policy"],
        )
        for answer in answers
    ]
    for answer in answers:
        answer.close()
    assert given == [
        ("inline", "nosniff", "sandbox; default-src 'none'"),
        ("attachment", "nosniff", "sandbox; default-src 'none'"),
    ]


def test_slides_are_added_and_taken_away(client):
    event = reported_event()
    signed_in_officer(client, event.fund)
    upload = picture()

    client.post(
        reverse("calls:add_event_document", args=[event.slug]), {"upload": upload, "title": "Affiche"}
    )
    [added] = EventFile.objects.all()
    client.post(reverse("calls:remove_event_file", args=[event.slug, added.pk]))

    assert (added.title, EventFile.objects.count()) == ("Affiche", 0)


# Queries


def test_calling_off_takes_the_same_queries_whatever_the_people():
    counts = []
    for people in (1, 3):
        event = factories.EventFactory(published=True)
        for number in range(people):
            factories.registration_at(event, email=f"agent{number}@organisme.example")
        officer = factories.officer_of(event.fund)
        with CaptureQueriesContext(connection) as queries:
            actions.cancel_event(event, reason="Grève.", by=officer)
        counts.append(len(queries))

    assert counts[0] == counts[1]


@pytest.mark.parametrize("rows", [1, 3])
def test_the_list_takes_the_same_queries_whatever_its_rows(client, rows, django_assert_num_queries):
    for _ in range(rows):
        factories.EventFactory(published=True)
        factories.EventFactory(published=True, past=True)

    with django_assert_num_queries(3):
        client.get(reverse("calls:events"))


@pytest.mark.parametrize("rows", [1, 3])
def test_an_events_page_takes_the_same_queries_whatever_its_files(client, rows, django_assert_num_queries):
    event = reported_event(report_published_at=from_now())
    for _ in range(rows):
        factories.picture_of(event)

    with django_assert_num_queries(3):
        client.get(event.get_absolute_url())


def test_archiving_a_call_keeps_its_past_events_public():
    call = factories.CallFactory(published=True)
    factories.EventFactory(fund=call.fund, call=call, published=True, past=True)
    Call.objects.update(state=Call.State.ARCHIVED)

    assert Event.objects.public().count() == 1
