"""What people ask about a call, and what its secretariat answers."""

from django.contrib.postgres.indexes import GinIndex
from django.contrib.postgres.search import SearchRank, SearchVectorField
from django.db import models
from django.db.models import Exists, F, OuterRef, Q
from django.db.models.functions import MD5, Lower, Now
from django.urls import reverse

from accounts.models import User
from calls import search
from calls.models.call import Call
from calls.models.fund import FundRole


class PublicQuestionQuerySet(models.QuerySet):
    def public(self):
        """Those published with their answer, on a call that everyone may see."""
        return self.filter(
            state=PublicQuestion.State.PUBLISHED,
            call__state=Call.State.PUBLISHED,
            call__published_at__lte=Now(),
            call__fund__rehearsal=False,
        )

    def visible_to(self, user):
        """With the asker's address: for the secretariat and the audit of the fund alone."""
        return self.filter(
            Exists(FundRole.objects.filter(fund=OuterRef("call__fund"), user=user, role__in=FundRole.READERS))
        )

    def like(self, text):
        """Those that share words with a text, the nearest first."""
        found = search.any_word(text)
        return self.filter(search=found).order_by(SearchRank(F("search"), found).desc(), "number")


class PublicQuestion(models.Model):
    """A question on a call. What was asked stays; what is published is a text of its own, with its answer."""

    class State(models.TextChoices):
        RECEIVED = "received", "reçue"
        PUBLISHED = "published", "publiée"
        ANSWERED_PRIVATELY = "answered_privately", "réponse privée"
        SET_ASIDE = "set_aside", "écartée"

    call = models.ForeignKey(Call, models.PROTECT, related_name="questions", verbose_name="appel")
    email = models.EmailField("adresse électronique")
    text = models.CharField("question", max_length=300)
    body = models.TextField("précisions", max_length=3000, blank=True)
    asked_at = models.DateTimeField("reçue le", db_default=Now())
    state = models.CharField("état", max_length=20, choices=State, default=State.RECEIVED)
    version = models.PositiveIntegerField(default=0)
    number = models.PositiveIntegerField("numéro", null=True, blank=True)
    published_text = models.TextField("question telle que publiée", max_length=2000, blank=True)
    answer = models.TextField("réponse", max_length=10_000, blank=True)
    reason = models.TextField("motif", max_length=2000, blank=True)
    handled_at = models.DateTimeField("traitée le", null=True, blank=True)
    handled_by = models.ForeignKey(User, models.PROTECT, null=True, blank=True, related_name="+")
    corrected_at = models.DateTimeField("modifiée le", null=True, blank=True)
    fictitious = models.BooleanField("fictif", default=False)
    search = models.GeneratedField(
        expression=search.vector(("published_text", "A"), ("answer", "B")),
        output_field=SearchVectorField(),
        db_persist=True,
    )

    objects = PublicQuestionQuerySet.as_manager()

    class Meta:
        verbose_name = "question"
        ordering = ["call", "number", "id"]
        constraints = [
            # The body may be longer than what an index holds: its hash stands for it.
            models.UniqueConstraint(
                F("call"),
                Lower("email"),
                F("text"),
                MD5("body"),
                condition=Q(state="received"),
                name="question_asked_once",
            ),
            models.UniqueConstraint(fields=["call", "number"], name="question_number_once"),
            models.CheckConstraint(
                condition=~Q(state="published")
                | (Q(number__isnull=False, handled_at__isnull=False) & ~Q(published_text="") & ~Q(answer="")),
                name="question_published_has_its_answer",
            ),
            models.CheckConstraint(
                condition=~Q(state="answered_privately") | (Q(handled_at__isnull=False) & ~Q(answer="")),
                name="question_answered_has_its_answer",
            ),
            models.CheckConstraint(
                condition=~Q(state="set_aside") | (Q(handled_at__isnull=False) & ~Q(reason="")),
                name="question_set_aside_has_a_reason",
            ),
        ]
        indexes = [
            GinIndex(fields=["search"], name="question_search"),
            models.Index(fields=["state", "asked_at"], name="question_waiting"),
        ]

    def __str__(self):
        return self.text

    def get_absolute_url(self):
        """Its place among the published ones; meaningless before."""
        return f"{reverse('calls:questions', args=[self.call.slug])}#question-{self.number}"

    @property
    def title(self):
        """The first line of what is published: the question itself."""
        return self.published_text.partition("\n")[0]

    @property
    def details(self):
        return self.published_text.partition("\n")[2].strip()


def questions_close_at(call):
    """When a call stops taking questions, that instant excluded: its own date, else its last deadline.

    None for a call that takes none: not public, imported from facts as already past, or without any date.
    """
    if call.state != Call.State.PUBLISHED or call.imported or call.fund.rehearsal:
        return None
    if call.questions_until:
        return call.questions_until
    last = call.rounds.order_by("-closes_at").first()
    return last and last.closes_at
