"""An announcement to make the press kit of, whose every text can be told from the others."""

import dataclasses
import html
import re
from decimal import Decimal
from io import BytesIO

import pypdfium2
from PIL import Image

from documents import storage
from documents.models import ProducedDocument
from selection.charts import Chart, Table
from selection.models import Announcement, Laureate
from selection.press_kit.keys import KINDS, key_of
from tests import factories
from tests.clock import from_now
from tests.selection.announcement_factories import picture_of

FORMULA = "=HYPERLINK(1)"
DRAWN_TWICE = {"slug", "criteria_note", "url", "key", "note"}  # what is no text of the kit


def kit_of(laureates=1, *, pictures=False, **fields):
    """An announcement in preparation with so many laureates; the amount of the second is unknown."""
    call = factories.CallFactory(published=True, title="Appel des démarches")
    announcement = factories.announcement_of(call, state=Announcement.State.DRAFT, name=FORMULA)
    Announcement.objects.update(
        introduction="Le fonds retient des projets.\n\n- une aide *réelle* ;\n- un suivi.",
        quotes=[{"text": "Une démarche simple.", "author": "La ministre"}],
        contacts=[{"role": "Bureau de presse", "email": "presse@etat.example", "phone": "01 02 03 04 05"}],
        **fields,
    )
    announcement.refresh_from_db()
    theme = factories.ThemeFactory(label="Guichets")
    Laureate.objects.update(short_text="En bref.", summary="Un guichet pour tous.", carrier="Une direction")
    for number in range(1, laureates):
        factories.laureate(
            call=call,
            slug=f"suivant-{number}",
            announcement=announcement,
            name=f"Guichet {number} de la ville",
            ministry="Ministère de la Ville",
            carrier=f"Service {number}",
            amount=Decimal(100_000 * number) if number > 1 else None,
            total_cost=Decimal(1_000_000),
            summary="Le projet ouvre un guichet. " * 50,
            short_text="Un guichet de plus. " * 14,
        ).themes.add(theme)
    if pictures:
        for laureate in announcement.laureates.all():
            picture_of(
                announcement, laureate=laureate, file=photo(laureate.pk), alternative=f"Vue {laureate.pk}"
            )
    return announcement


def photo(number, size=(600, 400)):
    """A picture that no other number gives."""
    made = BytesIO()
    Image.new("RGB", size, (number % 255, 80, 120)).save(made, format="JPEG")
    return storage.store([made.getvalue()], content_type="image/jpeg")


def made_kit(announcement):
    """The files of the kit of what the announcement says now, as if the worker had made them."""
    file = storage.store([b"%PDF-1.7 le dossier"], content_type="application/pdf")
    for kind in KINDS.values():
        document = factories.produced(kind, key_of(announcement))
        ProducedDocument.objects.filter(pk=document.pk).update(
            state="done", file=file, pages=1, done_at=from_now()
        )


def texts(part):
    """Every text of a kit, or of a part of it."""
    if isinstance(part, str):
        return [part] if part else []
    if isinstance(part, Chart):
        return [part.title, *(text for _, _, text, _ in part.rows)]
    if isinstance(part, Table):
        return texts([part.caption, part.columns, part.rows])
    if isinstance(part, list | tuple):
        return [text for each in part for text in texts(each)]
    if dataclasses.is_dataclass(part):
        fields = [each.name for each in dataclasses.fields(part) if each.name not in DRAWN_TWICE]
        return [text for name in fields for text in texts(getattr(part, name))]
    if hasattr(part, "alternative"):
        return [part.credit]
    return []


def bare(text):
    """A text without spaces, nor the marks of its lists and of its emphasis: what is compared."""
    return re.sub(r"[\s\u00ad*•-]", "", text)


def read_pdf(path):
    with pypdfium2.PdfDocument(path) as document:
        return bare("".join(page.get_textpage().get_text_bounded() for page in document))


def read_page(response):
    return bare(html.unescape(re.sub(r"<[^>]*>", "", response.content.decode())))
