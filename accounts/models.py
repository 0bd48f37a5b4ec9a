"""People and the bodies they act for."""

from datetime import timedelta

from django.contrib.auth.base_user import BaseUserManager
from django.contrib.auth.models import AbstractUser
from django.db import models
from django.db.models import Exists, F, OuterRef, Q
from django.db.models.functions import Lower, Now
from django.utils import timezone

from journal.models import OutgoingEmail


class UserManager(BaseUserManager):
    """Accounts are known by their e-mail address, whatever its case."""

    def create_user(self, email, password=None, **fields):
        user = self.model(email=self.normalize_email(email), **fields)
        user.set_password(password)
        user.save(using=self._db)
        return user

    def create_superuser(self, email, password=None, **fields):
        return self.create_user(email, password, is_staff=True, is_superuser=True, **fields)

    def get_by_natural_key(self, email):
        return self.get(email__iexact=email)


class User(AbstractUser):
    """A person who signs in with an e-mail address."""

    username = None
    first_name = None
    last_name = None
    email = models.EmailField("adresse électronique", unique=True)
    name = models.CharField("nom affiché", max_length=150)

    USERNAME_FIELD = "email"
    REQUIRED_FIELDS = ["name"]
    objects = UserManager()

    class Meta:
        verbose_name = "compte"
        ordering = ["name"]
        constraints = [models.UniqueConstraint(Lower("email"), name="user_email_any_case")]

    def __str__(self):
        return self.name

    def get_full_name(self):
        return self.name

    def get_short_name(self):
        return self.name


class Organisation(models.Model):
    """A ministry, an operator, a deconcentrated service… `fictitious` ones belong to the demonstration only."""

    class Kind(models.TextChoices):
        MINISTRY = "ministere", "ministère"
        PRIME_MINISTER = "service-pm", "service du Premier ministre"
        CENTRAL = "administration-centrale", "administration centrale"
        NATIONAL = "service-a-competence-nationale", "service à compétence nationale"
        DECONCENTRATED = "service-deconcentre", "service déconcentré"
        OPERATOR = "operateur", "opérateur"
        SOCIAL_SECURITY = "securite-sociale", "organisme de sécurité sociale"
        INDEPENDENT = "autorite-independante", "autorité indépendante"
        COURT = "juridiction", "juridiction"
        OTHER = "autre", "autre organisme"

    slug = models.SlugField(unique=True, max_length=80)
    name = models.CharField("nom", max_length=200)
    acronym = models.CharField("sigle", max_length=40, blank=True)
    kind = models.CharField("nature", max_length=40, choices=Kind)
    siren = models.CharField("SIREN", max_length=9, blank=True)
    siret = models.CharField("SIRET", max_length=14, blank=True)
    supervising_ministry = models.ForeignKey(
        "self",
        models.PROTECT,
        verbose_name="ministère de tutelle",
        null=True,
        blank=True,
        related_name="supervised",
    )
    fictitious = models.BooleanField("fictif", default=False)
    sources = models.JSONField("sources", default=list, blank=True)

    class Meta:
        verbose_name = "organisme"
        ordering = ["name"]

    def __str__(self):
        return self.name

    @property
    def ministry(self):
        """The ministry that answers for this body: itself when it is one; unknown (None) for some operators."""
        return self if self.kind == self.Kind.MINISTRY else self.supervising_ministry


class FormerName(models.Model):
    """A name that a body had: a directorate renamed or merged is still the one it was."""

    organisation = models.ForeignKey(Organisation, models.CASCADE, related_name="former_names")
    name = models.CharField("ancien nom", max_length=200)
    until = models.PositiveSmallIntegerField("jusqu’en", null=True, blank=True)
    sources = models.JSONField("sources", default=list, blank=True)

    class Meta:
        verbose_name = "ancien nom"
        verbose_name_plural = "anciens noms"
        ordering = ["organisation", "until", "id"]
        constraints = [models.UniqueConstraint(fields=["organisation", "name"], name="former_name_once")]

    def __str__(self):
        return self.name


class MembershipQuerySet(models.QuerySet):
    def certifying(self):
        """The places from which one may give the visa and file today: the certifiers', and those they stand in for."""
        lent = Delegation.objects.running().filter(
            delegate=OuterRef("user"), organisation=OuterRef("organisation")
        )
        return self.filter(Q(role=Membership.Role.CERTIFIER) | Exists(lent), user__is_active=True)


class Membership(models.Model):
    """Someone's place in a body that files applications."""

    class Role(models.TextChoices):
        CONTRIBUTOR = "contributor", "agent"
        CERTIFIER = "certifier", "valideur"

    user = models.ForeignKey(User, models.CASCADE, related_name="memberships", verbose_name="compte")
    organisation = models.ForeignKey(
        Organisation, models.CASCADE, related_name="memberships", verbose_name="organisme"
    )
    role = models.CharField("rôle", max_length=20, choices=Role)

    objects = MembershipQuerySet.as_manager()

    class Meta:
        verbose_name = "appartenance"
        constraints = [
            models.UniqueConstraint(fields=["user", "organisation", "role"], name="membership_once")
        ]

    def __str__(self):
        return f"{self.user}, {self.get_role_display()} de {self.organisation}"


class DelegationQuerySet(models.QuerySet):
    def running(self):
        """Those that hold today, and whose certifier still is one."""
        certifier = Membership.objects.filter(
            user=OuterRef("certifier"),
            user__is_active=True,
            organisation=OuterRef("organisation"),
            role=Membership.Role.CERTIFIER,
        )
        return self.filter(Exists(certifier), revoked_at=None, begins_at__lte=Now(), ends_at__gt=Now())


class Delegation(models.Model):
    """A certifier lets a colleague give the visa and file in their place, for a time."""

    organisation = models.ForeignKey(
        Organisation, models.CASCADE, related_name="delegations", verbose_name="organisme"
    )
    certifier = models.ForeignKey(
        User, models.CASCADE, related_name="delegations_given", verbose_name="valideur"
    )
    delegate = models.ForeignKey(
        User, models.CASCADE, related_name="delegations_held", verbose_name="suppléant"
    )
    begins_at = models.DateTimeField("début")
    ends_at = models.DateTimeField("fin")
    revoked_at = models.DateTimeField("levée le", null=True, blank=True)

    objects = DelegationQuerySet.as_manager()

    class Meta:
        verbose_name = "délégation de visa"
        verbose_name_plural = "délégations de visa"
        ordering = ["-begins_at", "-id"]
        constraints = [
            models.CheckConstraint(
                condition=Q(ends_at__gt=F("begins_at")),
                name="delegation_ends_after_it_begins",
                violation_error_message="La délégation finit après avoir commencé.",
            ),
            models.CheckConstraint(
                condition=~Q(certifier=F("delegate")),
                name="delegation_to_someone_else",
                violation_error_message="Choisissez quelqu’un d’autre que vous.",
            ),
        ]

    def __str__(self):
        return f"{self.delegate} pour {self.certifier}, {self.organisation}"

    @property
    def last_day(self):
        """The last whole day of the delegation, in Paris: its end is the midnight that follows."""
        return timezone.localdate(self.ends_at - timedelta(microseconds=1))

    def is_open_at(self, now):
        """Whether it holds, or will."""
        return self.revoked_at is None and now < self.ends_at

    def standing_at(self, now):
        if self.revoked_at:
            return "levée"
        if now >= self.ends_at:
            return "finie"
        return "en cours" if now >= self.begins_at else "à venir"


class InvitationQuerySet(models.QuerySet):
    def standing(self):
        """Those whose link still opens something."""
        return self.filter(accepted_at=None, revoked_at=None, expires_at__gt=Now())


class Invitation(models.Model):
    """A letter to an address: whoever holds its link takes part under that very address, once, for a time.

    Only the hash of the link is kept. What it invites to is said by the app that sends it.
    """

    email = models.EmailField("adresse électronique")
    token_sha256 = models.CharField(max_length=64, unique=True)
    invited_by = models.ForeignKey(User, models.PROTECT, related_name="+", verbose_name="invité par")
    invited_at = models.DateTimeField("invité le", db_default=Now())
    expires_at = models.DateTimeField("expire le")
    accepted_at = models.DateTimeField("acceptée le", null=True, blank=True)
    accepted_by = models.ForeignKey(
        User, models.PROTECT, null=True, blank=True, related_name="+", verbose_name="acceptée par"
    )
    revoked_at = models.DateTimeField("retirée le", null=True, blank=True)

    objects = InvitationQuerySet.as_manager()

    class Meta:
        verbose_name = "invitation"
        ordering = ["-id"]
        constraints = [
            models.CheckConstraint(
                condition=Q(accepted_at__isnull=True, accepted_by__isnull=True)
                | Q(accepted_at__isnull=False, accepted_by__isnull=False),
                name="invitation_accepted_by_someone",
            )
        ]

    def __str__(self):
        return f"invitation de {self.email}"

    def is_for(self, user):
        return self.email.casefold() == user.email.casefold()


class ConfirmationCode(models.Model):
    """A few digits sent to someone's address to confirm one act on one subject; only a keyed hash of them is kept."""

    user = models.ForeignKey(User, models.CASCADE, related_name="confirmation_codes")
    subject = models.CharField("objet", max_length=80)
    hashed = models.CharField("empreinte", max_length=64)
    asked_at = models.DateTimeField("demandé le", db_default=Now())
    expires_at = models.DateTimeField("expire le")
    failures = models.PositiveSmallIntegerField("essais manqués", default=0, db_default=0)
    used_at = models.DateTimeField("utilisé le", null=True, blank=True)

    class Meta:
        verbose_name = "code de confirmation"
        verbose_name_plural = "codes de confirmation"
        ordering = ["-id"]
        indexes = [models.Index(fields=["user", "subject", "-id"], name="confirmation_code_last")]

    def __str__(self):
        return f"{self.user}, {self.subject}"


class NoticePreference(models.Model):
    """How soon someone wants to be told of one kind of news by e-mail; at once where nothing is said."""

    class Kind(models.TextChoices):
        WORK = "work", "Vie du dossier : visa, renvoi, dépôt, retrait"
        TEAM = "team", "Rédaction à plusieurs : arrivées, départs, remarques"
        MESSAGES = "messages", "Messages et demandes de compléments"
        DEADLINES = "deadlines", "Rappels avant la date limite"

    class Pace(models.TextChoices):
        AT_ONCE = "at_once", "tout de suite"
        DAILY = "daily", "une fois par jour"
        NEVER = "never", "jamais"

    user = models.ForeignKey(User, models.CASCADE, related_name="notice_preferences")
    kind = models.CharField("sujet", max_length=20, choices=Kind)
    pace = models.CharField("rythme", max_length=20, choices=Pace)

    class Meta:
        verbose_name = "préférence de courriel"
        verbose_name_plural = "préférences de courriel"
        constraints = [models.UniqueConstraint(fields=["user", "kind"], name="notice_preference_once")]

    def __str__(self):
        return f"{self.user}, {self.get_kind_display()} : {self.get_pace_display()}"


class HeldNotice(models.Model):
    """News kept for someone's daily summary; `email` is the summary that told it."""

    user = models.ForeignKey(User, models.CASCADE, related_name="held_notices")
    subject = models.CharField("objet", max_length=200)
    body = models.TextField("texte")
    held_at = models.DateTimeField("gardée le", db_default=Now())
    email = models.ForeignKey(OutgoingEmail, models.SET_NULL, null=True, blank=True, related_name="+")
    told_at = models.DateTimeField("annoncée le", null=True, blank=True)

    class Meta:
        verbose_name = "nouvelle du récapitulatif"
        verbose_name_plural = "nouvelles du récapitulatif"
        ordering = ["id"]
        indexes = [models.Index(fields=["user"], name="held_notice_untold", condition=Q(told_at=None))]

    def __str__(self):
        return self.subject


class PublicDomainQuerySet(models.QuerySet):
    def covering(self, email):
        """The domain of an address, or one above it, when it is a public body's."""
        labels = email.rpartition("@")[2].lower().split(".")
        return self.filter(domain__in=[".".join(labels[start:]) for start in range(len(labels))])


class PublicDomain(models.Model):
    """A domain whose addresses are those of public agents, its subdomains included."""

    domain = models.CharField(
        "domaine",
        max_length=253,
        unique=True,
        help_text="Sans « @ ». Il vaut pour ses sous-domaines : « gouv.fr » comprend « interieur.gouv.fr ».",
    )
    fictitious = models.BooleanField("fictif", default=False)

    objects = PublicDomainQuerySet.as_manager()

    class Meta:
        verbose_name = "domaine public"
        verbose_name_plural = "domaines publics"
        ordering = ["domain"]
        constraints = [
            models.CheckConstraint(
                condition=Q(domain__regex=r"^[a-z0-9-]+(\.[a-z0-9-]+)*$"),
                name="public_domain_is_lower_case",
                violation_error_message="Des lettres minuscules sans accent, des chiffres, des tirets et des points.",
            )
        ]

    def __str__(self):
        return self.domain
