"""The API against its own OpenAPI description: whatever is asked, the answer is one that the description tells."""

import pytest
import schemathesis
from django.core.signals import request_finished, request_started
from django.db import close_old_connections
from hypothesis import HealthCheck, Phase, settings

from fondsportal.front.api import gate
from fondsportal.wsgi import application
from tests import factories
from tests.front.test_open_data import a_laureate

schema = schemathesis.openapi.from_wsgi("/api/v1/openapi.json", application)


@pytest.fixture
def some_rows(db, monkeypatch):
    """Rows for every operation to find, and nobody to stop the questions."""
    for signal in (request_started, request_finished):  # a request must not close the test's own connection
        signal.disconnect(close_old_connections)
    monkeypatch.setattr(gate, "REQUESTS", 1_000_000)
    factories.announcement_of(factories.CallFactory(published=True))
    a_laureate(slug="projet", sources=[{"title": "Source"}], links=["https://projet.example"])
    yield
    for signal in (request_started, request_finished):
        signal.connect(close_old_connections)


@schema.parametrize()
@settings(
    max_examples=40,
    deadline=None,
    derandomize=True,
    phases=[Phase.explicit, Phase.generate],
    suppress_health_check=list(HealthCheck),
)
def test_every_answer_is_one_that_the_description_tells(case, some_rows):
    case.call_and_validate()
