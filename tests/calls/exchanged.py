"""Documents of whole calls, for the tests that exchange them."""

import io
import json
import zipfile
from pathlib import Path

import pikepdf
from django.core.files.uploadedfile import SimpleUploadedFile

from calls.actions.exchange import begin_from
from calls.exchange import archive
from calls.exchange.content import content_of
from calls.exchange.schema import CallFile
from calls.exchange.templates import FOLDER
from calls.models import CallDocument, Programme
from documents import storage
from tests.factories import FundFactory, ThemeFactory, officer_of

REAL = {path.stem: path for path in (Path(__file__).parent / "real_calls").glob("*.json")}
FILES = REAL | {path.stem: path for path in FOLDER.glob("*.json")}


def document(name, **changes):
    """The document of a real call or of a template, as JSON, with other values for some fields of its call."""
    found = json.loads(FILES[name].read_text(encoding="utf-8"))
    found["call"] |= changes
    return found


def begun(name, *, code="ESSAI-1", fund=None, by=None, **changes):
    """A call begun from a real call or from a template, in a fund that knows what it names."""
    content = CallFile.model_validate(document(name, **changes)).call
    fund = fund or FundFactory()
    if content.programme:
        Programme.objects.get_or_create(fund=fund, slug=content.programme, position=1, name="Programme")
    for slug in content.themes:
        ThemeFactory(slug=slug)
    by = by or officer_of(fund)
    return begin_from(content, fund=fund, code=code, title=content.title, files={}, source=name, by=by)


def with_document(call, text="Cahier"):
    """The call, with a real PDF among its documents."""
    file = storage.store([pdf(text)], content_type="application/pdf")
    CallDocument.objects.create(
        call=call, title="Cahier des charges", file=file, name="cahier.pdf", added_by=call.prepared_by
    )
    return call


def pdf(text):
    made = io.BytesIO()
    with pikepdf.new() as document:
        document.add_blank_page()
        document.docinfo["/Title"] = text
        document.save(made, static_id=True)
    return made.getvalue()


def exported(call):
    made = io.BytesIO()
    archive.write(content_of(call), made)
    return made.getvalue()


def uploaded(data, name="appel.zip"):
    return SimpleUploadedFile(name, data)


def zipped(members, compression=zipfile.ZIP_STORED):
    """A zip of (name, bytes) pairs."""
    made = io.BytesIO()
    with zipfile.ZipFile(made, "w", compression) as written:
        for name, data in members:
            written.writestr(name, data)
    return made.getvalue()
