"""Who may do what with a dossier, on its carrier's side."""

from accounts.models import Membership, PublicDomain
from applications.models import Application, Collaborator
from calls.models import FundRole
from calls.rules import has_role, is_in_secretariat


def is_certifier(user, organisation):
    """A certifier, or whoever stands in for one today."""
    return organisation.memberships.certifying().filter(user=user).exists()


def is_certifier_by_right(user, organisation):
    """A certifier, and no stand-in."""
    return organisation.memberships.filter(user=user, role=Membership.Role.CERTIFIER).exists()


def is_collaborator(user, application):
    """Someone invited to write: of the carrier, and still of it, or of a partner."""
    invited = application.collaborators.filter(user=user, role=Collaborator.Role.WRITER).first()
    return invited is not None and bool(invited.guest_of or can_apply_for(user, application.organisation))


def can_apply_for(user, organisation):
    return organisation.memberships.filter(user=user).exists()


def can_write(user, application):
    return is_collaborator(user, application) or is_certifier(user, application.organisation)


def can_ask_for_visa(user, application):
    """A writer of the carrier; a partner's agent writes, and commits nobody."""
    return can_write(user, application) and can_apply_for(user, application.organisation)


can_take_back = can_ask_for_visa


def can_return(user, application):
    return is_certifier(user, application.organisation)


def can_file(user, application):
    """The certifier files; where the call asks for no visa, whoever writes for the carrier may."""
    if application.call.visa_required:
        return is_certifier(user, application.organisation)
    return can_ask_for_visa(user, application)


def can_withdraw(user, application):
    """Whoever writes for the carrier gives up a draft; what was filed is given up by who may file it."""
    filed = application.submissions.exists()
    return can_file(user, application) if filed else can_ask_for_visa(user, application)


def can_invite(user, application):
    """Whoever writes for the carrier."""
    return can_ask_for_visa(user, application)


def can_invite_colleague(user, application, email):
    """Who may say that an address is an agent's of the carrier: a certifier; else it is of a domain that its agents
    already have, and that is a public body's. Whether the address has an account changes nothing.
    """
    organisation = application.organisation
    if is_certifier_by_right(user, organisation):
        return True
    domain = email.rpartition("@")[2]
    same = organisation.memberships.filter(user__email__iendswith=f"@{domain}")
    return same.exists() and PublicDomain.objects.covering(email).exists()


# Exchanges with the secretariat


def can_write_to_secretariat(user, application):
    """Whoever writes the dossier; who only reads it reads the answers too."""
    return can_write(user, application)


def is_its_secretariat(user, application):
    """An officer of the fund who is not recused from this dossier, nor of those who carry it."""
    may_deal = Application.objects.not_recusing(user).filter(pk=application.pk).exists()
    return is_in_secretariat(user, application.call.fund) and may_deal


def can_read_messages(user, application):
    """Everyone on the dossier; on the fund's side its secretariat and its audit, the recused excepted."""
    own = Application.objects.visible_to(user).filter(pk=application.pk).exists()
    return own or (
        has_role(user, application.call.fund, *FundRole.READERS)
        and Application.objects.not_recusing(user).filter(pk=application.pk).exists()
    )


can_ask_for_support = can_ask_for_visa
