"""What happened, and what must still be sent."""

from django.db import models
from django.db.models.functions import Now


class Entry(models.Model):
    """One thing that happened. The database refuses to change or delete it.

    The details are apart so that retention may erase them: the entry keeps their hash, and the chain still holds.
    """

    at = models.DateTimeField(db_default=Now())
    event = models.CharField(max_length=60)
    actor_id = models.BigIntegerField(null=True, blank=True)
    subject_type = models.CharField(max_length=60)
    subject_id = models.CharField(max_length=40)
    details_sha256 = models.CharField(max_length=64)

    class Meta:
        verbose_name = "écriture du journal"
        verbose_name_plural = "écritures du journal"
        indexes = [models.Index(fields=["subject_type", "subject_id", "id"])]

    def __str__(self):
        return f"{self.event} {self.subject_type} {self.subject_id}"


class EntryDetails(models.Model):
    """The words of an entry. The salt keeps a short detail from being guessed from its hash."""

    entry = models.OneToOneField(Entry, models.CASCADE, primary_key=True, related_name="details")
    salt = models.CharField(max_length=32)
    content = models.JSONField()

    class Meta:
        verbose_name = "détail du journal"
        verbose_name_plural = "détails du journal"

    def __str__(self):
        return f"détails de {self.entry_id}"


class Seal(models.Model):
    """A link of the chain: the hash of an entry and of the link before it. Append-only."""

    entry = models.OneToOneField(Entry, models.PROTECT, related_name="seal")
    previous_sha256 = models.CharField(max_length=64)
    sha256 = models.CharField(max_length=64, unique=True)

    class Meta:
        verbose_name = "scellement"
        ordering = ["id"]

    def __str__(self):
        return f"scellement {self.pk}"


class OutgoingEmail(models.Model):
    """A message that is due, then sent. The row is the queue; Celery is only the bell.

    It is rendered when it is posted: what the row says is what was sent.
    """

    class State(models.TextChoices):
        WAITING = "waiting", "en attente"
        SENT = "sent", "envoyé"
        FAILED = "failed", "échec"

    to = models.EmailField("destinataire")
    template = models.CharField("modèle", max_length=100)
    context = models.JSONField("données", default=dict)
    headers = models.JSONField("en-têtes", default=dict, db_default={}, blank=True)
    subject = models.CharField("objet", max_length=200)
    body = models.TextField("texte")
    calendar = models.TextField("agenda joint", default="", db_default="", blank=True)  # an iCalendar file
    state = models.CharField("état", max_length=10, choices=State, default=State.WAITING)
    attempts = models.PositiveSmallIntegerField("tentatives", default=0)
    last_error = models.TextField("dernière erreur", blank=True)
    created_at = models.DateTimeField("créé le", db_default=Now())
    sent_at = models.DateTimeField("envoyé le", null=True, blank=True)

    class Meta:
        verbose_name = "courriel"
        ordering = ["-id"]
        constraints = [
            models.CheckConstraint(
                condition=models.Q(state="sent", sent_at__isnull=False) | ~models.Q(state="sent"),
                name="email_sent_has_a_date",
            )
        ]
        indexes = [
            models.Index(fields=["id"], name="email_waiting", condition=models.Q(state="waiting")),
        ]

    def __str__(self):
        return f"courriel {self.pk} → {self.to}"
