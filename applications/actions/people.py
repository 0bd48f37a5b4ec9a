"""Who takes part in a dossier: invited by e-mail, changed of role, removed. The dossier's row is the team's lock."""

from django.db import transaction

from accounts.actions import invitations
from accounts.actions.notices import tell
from accounts.models import Membership, NoticePreference
from applications import emails, rules
from applications.lifecycle import UNFILED, State
from applications.models import Application, Collaborator, Invited
from journal import actions as journal
from journal import clock
from journal.refusals import refuse_unless, require

TEAM = NoticePreference.Kind.TEAM
LAST = (
    "C’est le dernier rédacteur du porteur : invitez-en un autre avant de le retirer ou de le faire lecteur."
)
STALE = "Qui vous a invité ne peut plus le faire : demandez une nouvelle invitation à l’équipe du dossier."


@transaction.atomic(durable=True)
def invite(application, *, email, role, guest_of="", by):
    """Write to an address to take part. Nothing tells whether it has an account: the letter is the same."""
    application = _locked_team(application, by)
    require(guest_of or rules.can_invite_colleague(by, application, email))
    refuse_unless(not in_team(application, email), "Cette personne est déjà de l’équipe.")
    refuse_unless(not application.invited.pending().to(email).exists(), "Cette personne est déjà invitée.")
    invitation, token = invitations.invite(email, by=by)
    invited = Invited.objects.create(
        application=application, invitation=invitation, role=role, guest_of=guest_of
    )
    journal.record("application.invited", application, by=by, invitation=invitation.pk, role=role)
    journal.post(emails.invitation(invited, token))
    return invited


@transaction.atomic(durable=True)
def resend_invitation(invited, *, by):
    """Send a new link, for as long as the first; the former one is dead."""
    application = _locked_team(invited.application, by)
    invited = _pending(application, invited)
    colleague = not invited.guest_of
    require(not colleague or rules.can_invite_colleague(by, application, invited.invitation.email))
    invited.invitation.invited_by = by
    token = invitations.renew(invited.invitation)
    journal.record("application.invitation_resent", application, by=by, invitation=invited.invitation_id)
    journal.post(emails.invitation(invited, token))


@transaction.atomic(durable=True)
def withdraw_invitation(invited, *, by):
    """Kill the link of an invitation that was not taken up."""
    application = _locked_team(invited.application, by)
    invited = _pending(application, invited)
    invitations.revoke(invited.invitation)
    journal.record("application.invitation_withdrawn", application, by=by, invitation=invited.invitation_id)


@transaction.atomic(durable=True)
def accept_invitation(invited, *, by):
    """Take part, under the address that was invited; a colleague becomes an agent of the carrier."""
    _join(invited, by=by)


@transaction.atomic(durable=True)
def open_account_and_accept(invited, *, name, password):
    """Open an account at the address that was invited, and take part."""
    user = invitations.open_account(invited.invitation, name=name, password=password)
    _join(invited, by=user)
    return user


@transaction.atomic(durable=True)
def change_role(collaborator, *, role, by):
    """Let someone write, or read only."""
    application = _locked_team(collaborator.application, by)
    collaborator = _member(application, collaborator)
    if role == Collaborator.Role.READER:
        _refuse_last_writer(application, collaborator)
    collaborator.role = role
    collaborator.save(update_fields=["role"])
    journal.record("application.role_changed", application, by=by, user=collaborator.user_id, role=role)
    tell(TEAM, [emails.role_changed(collaborator, by)])


@transaction.atomic(durable=True)
def remove(collaborator, *, by):
    """Take someone off the dossier; what they wrote stays."""
    application = _locked_team(collaborator.application, by)
    collaborator = _member(application, collaborator)
    _refuse_last_writer(application, collaborator)
    _take_off(application, collaborator)
    journal.record("application.collaborator_removed", application, by=by, user=collaborator.user_id)
    tell(TEAM, [emails.removed(collaborator, by)])


@transaction.atomic(durable=True)
def leave(application, *, by):
    """Take oneself off the dossier."""
    application = Application.objects.locked(application)
    collaborator = application.collaborators.filter(user=by).first()
    require(collaborator)
    _refuse_last_writer(application, collaborator)
    _take_off(application, collaborator)
    journal.record("application.collaborator_left", application, by=by)


def in_team(application, email):
    """Whether an address already takes part: the team's page shows it to who asks."""
    return application.collaborators.present().filter(user__email__iexact=email).exists()


# Steps


def _locked_team(application, by):
    application = Application.objects.locked(application)
    require(rules.can_invite(by, application))
    refuse_unless(application.state != State.WITHDRAWN, "Ce dossier est retiré : son équipe ne change plus.")
    return application


def _pending(application, invited):
    found = application.invited.pending().select_related("invitation").filter(pk=invited.pk).first()
    refuse_unless(found, "Cette invitation a été acceptée ou retirée.")
    return found


def _member(application, collaborator):
    found = application.collaborators.select_related("user").filter(pk=collaborator.pk).first()
    refuse_unless(found, "Cette personne n’est plus de l’équipe.")
    return found


def _refuse_last_writer(application, collaborator):
    """The carrier always keeps someone who writes; a partner's agent is no such person."""
    own = application.collaborators.present().writers().filter(guest_of="")
    others = own.exclude(pk=collaborator.pk)
    refuse_unless(others.exists() or not own.filter(pk=collaborator.pk).exists(), LAST)


def _take_off(application, collaborator):
    collaborator.delete()
    if application.state in UNFILED:
        application.sections.filter(owner=collaborator.user_id).update(owner=None)


def _join(invited, *, by):
    application = Application.objects.locked(invited.application)
    inviter = invited.invitation.invited_by
    invitations.accept(invited.invitation, by=by)
    refuse_unless(application.state != State.WITHDRAWN, "Ce dossier est retiré : on n’y entre plus.")
    refuse_unless(inviter.is_active and rules.can_invite(inviter, application), STALE)
    takes_part = application.collaborators.present().filter(user=by).exists()
    if not invited.guest_of:
        colleague = rules.can_invite_colleague(inviter, application, invited.invitation.email)
        refuse_unless(colleague, STALE)
        _become_agent(by, application.organisation, inviter)
    if not takes_part:  # the place of who left the body since is another one
        place = {"role": invited.role, "guest_of": invited.guest_of, "added_by": inviter}
        Collaborator.objects.update_or_create(
            application=application, user=by, defaults=place | {"added_at": clock.now()}
        )
    journal.record("application.joined", application, by=by, role=invited.role, guest_of=invited.guest_of)
    tell(TEAM, [emails.joined(invited, by)])


def _become_agent(user, organisation, inviter):
    if organisation.memberships.filter(user=user).exists():
        return
    role = Membership.Role.CONTRIBUTOR
    _, entered = organisation.memberships.get_or_create(user=user, role=role)
    if entered:
        journal.record("organisation.joined", organisation, by=user, invited_by=inviter.pk)
