"""A meeting of a committee: its agenda, its book, who is there."""

from django.core.serializers.json import DjangoJSONEncoder
from django.db import models
from django.db.models import Exists, OuterRef, Q
from django.db.models.functions import Now
from django.urls import reverse

from accounts.models import User
from applications.models import Application
from calls.models import Envelope, FundRole
from documents.models import StoredFile
from journal.refusals import refuse_unless
from selection.models.committee import Committee, CommitteeSeat, TieRule, VoteMode
from selection.models.instruction import Case


class CommitteeSessionQuerySet(models.QuerySet):
    def locked(self, session):
        return self.select_for_update(of=["self"]).get(pk=session.pk)

    def visible_to(self, user):
        """The sessions one sits in, and those of the funds whose secretariat or audit one belongs to."""
        if not user.is_authenticated:
            return self.none()
        roles = FundRole.objects.filter(
            fund=OuterRef("committee__fund"), user=user, role__in=["officer", "head", "auditor"]
        )
        return self.filter(Exists(roles)) | self.seating(user)

    def seating(self, user):
        seats = CommitteeSeat.objects.sitting().filter(committee=OuterRef("committee"), user=user)
        return self.filter(Exists(seats))


class CommitteeSession(models.Model):
    """A meeting of a committee, and the envelope its decisions draw on."""

    class State(models.TextChoices):
        CONVENED = "convened", "convoquée"
        OPEN = "open", "ouverte"
        CLOSED = "closed", "close"
        MINUTES_SIGNED = "minutes_signed", "relevé signé"

    committee = models.ForeignKey(Committee, models.PROTECT, related_name="sessions", verbose_name="comité")
    envelope = models.ForeignKey(Envelope, models.PROTECT, related_name="sessions", verbose_name="enveloppe")
    title = models.CharField("intitulé", max_length=160)
    held_on = models.DateField("date de la séance")
    state = models.CharField(max_length=20, choices=State, default=State.CONVENED)
    prepared_by = models.ForeignKey(User, models.PROTECT, related_name="+")
    starts_at = models.TimeField("heure", null=True, blank=True)
    place = models.CharField("lieu", max_length=200, blank=True, db_default="")
    quorum = models.PositiveSmallIntegerField("quorum", null=True, blank=True)
    vote_mode = models.CharField(
        "mode de vote",
        max_length=12,
        choices=VoteMode,
        default=VoteMode.ROLL_CALL,
        db_default=VoteMode.ROLL_CALL,
    )
    tie_rule = models.CharField(
        "en cas de partage des voix",
        max_length=8,
        choices=TieRule,
        default=TieRule.AGAINST,
        db_default=TieRule.AGAINST,
    )
    notices = models.PositiveSmallIntegerField("convocations envoyées", default=0, db_default=0)
    opened_at = models.DateTimeField("ouverte le", null=True, blank=True)
    closed_at = models.DateTimeField("close le", null=True, blank=True)
    objects = CommitteeSessionQuerySet.as_manager()

    class Meta:
        verbose_name = "séance"
        ordering = ["-held_on", "-id"]

    def __str__(self):
        return self.title

    def get_absolute_url(self):
        return reverse("selection:session", args=[self.pk])

    @property
    def fund(self):
        return self.committee.fund


class AgendaItemQuerySet(models.QuerySet):
    def locked(self, item):
        """The item, locked, if nobody took it off the agenda meanwhile."""
        found = self.select_for_update(of=["self"]).filter(pk=item.pk).first()
        refuse_unless(found, "Ce dossier vient d’être retiré de l’ordre du jour par un collègue.")
        return found

    def within_scope_of(self, seat):
        """The items a member deals with: those of their theme, minus what they are recused from."""
        items = self.filter(case__application__in=Application.objects.not_recusing(seat.user))
        if seat.scope_id:
            theme = Application.themes.through.objects.filter(
                application=OuterRef("case__application"), theme=seat.scope_id
            )
            items = items.filter(Exists(theme))
        return items


class AgendaItem(models.Model):
    """A case before the committee: sealed scores, reveal, vote, decision; or else put off to another session."""

    class State(models.TextChoices):
        SCORING = "scoring", "notation (scellée)"
        REVEALED = "revealed", "notes révélées"
        VOTE_OPEN = "vote_open", "vote ouvert"
        VOTED = "voted", "vote clos"
        DECIDED = "decided", "décidé"
        PUT_OFF = "put_off", "renvoyé à une autre séance"

    session = models.ForeignKey(CommitteeSession, models.PROTECT, related_name="items")
    case = models.ForeignKey(Case, models.PROTECT, related_name="agenda_items")
    position = models.PositiveSmallIntegerField()
    state = models.CharField(max_length=12, choices=State, default=State.SCORING)
    proposed_amount = models.DecimalField(
        "subvention proposée au comité", max_digits=14, decimal_places=2, null=True, blank=True
    )
    book = models.ForeignKey(
        "CommitteeBook", models.PROTECT, null=True, blank=True, related_name="items", verbose_name="livre"
    )
    put_off_because = models.TextField("motif du renvoi", blank=True, db_default="")
    # The one that stands; those it replaced are kept.
    decision = models.OneToOneField(
        "Decision", models.PROTECT, null=True, blank=True, related_name="standing_of", verbose_name="décision"
    )

    objects = AgendaItemQuerySet.as_manager()

    class Meta:
        verbose_name = "point de l’ordre du jour"
        ordering = ["session", "position"]
        constraints = [
            models.UniqueConstraint(fields=["session", "case"], name="agenda_case_once"),
            models.UniqueConstraint(fields=["session", "position"], name="agenda_position_once"),
            models.CheckConstraint(
                condition=Q(state="decided", decision__isnull=False)
                | (~Q(state="decided") & Q(decision__isnull=True)),
                name="item_decided_by_its_decision",
            ),
        ]

    def __str__(self):
        return str(self.case)

    def get_state_display(self):
        """Its state in words: nothing is scored before the session opens, and what is proposed is not decided yet."""
        if self.decision_id and self.decision.is_proposal:
            return "proposé"
        if self.is_sealed and self.session.state == CommitteeSession.State.CONVENED:
            return "inscrit"
        return self.State(self.state).label

    @property
    def mark(self):
        """What is proposed, as a page reads it and sends it back: who proposes after a colleague is told."""
        return "" if self.proposed_amount is None else f"{self.proposed_amount:.2f}"

    @property
    def is_sealed(self):
        return self.state == self.State.SCORING

    @property
    def is_over(self):
        return self.state in (self.State.DECIDED, self.State.PUT_OFF)


class CommitteeBook(models.Model):
    """The committee's book, frozen: which dossiers, in which order, as they then were; late ones make a supplement.

    `content` is a list of {"position", "reference", "submission", "sha256", "proposed_amount", "review_score"}.
    """

    session = models.ForeignKey(CommitteeSession, models.PROTECT, related_name="books")
    number = models.PositiveSmallIntegerField()  # 1 is the book itself, the others are its supplements
    content = models.JSONField(encoder=DjangoJSONEncoder)
    sha256 = models.CharField(max_length=64)
    frozen_at = models.DateTimeField(db_default=Now())
    frozen_by = models.ForeignKey(User, models.PROTECT, related_name="+")

    class Meta:
        verbose_name = "livre du comité"
        verbose_name_plural = "livres du comité"
        ordering = ["session", "number"]
        constraints = [models.UniqueConstraint(fields=["session", "number"], name="book_number_once")]

    def __str__(self):
        return f"{self.session}, livre {self.number}"

    @property
    def called(self):
        return (
            "Livre du comité" if self.number == 1 else f"Supplément n° {self.number - 1} au livre du comité"
        )


class Board(models.Model):
    """What the room looks at: an item, a timer. The database makes it with its session.

    `stir` grows at the end of each transaction that changed anything the board shows: with the same number, the same
    board. A table of its own, so that who votes never waits for who leads the session.
    """

    session = models.OneToOneField(CommitteeSession, models.CASCADE, primary_key=True, related_name="board")
    current = models.ForeignKey(AgendaItem, models.SET_NULL, null=True, blank=True, related_name="+")
    timer_ends_at = models.DateTimeField(null=True, blank=True)
    stir = models.PositiveBigIntegerField(default=0, db_default=0)

    class Meta:
        verbose_name = "tableau de séance"
        verbose_name_plural = "tableaux de séance"

    def __str__(self):
        return f"Tableau, {self.session}"


class SessionDocument(models.Model):
    """What the members read besides the book: a note, a slide show."""

    session = models.ForeignKey(CommitteeSession, models.CASCADE, related_name="documents")
    file = models.ForeignKey(StoredFile, models.PROTECT, related_name="+")
    name = models.CharField("nom", max_length=200)
    added_by = models.ForeignKey(User, models.PROTECT, related_name="+")
    added_at = models.DateTimeField(db_default=Now())

    class Meta:
        verbose_name = "document de séance"
        verbose_name_plural = "documents de séance"
        ordering = ["id"]

    def __str__(self):
        return self.name


class AttendanceQuerySet(models.QuerySet):
    def present(self):
        return self.filter(left_at=None)


class Attendance(models.Model):
    """A member's stay in a session; someone who leaves and comes back has two."""

    session = models.ForeignKey(CommitteeSession, models.PROTECT, related_name="attendances")
    seat = models.ForeignKey(CommitteeSeat, models.PROTECT, related_name="attendances")
    arrived_at = models.DateTimeField(db_default=Now())
    left_at = models.DateTimeField(null=True, blank=True)

    objects = AttendanceQuerySet.as_manager()

    class Meta:
        verbose_name = "présence"
        ordering = ["arrived_at", "id"]
        constraints = [
            models.UniqueConstraint(
                fields=["session", "seat"], condition=Q(left_at=None), name="present_once"
            )
        ]

    def __str__(self):
        return f"{self.seat}, {self.session}"


class SessionStatement(models.Model):
    """What a member declares of their interests when a session opens: nothing, or what they say."""

    session = models.ForeignKey(CommitteeSession, models.PROTECT, related_name="statements")
    seat = models.ForeignKey(CommitteeSeat, models.PROTECT, related_name="statements")
    text = models.TextField("ce que je déclare", blank=True)  # empty: nothing to declare
    made_at = models.DateTimeField(db_default=Now())

    class Meta:
        verbose_name = "déclaration d’intérêts de séance"
        verbose_name_plural = "déclarations d’intérêts de séance"
        constraints = [models.UniqueConstraint(fields=["session", "seat"], name="statement_once")]

    def __str__(self):
        return f"{self.seat}, {self.session}"
