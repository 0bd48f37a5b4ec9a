"""The list of someone's dossiers: by state, narrowed, page by page."""

from applications.portfolio import dossiers_of, read_forms
from calls.paging import PER_PAGE
from tests.factories import (
    ApplicationFactory,
    OrganisationFactory,
    certifier_of,
    complete_draft,
    draft,
    filed_application,
)


def listed(client, query=""):
    page = client.get(f"/dossiers/{query}")
    return [(label, [each.title for each in group]) for label, group in page.context["groups"]]


def test_dossiers_are_listed_by_state_what_is_to_be_done_first(client, db):
    organisation = OrganisationFactory()
    filed = filed_application(organisation=organisation)
    begun = draft(organisation=organisation)
    client.force_login(certifier_of(organisation))

    assert listed(client) == [("Brouillons", [begun.title]), ("Déposés", [filed.title])]


def test_the_list_is_narrowed_by_state_call_body_and_name(client, db):
    organisation = OrganisationFactory()
    filed = filed_application(organisation=organisation, title="Guichet unique")
    draft(organisation=organisation, title="Archives")
    client.force_login(certifier_of(organisation))
    only = [("Déposés", ["Guichet unique"])]

    assert listed(client, "?etat=filed") == only
    assert listed(client, f"?appel={filed.call.slug}") == only
    assert listed(client, f"?q={filed.reference.lower()}") == only
    assert listed(client, f"?organisme={organisation.slug}&q=GUICHET") == only


def test_a_filter_that_means_nothing_is_ignored_and_said_to_be(client, db):
    application = draft()
    client.force_login(application.created_by)

    page = client.get("/dossiers/?etat=inconnu&q=%00")

    assert [label for label, _ in page.context["filters"].ignored] == ["Projet ou référence", "État"]
    assert len(page.context["page"].object_list) == 1


def test_a_long_list_has_pages(client, db):
    application = draft()
    ApplicationFactory.create_batch(
        PER_PAGE,
        call=application.call,
        organisation=application.organisation,
        created_by=application.created_by,
    )
    client.force_login(certifier_of(application.organisation))

    assert len(client.get("/dossiers/?page=2").context["page"].object_list) == 1


def test_the_list_costs_the_same_with_one_dossier_and_with_three(client, db, django_assert_num_queries):
    application = complete_draft()
    client.force_login(application.created_by)
    client.get("/dossiers/")

    with django_assert_num_queries(9):
        client.get("/dossiers/")
    for _ in range(2):
        complete_draft(organisation=application.organisation, created_by=application.created_by)
    with django_assert_num_queries(9):
        client.get("/dossiers/")


def test_a_dossier_tells_its_last_change_and_what_is_not_begun(db):
    application = draft()
    application.sections.create(
        section_key="projet", version=1, changed_at=application.created_at, changed_by=application.created_by
    )

    [found] = read_forms(list(dossiers_of(application.created_by)))

    assert (found.left_text, found.changed_at, found.changed_by_name) == (
        "5 sections obligatoires à commencer",
        application.created_at,
        application.created_by.name,
    )
