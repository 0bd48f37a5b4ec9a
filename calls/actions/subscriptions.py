"""Subscribing by e-mail in two steps, and telling who subscribed, once and only once."""

from datetime import timedelta

from django.db import connection, transaction
from django.db.models import Q
from django.db.models.functions import Now

from calls import news
from calls.models import Call, Fund, Notice, Subscription, SubscriptionRequest, Topic
from journal import actions as journal
from journal import clock
from journal.refusals import refuse_unless

WAITS = timedelta(days=7)
REQUESTS_A_DAY = 3
BATCH = 200
TELLER_LOCK = 20180215
GONE = "Ce lien a déjà servi ou n’est plus valable : refaites votre demande."


@transaction.atomic(durable=True)
def request_subscription(*, email, all_funds=False, funds=(), calls=(), deadlines=False):
    """Write to an address to ask whether it wants this; past a few times a day, it is left in peace.

    Nothing tells who asks whether the address is known, or written to.
    """
    _alone_with(email)
    today = SubscriptionRequest.objects.filter(email=email, requested_at__gt=Now() - timedelta(days=1))
    if today.count() >= REQUESTS_A_DAY:
        return
    request = SubscriptionRequest.objects.create(
        email=email,
        all_funds=all_funds,
        funds=[fund.pk for fund in funds],
        calls=[call.pk for call in calls],
        deadlines=deadlines,
    )
    journal.post(news.confirmation(request, days=WAITS.days))


@transaction.atomic(durable=True)
def confirm_subscription(request):
    """Add what was asked to what the address already gets; the link serves once."""
    _alone_with(request.email)
    request = waiting_requests().select_for_update().filter(pk=request.pk).first()
    refuse_unless(request, GONE)
    subscription, _ = Subscription.objects.get_or_create(email=request.email)
    _add_topics(
        subscription,
        all_funds=request.all_funds,
        funds=Fund.objects.public().filter(pk__in=request.funds),
        calls=Call.objects.public().filter(pk__in=request.calls),
    )
    if request.deadlines and subscription.deadlines_since is None:
        subscription.deadlines_since = clock.now()
        subscription.save(update_fields=["deadlines_since"])
    request.delete()
    journal.record("subscription.confirmed", subscription)
    return subscription


@transaction.atomic(durable=True)
def change_subscription(subscription, *, all_funds=False, funds=(), calls=(), deadlines=False):
    """Keep what is still chosen since when it was; what is new counts from now on."""
    subscription = Subscription.objects.select_for_update().filter(pk=subscription.pk).first()
    refuse_unless(subscription, "Cet abonnement n’existe plus.")
    kept = Q(fund__in=[fund.pk for fund in funds]) | Q(call__in=[call.pk for call in calls])
    if all_funds:
        kept |= Q(fund=None, call=None)
    subscription.topics.exclude(pk__in=subscription.topics.filter(kept)).delete()
    _add_topics(subscription, all_funds=all_funds, funds=funds, calls=calls)
    subscription.deadlines_since = (subscription.deadlines_since or clock.now()) if deadlines else None
    subscription.save(update_fields=["deadlines_since"])
    journal.record("subscription.changed", subscription)


@transaction.atomic(durable=True)
def unsubscribe(subscription):
    """Forget an address at once: what it chose, what it asked, and the messages written to it."""
    _alone_with(subscription.email)
    subscription = Subscription.objects.select_for_update().filter(pk=subscription.pk).first()
    if subscription is None:
        return
    journal.record("subscription.ended", subscription)
    journal.forget(subscription.email, templates=[news.CONFIRMATION, *news.TEMPLATES.values()])
    SubscriptionRequest.objects.filter(email=subscription.email).delete()
    subscription.delete()


@transaction.atomic(durable=True)
def tell(each):
    """Post a news to the next subscribers who were not told of it, and return how many.

    One teller at a time, who asks again whether the news still holds; a worker that dies leaves nothing half told.
    """
    with connection.cursor() as cursor:
        cursor.execute("SELECT pg_advisory_xact_lock(%s)", [TELLER_LOCK])
    if each not in news.due(pk=each.call.pk):
        return 0
    awaiting = Subscription.objects.awaiting(each).select_for_update(skip_locked=True, of=["self"])
    batch = list(awaiting.order_by("pk")[:BATCH])
    Notice.objects.bulk_create(
        Notice(
            subscription=subscription,
            call=each.call,
            kind=each.kind,
            due_at=each.due_at,
            closes_at=each.deadline,
        )
        for subscription in batch
    )
    if batch:
        journal.post(*(news.message(each, subscription) for subscription in batch))
    return len(batch)


@transaction.atomic(durable=True)
def forget_unconfirmed():
    """Erase the addresses that never answered, with what was written to them.

    An hour after their link expired, so that their message is older than a link's life too.
    """
    now = clock.now()
    expired = SubscriptionRequest.objects.filter(requested_at__lt=now - WAITS - timedelta(hours=1))
    for request in expired.select_for_update(skip_locked=True):
        journal.forget(request.email, templates=[news.CONFIRMATION], before=now - WAITS)
        request.delete()


def waiting_requests():
    """Those whose link is still good."""
    return SubscriptionRequest.objects.filter(requested_at__gt=Now() - WAITS)


# Steps


def _alone_with(email):
    """Make whatever else is done about this address wait for the end of this transaction."""
    with connection.cursor() as cursor:
        cursor.execute("SELECT pg_advisory_xact_lock(%s, hashtext(%s))", [TELLER_LOCK, email])


def _add_topics(subscription, *, all_funds, funds, calls):
    topics = [Topic(subscription=subscription, fund=fund) for fund in funds]
    topics += [Topic(subscription=subscription, call=call) for call in calls]
    if all_funds:
        topics.append(Topic(subscription=subscription))
    Topic.objects.bulk_create(topics, ignore_conflicts=True)
