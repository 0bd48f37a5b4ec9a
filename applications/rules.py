"""Who may do what with a dossier, on its carrier's side."""

from dataclasses import dataclass

from django.db.models import Exists, OuterRef, Subquery

from accounts.models import Membership, PublicDomain
from applications.models import Application, Collaborator, Submission
from calls.models import FundRole
from calls.rules import has_role, is_in_secretariat


def is_certifier(user, organisation):
    """A certifier, or whoever stands in for one today."""
    return organisation.memberships.certifying().filter(user=user).exists()


def is_certifier_by_right(user, organisation):
    """A certifier, and no stand-in."""
    return organisation.memberships.filter(user=user, role=Membership.Role.CERTIFIER).exists()


def can_apply_for(user, organisation):
    return organisation.memberships.filter(user=user).exists()


def can_write(user, application):
    return rights(user, application).write


def can_ask_for_visa(user, application):
    """A writer of the carrier; a partner's agent writes, and commits nobody."""
    return rights(user, application).commit


can_take_back = can_ask_for_visa


def can_return(user, application):
    return is_certifier(user, application.organisation)


def can_file(user, application):
    """The certifier files; where the call asks for no visa, whoever writes for the carrier may."""
    return rights(user, application).file


def can_withdraw(user, application):
    """Whoever writes for the carrier gives up a draft; what was filed is given up by who may file it."""
    return rights(user, application).withdraw


can_invite = can_ask_for_visa


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


# Filing


@dataclass(frozen=True)
class Rights:
    """What someone may do with one dossier, as the rules above say, from a single reading of who they are."""

    application: Application
    certifies: bool
    member: bool
    invited: str  # the role of their place in it, empty without
    guest_of: str
    submitted: bool

    @property
    def write(self):
        writer = self.invited == Collaborator.Role.WRITER and bool(self.guest_of or self.member)
        return writer or self.certifies

    @property
    def commit(self):
        """To ask for the visa, to invite, to take back."""
        return self.write and self.member

    @property
    def file(self):
        return self.certifies if self.application.call.visa_required else self.commit

    @property
    def withdraw(self):
        return self.file if self.submitted else self.commit

    @property
    def why_not_commit(self):
        """Why this person sees no button; empty for who has them all."""
        if not self.write:
            return "Vous lisez ce dossier : ses rédacteurs le complètent, et son organisme le dépose."
        if not self.commit:
            return (
                f"Vous écrivez ce dossier pour {self.guest_of} : seul l’organisme porteur demande le visa,"
                " dépose, reprend ou retire le dossier."
            )
        return ""


def rights(user, application):
    """All the rights of one person on one dossier, in one query."""
    own = Membership.objects.filter(organisation=OuterRef("organisation"), user=user)
    place = Collaborator.objects.filter(application=OuterRef("pk"), user=user)
    row = Application.objects.values_list(
        Exists(own.certifying()),
        Exists(own),
        Subquery(place.values("role")),
        Subquery(place.values("guest_of")),
        Exists(Submission.objects.filter(application=OuterRef("pk"))),
    ).get(pk=application.pk)
    certifies, member, role, guest_of, submitted = row
    return Rights(application, certifies, member, role or "", guest_of or "", submitted)


# Re-use
can_copy = can_ask_for_visa
