"""Dossiers that name partners, and people who are tied to them."""

from decimal import Decimal

from accounts.models import FormerName, Membership
from applications import actions as applications
from applications.models import ComponentProject, Partner
from calls.questionnaire.definition import default_definition
from selection.models import ConflictDeclaration, InterestLink
from tests.factories import CallFactory, certifier_of, complete_draft, officer_of


def joint_call(**fields):
    """A call whose form asks for partners and component projects."""
    definition = default_definition()
    kinds = {section["kind"] for section in definition["sections"]}
    definition["sections"] += [
        {"key": kind, "title": title, "kind": kind, "required": False}
        for kind, title in (("partners", "Partenaires"), ("components", "Projets composants"))
        if kind not in kinds
    ]
    return CallFactory(published=True, form=definition, **fields)


def joint_application(*, partner=None, named="", component="", **fields):
    """A filed dossier with a partner of the directory or a named one, or a component project of some carrier."""
    application = complete_draft(**{"call": fields.pop("call", None) or joint_call(), **fields})
    if partner or named:
        Partner.objects.create(application=application, organisation=partner, name=named, role="Appui")
    if component:
        ComponentProject.objects.create(
            application=application,
            title="Composant",
            carrier=component,
            grant=Decimal(1000),
            total_cost=Decimal(2000),
        )
    applications.file_application(application, by=certifier_of(application.organisation))
    application.refresh_from_db()
    return application


def officer_from(organisation, fund):
    """An officer of a fund, who belongs to a body."""
    officer = officer_of(fund)
    Membership.objects.create(user=officer, organisation=organisation, role="contributor")
    return officer


def former_name(organisation, name):
    return FormerName.objects.create(organisation=organisation, name=name)


def link(user, organisation, nature=InterestLink.Nature.FORMER_EMPLOYER, **fields):
    return InterestLink.objects.create(user=user, organisation=organisation, nature=nature, **fields)


def declaration(user, application, **fields):
    return ConflictDeclaration.objects.create(
        user=user, application=application, **{"grounds": [{"kind": "link", "text": "Lien"}], **fields}
    )
