"""People and the bodies they act for."""

from django.contrib.auth.base_user import BaseUserManager
from django.contrib.auth.models import AbstractUser
from django.db import models
from django.db.models.functions import Lower


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

    class Meta:
        verbose_name = "appartenance"
        constraints = [
            models.UniqueConstraint(fields=["user", "organisation", "role"], name="membership_once")
        ]

    def __str__(self):
        return f"{self.user}, {self.get_role_display()} de {self.organisation}"


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
                condition=models.Q(domain__regex=r"^[a-z0-9-]+(\.[a-z0-9-]+)*$"),
                name="public_domain_is_lower_case",
                violation_error_message="Des lettres minuscules sans accent, des chiffres, des tirets et des points.",
            )
        ]

    def __str__(self):
        return self.domain
