"""What was rendered once is not rendered again, and lives no longer than what it is of."""

from datetime import timedelta
from threading import Event

import pytest

from documents import actions, pdf, renderings, storage
from documents.models import ProducedDocument, Rendering, StoredFile
from tests.clock import from_now
from tests.database import in_parallel
from tests.factories import produced

TEMPLATE = "calls/print/blank_form.html"


@pytest.fixture
def printed(monkeypatch):
    """The titles of what the press was given; it gives back the HTML that it was given."""
    titles = []

    def render(html, *, title, **given):
        titles.append(title)
        return html.encode()

    monkeypatch.setattr(pdf, "render", render)
    return titles


def test_the_same_input_is_rendered_once(db, printed):
    made = [pdf.render_template(TEMPLATE, {"fund_name": "Un fonds"}, title="Un") for _ in range(2)]

    assert (made[0] == made[1], printed) == (True, ["Un"])


@pytest.mark.parametrize(
    "change", [{"title": "Deux"}, {"fund": "Autre"}, {"portal": "https://autre.example"}, {"brand": False}]
)
def test_another_input_is_rendered_anew(db, printed, settings, change):
    pdf.render_template(TEMPLATE, {"fund_name": "Un fonds"}, title="Un")
    settings.PORTAL_URL = change.get("portal", settings.PORTAL_URL)
    settings.PORTAL_STATE_BRAND = change.get("brand", settings.PORTAL_STATE_BRAND)
    pdf.surroundings_hash.cache_clear()

    pdf.render_template(
        TEMPLATE, {"fund_name": change.get("fund", "Un fonds")}, title=change.get("title", "Un")
    )

    pdf.surroundings_hash.cache_clear()
    assert len(printed) == 2


def test_what_goes_with_a_document_is_part_of_its_key():
    keys = {renderings.key_of(html="x", attachments={"a.json": content}) for content in (b"1", b"2")}

    assert len(keys) == 2


def test_what_the_disk_lost_is_rendered_again(db):
    renderings.once("clé", lambda: b"un")
    storage.path_of(StoredFile.objects.get()).unlink()

    assert renderings.once("clé", lambda: b"deux") == b"deux"
    assert Rendering.objects.get().file.sha256 == storage.store([b"deux"], content_type="x").sha256


@pytest.mark.django_db(transaction=True)
def test_two_workers_with_the_same_input_render_it_once():
    begun, made = Event(), []

    def make():
        made.append(1)
        begun.wait(0.3)  # time for the other to come
        return b"un"

    given = in_parallel(*[lambda: renderings.once("clé", make)] * 3)

    assert (given, len(made), StoredFile.objects.count()) == ([b"un"] * 3, 1, 1)


@pytest.mark.django_db(transaction=True)
def test_a_rendering_that_fails_lets_the_next_one_try():
    def fail():
        raise pdf.PdfFailed("time")

    in_parallel(lambda: renderings.once("clé", fail), lambda: renderings.once("clé", fail))

    assert renderings.once("clé", lambda: b"un") == b"un"


# How long it is kept


def kept(content, **ago):
    renderings.once(content.decode(), lambda: content)
    Rendering.objects.filter(key=content.decode()).update(used_at=from_now() - timedelta(**ago))
    return StoredFile.objects.get(renderings__key=content.decode())


def files_on_disk(settings):
    return {path.read_bytes() for path in settings.FILES_ROOT.rglob("*") if path.is_file()}


@pytest.mark.django_db(transaction=True)
def test_what_has_not_served_for_long_goes_with_its_bytes_unless_a_document_keeps_it(settings):
    kept(b"ancien", days=31)
    kept(b"recent", days=29)
    file = kept(b"accuse", days=400)
    ProducedDocument.objects.create(
        kind="essai", subject_key="1", state="done", file=file, pages=1, done_at=from_now()
    )

    actions.sweep_renderings()

    assert files_on_disk(settings) == {b"recent", b"accuse"}
    assert Rendering.objects.count() == 2


def test_what_serves_is_kept_from_then_on(db):
    kept(b"ancien", days=29)

    renderings.once("ancien", lambda: b"")

    assert Rendering.objects.filter(used_at__gt=from_now(minutes=-1)).count() == 1


@pytest.mark.django_db(transaction=True)
def test_a_subject_that_is_removed_leaves_no_rendering_and_no_bytes(settings):
    from django.db import transaction

    file = kept(b"dossier", days=0)
    produced("essai", "1")
    ProducedDocument.objects.update(state="done", file=file, pages=1, done_at=from_now())

    with transaction.atomic():
        actions.forget("essai", "1")

    assert (Rendering.objects.count(), StoredFile.objects.count(), files_on_disk(settings)) == (0, 0, set())
