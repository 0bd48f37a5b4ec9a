"""What the secretariat works with around the dossiers: labels, saved views, notes, batches, exports."""

from datetime import timedelta

from django.core.serializers.json import DjangoJSONEncoder
from django.db import models
from django.db.models import Q
from django.db.models.functions import Lower, Now

from accounts.models import User
from applications.models import Application
from calls.models import Call, Fund, FundRole
from documents.models import StoredFile


class Label(models.Model):
    """A word that a fund's secretariat puts on dossiers to find them again."""

    fund = models.ForeignKey(Fund, models.CASCADE, related_name="labels", verbose_name="fonds")
    name = models.CharField("étiquette", max_length=40)
    made_by = models.ForeignKey(User, models.PROTECT, related_name="+")

    class Meta:
        verbose_name = "étiquette"
        ordering = ["name"]
        constraints = [models.UniqueConstraint("fund", Lower("name"), name="label_once")]

    def __str__(self):
        return self.name


class SavedViewQuerySet(models.QuerySet):
    def usable_by(self, user):
        """One's own, and those shared in the funds that one reads."""
        funds = FundRole.objects.filter(user=user, role__in=FundRole.READERS).values("fund")
        return self.filter(Q(owner=user) | Q(shared=True), fund__in=funds)


class SavedView(models.Model):
    """A way to look at the list: filters, order and columns, as its address says them. Its owner's, or everyone's."""

    fund = models.ForeignKey(Fund, models.CASCADE, related_name="views", verbose_name="fonds")
    owner = models.ForeignKey(User, models.CASCADE, related_name="views", verbose_name="auteur")
    name = models.CharField("nom", max_length=80)
    query = models.TextField("choix", max_length=4000)
    shared = models.BooleanField("partagée avec le secrétariat", default=False)
    saved_at = models.DateTimeField(db_default=Now())

    objects = SavedViewQuerySet.as_manager()

    class Meta:
        verbose_name = "vue enregistrée"
        verbose_name_plural = "vues enregistrées"
        ordering = ["name", "id"]
        constraints = [models.UniqueConstraint(fields=["fund", "owner", "name"], name="view_name_once")]

    def __str__(self):
        return self.name


class Note(models.Model):
    """What the secretariat tells itself of a dossier; nobody else reads it."""

    application = models.ForeignKey(Application, models.CASCADE, related_name="notes")
    text = models.TextField("note", max_length=5000)
    written_at = models.DateTimeField(db_default=Now())
    written_by = models.ForeignKey(User, models.PROTECT, related_name="+")
    deleted_at = models.DateTimeField(null=True, blank=True)

    class Meta:
        verbose_name = "note"
        ordering = ["id"]

    def __str__(self):
        return f"note sur {self.application}"


class MessageTemplate(models.Model):
    """A message written once, with fields such as « {reference} » that each dossier fills in."""

    fund = models.ForeignKey(Fund, models.CASCADE, related_name="message_templates", verbose_name="fonds")
    name = models.CharField("nom", max_length=80)
    text = models.TextField("texte", max_length=10_000)
    changed_at = models.DateTimeField(db_default=Now())
    changed_by = models.ForeignKey(User, models.PROTECT, related_name="+")

    class Meta:
        verbose_name = "modèle de message"
        verbose_name_plural = "modèles de message"
        ordering = ["name"]
        constraints = [models.UniqueConstraint(fields=["fund", "name"], name="message_template_once")]

    def __str__(self):
        return self.name


class Batch(models.Model):
    """One act asked on many dossiers at once. Each is a row of its own: done, or refused with what prevented it.

    `nonce` is the page's: a form sent twice is one batch.
    """

    class Act(models.TextChoices):
        ASSIGN = "assign", "confier à un agent"
        LABEL = "label", "mettre une étiquette"
        UNLABEL = "unlabel", "retirer une étiquette"
        MESSAGE = "message", "écrire aux porteurs"
        OPINION = "opinion", "demander un avis"
        ELIGIBLE = "eligible", "déclarer recevables"

    fund = models.ForeignKey(Fund, models.PROTECT, related_name="+")
    act = models.CharField("action", max_length=10, choices=Act)
    given = models.JSONField("précisions", default=dict, encoder=DjangoJSONEncoder)
    nonce = models.CharField(max_length=40, unique=True)
    asked_at = models.DateTimeField(db_default=Now())
    asked_by = models.ForeignKey(User, models.PROTECT, related_name="+")

    class Meta:
        verbose_name = "action groupée"
        verbose_name_plural = "actions groupées"
        ordering = ["-id"]

    def __str__(self):
        return self.get_act_display()


class BatchRow(models.Model):
    """What an act on many did, or will do, of one dossier."""

    class State(models.TextChoices):
        WAITING = "waiting", "à faire"
        DONE = "done", "fait"
        REFUSED = "refused", "refusé"

    batch = models.ForeignKey(Batch, models.CASCADE, related_name="rows")
    application = models.ForeignKey(Application, models.CASCADE, related_name="+")
    state = models.CharField(max_length=10, choices=State, default=State.WAITING)
    case_state = models.CharField("état du dossier à la demande", max_length=20, blank=True)
    reason = models.TextField("ce qui l’a empêché", blank=True)
    done_at = models.DateTimeField(null=True, blank=True)

    class Meta:
        verbose_name = "ligne d’une action groupée"
        verbose_name_plural = "lignes d’une action groupée"
        ordering = ["id"]
        constraints = [models.UniqueConstraint(fields=["batch", "application"], name="batch_row_once")]
        indexes = [models.Index(fields=["id"], name="batch_row_waiting", condition=Q(state="waiting"))]

    def __str__(self):
        return f"{self.batch} : {self.application}"


# Whoever makes an export is taken for dead after so long without a sign of life: the longest that one dossier takes.
SILENT_MINUTES = 5


class ExportQuerySet(models.QuerySet):
    def pending(self):
        return self.filter(state__in=[Export.State.REQUESTED, Export.State.MAKING])

    def waiting(self):
        """Those to make: just asked for, or left behind by a worker that died."""
        silent_since = Now() - timedelta(minutes=SILENT_MINUTES)
        return self.filter(state=Export.State.REQUESTED) | self.filter(
            state=Export.State.MAKING, started_at__lt=silent_since
        )

    def missed(self):
        """Those that wait for longer than a bell takes to be heard."""
        return self.waiting().filter(asked_at__lt=Now() - timedelta(minutes=1))


class Export(models.Model):
    """A file made for someone from what they may read when it is made: the row is the queue.

    `left_out` names the cases of the call that they may not read then: who may no longer read one more has no right to
    the file. While it is made, `started_at` is the last time its maker gave a sign of life.
    """

    class Kind(models.TextChoices):
        LIST = "list", "liste des dossiers"
        SCORES = "scores", "notes"
        OPINIONS = "opinions", "avis"
        FINANCING = "financing", "plans de financement"
        DOSSIERS = "dossiers", "dossiers complets"

    class Format(models.TextChoices):
        CSV = "csv", "CSV"
        XLSX = "xlsx", "XLSX"
        ODS = "ods", "ODS"
        ZIP = "zip", "ZIP"

    class State(models.TextChoices):
        REQUESTED = "requested", "demandé"
        MAKING = "making", "en préparation"
        DONE = "done", "prêt"
        FAILED = "failed", "en échec"

    call = models.ForeignKey(Call, models.PROTECT, related_name="exports", verbose_name="appel")
    kind = models.CharField("contenu", max_length=10, choices=Kind)
    format = models.CharField("format", max_length=5, choices=Format)
    query = models.TextField("choix", blank=True)
    state = models.CharField(max_length=10, choices=State, default=State.REQUESTED)
    asked_at = models.DateTimeField(db_default=Now())
    asked_by = models.ForeignKey(User, models.PROTECT, related_name="exports")
    started_at = models.DateTimeField(null=True, blank=True)
    done = models.PositiveIntegerField("dossiers traités", default=0)
    total = models.PositiveIntegerField("dossiers", default=0)
    with_files = models.BooleanField("avec les pièces jointes", default=False, db_default=False)
    left_out = models.JSONField(default=list, db_default=[], blank=True)
    file = models.ForeignKey(StoredFile, models.PROTECT, null=True, blank=True, related_name="+")
    finished_at = models.DateTimeField(null=True, blank=True)
    problem = models.TextField("ce qui a empêché", blank=True)

    objects = ExportQuerySet.as_manager()

    class Meta:
        verbose_name = "export"
        ordering = ["-id"]
        constraints = [
            models.CheckConstraint(
                condition=~Q(state="done") | Q(file__isnull=False, finished_at__isnull=False),
                name="export_done_has_a_file",
            )
        ]

    def __str__(self):
        return f"{self.get_kind_display()} de {self.call.code} ({self.get_format_display()})"
