"""The demonstration's accounts: one per role, named after the role, all with the password of the settings."""

from dataclasses import dataclass

from django.conf import settings
from django.contrib.auth.hashers import make_password
from django.db import transaction

from accounts.models import Membership, Organisation, User
from calls.models import Fund, FundRole, Theme
from fondsportal.demo.facts import DIGITAL
from selection.models import Committee, CommitteeSeat

FUND, CARRIER = "ftap", "min-interieur"


@dataclass(frozen=True)
class Account:
    """Someone who signs in: `name` is what the portal shows, `role` what the table of accounts says."""

    email: str
    name: str
    role: str
    fund_role: str = ""
    membership: str = ""


@dataclass(frozen=True)
class Seat:
    """A place in the FTAP's steering committee; the functions are those that the sources give."""

    email: str
    title: str
    is_chair: bool = False
    is_deputy_chair: bool = False
    scope: str = ""


Role, Member = FundRole.Role, Membership.Role
ACCOUNTS = [
    Account(
        "porteur@interieur.example",
        "Porteur, ministère de l’Intérieur",
        "agent d’un porteur",
        membership=Member.CONTRIBUTOR,
    ),
    Account(
        "redacteur@interieur.example",
        "Rédacteur, ministère de l’Intérieur",
        "second agent du même porteur, invité à son brouillon",
        membership=Member.CONTRIBUTOR,
    ),
    Account(
        "agent@partenaire.example",
        "Agent d’une région partenaire",
        "agent d’un partenaire, invité à un brouillon",
    ),
    Account(
        "valideur@interieur.example",
        "Valideur, ministère de l’Intérieur",
        "valideur d’un porteur",
        membership=Member.CERTIFIER,
    ),
    Account(
        "agent@ditp.example", "Agent du secrétariat, DITP", "agent du secrétariat", fund_role=Role.OFFICER
    ),
    Account(
        "responsable@ditp.example",
        "Responsable du secrétariat, DITP",
        "responsable du secrétariat",
        fund_role=Role.HEAD,
    ),
    Account("expert@dinum.example", "Expert, DINUM", "expert"),
    Account("membre@budget.example", "Membre du comité, Direction du budget", "membre du comité"),
    Account("membre@sgpi.example", "Membre du comité, SGPI", "membre du comité, supplée la présidence"),
    Account(
        "numerique@etat.example", "Membre du comité, numérique", "membre du comité, projets numériques seuls"
    ),
    Account("presidence@comite.example", "Présidence du comité", "présidence du comité"),
    Account("audit@comptes.example", "Auditeur", "auditeur du fonds", fund_role=Role.AUDITOR),
    Account("admin@portail.example", "Administrateur du portail", "administrateur"),
]
SEATS = [
    Seat("presidence@comite.example", "Présidence du comité", is_chair=True),
    Seat("membre@sgpi.example", "Secrétariat général pour l’investissement", is_deputy_chair=True),
    Seat("membre@budget.example", "Direction du budget"),
    Seat("numerique@etat.example", "Secrétariat d’État au numérique (projets numériques)", scope=DIGITAL),
]
ADMINISTRATOR = "admin@portail.example"


def are_loaded():
    return User.objects.filter(email=ADMINISTRATOR).exists()


@transaction.atomic
def load():
    """Make the accounts, their roles in the FTAP and the committee. One hash serves all: it is one password."""
    password = make_password(settings.DEMO_PASSWORD)
    fund, carrier = Fund.objects.get(slug=FUND), Organisation.objects.get(slug=CARRIER)
    users = {}
    for account in ACCOUNTS:
        is_admin = account.email == ADMINISTRATOR
        users[account.email] = user = User.objects.create(
            email=account.email,
            name=account.name,
            password=password,
            is_staff=is_admin,
            is_superuser=is_admin,
        )
        if account.fund_role:
            FundRole.objects.create(user=user, fund=fund, role=account.fund_role)
        if account.membership:
            Membership.objects.create(user=user, organisation=carrier, role=account.membership)
    committee = Committee.objects.create(fund=fund, name="Comité de pilotage du FTAP")
    CommitteeSeat.objects.bulk_create(
        CommitteeSeat(
            committee=committee,
            user=users[seat.email],
            title=seat.title,
            is_chair=seat.is_chair,
            is_deputy_chair=seat.is_deputy_chair,
            scope=Theme.objects.get(slug=seat.scope) if seat.scope else None,
            position=position,
        )
        for position, seat in enumerate(SEATS, start=1)
    )
