"""Telling subscribers: each news once and only once, to those who asked for it before it was one."""

from datetime import timedelta

import pytest
from django.db import transaction

from calls import news, tasks
from calls.actions import preparation
from calls.actions import subscriptions as actions
from calls.models import Call, Fund, Notice, Subscription
from journal.models import OutgoingEmail
from tests.clock import from_now, python_clock_off_by
from tests.database import in_parallel
from tests.factories import CallFactory, FundFactory, officer_of, subscription, subscription_request

Kind = Notice.Kind
TOLD = {template: kind.value for kind, template in news.TEMPLATES.items()}


def told():
    """The kinds of the messages posted, and to whom, in their order."""
    return [(TOLD[email.template], email.to) for email in OutgoingEmail.objects.order_by("id")]


def kinds():
    return [kind for kind, _ in told()]


def published_call(*, published_in, opens_in, closes_in, **fields):
    """A call whose dates are so far from now."""
    call = CallFactory(published=True, closes_in=closes_in, **fields)
    now = from_now()
    Call.objects.filter(pk=call.pk).update(published_at=now + published_in, opens_at=now + opens_in)
    call.refresh_from_db()
    return call


def reminded_call(*, closes_in, **fields):
    """A call that opened long ago, of which only the deadline is still a news to who subscribed yesterday."""
    return published_call(
        published_in=timedelta(days=-60), opens_in=timedelta(days=-60), closes_in=closes_in, **fields
    )


# Which news


def test_a_call_is_news_once_published(db):
    subscription(email="a@b.example")
    CallFactory()
    before = (tasks.notify_subscribers(), kinds())[1]
    CallFactory(published=True)

    tasks.notify_subscribers()

    assert (before, told()) == ([], [("published", "a@b.example")])


def test_a_call_published_ahead_is_news_again_when_it_opens(db):
    subscription()
    call = published_call(published_in=timedelta(), opens_in=timedelta(days=3), closes_in=timedelta(days=60))
    tasks.notify_subscribers()
    Call.objects.update(opens_at=from_now(), published_at=call.published_at)

    tasks.notify_subscribers()

    assert kinds() == ["published", "opened"]


@pytest.mark.parametrize(
    ("days", "expected"), [(20, []), (14, ["deadline"]), (6.9, ["deadline"]), (0.5, ["deadline"]), (-1, [])]
)
def test_a_deadline_is_recalled_when_it_nears(db, days, expected):
    subscription(deadlines=True)
    Subscription.objects.update(deadlines_since=from_now(days=-30))
    Subscription.objects.get().topics.update(since=from_now(days=-30))
    reminded_call(closes_in=timedelta(days=days))

    tasks.notify_subscribers()

    assert kinds() == expected


@pytest.mark.parametrize(("seconds", "expected"), [(30, []), (-1, ["deadline"])])
def test_a_reminder_leaves_at_its_second_by_the_databases_clock(db, seconds, expected):
    subscription(deadlines=True)
    reminded_call(closes_in=timedelta(days=7, seconds=seconds))

    with python_clock_off_by(days=1):
        tasks.notify_subscribers()

    assert kinds() == expected


def test_a_postponed_deadline_is_recalled_anew(db):
    subscription(deadlines=True)
    call = reminded_call(closes_in=timedelta(days=7))
    tasks.notify_subscribers()
    preparation.postpone_deadline(
        call.rounds.get(), closes_at=from_now(days=7, hours=1), by=officer_of(call.fund)
    )
    tasks.notify_subscribers()
    before_its_day = kinds()
    call.rounds.update(closes_at=from_now(days=7))

    tasks.notify_subscribers()

    assert (before_its_day, kinds()) == (["deadline"], ["deadline"] * 2)


@pytest.mark.parametrize("days", [6, 8, 14])
def test_a_deadline_postponed_by_the_days_between_two_reminders_is_recalled_anew(db, days):
    known = subscription(deadlines=True)
    known.topics.update(since=from_now(days=-30))
    Subscription.objects.update(deadlines_since=from_now(days=-30))
    call = reminded_call(closes_in=timedelta(hours=12))
    round_ = call.rounds.get()
    tasks.notify_subscribers()
    preparation.postpone_deadline(
        round_, closes_at=round_.closes_at + timedelta(days=days), by=officer_of(call.fund)
    )

    tasks.notify_subscribers()
    tasks.notify_subscribers()

    assert kinds() == ["deadline"] * 2


def test_the_delays_are_those_of_the_settings(db, settings):
    settings.REMINDER_DAYS = [30]
    subscription(deadlines=True)
    reminded_call(closes_in=timedelta(days=30))

    tasks.notify_subscribers()

    assert kinds() == ["deadline"]


def test_only_the_nearest_reminder_is_sent_after_a_long_stop(db):
    known = subscription(deadlines=True)
    known.topics.update(since=from_now(days=-90))
    Subscription.objects.update(deadlines_since=from_now(days=-90))
    reminded_call(closes_in=timedelta(hours=20))

    tasks.notify_subscribers()

    assert kinds() == ["published", "deadline"]


def test_a_call_published_late_has_no_reminder_of_before(db):
    subscription(deadlines=True)
    published_call(published_in=timedelta(), opens_in=timedelta(hours=-1), closes_in=timedelta(days=5))

    tasks.notify_subscribers()

    assert kinds() == ["published"]


# To whom


def test_each_is_told_of_what_they_chose(db):
    call, other = reminded_call(closes_in=timedelta(days=7)), CallFactory(published=True)
    subscription(email="tous@b.example")
    subscription(email="fonds@b.example", fund=other.fund)
    subscription(email="autre@b.example", fund=FundFactory())
    subscription(email="appel@b.example", call=call)
    subscription(email="rappels@b.example", fund=call.fund, deadlines=True)
    other.rounds.update(closes_at=from_now(days=90))

    tasks.notify_subscribers()

    assert sorted(told()) == [
        ("deadline", "appel@b.example"),
        ("deadline", "rappels@b.example"),
        ("published", "fonds@b.example"),
        ("published", "tous@b.example"),
    ]


def test_who_subscribes_after_gets_only_what_comes_after(db):
    reminded_call(closes_in=timedelta(days=6))
    CallFactory(published=True)
    known = actions.confirm_subscription(subscription_request(deadlines=True))
    tasks.notify_subscribers()
    before = kinds()
    later = CallFactory(published=True)

    tasks.notify_subscribers()

    assert (before, list(known.notices.values_list("call", "kind"))) == ([], [(later.pk, "published")])


def test_who_has_not_confirmed_is_told_nothing(db):
    subscription_request()
    CallFactory(published=True)

    tasks.notify_subscribers()

    assert told() == []


@pytest.mark.parametrize("hide", ["imported", "rehearsal", "draft", "closed"])
def test_nobody_is_told_of_what_is_not_news(db, hide):
    subscription(deadlines=True)
    call = reminded_call(closes_in=timedelta(days=7))
    Call.objects.update(published_at=from_now())
    if hide == "imported":
        Call.objects.update(imported=True)
    elif hide == "rehearsal":
        Fund.objects.update(rehearsal=True)
    elif hide == "draft":
        Call.objects.update(state="draft")
    else:
        call.rounds.update(closes_at=from_now(seconds=-1))

    tasks.notify_subscribers()

    assert told() == []


# Once and only once


def test_telling_again_tells_nothing_more(db):
    subscription()
    CallFactory(published=True)

    for _ in range(3):
        tasks.notify_subscribers()

    assert kinds() == ["published"]


def subscribers(number):
    return [subscription(email=f"a{n}@b.example") for n in range(number)]


def test_a_worker_that_dies_between_two_batches_leaves_the_rest_to_the_next(db, monkeypatch):
    monkeypatch.setattr(actions, "BATCH", 2)
    subscribers(5)
    CallFactory(published=True)
    [each] = news.due()
    actions.tell(each)
    half = len(told())

    tasks.notify_subscribers()

    assert (half, sorted(told())) == (2, [("published", f"a{n}@b.example") for n in range(5)])


@transaction.atomic
def die_while_telling(each):
    actions.tell.__wrapped__(each)
    raise KeyboardInterrupt


def test_a_worker_that_dies_within_a_batch_has_told_nobody(db):
    subscribers(3)
    CallFactory(published=True)
    [each] = news.due()
    with pytest.raises(KeyboardInterrupt):
        die_while_telling(each)
    after_death = (told(), Notice.objects.count())

    tasks.notify_subscribers()

    assert after_death == ([], 0)
    assert len(told()) == len(set(told())) == 3


@pytest.mark.django_db(transaction=True)
def test_workers_that_tell_together_tell_each_once(monkeypatch):
    monkeypatch.setattr(actions, "BATCH", 3)
    subscribers(20)
    CallFactory(published=True)

    errors = in_parallel(*[tasks.notify_subscribers] * 6)

    assert (errors, len(told()), len(set(told()))) == ([None] * 6, 20, 20)


def test_who_leaves_between_two_batches_is_told_nothing(db, monkeypatch):
    monkeypatch.setattr(actions, "BATCH", 1)
    first, second = subscribers(2)
    CallFactory(published=True)
    [each] = news.due()
    actions.tell(each)
    actions.unsubscribe(second)

    tasks.notify_subscribers()

    assert told() == [("published", first.email)]


def test_who_leaves_before_the_message_is_sent_does_not_get_it(db):
    [known] = subscribers(1)
    CallFactory(published=True)
    tasks.notify_subscribers()

    actions.unsubscribe(known)

    assert told() == []


@pytest.mark.django_db(transaction=True)
def test_leaving_while_being_told_breaks_nothing():
    leavers = subscribers(10)
    CallFactory(published=True)

    errors = in_parallel(
        tasks.notify_subscribers, *[lambda each=each: actions.unsubscribe(each) for each in leavers]
    )

    assert (errors, Subscription.objects.count(), told()) == ([None] * 11, 0, [])


def test_a_news_that_no_longer_holds_is_not_told(db):
    subscription(deadlines=True)
    call = reminded_call(closes_in=timedelta(days=7))
    each = list(news.due())[-1]
    call.rounds.update(closes_at=from_now(days=30))

    assert (each.kind, actions.tell(each), told()) == ("deadline", 0, [])


@pytest.mark.parametrize("people", [1, 30])
def test_telling_many_takes_as_many_queries_as_telling_one(db, django_assert_num_queries, people):
    subscribers(people)
    CallFactory(published=True)
    [each] = news.due()

    with django_assert_num_queries(9):
        actions.tell(each)

    assert len(told()) == people


def test_the_message_says_what_one_must_know(db):
    known = subscription()
    call = CallFactory(published=True, title="Appel d’essai", summary="Résumé de l’appel.")

    tasks.notify_subscribers()

    email = OutgoingEmail.objects.get()
    assert email.subject == "Nouvel appel à projets : Appel d’essai"
    for said in ("Résumé de l’appel.", call.get_absolute_url(), known.get_absolute_url(), "Date limite : "):
        assert email.body.count(said) >= 1
