"""Files dropped on the page, the network cut in the middle of one, the page closed: all go on from where they were."""

import base64
import hashlib
import os

import pikepdf
import pytest
from playwright.sync_api import expect

from tests import factories

DROP = """([zone, files]) => {
  const carried = new DataTransfer();
  for (const [name, content] of files) {
    carried.items.add(new File([Uint8Array.from(atob(content), (c) => c.charCodeAt(0))], name));
  }
  zone.dispatchEvent(new DragEvent("drop", { dataTransfer: carried, bubbles: true, cancelable: true }));
}"""


@pytest.fixture
def application(live_server):
    return factories.draft(title="Guichet numérique")


def section(application):
    return f"/dossiers/{application.key}/sections/pieces/"


def heavy(path, megabytes):
    with pikepdf.new() as document:
        document.add_blank_page()
        document.Root.Padding = document.make_stream(os.urandom(megabytes * 1024 * 1024))
        document.save(path)
    return path


def dropped(writer, *paths):
    zone = writer.page.locator(".portal-drop").element_handle()
    files = [(path.name, base64.b64encode(path.read_bytes()).decode()) for path in paths]
    writer.page.evaluate(DROP, [zone, files])


def cut_after(writer, pieces):
    """Cut the network once the server has so many pieces of a file; gives the offsets that were asked for."""
    offsets = []

    def piece(route):
        if route.request.method == "PATCH":
            offsets.append(int(route.request.headers["upload-offset"]))
        if len(offsets) == pieces + 1:
            writer.page.context.set_offline(True)
            return route.abort()
        return route.continue_()

    writer.page.route("**/pieces/envois/*/", piece)
    return offsets


def test_two_files_dropped_go_on_after_the_network_is_cut(application, enter, tmp_path):
    paths = [heavy(tmp_path / "étude.pdf", 2), heavy(tmp_path / "lettre.pdf", 0)]
    writer = enter("porteur", application.created_by)
    writer.go(section(application))
    offsets = cut_after(writer, pieces=2)

    dropped(writer, *paths)
    writer.sees("1 Mo sont déjà arrivés : l’envoi reprendra tout seul, de là.")
    writer.look()
    writer.page.context.set_offline(False)

    expect(writer.page.locator(".portal-piece")).to_have_count(2)
    assert offsets == [0, 524288, 1048576, 1048576, 1572864, 2097152, 0]
    assert [each.file.sha256 for each in application.attachments.select_related("file")] == [
        hashlib.sha256(path.read_bytes()).hexdigest() for path in paths
    ]
    writer.look()


def test_a_file_chosen_again_after_the_page_was_closed_goes_on_where_it_was(application, enter, tmp_path):
    path = heavy(tmp_path / "étude.pdf", 2)
    writer = enter("porteur", application.created_by)
    writer.go(section(application), looking=False)
    cut_after(writer, pieces=2)
    writer.field("Fichiers").set_input_files(path)
    writer.sees("l’envoi reprendra tout seul")
    writer.page.close()

    back = enter("porteur", application.created_by)
    back.go(section(application))
    back.sees("étude.pdf : 1,0 Mo sur 2,1 Mo (49 %)")
    offsets = cut_after(back, pieces=99)
    back.field("Fichiers").set_input_files(path)

    expect(back.page.locator(".portal-piece")).to_have_count(1)
    assert offsets == [1048576, 1572864, 2097152]
    assert application.attachments.get().file.sha256 == hashlib.sha256(path.read_bytes()).hexdigest()
