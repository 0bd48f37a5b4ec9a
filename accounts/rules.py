"""Who may do what with an account and its places."""

from accounts.models import Membership


def can_delegate(user, organisation):
    """A certifier in their own right: what was lent is not lent again."""
    return organisation.memberships.filter(user=user, role=Membership.Role.CERTIFIER).exists()
