"""The files of a draft: joined, replaced, put in order, looked at; what is wrong with one does not lose the others."""

import pikepdf
import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.urls import reverse
from PIL import Image

from applications import actions, completeness, files
from applications.models import Attachment
from documents import apart, preview, storage
from documents.models import StoredFile
from journal.refusals import Refused
from tests.clamd import EICAR, clamd
from tests.documents.test_uploads import pdf
from tests.factories import StoredFileFactory, certifier_of, complete_draft, draft


def address(name, attachment, *more):
    return reverse(f"applications:{name}", args=[attachment.application.key, attachment.pk, *more])


def section_url(application):
    return reverse("applications:section", args=[application.key, "pieces"])


def joined(application, *names):
    return [
        actions.attach(application, file=StoredFileFactory(), name=name, by=application.created_by)
        for name in names
    ]


def names(application):
    return [each.name for each in application.attachments.all()]


def upload(name, content=None):
    return SimpleUploadedFile(name, content or pdf())


def sent(client, application, *files):
    client.force_login(application.created_by)
    return client.post(section_url(application), {"files": list(files)}, follow=True)


def test_several_files_are_joined_at_once_though_one_is_refused(client, db):
    application = draft()

    page = sent(client, application, upload("a.pdf"), upload("page.html"), upload("c.pdf"))

    assert names(application) == ["a.pdf", "c.pdf"]
    assert page.context["form"].errors["files"] == [
        "« page.html » n’est pas accepté. Formats acceptés : PDF, ODT, ODS, ODP, DOCX, XLSX, PPTX, PNG ou JPEG."
    ]


def test_one_file_too_many_is_told_beside_the_field_and_the_others_are_kept(client, db, settings):
    settings.ATTACHMENTS_MAX = 2
    application = draft()

    page = sent(client, application, *map(upload, ["a.pdf", "b.pdf", "c.pdf"]))

    assert names(application) == ["a.pdf", "b.pdf"]
    assert page.context["form"].errors["files"] == [
        "« c.pdf » n’est pas joint : 2 fichiers au plus. Retirez-en un d’abord."
    ]


def test_the_same_content_under_another_name_is_joined_and_told(client, db):
    application, content = draft(), pdf()

    page = sent(
        client, application, upload("a.pdf", content), upload("b.pdf", content), upload("a.pdf", content)
    )

    assert [(each.name, each.same_as) for each in page.context["files"]] == [
        ("a.pdf", "b.pdf"),
        ("b.pdf", "a.pdf"),
    ]


def test_a_replaced_file_stays_among_the_versions_and_is_handed_out(client, db):
    application = draft()
    [first] = joined(application, "budget.pdf")
    client.force_login(certifier_of(application.organisation))
    before = storage.store([b"%PDF-1.7 avant"], content_type="application/pdf")
    Attachment.objects.filter(pk=first.pk).update(file=before)

    client.post(
        address("change_attachment", first), {"upload": upload("budget-2.pdf"), "description": "Le budget"}
    )

    first.refresh_from_db()
    [version] = first.versions.all()
    assert (first.name, first.description) == ("budget-2.pdf", "Le budget")
    assert (version.name, version.file, version.added_by) == ("budget.pdf", before, application.created_by)
    response = client.get(address("version", first, version.pk))
    assert b"".join(response) == b"%PDF-1.7 avant"


def test_replacing_by_the_same_file_changes_nothing(db):
    [attachment] = joined(draft(), "a.pdf")

    actions.replace(attachment, file=attachment.file, name="a.pdf", by=attachment.added_by)

    assert attachment.versions.count() == 0


@pytest.mark.parametrize(("to", "order"), [(0, "cab"), (1, "acb"), (2, "abc"), (99, "abc"), (-1, "cab")])
def test_a_file_is_put_at_any_rank_and_the_next_one_comes_last(db, to, order):
    application = draft()
    *_, last = joined(application, "a", "b", "c")

    actions.move(last, to=to, by=application.created_by)
    joined(application, "z")

    assert "".join(each.name for each in files.listed(application)) == order + "z"


def test_a_file_already_removed_by_a_colleague_is_told(db):
    [attachment] = joined(draft(), "a.pdf")
    actions.detach(attachment, by=attachment.added_by)

    with pytest.raises(Refused) as refusal:
        actions.describe(attachment, description="x", by=attachment.added_by)

    assert refusal.value.reason == "Ce fichier vient d’être retiré du dossier par quelqu’un d’autre."


def test_what_was_filed_keeps_its_file_whatever_becomes_of_the_draft_s(client, db):
    application = complete_draft()
    [attachment] = joined(application, "a.pdf")
    certifier = certifier_of(application.organisation)
    filed = attachment.file.sha256
    actions.file_application(application, by=certifier)
    actions.take_back(application, by=application.created_by)

    actions.replace(attachment, file=StoredFileFactory(), name="b.pdf", by=application.created_by)
    actions.detach(attachment, by=application.created_by)

    assert application.submissions.get().content["attachments"][0]["sha256"] == filed
    assert StoredFile.objects.filter(sha256=filed).exists()


def test_a_virus_is_told_beside_its_file_and_prevents_filing(client, db, settings):
    application = complete_draft()
    with clamd() as settings.CLAMAV_ADDRESS:
        infected = storage.store([EICAR], content_type="application/pdf")
        waiting = storage.store([b"%PDF"], content_type="application/pdf")
        from documents.actions import scan

        scan(infected.pk)
    for file, name in ((infected, "plan.pdf"), (waiting, "note.pdf")):
        actions.attach(application, file=file, name=name, by=application.created_by)
    client.force_login(application.created_by)

    page = client.get(section_url(application)).content.decode()

    assert page.count("Virus trouvé (Eicar-Test-Signature)") == 1
    assert page.count("Analyse antivirus en cours") == 1
    assert completeness.missing(application) == [
        "Pièces jointes : l’antivirus a trouvé un virus dans « plan.pdf » : remplacez ou retirez ce fichier."
    ]


def drawn(client, tmp_path, write, name, content_type):
    write(tmp_path / name)
    application = draft()
    file = storage.store([(tmp_path / name).read_bytes()], content_type=content_type)
    attachment = actions.attach(application, file=file, name=name, by=application.created_by)
    client.force_login(application.created_by)
    return attachment, client.get(address("preview", attachment))


def five_pages(path):
    with pikepdf.new() as document:
        for _ in range(5):
            document.add_blank_page()
        document.save(path)


def test_the_first_pages_of_a_pdf_are_drawn(client, db, tmp_path):
    attachment, page = drawn(client, tmp_path, five_pages, "étude.pdf", "application/pdf")

    assert page.context["drawn"] == (5, 3)
    picture = client.get(address("preview_page", attachment, 3))
    assert b"".join(picture).startswith(b"\x89PNG")
    assert (picture["Content-Type"], picture["Content-Security-Policy"]) == (
        "image/png",
        "sandbox; default-src 'none'",
    )
    assert client.get(address("preview_page", attachment, 4)).status_code == 404


def test_a_picture_is_drawn_smaller(client, db, tmp_path):
    attachment, page = drawn(
        client, tmp_path, lambda path: Image.new("RGB", (3000, 2000)).save(path), "plan.jpg", "image/jpeg"
    )

    assert page.context["drawn"] == (1, 1)
    assert len(b"".join(client.get(address("preview_page", attachment, 1)))) < 100_000


def test_what_cannot_be_drawn_is_told_and_can_still_be_downloaded(client, db, tmp_path):
    _, page = drawn(
        client, tmp_path, lambda path: path.write_bytes(b"%PDF-1.7"), "abîmé.pdf", "application/pdf"
    )

    assert page.context["drawn"] == (0, 0)
    assert page.content.decode().count("L’aperçu de ce fichier n’a pas pu être dessiné") == 1


def test_a_preview_waits_for_its_turn_and_is_told(client, db, tmp_path):
    with apart.place("apercus", most=2), apart.place("apercus", most=2):
        attachment, waiting = drawn(client, tmp_path, five_pages, "étude.pdf", "application/pdf")
    picture = client.get(address("preview_page", attachment, 1))

    assert (waiting.status_code, waiting.content.decode().count("attend son tour"), picture.status_code) == (
        503,
        1,
        404,
    )
    assert client.get(address("preview", attachment)).context["drawn"] == (5, 3)


def test_a_preview_is_forgotten_after_a_month(client, db, tmp_path):
    attachment, _ = drawn(client, tmp_path, five_pages, "étude.pdf", "application/pdf")
    folder = preview.folder_of(attachment.file)

    preview.sweep(now=folder.stat().st_mtime + 29 * 86_400)
    kept = folder.exists()
    preview.sweep(now=folder.stat().st_mtime + 31 * 86_400)

    assert (kept, folder.exists()) == (True, False)
