"""The signed minutes as a document: who signed, when, what, in a file that one archives and that a reader speaks."""

import re

import pytest
from pypdf import PdfReader

from selection.models import Minutes
from selection.produced import signed_minutes
from tests.database import past_the_guards
from tests.documents.conforming import failures
from tests.factories import chair_of
from tests.selection.minutes_factories import closed_session, signed_by_both

pytestmark = pytest.mark.django_db


def test_the_signed_document_conforms_and_says_who_signed_what(tmp_path):
    minutes = signed_by_both(closed_session())
    path = tmp_path / "releve.pdf"

    signed_minutes(str(minutes.pk), path)

    pages = [page.extract_text() for page in PdfReader(path).pages]
    last = re.sub(r"\s", "", pages[-1])
    assert (failures(path.read_bytes(), "3a"), failures(path.read_bytes(), "ua1")) == (set(), set())
    assert minutes.sha256 in last
    assert re.sub(r"\s", "", f"Présidence {chair_of(minutes.session).name}") in last
    assert f"{len(pages)} / {len(pages)}" in pages[-1]


def test_what_is_no_longer_what_was_signed_is_not_printed(tmp_path):
    minutes = signed_by_both(closed_session())
    with past_the_guards() as cursor:
        cursor.execute("UPDATE selection_minutes SET text = 'Autre.'")

    with pytest.raises(ValueError, match="not what was signed"):
        signed_minutes(str(minutes.pk), tmp_path / "releve.pdf")
    assert Minutes.objects.get().text == "Autre."
