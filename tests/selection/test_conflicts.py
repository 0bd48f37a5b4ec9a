"""What ties a person to a dossier: what bars them, and what is settled first."""

import pytest
from django.db import connection
from django.utils import timezone

from applications.models import Application, Recusal
from selection import conflicts
from selection.models import Case, ConflictDeclaration
from tests.factories import (
    FundFactory,
    OrganisationFactory,
    contributor_of,
    filed_application,
    officer_of,
)
from tests.selection.conflicts_factories import (
    declaration,
    former_name,
    joint_application,
    joint_call,
    link,
    officer_from,
)


@pytest.fixture
def fund(db):
    return FundFactory()


@pytest.fixture
def call(fund):
    return joint_call(fund=fund)


def reads(user, application):
    return Case.objects.readable_by(user).filter(application=application).exists()


def kinds(user, application):
    return [(ground.kind, ground.bars) for ground in conflicts.grounds(user, application)]


# Barred, without appeal


def test_who_is_of_a_body_with_the_carrier_s_siren_is_barred(call, fund):
    application = joint_application(call=call, organisation=OrganisationFactory(siren="130005481"))
    officer = officer_from(OrganisationFactory(siren="130005481"), fund)

    assert (kinds(officer, application), reads(officer, application)) == ([("carrier", True)], False)


def test_who_is_of_a_body_that_had_the_carrier_s_name_is_barred(call, fund):
    application = joint_application(
        call=call, organisation=OrganisationFactory(name="Direction de l’évaluation")
    )
    body = OrganisationFactory(name="Service des études")
    former_name(body, "DIRECTION DE L'EVALUATION")
    officer = officer_from(body, fund)

    assert (kinds(officer, application), reads(officer, application)) == ([("carrier", True)], False)


def test_who_is_of_a_body_whose_name_the_carrier_had_is_barred(call, fund):
    carrier = OrganisationFactory(name="Agence nouvelle")
    former_name(carrier, "Agence ancienne")
    application = joint_application(call=call, organisation=carrier)
    officer = officer_from(OrganisationFactory(name="Agence ancienne"), fund)

    assert reads(officer, application) is False


def test_who_is_of_a_partner_of_the_directory_is_barred(call, fund):
    partner = OrganisationFactory(name="Office partenaire")
    application = joint_application(call=call, partner=partner)
    officer = officer_from(partner, fund)

    [ground] = conflicts.grounds(officer, application)

    assert (ground.text, ground.bars, reads(officer, application)) == (
        "appartient à un organisme partie prenante, « Office partenaire »",
        True,
        False,
    )


@pytest.mark.parametrize(
    "written", ["office des données", "  OFFICE DES DONNEES ", "O.D.D.", "Ancien-office"]
)
def test_who_is_of_a_partner_known_by_its_name_alone_is_barred(call, fund, written):
    body = OrganisationFactory(name="Office des données", acronym="O D D")
    former_name(body, "Ancien office")
    application = joint_application(call=call, named=written)
    officer = officer_from(body, fund)

    assert (kinds(officer, application), reads(officer, application)) == ([("partner", True)], False)


def test_who_is_of_the_carrier_of_a_component_project_is_barred(call, fund):
    application = joint_application(call=call, component="Commune d’Étretat")
    officer = officer_from(OrganisationFactory(name="Commune d'Etretat"), fund)

    assert (kinds(officer, application), reads(officer, application)) == ([("partner", True)], False)


def test_a_partner_typed_since_the_filing_bars_nobody_from_what_stands(call, fund):
    application = joint_application(call=call)
    partner = OrganisationFactory()
    officer = officer_from(partner, fund)
    application.state = Application.State.DRAFT
    application.save()

    application.partners.create(organisation=partner, role="Appui")

    assert reads(officer, application) is True


def test_a_partner_of_a_draft_never_filed_bars_its_people(call):
    partner = OrganisationFactory()
    person = contributor_of(partner)
    application = Application.objects.create(
        call=call,
        round=call.rounds.first(),
        form=call.form_versions.first(),
        organisation=OrganisationFactory(),
        title="Brouillon",
        created_by=person,
    )

    application.partners.create(organisation=partner, role="Appui")

    assert Application.objects.not_recusing(person).filter(pk=application.pk).exists() is False


def test_who_is_of_another_body_reads_everything(call, fund):
    application = joint_application(call=call, named="Office des données", component="Commune")
    officer = officer_from(OrganisationFactory(name="Office"), fund)

    assert (kinds(officer, application), reads(officer, application)) == ([], True)


def test_an_own_recusal_is_a_ground_with_its_reason(call, fund):
    application = joint_application(call=call)
    officer = officer_of(fund)
    Recusal.objects.create(application=application, user=officer, reason="Conjoint")

    assert conflicts.why_not_assigned(officer, application) == (
        f"{officer} ne peut pas traiter ce dossier : déport enregistré (Conjoint)."
    )


def test_the_own_dossiers_are_looked_up_once_whatever_is_listed(call, fund):
    officer = officer_from(OrganisationFactory(), fund)
    joint_application(call=call)

    plan = Case.objects.readable_by(officer).explain()

    assert plan.count("Function Scan on applications_barred") == plan.count("hashed SubPlan") == 1


# Settled first


def test_the_same_supervising_ministry_is_to_settle(fund, db):
    ministry = OrganisationFactory(kind="ministere", name="Ministère d’essai")
    application = filed_application(
        call=joint_call(fund=fund), organisation=OrganisationFactory(supervising_ministry=ministry)
    )
    officer = officer_from(OrganisationFactory(supervising_ministry=ministry), fund)

    assert (kinds(officer, application), reads(officer, application)) == ([("ministry", False)], True)
    assert conflicts.why_not_assigned(officer, application) == (
        f"Une déclaration est à trancher avant de confier ce dossier à {officer} :"
        " même ministère de tutelle, « Ministère d’essai »."
    )


def test_a_declared_link_with_a_partner_is_to_settle_even_once_it_ended(call, fund):
    partner = OrganisationFactory()
    application = joint_application(call=call, named=partner.name.upper())
    officer = officer_of(fund)
    declared = link(officer, partner)

    before = conflicts.grounds(officer, application)
    declared.ended_at = timezone.now()
    declared.save()
    link(officer, partner)

    assert kinds(officer, application) == [("former_employer", False)]
    assert conflicts.grounds(officer, application) == before


def test_a_declaration_to_settle_keeps_the_dossier_from_being_assigned(call, fund):
    application = joint_application(call=call)
    officer = officer_of(fund)
    declaration(officer, application)

    assert conflicts.why_not_assigned(officer, application) == (
        f"La déclaration de {officer} sur ce dossier est à trancher avant de le lui confier."
    )


def test_who_was_cleared_may_be_assigned_until_something_new_ties_them(call, fund):
    application = joint_application(call=call)
    officer = officer_of(fund)
    link(officer, application.organisation)
    text = conflicts.to_settle(officer, application)[0].text
    declaration(
        officer,
        application,
        grounds=[{"kind": "former_employer", "text": text}],
        state=ConflictDeclaration.State.CLEARED,
        settled_at=timezone.now(),
        settled_by=officer_of(fund),
        reason="Il y a dix ans.",
    )

    assert conflicts.why_not_assigned(officer, application) == ""
    link(officer, application.organisation, nature="mandate")
    assert "mandat ou fonction" in conflicts.why_not_assigned(officer, application)


def test_the_names_are_compared_by_the_database_as_written_in_the_index(db):
    with connection.cursor() as cursor:
        cursor.execute("SELECT accounts_plain(%s)", ["  Œuvres de l’ÉTAT – n° 2 "])

        assert cursor.fetchone() == ("oeuvres de l etat n 2",)
