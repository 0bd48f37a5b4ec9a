"""Asking again for what could not be made."""

from documents import actions
from documents.models import ProducedDocument
from tests.factories import produced


def test_a_failed_document_is_asked_for_again(db):
    failed = produced("essai", "1", state=ProducedDocument.State.FAILED)

    again = actions.retry(failed)

    assert (again.revision, again.state) == (2, ProducedDocument.State.REQUESTED)


def test_a_document_being_made_is_left_alone(db):
    making = produced("essai", "1", state=ProducedDocument.State.MAKING)

    assert actions.retry(making) == making
