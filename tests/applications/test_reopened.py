"""What is done in a dossier while more is asked on it, besides the answer: it is written in, filed, given up."""

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext

from applications import actions
from applications.lifecycle import State
from tests.applications.grids import page_of, posted
from tests.applications.test_form_moves import correct_form, replace_a_question
from tests.applications.test_writing import OF_TRANSACTIONS, autosave_of
from tests.factories import certifier_of, clarified_application

pytestmark = pytest.mark.django_db


@pytest.fixture
def application():
    """Of which a section of questions and the financing are open again."""
    return clarified_application(questions={"projet": "Précisez.", "financement": "Détaillez."})


def test_what_is_typed_is_kept_under_the_form_that_was_filed_though_it_was_corrected_since(
    client, application
):
    correct_form(application.call, replace_a_question)
    client.force_login(application.created_by)
    line = {"source": "fund", "nature": "staff", "label": "Équipe", "2018": "700 000"}

    text = client.post(autosave_of(application, "projet"), {"section_version": "1", "resume": "Précisé."})
    table = client.post(
        f"{page_of(application)}tableau/enregistrement/", posted(line, years=[2018], version=0)
    )

    assert (text.status_code, application.sections.get(section_key="projet").answers["resume"]) == (
        200,
        "Précisé.",
    )
    assert (table.status_code, [int(line.amount) for line in application.financing_lines.all()]) == (
        200,
        [700_000],
    )


def test_a_section_asked_for_is_kept_in_six_queries_too(client, application):
    client.force_login(application.created_by)
    asked = []

    for version, typed in ((1, "Précisé."), (2, "Tout autre chose.")):
        with CaptureQueriesContext(connection) as queries:
            client.post(autosave_of(application, "projet"), {"section_version": version, "resume": typed})
        asked.append(sum(not query["sql"].startswith(OF_TRANSACTIONS) for query in queries))

    assert (asked, application.sections.get(section_key="projet").version) == ([6, 6], 3)


def test_the_task_list_reads_what_is_asked_once(client, application):
    client.force_login(application.created_by)

    with CaptureQueriesContext(connection) as queries:
        client.get(application.get_absolute_url())

    assert sum('FROM "applications_clarification"' in query["sql"] for query in queries) == 1


def test_a_filing_page_left_open_does_not_file_the_whole_dossier_in_place_of_an_answer(client, application):
    client.force_login(certifier_of(application.organisation))

    response = client.post(f"/dossiers/{application.key}/deposer/")

    application.refresh_from_db()
    assert (response.status_code, application.submissions.count()) == (409, 1)
    assert (application.state, application.clarifications.open().count()) == (State.CLARIFYING, 1)


def test_what_is_given_up_is_asked_for_nothing_more(application):
    actions.withdraw(application, by=certifier_of(application.organisation), reason="Abandon.")

    assert application.clarifications.open().count() == 0
