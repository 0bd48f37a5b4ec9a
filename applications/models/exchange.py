"""What is said around a dossier: remarks, support before filing, messages, requests for clarification, reminders."""

from django.core.serializers.json import DjangoJSONEncoder
from django.db import models
from django.db.models import Q
from django.db.models.functions import Now

from accounts.models import User
from applications.models.application import Application, Submission
from documents.models import StoredFile


class Remark(models.Model):
    """What a reader says of a section, or of the whole dossier where no section is named; settled once dealt with."""

    class Kind(models.TextChoices):
        VISA = "visa", "remarque du valideur"
        SUPPORT = "support", "remarque du secrétariat"
        SIMILAR = "similar", "projet proche proposé par le secrétariat"
        EXPERT = "expert", "expert proposé par le secrétariat"

    application = models.ForeignKey(Application, models.CASCADE, related_name="section_remarks")
    kind = models.CharField(max_length=10, choices=Kind)
    section_key = models.SlugField("section", max_length=60, blank=True)
    text = models.TextField("texte")
    link = models.URLField("lien", max_length=300, blank=True)
    written_at = models.DateTimeField(db_default=Now())
    written_by = models.ForeignKey(User, models.PROTECT, related_name="+")
    settled_at = models.DateTimeField("traitée le", null=True, blank=True)
    settled_by = models.ForeignKey(User, models.PROTECT, null=True, blank=True, related_name="+")

    class Meta:
        verbose_name = "remarque"
        ordering = ["id"]
        constraints = [
            models.CheckConstraint(
                condition=Q(settled_at__isnull=True, settled_by__isnull=True)
                | Q(settled_at__isnull=False, settled_by__isnull=False),
                name="remark_settled_by_someone",
            )
        ]

    def __str__(self):
        return f"{self.get_kind_display()} sur {self.application}"


class SupportRequest(models.Model):
    """The writers of a draft ask the secretariat for support: it reads this draft, and only it, until it is closed."""

    application = models.ForeignKey(Application, models.CASCADE, related_name="support_requests")
    text = models.TextField("votre demande")
    asked_at = models.DateTimeField(db_default=Now())
    asked_by = models.ForeignKey(User, models.PROTECT, related_name="+")
    taken_at = models.DateTimeField("prise en charge le", null=True, blank=True)
    taken_by = models.ForeignKey(User, models.PROTECT, null=True, blank=True, related_name="+")
    closed_at = models.DateTimeField("close le", null=True, blank=True)
    closed_by = models.ForeignKey(User, models.PROTECT, null=True, blank=True, related_name="+")

    class Meta:
        verbose_name = "demande d’accompagnement"
        verbose_name_plural = "demandes d’accompagnement"
        ordering = ["-id"]
        constraints = [
            models.UniqueConstraint(
                fields=["application"], condition=Q(closed_at=None), name="support_request_one_open"
            )
        ]

    def __str__(self):
        return f"accompagnement de {self.application}"


class Message(models.Model):
    """A message between a carrier and the secretariat. `nonce` is the page's own: a form sent twice is one message."""

    application = models.ForeignKey(Application, models.CASCADE, related_name="messages")
    text = models.TextField("message")
    from_secretariat = models.BooleanField(default=False)
    nonce = models.CharField(max_length=40, unique=True)
    sent_at = models.DateTimeField(db_default=Now())
    sent_by = models.ForeignKey(User, models.PROTECT, related_name="+")

    class Meta:
        verbose_name = "message"
        ordering = ["id"]

    def __str__(self):
        return f"message du {self.sent_at:%Y-%m-%d} sur {self.application}"


class MessageFile(models.Model):
    """A file joined to a message."""

    message = models.ForeignKey(Message, models.CASCADE, related_name="files")
    file = models.ForeignKey(StoredFile, models.PROTECT, related_name="+")
    name = models.CharField("nom", max_length=160)

    class Meta:
        verbose_name = "fichier d’un message"
        verbose_name_plural = "fichiers d’un message"
        ordering = ["id"]

    def __str__(self):
        return self.name


class MessageReading(models.Model):
    """How far someone has read the messages of a dossier."""

    application = models.ForeignKey(Application, models.CASCADE, related_name="message_readings")
    user = models.ForeignKey(User, models.CASCADE, related_name="+")
    last_read = models.ForeignKey(Message, models.CASCADE, related_name="+")

    class Meta:
        verbose_name = "lecture des messages"
        verbose_name_plural = "lectures des messages"
        constraints = [models.UniqueConstraint(fields=["application", "user"], name="message_reading_once")]

    def __str__(self):
        return f"{self.user} sur {self.application}"


class ClarificationQuerySet(models.QuerySet):
    def open(self):
        """Those that nobody answered or called off yet, in time or not."""
        return self.filter(answered_at=None, called_off_at=None)


class Clarification(models.Model):
    """The secretariat asks for more on some sections of a filed dossier: these alone open again, until a time.

    `sections` is a list of {"key", "title", "question"}. `submission` is the filing that answered.
    """

    application = models.ForeignKey(Application, models.CASCADE, related_name="clarifications")
    sections = models.JSONField(encoder=DjangoJSONEncoder)
    text = models.TextField("demande", blank=True)
    due_at = models.DateTimeField("à rendre avant")
    asked_at = models.DateTimeField(db_default=Now())
    asked_by = models.ForeignKey(User, models.PROTECT, related_name="+")
    submission = models.OneToOneField(
        Submission, models.PROTECT, null=True, blank=True, related_name="clarification"
    )
    answered_at = models.DateTimeField("répondue le", null=True, blank=True)
    called_off_at = models.DateTimeField("levée le", null=True, blank=True)

    objects = ClarificationQuerySet.as_manager()

    class Meta:
        verbose_name = "demande de compléments"
        verbose_name_plural = "demandes de compléments"
        ordering = ["-id"]
        constraints = [
            models.UniqueConstraint(
                fields=["application"],
                condition=Q(answered_at=None, called_off_at=None),
                name="clarification_one_open",
            ),
            models.CheckConstraint(
                condition=Q(answered_at__isnull=True, submission__isnull=True)
                | Q(answered_at__isnull=False, submission__isnull=False),
                name="clarification_answered_by_a_filing",
            ),
        ]

    def __str__(self):
        return f"compléments demandés sur {self.application}"


class DeadlineReminder(models.Model):
    """A reminder that was sent, for a draft or for a request for more: each step before each deadline, once.

    `to_certifiers`: not to everyone, but to the certifiers who did not come, or to who may name one.
    """

    application = models.ForeignKey(Application, models.CASCADE, related_name="reminders")
    closes_at = models.DateTimeField()
    hours = models.PositiveSmallIntegerField("heures avant")
    to_certifiers = models.BooleanField("alerte des valideurs", default=False, db_default=False)
    sent_at = models.DateTimeField(db_default=Now())

    class Meta:
        verbose_name = "rappel avant la date limite"
        verbose_name_plural = "rappels avant la date limite"
        constraints = [
            models.UniqueConstraint(
                fields=["application", "closes_at", "hours", "to_certifiers"], name="deadline_reminder_once"
            )
        ]

    def __str__(self):
        return f"{self.application}, {self.hours} h avant"
