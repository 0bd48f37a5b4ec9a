"""Several files at once: each stands on its own."""

from django.core.files.uploadedfile import SimpleUploadedFile

from documents.fields import FilesField
from tests.documents.test_uploads import pdf


def sent(*names):
    return [SimpleUploadedFile(name, pdf()) for name in names]


def test_a_file_that_is_refused_does_not_lose_the_others():
    field = FilesField()

    fit = field.clean(sent("avant.pdf", "page.html", "apres.pdf"))

    assert [(upload.name, content_type) for upload, content_type in fit] == [
        ("avant.pdf", "application/pdf"),
        ("apres.pdf", "application/pdf"),
    ]
    [told] = field.refused
    assert told.startswith("« page.html » n’est pas accepté.")


def test_files_past_the_number_that_is_taken_are_named():
    field = FilesField(max_files=1)

    field.clean(sent("un.pdf", "deux.pdf"))

    assert len(field.fit) == 1
    assert field.refused == ["« deux.pdf » n’est pas joint : au plus 1 à la fois."]
