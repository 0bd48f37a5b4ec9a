"""Files people send, and files the portal makes."""

from datetime import timedelta

from django.db import models
from django.db.models.functions import Now

from accounts.models import User

# A scan that is not over by then never will be: just above the hard time limit of a task.
LEASE_MINUTES = 20


class StoredFileQuerySet(models.QuerySet):
    def awaiting_scan(self):
        return self.filter(scan_state=StoredFile.Scan.PENDING)

    def to_scan(self):
        """Those that nobody is scanning, unless whoever began is dead by now."""
        claimed_before = Now() - timedelta(minutes=LEASE_MINUTES)
        free = models.Q(scan_started_at=None) | models.Q(scan_started_at__lt=claimed_before)
        return self.awaiting_scan().filter(free)


class StoredFile(models.Model):
    """Bytes kept under the hash of their content; the same bytes are kept once, and scanned once."""

    class Scan(models.TextChoices):
        NOT_SCANNED = "not_scanned", "non analysé"
        PENDING = "pending", "analyse antivirus en cours"
        CLEAN = "clean", "analysé : aucun virus"
        INFECTED = "infected", "virus trouvé"

    sha256 = models.CharField(max_length=64, unique=True)
    size = models.PositiveBigIntegerField("taille en octets")
    content_type = models.CharField("type", max_length=120)
    stored_at = models.DateTimeField("conservé le", db_default=Now())
    scan_state = models.CharField(
        "antivirus", max_length=12, choices=Scan, default=Scan.NOT_SCANNED, db_default=Scan.NOT_SCANNED
    )
    virus = models.CharField("virus trouvé", max_length=120, blank=True, db_default="")
    scan_started_at = models.DateTimeField("analyse commencée le", null=True, blank=True)
    scanned_at = models.DateTimeField("analysé le", null=True, blank=True)

    objects = StoredFileQuerySet.as_manager()

    class Meta:
        verbose_name = "fichier conservé"
        verbose_name_plural = "fichiers conservés"
        constraints = [
            models.CheckConstraint(
                condition=models.Q(scan_state__in=["not_scanned", "pending"], scanned_at=None)
                | models.Q(scan_state="clean", scanned_at__isnull=False)
                | models.Q(scan_state="infected", scanned_at__isnull=False) & ~models.Q(virus=""),
                name="file_scan_has_its_date",
            )
        ]
        indexes = [
            models.Index(fields=["id"], name="file_awaiting_scan", condition=models.Q(scan_state="pending"))
        ]

    def __str__(self):
        return self.sha256[:12]

    @property
    def address(self):
        """Where its bytes are, relative to the storage."""
        return f"{self.sha256[:2]}/{self.sha256[2:4]}/{self.sha256}"

    @property
    def withheld(self):
        """Why its bytes are handed to nobody, in a sentence; empty when they may be."""
        if self.scan_state == self.Scan.PENDING:
            return (
                "L’antivirus n’a pas encore analysé ce fichier : il pourra être ouvert dès que ce sera fait."
                " Le fichier est bien reçu, vous n’avez pas à l’envoyer de nouveau. Revenez dans quelques minutes."
            )
        if self.scan_state == self.Scan.INFECTED:
            return (
                f"L’antivirus a trouvé un virus dans ce fichier ({self.virus}) : il est mis à l’écart et n’est remis"
                " à personne. Remplacez-le par un fichier sain."
            )
        return ""


class FileText(models.Model):
    """The words of a file, read once by the worker so that they can be searched; the file itself stays what it is."""

    class State(models.TextChoices):
        READ = "read", "lu"
        NOTHING = "nothing", "aucun texte"
        UNREADABLE = "unreadable", "illisible"

    file = models.OneToOneField(StoredFile, models.CASCADE, related_name="text")
    state = models.CharField(max_length=10, choices=State)
    text = models.TextField(blank=True)
    read_at = models.DateTimeField(db_default=Now())

    class Meta:
        verbose_name = "texte d’un fichier"
        verbose_name_plural = "textes des fichiers"

    def __str__(self):
        return f"texte de {self.file}"


class RenderingQuerySet(models.QuerySet):
    def unkept(self):
        """Those whose file is that of no document."""
        return self.filter(~models.Exists(ProducedDocument.objects.filter(file=models.OuterRef("file"))))


class Rendering(models.Model):
    """The file that some input gave, by the hash of that input: rendered once (`documents.renderings`)."""

    key = models.CharField(max_length=64, unique=True)
    file = models.ForeignKey(StoredFile, models.PROTECT, related_name="renderings")
    used_at = models.DateTimeField(db_default=Now())

    objects = RenderingQuerySet.as_manager()

    class Meta:
        verbose_name = "mise en page gardée"
        verbose_name_plural = "mises en page gardées"

    def __str__(self):
        return self.key[:12]


class Incoming(models.Model):
    """A large file on its way in: what its sender announced, and how much of it the disk holds."""

    owner = models.ForeignKey(User, models.CASCADE, related_name="+")
    subject_key = models.CharField(max_length=80)
    under = models.CharField(max_length=60, blank=True)  # its place in the subject, such as a question
    name = models.CharField(max_length=160)
    size = models.PositiveBigIntegerField()
    fingerprint = models.CharField(max_length=80)  # by which the same file, chosen again, is known
    received = models.PositiveBigIntegerField(default=0)
    touched_at = models.DateTimeField(db_default=Now())

    class Meta:
        verbose_name = "envoi en cours"
        verbose_name_plural = "envois en cours"
        ordering = ["id"]
        constraints = [
            models.CheckConstraint(
                condition=models.Q(received__lte=models.F("size")), name="incoming_within_its_size"
            ),
            models.UniqueConstraint(
                fields=["owner", "subject_key", "under", "name", "size", "fingerprint"], name="incoming_once"
            ),
        ]

    def __str__(self):
        return self.name

    @property
    def percent(self):
        return 100 * self.received // self.size


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

    def unfinished(self):
        return self.filter(state__in=[ProducedDocument.State.REQUESTED, ProducedDocument.State.MAKING])

    def waiting(self):
        """Those to make, but for those whose parts are not all made.

        Those being made are among them: whoever comes for one finds out whether its worker still lives.
        """
        parts = ProducedDocument.objects.unfinished().filter(wholes=models.OuterRef("pk"))
        return self.unfinished().filter(~models.Exists(parts))

    def failed(self):
        """Those that could not be made, and were not asked for again since."""
        later = ProducedDocument.objects.filter(
            kind=models.OuterRef("kind"),
            subject_key=models.OuterRef("subject_key"),
            revision__gt=models.OuterRef("revision"),
        )
        return self.filter(~models.Exists(later), state=ProducedDocument.State.FAILED)

    def missed(self):
        """Those that wait for longer than a bell takes to be heard."""
        return self.waiting().filter(requested_at__lt=Now() - timedelta(minutes=1))


class ProducedDocument(models.Model):
    """A PDF, or a file of no pages, asked for, being made, or made. The row is the queue; Celery is only the bell.

    One that is put together from others waits, asked for, until these are made or failed.
    """

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
    attempts = models.PositiveSmallIntegerField(default=0, db_default=0)
    parts = models.ManyToManyField("self", symmetrical=False, related_name="wholes")
    parts_total = models.PositiveIntegerField(null=True, blank=True)  # none until they are known
    parts_done = models.PositiveIntegerField(default=0, db_default=0)
    told_at = models.DateTimeField(
        null=True, blank=True
    )  # of its failure, those who can do something about it

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
