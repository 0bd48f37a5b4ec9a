"""A place at an event: who may have one, one per address, never more than there are, and the next in line."""

import threading

import pytest
from django.contrib.auth.models import AnonymousUser
from django.db.models import QuerySet
from django.urls import reverse

from accounts.models import PublicDomain
from calls.actions import events, registrations
from calls.models import Event, Registration
from journal.models import EntryDetails, OutgoingEmail
from journal.refusals import Refused
from tests import factories
from tests.clock import from_now, python_clock_off_by
from tests.database import in_parallel

State = Registration.State


def registering(event, number=0):
    return lambda: factories.registration_at(event, email=f"agent{number}@organisme.example").state


def sent(template):
    return list(
        OutgoingEmail.objects.filter(template=f"calls/emails/{template}.txt").values_list("to", flat=True)
    )


def ask(client, event, email="agent@organisme.example", **fields):
    form = {"name": "Une agente", "body": "", "email": email, "website": "", **fields}
    return client.post(reverse("calls:register", args=[event.slug]), form)


# A seat or a rank


@pytest.mark.django_db
def test_the_first_come_sit_and_the_others_wait_in_their_order():
    event = factories.EventFactory(published=True, capacity=2)

    states = [registering(event, number)() for number in range(4)]

    waiting = OutgoingEmail.objects.filter(template="calls/emails/registration_waiting.txt").order_by("id")
    assert states == [State.SEATED, State.SEATED, State.WAITING, State.WAITING]
    assert [email.context["rank"] for email in waiting] == [1, 2]


@pytest.mark.django_db
def test_without_a_capacity_everyone_sits():
    event = factories.EventFactory(published=True)

    assert {registering(event, number)() for number in range(3)} == {State.SEATED}


@pytest.mark.django_db
def test_the_link_goes_to_who_sits_and_not_to_who_waits():
    event = factories.EventFactory(published=True, capacity=1, online_link="https://visio.example/salle")
    registering(event, 0)()
    registering(event, 1)()

    waiting, seated = OutgoingEmail.objects.all()[:2]

    assert ("visio.example" in seated.body, "visio.example" in waiting.body) == (True, False)


@pytest.mark.django_db
def test_giving_up_a_seat_gives_it_to_the_first_who_waits(client):
    event = factories.EventFactory(published=True, capacity=1)
    seated = factories.registration_at(event, email="premiere@organisme.example")
    for name in ("deuxieme", "troisieme"):
        factories.registration_at(event, email=f"{name}@organisme.example")

    client.post(seated.get_absolute_url())

    assert sent("registration_promoted") == ["deuxieme@organisme.example"]
    assert list(event.registrations.seated().values_list("email", flat=True)) == [
        "deuxieme@organisme.example"
    ]


@pytest.mark.django_db
def test_leaving_the_waiting_list_promotes_nobody(client):
    event = factories.EventFactory(published=True, capacity=1)
    for number in range(3):
        registering(event, number)()

    client.post(Registration.objects.get(email="agent1@organisme.example").get_absolute_url())

    assert (sent("registration_promoted"), event.registrations.seated().count()) == ([], 1)
    assert Registration.objects.get(email="agent2@organisme.example").rank() == 1


@pytest.mark.parametrize(
    ("number", "said"),
    [
        (0, "Votre inscription est annulée. Merci d’avoir libéré la place."),
        (1, "Vous n’êtes plus sur la liste d’attente."),
    ],
)
@pytest.mark.django_db
def test_who_had_no_seat_is_not_thanked_for_leaving_one(client, number, said):
    event = factories.EventFactory(published=True, capacity=1)
    for each in range(2):
        registering(event, each)()

    response = client.post(
        Registration.objects.get(email=f"agent{number}@organisme.example").get_absolute_url(), follow=True
    )

    assert [str(message) for message in response.context["messages"]] == [said]


@pytest.mark.django_db
def test_an_event_that_is_over_no_longer_says_how_one_registered(client):
    past = factories.EventFactory(published=True, past=True)

    facts = client.get(past.get_absolute_url()).context["facts"]

    assert [label for label, _ in facts] == ["Date", "Lieu", "Nature", "Fonds"]


@pytest.mark.django_db
def test_more_seats_promote_those_who_wait():
    event = factories.EventFactory(published=True, capacity=1)
    for number in range(4):
        registering(event, number)()

    events.change_event(event, by=factories.officer_of(event.fund), capacity=3)

    assert sorted(sent("registration_promoted")) == ["agent1@organisme.example", "agent2@organisme.example"]


@pytest.mark.django_db
def test_a_new_room_with_more_seats_tells_each_one_thing():
    event = factories.EventFactory(published=True, capacity=1)
    for number in range(3):
        registering(event, number)()

    events.change_event(event, by=factories.officer_of(event.fund), capacity=2, place="Grande salle")

    changed = OutgoingEmail.objects.filter(template="calls/emails/event_changed.txt").order_by("to")
    assert sent("registration_promoted") == ["agent1@organisme.example"]
    assert [(email.to, "vous n’avez pas de place" in email.body) for email in changed] == [
        ("agent0@organisme.example", False),
        ("agent2@organisme.example", True),
    ]


@pytest.mark.django_db
def test_nobody_gives_up_a_seat_at_a_cancelled_event(client):
    event = factories.EventFactory(published=True)
    registration = factories.registration_at(event)
    events.cancel_event(event, reason="Grève.", by=factories.officer_of(event.fund))

    page = client.get(registration.get_absolute_url())

    assert page.context["may_cancel"] is False
    assert client.post(registration.get_absolute_url()).status_code == 409


@pytest.mark.django_db
def test_seats_do_not_shrink_below_those_given():
    event = factories.EventFactory(published=True)
    for number in range(2):
        registering(event, number)()

    with pytest.raises(Refused):
        events.change_event(event, by=factories.officer_of(event.fund), capacity=1)


@pytest.mark.django_db
def test_reading_the_cancellation_page_cancels_nothing(client):
    registration = factories.registration_at(factories.EventFactory(published=True))

    response = client.get(registration.get_absolute_url())

    registration.refresh_from_db()
    assert (response.status_code, registration.state) == (200, State.SEATED)
    assert (response["Cache-Control"], response["X-Robots-Tag"]) == ("private, no-store", "noindex")


@pytest.mark.django_db
def test_cancelling_twice_frees_one_seat(client):
    event = factories.EventFactory(published=True, capacity=1)
    registration = factories.registration_at(event)
    for number in range(2):
        registering(event, number)()

    for _ in range(2):
        client.post(registration.get_absolute_url())

    assert len(sent("registration_promoted")) == 1


@pytest.mark.django_db
def test_a_seat_is_no_longer_given_up_once_the_event_has_begun(client):
    registration = factories.registration_at(factories.EventFactory(published=True))
    Event.objects.update(starts_at=from_now(seconds=-1))

    assert client.post(registration.get_absolute_url()).status_code == 409


@pytest.mark.django_db
def test_coming_back_after_giving_up_goes_to_the_end_of_the_line():
    event = factories.EventFactory(published=True, capacity=1)
    left = factories.registration_at(event)
    registering(event, 1)()
    registrations.cancel_registration(left)
    registering(event, 2)()

    back = factories.registration_at(event)

    assert (back.pk, back.state, back.rank()) == (left.pk, State.WAITING, 2)


# One per address


@pytest.mark.django_db
def test_the_answer_is_the_same_for_a_known_address(client):
    event = factories.EventFactory(published=True, capacity=1)
    ask(client, event)

    answers = [ask(client, event, email) for email in ("AGENT@organisme.example", "autre@organisme.example")]

    pages = [client.get(answer.url) for answer in answers]
    assert [(answer.status_code, answer.url) for answer in answers] == [(302, event.get_absolute_url())] * 2
    assert [page.status_code for page in pages] == [200, 200]
    assert Registration.objects.count() == 2


@pytest.mark.django_db
def test_a_known_address_is_told_again_but_not_flooded():
    event = factories.EventFactory(published=True)
    for _ in range(3):
        factories.registration_at(event)
    once = len(sent("registration_confirmed"))
    Registration.objects.update(told_at=from_now(hours=-1))

    factories.registration_at(event)

    assert (once, len(sent("registration_confirmed"))) == (1, 2)


@pytest.mark.django_db
def test_a_machine_that_fills_every_field_is_thanked_and_forgotten(client):
    response = ask(client, factories.EventFactory(published=True), website="https://mal.example")

    assert (response.status_code, Registration.objects.count()) == (302, 0)


@pytest.mark.django_db
def test_the_journal_holds_no_address():
    factories.registration_at(factories.EventFactory(published=True))

    assert "@" not in " ".join(str(details.content) for details in EntryDetails.objects.all())


# Until when


@pytest.mark.django_db
@pytest.mark.parametrize("closed", [{"registration_until": -1}, {"starts_at": -1}])
def test_too_late_is_too_late_by_the_databases_clock(closed):
    event = factories.EventFactory(published=True)
    Event.objects.update(**{name: from_now(seconds=seconds) for name, seconds in closed.items()})

    with python_clock_off_by(days=-1), pytest.raises(Refused):
        factories.registration_at(event)


@pytest.mark.django_db
def test_nobody_registers_for_a_cancelled_event(client):
    event = factories.EventFactory(published=True)
    events.cancel_event(event, reason="Grève.", by=factories.officer_of(event.fund))

    assert (ask(client, event).status_code, Registration.objects.count()) == (409, 0)


# Public agents


@pytest.mark.django_db
def test_an_event_for_agents_refuses_others_and_says_what_to_do(client):
    event = factories.EventFactory(published=True, audience=Event.Audience.AGENTS)

    response = ask(client, event)

    assert response.context["form"].errors["email"] == [registrations.PUBLIC_AGENTS]
    assert Registration.objects.count() == 0


@pytest.mark.django_db
def test_who_is_refused_is_told_whom_to_write_to(client):
    call = factories.CallFactory(published=True, contact_email="secretariat@fonds.example")
    event = factories.EventFactory(published=True, audience=Event.Audience.AGENTS, fund=call.fund, call=call)

    assert "mailto:secretariat@fonds.example" in ask(client, event).content.decode()


@pytest.mark.django_db
def test_an_address_of_a_public_body_is_enough(client):
    PublicDomain.objects.create(domain="etat.example")
    event = factories.EventFactory(published=True, audience=Event.Audience.AGENTS)

    assert ask(client, event, "agent@interieur.etat.example").status_code == 302
    assert Registration.objects.get().state == State.SEATED


@pytest.mark.django_db
def test_the_action_refuses_them_too():
    event = factories.EventFactory(published=True, audience=Event.Audience.AGENTS)

    with pytest.raises(Refused):
        registrations.register(event, email="x@ailleurs.example", name="X", by=AnonymousUser())


@pytest.mark.django_db
def test_who_acts_for_a_body_registers_with_their_own_address_alone(client):
    event = factories.EventFactory(published=True, audience=Event.Audience.AGENTS)
    agent = factories.contributor_of(factories.OrganisationFactory())
    client.force_login(agent)

    answers = [ask(client, event, email).status_code for email in (agent.email, "ami@ailleurs.example")]

    assert (answers, Registration.objects.get().email) == ([302, 200], agent.email)


# All at once


@pytest.mark.django_db(transaction=True)
def test_fifty_people_at_once_never_exceed_the_seats():
    event = factories.EventFactory(published=True, capacity=7)

    states = in_parallel(*[registering(event, number) for number in range(50)])

    assert sorted(states) == [State.SEATED] * 7 + [State.WAITING] * 43
    assert event.registrations.seated().count() == 7


@pytest.mark.django_db(transaction=True)
def test_seats_given_up_at_once_go_to_as_many_who_wait():
    event = factories.EventFactory(published=True, capacity=5)
    for number in range(12):
        registering(event, number)()
    seated = list(event.registrations.seated())

    in_parallel(*[lambda each=each: registrations.cancel_registration(each) for each in seated])

    assert event.registrations.seated().count() == 5
    assert sorted(sent("registration_promoted")) == sorted(
        f"agent{number}@organisme.example" for number in range(5, 10)
    )


@pytest.mark.django_db(transaction=True)
def test_one_address_ten_times_at_once_is_one_registration():
    event = factories.EventFactory(published=True)

    states = in_parallel(*[registering(event)] * 10)

    assert (states, Registration.objects.count()) == ([State.SEATED] * 10, 1)


@pytest.fixture
def without_the_lock(monkeypatch):
    """The event is read without being locked, and both people have counted the seats before either sits."""
    locked, has_room, both_have_read = (
        QuerySet.select_for_update,
        registrations._has_room,
        threading.Barrier(2),
    )

    def read_only(queryset, **options):
        return queryset if queryset.model is Event else locked(queryset, **options)

    def count_together(event):
        room = has_room(event)
        both_have_read.wait(10)
        return room

    monkeypatch.setattr(QuerySet, "select_for_update", read_only)
    monkeypatch.setattr(registrations, "_has_room", count_together)


@pytest.mark.django_db(transaction=True)
def test_with_the_lock_off_two_people_take_the_last_seat(without_the_lock):
    event = factories.EventFactory(published=True, capacity=1)

    states = in_parallel(registering(event, 1), registering(event, 2))

    assert states == [State.SEATED, State.SEATED]


@pytest.mark.django_db(transaction=True)
def test_with_the_lock_on_one_of_two_people_takes_the_last_seat():
    event = factories.EventFactory(published=True, capacity=1)

    states = in_parallel(registering(event, 1), registering(event, 2))

    assert sorted(states) == [State.SEATED, State.WAITING]
