"""Around an announcement: its pictures, who sees it before its minute, what each carrier says of its own page."""

import uuid

from django.core.validators import MaxLengthValidator
from django.db import models
from django.db.models import Q
from django.db.models.functions import Now

from accounts.models import User
from documents.models import StoredFile
from selection.models.announcement import Announcement, Laureate

SHORT, LONG = 300, 1500  # characters of the two texts of a laureate's page


class AnnouncementPicture(models.Model):
    """A picture of the announcement or of one laureate; its address cannot be guessed, and obeys the embargo.

    What a carrier offers is published once the secretariat has kept it.
    """

    announcement = models.ForeignKey(Announcement, models.PROTECT, related_name="pictures")
    laureate = models.ForeignKey(
        Laureate, models.PROTECT, null=True, blank=True, related_name="pictures", verbose_name="lauréat"
    )
    key = models.UUIDField(default=uuid.uuid4, unique=True, editable=False)
    file = models.ForeignKey(StoredFile, models.PROTECT, related_name="+")
    alternative = models.CharField("texte de remplacement", max_length=500)
    credit = models.CharField("crédit", max_length=160)
    published = models.BooleanField("publiée", default=True, db_default=True)
    added_by = models.ForeignKey(User, models.PROTECT, related_name="+")
    added_at = models.DateTimeField(db_default=Now())

    class Meta:
        verbose_name = "image d’une annonce"
        verbose_name_plural = "images des annonces"
        ordering = ["id"]
        constraints = [
            models.CheckConstraint(
                condition=~Q(alternative="") & ~Q(credit=""),
                name="announcement_picture_is_described_and_credited",
            )
        ]

    def __str__(self):
        return self.alternative

    @property
    def name(self):
        """The name of its file when it is handed out."""
        return f"image-{self.pk}.{'png' if self.file.content_type == 'image/png' else 'jpg'}"


class PreviewQuerySet(models.QuerySet):
    def held(self):
        """Those that somebody still counts on: neither revoked nor expired."""
        return self.filter(revoked_at=None, expires_at__gt=Now())

    def standing(self):
        """Those that open now: the cabinet's until it is all taken back, the press's while there is a minute."""
        State = Announcement.State
        scheduled = Q(announcement__state=State.SCHEDULED)
        return self.held().filter(
            scheduled | (~Q(announcement__state=State.WITHDRAWN) & ~Q(purpose=Preview.Purpose.PRESS))
        )


class Preview(models.Model):
    """A personal link to an announcement before its minute; the database keeps a hash of what the link ends with."""

    class Purpose(models.TextChoices):
        CABINET = "cabinet", "cabinet"
        PRESS = "press", "presse, sous embargo"

    announcement = models.ForeignKey(Announcement, models.PROTECT, related_name="previews")
    purpose = models.CharField("pour", max_length=10, choices=Purpose)
    name = models.CharField("destinataire", max_length=160)
    email = models.EmailField("courriel")
    token_sha256 = models.CharField(max_length=64, unique=True)
    expires_at = models.DateTimeField("expire le")
    created_by = models.ForeignKey(User, models.PROTECT, related_name="+")
    created_at = models.DateTimeField(db_default=Now())
    revoked_at = models.DateTimeField("révoqué le", null=True, blank=True)
    openings = models.PositiveIntegerField("ouvertures", default=0, db_default=0)
    last_opened_at = models.DateTimeField("dernière ouverture", null=True, blank=True)

    objects = PreviewQuerySet.as_manager()

    class Meta:
        verbose_name = "aperçu personnel"
        verbose_name_plural = "aperçus personnels"
        ordering = ["id"]

    def __str__(self):
        return self.name


class LaureateCheck(models.Model):
    """What a carrier was asked about its public page, and what it answered; its words are kept as it wrote them."""

    class Answer(models.TextChoices):
        ACCEPTED = "accepted", "acceptée"
        CORRECTED = "corrected", "corrigée"

    laureate = models.OneToOneField(Laureate, models.PROTECT, related_name="page_check")
    asked_at = models.DateTimeField("demandé le")
    asked_by = models.ForeignKey(User, models.PROTECT, related_name="+")
    due_at = models.DateTimeField("avant le")
    reminded_at = models.DateTimeField("relancé le", null=True, blank=True)
    answer = models.CharField("réponse", max_length=10, choices=Answer, blank=True, db_default="")
    answered_at = models.DateTimeField("répondu le", null=True, blank=True)
    answered_by = models.ForeignKey(User, models.PROTECT, null=True, blank=True, related_name="+")
    short_text = models.CharField("en bref", max_length=SHORT, blank=True, db_default="")
    long_text = models.TextField(
        "présentation", blank=True, db_default="", validators=[MaxLengthValidator(LONG)]
    )
    contact = models.CharField("contact public", max_length=200, blank=True, db_default="")
    remark = models.TextField("remarque", blank=True, db_default="")
    settled_at = models.DateTimeField("traité le", null=True, blank=True)
    settled_by = models.ForeignKey(User, models.PROTECT, null=True, blank=True, related_name="+")
    taken = models.BooleanField("reprise", null=True, blank=True)

    class Meta:
        verbose_name = "relecture d’une page de lauréat"
        verbose_name_plural = "relectures de pages de lauréats"
        constraints = [
            models.CheckConstraint(
                condition=Q(answer="", answered_at=None) | (~Q(answer="") & Q(answered_at__isnull=False)),
                name="laureate_check_answer_has_its_date",
            )
        ]

    def __str__(self):
        return str(self.laureate)
