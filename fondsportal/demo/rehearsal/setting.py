"""The rows that a rehearsal finds in place: a marked fund with its money, people and bodies, all of its own.

No action of the portal makes these; everything that happens afterwards goes through one.
"""

from dataclasses import dataclass
from functools import cached_property

from django.contrib.auth.hashers import make_password
from django.db import transaction

from accounts.models import Membership, Organisation, User
from calls.models import Envelope, Fund, FundRole
from fondsportal.demo import facts
from fondsportal.demo.rehearsal.cast import ENVELOPE
from selection.models import Committee, CommitteeSeat

OFFICERS = 4
SEATS = [
    ("presidence", "Présidence du comité"),
    ("ditp", "Direction interministérielle de la transformation publique"),
    ("sgpi", "Secrétariat général pour l’investissement"),
    ("budget", "Direction du budget"),
    ("numerique", "Secrétariat d’État au numérique (projets numériques)"),
    *((f"personnalite{n}", f"Personnalité qualifiée n° {n}") for n in range(1, 6)),
]
NOTE = [{"title": "Répétition : tout ce que ce fonds contient est fictif", "publisher": None, "date": None}]


@dataclass
class Setting:
    """Who and what a rehearsal plays with."""

    number: int
    fund: Fund
    envelope: Envelope
    committee: Committee
    themes: dict
    officers: list
    head: User
    members: list
    organisations: dict
    writers: dict
    certifiers: dict

    @cached_property
    def domain(self):
        """Every address of this rehearsal ends like this."""
        return domain(self.number)


def domain(number):
    return f"repetition-{number}.example"


@transaction.atomic
def build(cast, *, year):
    """Make the rows, numbered after the rehearsals that this database already holds."""
    number = Fund.objects.filter(rehearsal=True).count() + 1
    fund = Fund.objects.create(
        slug=f"ftap-repetition-{number}",
        code=f"FTAP-R{number}",
        name=f"Fonds pour la transformation de l’action publique (répétition n° {number})",
        manager="Secrétariat fictif",
        rehearsal=True,
        sources=NOTE,
    )
    envelope = Envelope.objects.create(
        fund=fund, year=year, commitments=ENVELOPE, payments=ENVELOPE, sources=NOTE
    )
    themes = facts.load_themes()
    people = _people(cast, domain(number))
    officers = [people[f"agent{n}"] for n in range(1, OFFICERS + 1)]
    FundRole.objects.bulk_create(
        [FundRole(user=user, fund=fund, role=FundRole.Role.OFFICER) for user in officers]
        + [FundRole(user=people["responsable"], fund=fund, role=FundRole.Role.HEAD)]
    )
    organisations = _organisations(cast, number)
    writers = {carrier.slug: people[f"porteur.{carrier.slug}"] for carrier in cast.carriers}
    certifiers = {carrier.slug: people[f"valideur.{carrier.slug}"] for carrier in cast.carriers}
    Membership.objects.bulk_create(
        Membership(user=users[slug], organisation=organisations[slug], role=role)
        for users, role in ((writers, Membership.Role.CONTRIBUTOR), (certifiers, Membership.Role.CERTIFIER))
        for slug in organisations
    )
    return Setting(
        number=number,
        fund=fund,
        envelope=envelope,
        committee=_committee(fund, people, themes),
        themes=themes,
        officers=officers,
        head=people["responsable"],
        members=[people[key] for key, _ in SEATS],
        organisations=organisations,
        writers=writers,
        certifiers=certifiers,
    )


def _people(cast, domain):
    """Accounts that nobody signs in with, by what comes before their `@`."""
    named = {f"agent{n}": f"Agent du secrétariat n° {n} (fictif)" for n in range(1, OFFICERS + 1)}
    named["responsable"] = "Responsable du secrétariat (fictif)"
    named |= {key: f"{title} (fictif)" for key, title in SEATS}
    for carrier in cast.carriers:
        named[f"porteur.{carrier.slug}"] = f"Porteur, {carrier.name}"[:150]
        named[f"valideur.{carrier.slug}"] = f"Valideur, {carrier.name}"[:150]
    users = User.objects.bulk_create(
        User(email=f"{key}@{domain}", name=name, password=make_password(None)) for key, name in named.items()
    )
    return dict(zip(named, users, strict=True))


def _organisations(cast, number):
    """Copies of their own, marked as fictitious, even of the bodies that were really laureates."""
    rows = Organisation.objects.bulk_create(
        Organisation(
            slug=f"{carrier.slug[:60]}-repetition-{number}",
            name=carrier.name,
            kind=carrier.kind,
            fictitious=True,
            sources=NOTE,
        )
        for carrier in cast.carriers
    )
    return {carrier.slug: row for carrier, row in zip(cast.carriers, rows, strict=True)}


def _committee(fund, people, themes):
    committee = Committee.objects.create(fund=fund, name="Comité de pilotage (répétition)")
    CommitteeSeat.objects.bulk_create(
        CommitteeSeat(
            committee=committee,
            user=people[key],
            title=title,
            is_chair=key == "presidence",
            is_deputy_chair=key == "ditp",
            scope=themes[facts.DIGITAL] if key == "numerique" else None,
            position=position,
        )
        for position, (key, title) in enumerate(SEATS, start=1)
    )
    return committee
