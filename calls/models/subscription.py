"""Who asked to be told by e-mail of new calls and of deadlines, and what they were told."""

from django.db import models
from django.db.models import Exists, OuterRef, Q
from django.db.models.functions import Now
from django.urls import reverse

from calls.models.call import Call
from calls.models.fund import Fund
from calls.models.keys import new_key


class SubscriptionRequest(models.Model):
    """What someone asked for an address, silent until whoever reads that address confirms it; then it is gone."""

    email = models.EmailField("adresse électronique")
    key = models.CharField(max_length=43, unique=True, default=new_key)
    funds = models.JSONField("fonds", default=list)
    calls = models.JSONField("appels", default=list)
    all_funds = models.BooleanField("tous les fonds", default=False)
    deadlines = models.BooleanField("rappels des fonds choisis", default=False)
    requested_at = models.DateTimeField("demandé le", db_default=Now())

    class Meta:
        verbose_name = "demande d’abonnement"
        verbose_name_plural = "demandes d’abonnement"
        ordering = ["-id"]
        indexes = [
            models.Index(fields=["email", "requested_at"], name="subscription_request_email"),
            models.Index(fields=["requested_at"], name="subscription_request_age"),
        ]

    def __str__(self):
        return f"demande d’abonnement {self.pk}"


class SubscriptionQuerySet(models.QuerySet):
    def awaiting(self, news):
        """Those who chose what this news is about before it was due, and were not told of it."""
        told = Notice.objects.filter(
            subscription=OuterRef("pk"),
            call=news.call,
            kind=news.kind,
            due_at=news.due_at,
            closes_at=news.deadline,
        )
        of_fund = Topic.objects.filter(
            Q(fund=news.call.fund_id) | Q(fund=None, call=None),
            subscription=OuterRef("pk"),
            since__lt=news.due_at,
        )
        chosen = Exists(of_fund)
        if news.kind == Notice.Kind.DEADLINE:
            of_call = Topic.objects.filter(subscription=OuterRef("pk"), call=news.call, since__lt=news.due_at)
            chosen = Q(Exists(of_call)) | Q(Exists(of_fund), deadlines_since__lt=news.due_at)
        return self.filter(chosen).exclude(Exists(told))


class Subscription(models.Model):
    """A confirmed address: one row each, whatever was asked and however often. It is deleted, never disabled."""

    email = models.EmailField("adresse électronique", unique=True)
    key = models.CharField(max_length=43, unique=True, default=new_key)
    deadlines_since = models.DateTimeField("rappels des fonds choisis, depuis", null=True, blank=True)
    confirmed_at = models.DateTimeField("confirmé le", db_default=Now())

    objects = SubscriptionQuerySet.as_manager()

    class Meta:
        verbose_name = "abonnement"
        ordering = ["id"]

    def __str__(self):
        return f"abonnement {self.pk}"

    def get_absolute_url(self):
        return reverse("calls:subscription", args=[self.key])


class Topic(models.Model):
    """What a subscription is about: a fund, a call (its deadlines alone), or, with neither, every fund."""

    subscription = models.ForeignKey(Subscription, models.CASCADE, related_name="topics")
    fund = models.ForeignKey(Fund, models.CASCADE, null=True, blank=True, related_name="+")
    call = models.ForeignKey(Call, models.CASCADE, null=True, blank=True, related_name="+")
    since = models.DateTimeField(db_default=Now())

    class Meta:
        verbose_name = "sujet d’abonnement"
        ordering = ["subscription", "id"]
        constraints = [
            models.UniqueConstraint(
                fields=["subscription", "fund", "call"], nulls_distinct=False, name="topic_once"
            ),
            models.CheckConstraint(condition=Q(fund=None) | Q(call=None), name="topic_fund_or_call"),
        ]

    def __str__(self):
        return f"{self.subscription}, {self.fund or self.call or 'tous les fonds'}"


class Notice(models.Model):
    """A news that a subscription was told: the row is written with the message, so that none is sent twice.

    `due_at` and, for a reminder, the deadline it recalls say which news of a kind it is: a deadline that is postponed
    is another one, even to a day whose reminder falls when the former's did.
    """

    class Kind(models.TextChoices):
        PUBLISHED = "published", "nouvel appel"
        OPENED = "opened", "ouverture des dépôts"
        DEADLINE = "deadline", "rappel de la date limite"

    subscription = models.ForeignKey(Subscription, models.CASCADE, related_name="notices")
    call = models.ForeignKey(Call, models.CASCADE, related_name="+")
    kind = models.CharField(max_length=10, choices=Kind)
    due_at = models.DateTimeField()
    closes_at = models.DateTimeField(null=True)
    told_at = models.DateTimeField(db_default=Now())

    class Meta:
        verbose_name = "avis aux abonnés"
        verbose_name_plural = "avis aux abonnés"
        ordering = ["-id"]
        constraints = [
            models.UniqueConstraint(
                fields=["subscription", "call", "kind", "due_at", "closes_at"],
                nulls_distinct=False,
                name="notice_once",
            ),
        ]

    def __str__(self):
        return f"{self.get_kind_display()}, {self.call_id}"
