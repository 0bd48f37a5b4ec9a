"""What is done in a dossier while more is asked on it, besides the answer: it is written in, filed, given up."""

import pytest

from applications.lifecycle import State
from tests.factories import certifier_of, clarified_application

pytestmark = pytest.mark.django_db


@pytest.fixture
def application():
    return clarified_application(questions={"projet": "Précisez le calendrier."})


def test_a_filing_page_left_open_does_not_file_the_whole_dossier_in_place_of_an_answer(client, application):
    client.force_login(certifier_of(application.organisation))

    response = client.post(f"/dossiers/{application.key}/deposer/")

    application.refresh_from_db()
    assert (response.status_code, application.submissions.count()) == (409, 1)
    assert (application.state, application.clarifications.open().count()) == (State.CLARIFYING, 1)
