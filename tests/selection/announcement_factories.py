"""An announcement with all that surrounds it."""

from io import BytesIO

from django.core.files.uploadedfile import SimpleUploadedFile
from PIL import Image

from accounts.actions.invitations import token_hash
from selection.models import Announcement, AnnouncementPicture, Laureate, LaureateCheck, Preview
from tests import factories
from tests.clock import from_now

TOKEN = "jeton-de-l-apercu"
TEXTS = {"short_text": "Un guichet.", "long_text": "Un guichet pour tous.", "contact": "guichet@etat.example"}


def png(name="salle.png"):
    """A small picture, as a browser sends it."""
    made = BytesIO()
    Image.new("RGB", (8, 8), "navy").save(made, format="PNG")
    return SimpleUploadedFile(name, made.getvalue(), content_type="image/png")


def picture_of(announcement, **fields):
    fields = {"alternative": "Une salle pleine.", "credit": "Service photo"} | fields
    return AnnouncementPicture.objects.create(
        announcement=announcement,
        file=fields.pop("file", None) or factories.StoredFileFactory(content_type="image/png"),
        added_by=factories.officer_of(announcement.call.fund),
        **fields,
    )


def preview_of(announcement, *, token=TOKEN, **fields):
    fields = {"purpose": "press", "name": "Une rédaction", "email": "redaction@presse.example"} | fields
    return Preview.objects.create(
        announcement=announcement,
        token_sha256=token_hash(token),
        created_by=factories.head_of(announcement.call.fund),
        **{"expires_at": from_now(days=1)} | fields,
    )


def page_to_check(application, **fields):
    """The page of a laureate, in an announcement in preparation, that its carrier is asked to check."""
    call = application.call
    announcement = Announcement.objects.create(call=call, slug=f"relue-{application.pk}", title="À relire")
    laureate = Laureate.objects.create(
        fund=call.fund,
        call=call,
        announcement=announcement,
        case=application.case,
        slug=f"relu-{application.pk}",
        name=application.title,
        short_text="En bref.",
        summary="Le texte du secrétariat.",
    )
    asked = {"asked_at": from_now(hours=-1), "due_at": from_now(days=1)} | fields
    officer = factories.officer_of(call.fund)
    return LaureateCheck.objects.create(laureate=laureate, asked_by=officer, **asked)
