"""How a file is handed out: under a readable name, and so that no browser runs it."""

import pytest

from calls.models import CallDocument
from documents import storage
from documents.serving import serve, show_picture
from tests.factories import CallFactory, officer_of


@pytest.fixture
def file(db):
    return storage.store([b"<script>alert(1)</script>"], content_type="application/pdf")


def test_a_file_is_handed_out_whole_with_its_type_and_length(file):
    response = serve(file, name="note.pdf")

    assert b"".join(response) == b"<script>alert(1)</script>"
    response.file_to_stream.close()
    assert (response["Content-Type"], response["Content-Length"]) == ("application/pdf", "25")


def test_no_browser_runs_or_guesses_what_a_file_holds(file):
    response = serve(file, name="note.pdf")

    assert response["Content-Security-Policy"] == "sandbox; default-src 'none'"
    assert response["X-Content-Type-Options"] == "nosniff"
    response.file_to_stream.close()


@pytest.mark.parametrize(
    ("name", "header"),
    [
        ("note.pdf", 'attachment; filename="note.pdf"'),
        ("Accusé de dépôt.pdf", "attachment; filename*=utf-8''Accus%C3%A9%20de%20d%C3%A9p%C3%B4t.pdf"),
        ('a"b\\c.pdf', 'attachment; filename="a\\"b\\\\c.pdf"'),
        ("l’été ; fin.pdf", "attachment; filename*=utf-8''l%E2%80%99%C3%A9t%C3%A9%20%3B%20fin.pdf"),
    ],
)
def test_a_name_is_said_as_rfc_6266_wants(file, name, header):
    response = serve(file, name=name)

    assert response["Content-Disposition"] == header
    response.file_to_stream.close()


def test_the_page_of_a_file_sends_those_headers(client, file):
    call = CallFactory(published=True)
    document = CallDocument.objects.create(
        call=call, title="Cahier", file=file, name="cahier.pdf", added_by=officer_of(call.fund)
    )

    response = client.get(f"/appels/{call.slug}/documents/{document.pk}/")

    assert (response["Content-Disposition"], response["Content-Security-Policy"]) == (
        'attachment; filename="cahier.pdf"',
        "sandbox; default-src 'none'",
    )
    b"".join(response)  # to its end, where the file closes


@pytest.mark.parametrize(
    ("content_type", "way"),
    [
        ("image/png", "inline"),
        ("image/jpeg", "inline"),
        ("image/svg+xml", "attachment"),
        ("text/html", "attachment"),
    ],
)
def test_a_picture_alone_is_shown_in_a_page(db, content_type, way):
    response = show_picture(storage.store([b"contenu"], content_type=content_type), name="salle.png")

    response.file_to_stream.close()
    assert response["Content-Disposition"] == f'{way}; filename="salle.png"'
    assert response["Content-Security-Policy"] == "sandbox; default-src 'none'"
    assert response["X-Content-Type-Options"] == "nosniff"
