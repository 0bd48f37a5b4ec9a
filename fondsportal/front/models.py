"""What people think of the portal, without knowing who they are."""

from django.db import models
from django.db.models import Count, Q

SMALL = 5  # fewer answers than that are not detailed: the one person concerned would be recognised


class SatisfactionAnswerQuerySet(models.QuerySet):
    def counts(self, since, before):
        """Rows of month, place, score and number of answers, the most recent month first."""
        return (
            self.filter(month__gte=since, month__lt=before)
            .values("month", "place", "score")
            .annotate(answers=Count("pk"))
            .order_by("-month", "place", "score")
        )


class SatisfactionAnswer(models.Model):
    """One answer to the two questions. Only its month is kept: the minute would tell whose it is."""

    class Place(models.TextChoices):
        FILING = "filing", "après un dépôt"
        PUBLIC = "public", "pages publiques"

    class Score(models.IntegerChoices):
        YES = 4, "Oui, tout à fait"
        RATHER_YES = 3, "Plutôt oui"
        RATHER_NO = 2, "Plutôt non"
        NO = 1, "Pas du tout"

    place = models.CharField("où", max_length=10, choices=Place)
    page = models.CharField("nom de la page", max_length=60, blank=True)
    score = models.PositiveSmallIntegerField("réponse", choices=Score)
    comment = models.TextField("commentaire", blank=True)
    month = models.DateField("mois")

    objects = SatisfactionAnswerQuerySet.as_manager()

    class Meta:
        verbose_name = "réponse sur le portail"
        verbose_name_plural = "réponses sur le portail"
        ordering = ["-month", "-id"]
        indexes = [models.Index(fields=["month", "place", "score"])]
        constraints = [
            models.CheckConstraint(condition=Q(score__range=(1, 4)), name="satisfaction_score_in_words")
        ]

    def __str__(self):
        return f"{self.get_score_display()} ({self.get_place_display()}, {self.month:%Y-%m})"
