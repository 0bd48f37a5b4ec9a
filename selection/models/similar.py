"""The radar of mutualisation: which projects are close, and carriers who agree to meet."""

from django.contrib.postgres.indexes import GinIndex
from django.contrib.postgres.search import SearchVectorField
from django.core.serializers.json import DjangoJSONEncoder
from django.db import models
from django.db.models import F, Q
from django.db.models.functions import Now

from accounts.models import User
from applications.models import Submission
from selection.models.announcement import Laureate
from selection.models.instruction import Case


class RadarText(models.Model):
    """The words of a project, as the radar compares them: of a standing dossier, or of a public laureate.

    `read_from` names what was read: when it is no longer what stands, the text is read again. A text that was not
    compared yet is the queue of the worker. One that cannot be read, or compared, is set aside with what prevents it:
    it has no words, and waits for what stands to change.
    """

    case = models.OneToOneField(Case, models.CASCADE, null=True, blank=True, related_name="radar_text")
    laureate = models.OneToOneField(
        Laureate, models.CASCADE, null=True, blank=True, related_name="radar_text"
    )
    submission = models.ForeignKey(Submission, models.PROTECT, null=True, blank=True, related_name="+")
    read_from = models.CharField(max_length=32, blank=True)
    words = SearchVectorField()
    problem = models.CharField("ce qui empêche de le comparer", max_length=200, blank=True, db_default="")
    compared_at = models.DateTimeField(null=True, blank=True)

    class Meta:
        verbose_name = "texte du radar"
        verbose_name_plural = "textes du radar"
        indexes = [
            GinIndex(fields=["words"], name="radar_words"),
            models.Index(fields=["id"], name="radar_to_compare", condition=Q(compared_at=None)),
        ]
        constraints = [
            models.CheckConstraint(
                condition=Q(case__isnull=True, laureate__isnull=False, submission__isnull=True)
                | Q(case__isnull=False, laureate__isnull=True, submission__isnull=False),
                name="radar_text_of_one_thing",
            )
        ]

    def __str__(self):
        return f"mots de {self.case or self.laureate}"


class RadarWord(models.Model):
    """In how many texts of the radar a word is, and how rare that makes it.

    The empty word says how many texts there were, and how rare is a word that one of them alone has.
    """

    word = models.TextField(unique=True)
    texts = models.PositiveIntegerField()
    rarity = models.FloatField()

    class Meta:
        verbose_name = "mot du radar"
        verbose_name_plural = "mots du radar"

    def __str__(self):
        return self.word


class SimilarProjectQuerySet(models.QuerySet):
    def readable_by(self, user):
        """Those whose other project someone may read: a standing dossier of their funds, or a public laureate."""
        dossiers = Case.objects.readable_by(user).standing()
        return self.filter(Q(other__in=dossiers) | Q(laureate__in=Laureate.objects.public()))


class SimilarProject(models.Model):
    """A project close to a dossier: another dossier, or a past laureate, and the passages that say so.

    Computed by the worker. `score` is a similarity between 0 and 1; `passages` a list of {"mine", "theirs"} sentences
    where the shared words are marked as `calls.search.highlighted` reads them; `double_funding` a list of
    {"fact", "evidence"}. Both quote the other project: they are for who may read it.
    """

    case = models.ForeignKey(Case, models.CASCADE, related_name="similar")
    other = models.ForeignKey(Case, models.CASCADE, null=True, blank=True, related_name="+")
    laureate = models.ForeignKey(Laureate, models.CASCADE, null=True, blank=True, related_name="+")
    score = models.FloatField("proximité")
    passages = models.JSONField(default=list, encoder=DjangoJSONEncoder)
    double_funding = models.JSONField(
        "indices de double financement", default=list, encoder=DjangoJSONEncoder
    )
    computed_at = models.DateTimeField(db_default=Now())

    objects = SimilarProjectQuerySet.as_manager()

    class Meta:
        verbose_name = "projet proche"
        verbose_name_plural = "projets proches"
        ordering = ["case", "-score", "id"]
        constraints = [
            models.CheckConstraint(
                condition=Q(other__isnull=True, laureate__isnull=False)
                | Q(other__isnull=False, laureate__isnull=True),
                name="similar_to_one_thing",
            ),
            models.UniqueConstraint(fields=["case", "other"], name="similar_case_once"),
            models.UniqueConstraint(fields=["case", "laureate"], name="similar_laureate_once"),
        ]

    def __str__(self):
        return f"{self.case} et {self.other or self.laureate}"


class MeetingSuggestionQuerySet(models.QuerySet):
    def readable_by(self, user):
        """Those of which someone of the fund may read both dossiers."""
        dossiers = Case.objects.readable_by(user)
        return self.filter(first__in=dossiers, second__in=dossiers)

    def of(self, case):
        return self.filter(Q(first=case) | Q(second=case))

    def standing(self):
        """Those that the secretariat did not call off."""
        return self.filter(called_off_at=None)


class MeetingSuggestion(models.Model):
    """The secretariat suggests to two carriers that they meet; each learns who the other is once both have agreed."""

    first = models.ForeignKey(Case, models.CASCADE, related_name="meetings_as_first")
    second = models.ForeignKey(Case, models.CASCADE, related_name="meetings_as_second")
    text = models.TextField("ce qui les rapproche", max_length=2000)
    suggested_at = models.DateTimeField(db_default=Now())
    suggested_by = models.ForeignKey(User, models.PROTECT, related_name="+")
    first_agrees = models.BooleanField(null=True, blank=True)
    first_answered_at = models.DateTimeField(null=True, blank=True)
    first_answered_by = models.ForeignKey(User, models.PROTECT, null=True, blank=True, related_name="+")
    second_agrees = models.BooleanField(null=True, blank=True)
    second_answered_at = models.DateTimeField(null=True, blank=True)
    second_answered_by = models.ForeignKey(User, models.PROTECT, null=True, blank=True, related_name="+")
    called_off_at = models.DateTimeField(null=True, blank=True)
    # When each learned who the other is: both had agreed, and both dossiers stood.
    met_at = models.DateTimeField(null=True, blank=True)

    objects = MeetingSuggestionQuerySet.as_manager()

    class Meta:
        verbose_name = "mise en relation proposée"
        verbose_name_plural = "mises en relation proposées"
        ordering = ["-id"]
        constraints = [
            models.UniqueConstraint(
                fields=["first", "second"], condition=Q(called_off_at=None), name="meeting_suggested_once"
            ),
            models.CheckConstraint(condition=~Q(first=F("second")), name="meeting_of_two"),
            models.CheckConstraint(
                condition=Q(met_at=None) | Q(first_agrees=True, second_agrees=True),
                name="meeting_of_both_who_agree",
            ),
        ]

    def __str__(self):
        return f"{self.first} et {self.second}"
