"""Files people send, and files the portal makes."""

from datetime import timedelta

from django.db import models
from django.db.models.functions import Now

# A worker that has not finished by then is dead: just above the hard time limit of a task.
LEASE_MINUTES = 20


class StoredFile(models.Model):
    """Bytes kept under the hash of their content; the same bytes are kept once."""

    sha256 = models.CharField(max_length=64, unique=True)
    size = models.PositiveBigIntegerField("taille en octets")
    content_type = models.CharField("type", max_length=120)
    stored_at = models.DateTimeField("conservé le", db_default=Now())

    class Meta:
        verbose_name = "fichier conservé"
        verbose_name_plural = "fichiers conservés"

    def __str__(self):
        return self.sha256[:12]

    @property
    def address(self):
        """Where its bytes are, relative to the storage."""
        return f"{self.sha256[:2]}/{self.sha256[2:4]}/{self.sha256}"


class ProducedDocumentQuerySet(models.QuerySet):
    def of(self, kind, subject_key):
        return self.filter(kind=kind, subject_key=subject_key)

    def latest(self, kind, subject_key):
        """The newest revision that was asked for, whatever its state, or None."""
        return self.of(kind, subject_key).select_related("file").order_by("-revision").first()

    def latest_of_each(self, kind, subject_keys):
        """The newest revision that was asked for of each of these subjects, by subject key, whatever its state."""
        asked = self.filter(kind=kind, subject_key__in=subject_keys)
        asked = asked.select_related("file").order_by("subject_key", "-revision").distinct("subject_key")
        return {document.subject_key: document for document in asked}

    def waiting(self):
        """Those to make: just asked for, or left behind by a worker that died."""
        claimed_before = Now() - timedelta(minutes=LEASE_MINUTES)
        return self.filter(state=ProducedDocument.State.REQUESTED) | self.filter(
            state=ProducedDocument.State.MAKING, started_at__lt=claimed_before
        )

    def missed(self):
        """Those that wait for longer than a bell takes to be heard."""
        return self.waiting().filter(requested_at__lt=Now() - timedelta(minutes=1))


class ProducedDocument(models.Model):
    """A PDF asked for, being made, or made. The row is the queue; Celery is only the bell."""

    class State(models.TextChoices):
        REQUESTED = "requested", "demandé"
        MAKING = "making", "en cours de fabrication"
        DONE = "done", "prêt"
        FAILED = "failed", "échec"

    kind = models.CharField(max_length=60)
    subject_key = models.CharField(max_length=80)
    revision = models.PositiveIntegerField(default=1)
    state = models.CharField(max_length=10, choices=State, default=State.REQUESTED)
    file = models.ForeignKey(StoredFile, models.PROTECT, null=True, blank=True, related_name="produced")
    pages = models.PositiveIntegerField(null=True, blank=True)
    error = models.CharField(max_length=300, blank=True)
    requested_at = models.DateTimeField(db_default=Now())
    started_at = models.DateTimeField(null=True, blank=True)
    done_at = models.DateTimeField(null=True, blank=True)

    objects = ProducedDocumentQuerySet.as_manager()

    class Meta:
        verbose_name = "document produit"
        verbose_name_plural = "documents produits"
        constraints = [
            models.UniqueConstraint(
                fields=["kind", "subject_key", "revision"], name="produced_revision_once"
            ),
            models.CheckConstraint(
                condition=~models.Q(state="done")
                | models.Q(state="done", file__isnull=False, pages__isnull=False, done_at__isnull=False),
                name="produced_done_has_its_file",
            ),
        ]
        indexes = [
            models.Index(
                fields=["id"], name="produced_waiting", condition=models.Q(state__in=["requested", "making"])
            )
        ]

    def __str__(self):
        return f"{self.kind} {self.subject_key} r{self.revision}"
