"""Letters to an address: made, renewed, taken back, accepted once. What each one opens is the caller's business."""

import hashlib
import secrets
from datetime import timedelta

from django.conf import settings
from django.db import IntegrityError, transaction

from accounts.models import Invitation, User
from journal import actions as journal
from journal import clock
from journal.refusals import Refused, refuse_unless, require

GONE = (
    "Cette invitation a déjà servi, a expiré ou a été retirée. Demandez à qui vous a invité de la renvoyer."
)
TAKEN = "Un compte vient d’être ouvert à cette adresse : connectez-vous, puis acceptez l’invitation."


def token_hash(token):
    """SHA-256, in hexadecimal, of what a link ends with: the only trace that is kept of it."""
    return hashlib.sha256(token.encode(errors="replace")).hexdigest()


# Steps


def invite(email, *, by):
    """An invitation and its token, which nothing gives again. Whether the address has an account is not asked."""
    invitation = Invitation(email=email.lower(), invited_by=by)
    return invitation, renew(invitation)


def renew(invitation):
    """A new token for a new time; the link sent before is dead."""
    token = secrets.token_urlsafe(32)
    invitation.token_sha256 = token_hash(token)
    invitation.expires_at = clock.now() + timedelta(days=settings.INVITATION_DAYS)
    invitation.save()
    return token


def revoke(invitation):
    invitation.revoked_at = clock.now()
    invitation.save(update_fields=["revoked_at"])


def accept(invitation, *, by):
    """Take up an invitation under the very address that it was sent to; it serves once."""
    invitation = Invitation.objects.standing().select_for_update().filter(pk=invitation.pk).first()
    refuse_unless(invitation, GONE)
    require(invitation.is_for(by))
    invitation.accepted_at, invitation.accepted_by = clock.now(), by
    invitation.save(update_fields=["accepted_at", "accepted_by"])


def open_account(invitation, *, name, password):
    """An account at the address of an invitation: following its link proved that it is its holder's."""
    try:
        with transaction.atomic():
            user = User.objects.create_user(invitation.email, password, name=name)
    except IntegrityError as error:
        raise Refused(TAKEN) from error
    journal.record("account.opened", user, by=user, invitation=invitation.pk)
    return user
