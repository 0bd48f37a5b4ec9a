"""What the secretariat keeps its dossiers in order with: who may be in charge, the labels, the notes."""

from django.db.models import Count, Exists, OuterRef, Q, Value
from django.db.models.functions import Lower

from accounts.models import User
from applications.models import Application, barred_to
from calls.models import Fund, FundRole
from calls.rules import is_in_secretariat
from selection import conflicts
from selection.models import Label, Note

GIVEN_UP = "Ce dossier est retiré par son porteur : rien ne s’y fait plus."


def funds_of(user, roles=FundRole.SECRETARIAT):
    """The funds where this person has one of these roles."""
    return Fund.objects.filter(
        Exists(FundRole.objects.filter(fund=OuterRef("pk"), user=user, role__in=roles))
    )


def officers_of(fund):
    """Whom a dossier of this fund may be entrusted to, but for conflicts of interest."""
    officers = FundRole.objects.filter(fund=fund, role__in=FundRole.SECRETARIAT)
    return User.objects.filter(pk__in=officers.values("user"), is_active=True).order_by("name", "pk")


def why_not_in_charge(officer, application):
    """Why a dossier may not be entrusted to someone, in a sentence; empty when it may."""
    if not officer.is_active or not is_in_secretariat(officer, application.call.fund):
        return f"{officer.name} n’est pas du secrétariat de ce fonds."
    return conflicts.why_not_assigned(officer, application)


def why_given_up(application):
    """Why the secretariat does nothing more with a dossier, in a sentence; empty while it stands."""
    return GIVEN_UP if application.state == Application.State.WITHDRAWN else ""


def namesake(fund, name, *, besides=None):
    """The label of a fund that has this name, whatever its capitals."""
    found = Label.objects.annotate(lower=Lower("name")).filter(fund=fund, lower=Lower(Value(name)))
    return found.exclude(pk=besides.pk).first() if besides else found.first()


def labels_counted(user, fund):
    """The labels of a fund, each with how many dossiers that still stand and that this person reads carry it."""
    read = Q(cases__withdrawn=False) & ~Q(cases__application__in=barred_to(user))
    return Label.objects.filter(fund=fund).annotate(carried=Count("cases", filter=read))


def notes_on(application):
    """The notes that stand, the last first."""
    notes = Note.objects.filter(application=application, deleted_at=None)
    return notes.select_related("written_by").order_by("-pk")
