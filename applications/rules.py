"""Who may do what with a dossier, on its carrier's side."""

from accounts.models import Membership


def is_certifier(user, organisation):
    return organisation.memberships.filter(user=user, role=Membership.Role.CERTIFIER).exists()


def is_collaborator(user, application):
    """Someone invited to write, who still belongs to the carrier."""
    invited = application.collaborators.filter(user=user).exists()
    return invited and can_apply_for(user, application.organisation)


def can_apply_for(user, organisation):
    return organisation.memberships.filter(user=user).exists()


def can_write(user, application):
    return is_collaborator(user, application) or is_certifier(user, application.organisation)


can_ask_for_visa = can_take_back = can_write


def can_return(user, application):
    return is_certifier(user, application.organisation)


def can_file(user, application):
    """The certifier files; where the call asks for no visa, whoever writes may."""
    if application.call.visa_required:
        return is_certifier(user, application.organisation)
    return can_write(user, application)


def can_withdraw(user, application):
    """Whoever writes gives up a draft; what was filed is given up by who may file it."""
    return can_file(user, application) if application.submissions.exists() else can_write(user, application)
