"""A table that is kept while it is typed: whole, or not at all."""

import pytest

from applications.models import SectionVersion
from tests.applications.grids import page_of, posted
from tests.applications.test_tables import rows, with_tables
from tests.factories import draft

pytestmark = pytest.mark.django_db
GRANT = {"source": "fund", "nature": "staff", "label": "Équipe", "2027": "100 000"}


@pytest.fixture
def application(client):
    application = draft()
    client.force_login(application.created_by)
    return application


def autosave(client, application, *rows, version=0, **more):
    data = posted(*rows, years=[2027], version=version, **more)
    return client.post(f"{page_of(application)}tableau/enregistrement/", data)


def amounts(application):
    return [int(line.amount) for line in application.financing_lines.all()]


def test_a_table_that_is_right_is_kept_as_one_types(client, application):
    answer = autosave(client, application, GRANT).json()

    assert (answer["version"], answer["refused"], amounts(application)) == (1, {}, [100_000])


def test_a_table_with_a_wrong_cell_is_not_kept_by_halves_and_the_cell_is_named(client, application):
    autosave(client, application, GRANT)

    answer = autosave(
        client, application, GRANT | {"2027": "200 000"}, GRANT | {"2027": "1e3"}, version=1
    ).json()

    assert (answer["nothing"], list(answer["refused"]), answer["version"]) == (True, ["rows-1-2027"], 1)
    assert amounts(application) == [100_000]


@pytest.mark.parametrize("count", [{}, {"rows-count": ""}, {"rows-count": "-1"}])
@pytest.mark.parametrize("address", ["tableau/enregistrement/", ""])
def test_a_table_that_did_not_come_whole_does_not_empty_what_is_kept(client, application, address, count):
    autosave(client, application, GRANT)

    answer = client.post(f"{page_of(application)}{address}", {"section_version": 1, "year": 2027} | count)

    assert (answer.status_code, amounts(application)) == (200, [100_000])
    assert "pas arrivé en entier" in answer.content.decode("unicode_escape" if address else "utf-8")


def test_the_same_table_sent_again_is_no_new_version(client, application):
    autosave(client, application, GRANT)

    answer = autosave(client, application, GRANT, version=1).json()

    assert (answer["version"], SectionVersion.objects.count()) == (1, 1)


def test_a_table_that_a_colleague_changed_is_not_overwritten_and_what_was_typed_is_in_the_history(
    client, application
):
    autosave(client, application, GRANT)

    answer = autosave(client, application, GRANT | {"2027": "5"}, version=0)

    refused = SectionVersion.objects.get(kept=False)
    assert (answer.status_code, answer.json()["conflict"], amounts(application)) == (409, True, [100_000])
    assert refused.content["lines"][0]["amount"] == "5.00"


@pytest.mark.parametrize(("due_on", "refused"), [("2028-02-29", []), ("2027-02-29", ["rows-0-due_on"])])
def test_rows_of_fields_are_kept_as_one_types_too(client, due_on, refused):
    application = with_tables("milestones")
    client.force_login(application.created_by)

    answer = client.post(
        f"{page_of(application, 'milestones')}tableau/enregistrement/",
        rows({"label": "Mise en service", "due_on": due_on}),
    )

    assert (list(answer.json()["refused"]), application.milestones.exists()) == (refused, not refused)
