"""Subscribing in two steps, changing, leaving: what an address gets is its reader's alone to say."""

import re
from datetime import timedelta

import pytest
from django.core import mail
from django.db import connection
from django.test import Client
from django.urls import reverse

from calls.actions import subscriptions as actions
from calls.models import Subscription, SubscriptionRequest, Topic
from journal import tasks as journal_tasks
from journal.models import Entry, OutgoingEmail
from journal.refusals import Refused
from tests.clock import from_now
from tests.database import in_parallel
from tests.factories import CallFactory, FundFactory, subscription, subscription_request

EMAIL = "lectrice@organisme.example"
FORM = reverse("calls:subscribe")


def ask(client, **data):
    return client.post(FORM, {"email": EMAIL, "funds": ["tous"], **data})


def link():
    """The link of the last message."""
    return re.search(r"http\S+(/abonnements/\S+)", OutgoingEmail.objects.first().body)[1]


# Asking


def test_nothing_is_subscribed_until_the_link_is_followed_and_the_button_pressed(client, db):
    ask(client)
    before = Subscription.objects.count()

    followed = client.get(link())
    after_the_link = Subscription.objects.count()
    client.post(link())

    assert (before, followed.status_code, after_the_link) == (0, 200, 0)
    assert [each.email for each in Subscription.objects.all()] == [EMAIL]


def test_what_was_asked_is_what_is_subscribed(client, db):
    fund, call = FundFactory(), CallFactory(published=True)

    ask(client, funds=[fund.slug], calls=[call.slug], deadlines="on")
    client.post(link())

    [made] = Subscription.objects.all()
    assert list(made.topics.values_list("fund", "call")) == [(fund.pk, None), (None, call.pk)]
    assert made.deadlines_since is not None


def test_one_address_is_written_in_one_way(client, db):
    ask(client, email="Lectrice@Organisme.Example")

    assert SubscriptionRequest.objects.get().email == EMAIL


def test_a_known_address_gets_the_same_answer_and_the_same_message(client, db):
    subscription(email="connue@organisme.example")

    answers = [ask(client, email=email) for email in (EMAIL, "connue@organisme.example")]

    bodies = {re.sub(r"http\S+", "", email.body) for email in OutgoingEmail.objects.all()}
    assert {(each.status_code, each.url) for each in answers} == {
        (302, reverse("calls:subscription_requested"))
    }
    assert len(bodies) == 1


def test_what_others_ask_for_an_address_changes_nothing_of_it(client, db):
    fund = FundFactory()
    known = subscription(email=EMAIL, fund=fund)

    ask(client)

    assert list(known.topics.values_list("fund", flat=True)) == [fund.pk]


def test_the_fund_or_the_call_one_comes_from_is_ticked(client, db):
    call = CallFactory(published=True)

    form = client.get(FORM, {"fonds": call.fund.slug, "appel": call.slug}).context["form"]

    assert (form["funds"].value(), form["calls"].value()) == ([call.fund.slug], [call.slug])


@pytest.mark.parametrize("asked", ["inconnu", "\0", "x" * 100_000, "%", "٣"])
def test_whatever_one_comes_from_the_page_answers(client, db, asked):
    assert client.get(FORM, {"fonds": asked, "appel": asked}).status_code == 200


@pytest.mark.parametrize(
    "data",
    [
        {"email": ""},
        {"email": "pas une adresse"},
        {"email": f"a\n{EMAIL}"},
        {"email": f"{EMAIL}\0"},
        {"funds": []},
        {"funds": ["inconnu"]},
        {"funds": ["\0"]},
        {"calls": ["\0"]},
    ],
)
def test_what_makes_no_sense_is_said_beside_the_form(client, db, data):
    CallFactory(published=True)

    response = ask(client, **data)

    assert (response.status_code, bool(response.context["form"].errors)) == (200, True)
    assert SubscriptionRequest.objects.count() == 0


def test_neither_a_draft_nor_a_closed_call_nor_a_rehearsal_is_offered(client, db):
    CallFactory(title="Brouillon")
    CallFactory(published=True, title="Clos", closes_in=timedelta(days=-1))
    CallFactory(published=True, title="Répétition", fund__rehearsal=True, fund__name="Fonds répété")
    CallFactory(published=True, title="Ouvert", fund__name="Fonds réel")

    form = client.get(FORM).context["form"]

    assert [label.split(" (")[0] for _, label in form.fields["calls"].choices] == ["Ouvert"]
    assert "Fonds répété" not in str(form["funds"])


def test_an_address_is_left_in_peace_after_a_few_requests(client, db):
    answers = {ask(client).url for _ in range(actions.REQUESTS_A_DAY + 2)}

    assert (len(answers), OutgoingEmail.objects.count()) == (1, actions.REQUESTS_A_DAY)


@pytest.mark.django_db(transaction=True)
def test_an_address_is_left_in_peace_by_many_requests_at_once():
    in_parallel(*[lambda: actions.request_subscription(email=EMAIL, all_funds=True)] * 10)

    assert OutgoingEmail.objects.count() == actions.REQUESTS_A_DAY


def test_sixty_requests_an_hour_may_come_from_one_place(client, db):
    statuses = [ask(client, email=f"a{n}@organisme.example").status_code for n in range(61)]

    assert (set(statuses[:60]), statuses[60]) == ({302}, 429)


# Confirming


def test_a_link_serves_once(client, db):
    ask(client)
    address = link()

    first, second = client.post(address), client.post(address)

    assert (first.status_code, second.status_code, client.get(address).status_code) == (302, 404, 404)


def test_a_link_that_served_answers_as_one_that_never_was(client, db):
    ask(client)
    address = link()
    client.post(address)

    served, unknown = client.get(address), client.get(reverse("calls:confirm_subscription", args=["inconnu"]))

    assert served.content == unknown.content


@pytest.mark.parametrize(("age", "status"), [(timedelta(days=7, seconds=-9), 302), (timedelta(days=7), 404)])
def test_a_link_is_good_for_seven_days(client, db, age, status):
    ask(client)
    SubscriptionRequest.objects.update(requested_at=from_now() - age)

    assert client.post(link()).status_code == status


@pytest.mark.django_db(transaction=True)
def test_fifty_confirmations_at_once_make_one_subscription():
    request = subscription_request()

    done = in_parallel(*[lambda: actions.confirm_subscription(request)] * 50)

    assert sorted(type(each).__name__ for each in done) == ["Refused"] * 49 + ["Subscription"]
    assert (Subscription.objects.count(), Topic.objects.count()) == (1, 1)


@pytest.mark.django_db(transaction=True)
def test_two_requests_confirmed_at_once_are_one_subscription_to_both():
    funds = [FundFactory(), FundFactory()]
    requests = [subscription_request(all_funds=False, funds=[fund.pk]) for fund in funds]

    in_parallel(*[lambda each=each: actions.confirm_subscription(each) for each in requests])

    assert set(Subscription.objects.get().topics.values_list("fund", flat=True)) == {
        fund.pk for fund in funds
    }


def test_what_is_confirmed_adds_to_what_was_chosen_before(db):
    fund = FundFactory()
    known = subscription(email="abonnement@organisme.example", fund=fund)
    since = known.topics.get().since

    actions.confirm_subscription(subscription_request(funds=[fund.pk], all_funds=True))

    assert known.topics.count() == 2
    assert known.topics.get(fund=fund).since == since


# Changing


def test_choices_are_changed_by_who_holds_the_key(client, db):
    fund, other = FundFactory(), FundFactory()
    known = subscription(fund=fund)

    response = client.post(known.get_absolute_url(), {"funds": [other.slug], "deadlines": "on"})

    known.refresh_from_db()
    assert response.url == f"{known.get_absolute_url()}?etat=modifie"
    assert list(known.topics.values_list("fund", flat=True)) == [other.pk]
    assert known.deadlines_since is not None


def test_what_stays_chosen_counts_since_it_was(db):
    fund = FundFactory()
    known = subscription(fund=fund, deadlines=True)
    since = known.topics.get().since, known.deadlines_since

    actions.change_subscription(known, funds=[fund], all_funds=True, deadlines=True)

    known.refresh_from_db()
    assert (known.topics.get(fund=fund).since, known.deadlines_since) == since
    assert known.topics.get(fund=None).since > since[0]


def test_the_page_shows_what_is_chosen(client, db):
    call = CallFactory(published=True)
    known = subscription(call=call, deadlines=True)
    known.topics.create()

    form = client.get(known.get_absolute_url()).context["form"]

    assert [form[name].value() for name in ("funds", "calls", "deadlines")] == [["tous"], [call.slug], True]


@pytest.mark.parametrize("name", ["calls:subscription", "calls:unsubscribe", "calls:confirm_subscription"])
def test_nobody_keeps_a_page_that_holds_a_key(client, db, name):
    key = subscription_request().key if "confirm" in name else subscription().key

    assert "no-store" in client.get(reverse(name, args=[key]))["Cache-Control"]


# Leaving


def test_leaving_forgets_the_address_everywhere(client, db):
    ask(client)
    ask(client)
    client.post(link())
    known = Subscription.objects.get()

    client.post(reverse("calls:unsubscribe", args=[known.key]))

    with connection.cursor() as cursor:
        cursor.execute(
            'SELECT count(*) FROM journal_outgoingemail WHERE "to" = %s OR body LIKE %s', [EMAIL] * 2
        )
        left = cursor.fetchone()[0]
    assert (left, Subscription.objects.count(), SubscriptionRequest.objects.count()) == (0, 0, 0)
    assert EMAIL not in str(list(Entry.objects.values_list("event", "subject_id", "details__content")))


def test_a_mail_program_unsubscribes_by_itself(db):
    known = subscription()
    program = Client(enforce_csrf_checks=True)

    response = program.post(reverse("calls:unsubscribe", args=[known.key]), {"List-Unsubscribe": "One-Click"})

    assert (response.status_code, Subscription.objects.count()) == (200, 0)


def test_no_other_page_is_posted_to_without_its_token(db):
    known = subscription()
    program = Client(enforce_csrf_checks=True)

    statuses = [
        program.post(address).status_code
        for address in (
            FORM,
            known.get_absolute_url(),
            reverse("calls:confirm_subscription", args=[subscription_request().key]),
        )
    ]

    assert statuses == [403] * 3


def test_leaving_twice_answers_the_same(client, db):
    address = reverse("calls:unsubscribe", args=[subscription().key])

    first, second = client.post(address), client.post(address)

    assert (first.status_code, second.status_code, first.content) == (200, 200, second.content)


def test_looking_at_the_way_out_is_not_leaving(client, db):
    client.get(reverse("calls:unsubscribe", args=[subscription().key]))

    assert Subscription.objects.count() == 1


# Forgetting who never answered


def test_who_never_confirms_is_forgotten_with_what_was_written(client, db):
    ask(client)
    SubscriptionRequest.objects.update(requested_at=from_now(days=-8))
    OutgoingEmail.objects.update(created_at=from_now(days=-8))

    actions.forget_unconfirmed()

    assert (SubscriptionRequest.objects.count(), OutgoingEmail.objects.count()) == (0, 0)


def test_who_may_still_confirm_is_not_forgotten(client, db):
    ask(client)
    old = SubscriptionRequest.objects.get()
    SubscriptionRequest.objects.update(requested_at=from_now(days=-8))
    ask(client)

    actions.forget_unconfirmed()

    assert SubscriptionRequest.objects.exclude(pk=old.pk).count() == SubscriptionRequest.objects.count() == 1
    assert OutgoingEmail.objects.count() == 2


def test_an_expired_request_is_refused_even_if_it_was_seen_in_time(db):
    request = subscription_request(requested_at=from_now(days=-8))

    with pytest.raises(Refused):
        actions.confirm_subscription(request)


def test_the_message_leaves_with_its_way_out(client, db):
    known = subscription()
    CallFactory(published=True)
    from calls import tasks

    tasks.notify_subscribers()
    journal_tasks.send_waiting()

    headers = mail.outbox[0].message()
    assert headers["List-Unsubscribe"].endswith(f"{reverse('calls:unsubscribe', args=[known.key])}>")
    assert headers["List-Unsubscribe-Post"] == "List-Unsubscribe=One-Click"


def test_the_delays_of_the_reminders_are_said(client, db, settings):
    CallFactory(published=True)
    said = {}
    for days in ([15, 7, 1], [3]):
        settings.REMINDER_DAYS = days
        said[len(days)] = client.get(FORM).context["form"].fields["calls"].help_text

    assert said == {
        3: "Un message 15 jours, 7 jours et 1 jour avant la date limite.",
        1: "Un message 3 jours avant la date limite.",
    }
