"""Who may file a dossier today, for whom they stand in, and whether one of them signed in since it waits."""

from dataclasses import dataclass
from datetime import timedelta

from django.conf import settings

from accounts.models import Delegation, Membership, User
from applications import rules
from applications.models import Application
from journal import clock
from journal.models import Entry


@dataclass(frozen=True)
class Filer:
    """Someone who may file; `in_place_of` names the certifiers who lent them their visa, until a time."""

    user: User
    in_place_of: tuple = ()
    until: object = None

    @property
    def signed_in_at(self):
        """When they last signed in, or None for never. A session lasts: they may have read the dossier since."""
        return self.user.last_login


@dataclass(frozen=True)
class WhoCanFile:
    """Those who may file, whether the deadline is near, and whether one of them signed in since the dossier waits."""

    filers: list
    is_near: bool
    signed_in: bool
    contact: str  # the administrator of the portal; empty where the deployment did not say

    @property
    def to_alert(self):
        return self.is_near and not self.signed_in

    @property
    def names(self):
        return ", ".join(str(filer.user) for filer in self.filers)


def who_can_file(application):
    """The facts that a dossier's page says of its certifiers; the dossier is read with its deadline (`due_at`)."""
    filers = filers_of(application)
    now = clock.now()
    return WhoCanFile(
        filers=filers,
        is_near=is_near(application, now),
        signed_in=one_signed_in(application, filers),
        contact=settings.PORTAL_NOTICE["contact_email"],
    )


def filers_of(application):
    """The certifiers and their stand-ins; whoever writes for the carrier too, where the call asks for no visa."""
    organisation = application.organisation
    places = organisation.memberships.certifying().select_related("user").order_by("user__name")
    people = {place.user_id: place.user for place in places}
    own_right = {place.user_id for place in places if place.role == Membership.Role.CERTIFIER}
    lent = {}
    if len(own_right) < len(people):
        running = Delegation.objects.running().filter(organisation=organisation)
        for delegation in running.select_related("certifier").order_by("certifier__name"):
            lent.setdefault(delegation.delegate_id, []).append(delegation)
    filers = [
        Filer(user)
        if pk in own_right
        else Filer(
            user,
            in_place_of=tuple(str(each.certifier) for each in lent.get(pk, [])),
            until=max((each.ends_at for each in lent.get(pk, [])), default=None),
        )
        for pk, user in people.items()
    ]
    if not application.call.visa_required:
        writers = application.collaborators.present().writers().filter(guest_of="").exclude(user__in=people)
        filers += [Filer(writer.user) for writer in writers.select_related("user")]
    return filers


def is_near(application, now):
    """Whether the deadline comes soon enough for a silence to be worrying."""
    left = application.due_at - now
    return timedelta(0) < left <= timedelta(hours=max(settings.CERTIFIER_ALERT_HOURS))


def one_signed_in(application, filers):
    """Whether someone who may file has signed in since the dossier awaits them.

    A draft awaits nobody yet: what counts is who signed in since the deadline is near. Where no visa is asked,
    whoever writes may file, and knows it.
    """
    if not application.call.visa_required:
        return bool(filers)
    since = asked_at(application) or application.due_at - timedelta(hours=max(settings.CERTIFIER_ALERT_HOURS))
    return any(filer.signed_in_at and filer.signed_in_at >= since for filer in filers)


def asked_at(application):
    """When a dossier that awaits its visa was sent for it: the journal knows."""
    if application.state != Application.State.AWAITING_VISA:
        return None
    return _entries("application.visa_asked", application).values_list("at", flat=True).first()


def lenders(user, application):
    """The certifiers in whose place someone files today; none for who does it in their own right."""
    organisation = application.organisation
    if not application.call.visa_required or rules.is_certifier_by_right(user, organisation):
        return []
    running = Delegation.objects.running().filter(organisation=organisation, delegate=user)
    return [each.certifier for each in running.select_related("certifier").order_by("certifier__name")]


def lenders_of(submission):
    """The names of those in whose place a submission was filed; empty when its author filed in their own right."""
    filed = _entries("application.filed", submission.application)
    entry = filed.filter(details__content__sha256=submission.sha256).select_related("details").first()
    pks = entry.details.content.get("in_place_of", []) if entry else []
    return (
        ", ".join(User.objects.filter(pk__in=pks).order_by("name").values_list("name", flat=True))
        if pks
        else ""
    )


def filed_by(submission):
    """Who filed, and in whose place: « Valideur suppléant, par délégation de Valideur »."""
    lent = lenders_of(submission)
    return f"{submission.filed_by}, par délégation de {lent}" if lent else str(submission.filed_by)


def _entries(event, application):
    about = Entry.objects.filter(subject_type=Application._meta.label_lower, subject_id=str(application.pk))
    return about.filter(event=event).order_by("-id")
