"""A picture is drawn again: smaller, upright, and with nothing but its pixels."""

from io import BytesIO

import pytest
from django.core.exceptions import ValidationError
from django.core.files.uploadedfile import SimpleUploadedFile
from PIL import Image

from documents import pictures

ORIENTATION, MAKER = 0x0112, 0x010F


def drawn(kind="JPEG", mode="RGB", size=(400, 200), **saved):
    made = BytesIO()
    Image.new(mode, size).save(made, kind, **saved)
    return SimpleUploadedFile(f"salle.{kind.lower()}", made.getvalue())


def opened(upload):
    content, content_type = pictures.for_the_web(upload)
    return Image.open(BytesIO(content)), content_type, content


@pytest.mark.parametrize(
    ("kind", "mode", "content_type"),
    [
        ("JPEG", "RGB", "image/jpeg"),
        ("JPEG", "CMYK", "image/jpeg"),
        ("JPEG", "L", "image/jpeg"),
        ("PNG", "RGBA", "image/png"),
        ("PNG", "P", "image/png"),
        ("PNG", "1", "image/png"),
        ("PNG", "I;16", "image/png"),
    ],
)
def test_any_picture_keeps_its_kind(kind, mode, content_type):
    image, given, _ = opened(drawn(kind, mode))

    assert (image.format, given, image.size) == (kind, content_type, (400, 200))


def test_a_large_picture_is_reduced_and_a_small_one_is_not():
    sizes = [opened(drawn(size=size))[0].size for size in ((3200, 1600), (40, 20))]

    assert sizes == [(1600, 800), (40, 20)]


def test_a_picture_of_40_megapixels_is_reduced():
    image, _, content = opened(drawn("PNG", size=(8000, 5000)))

    assert (image.size, len(content) < 100_000) == ((1600, 1000), True)


def test_what_the_camera_wrote_is_gone_and_the_picture_stands_upright():
    exif = Image.Exif()
    exif[ORIENTATION], exif[MAKER] = 6, "Appareil"

    image, _, content = opened(drawn(exif=exif))

    assert (image.size, dict(image.getexif()), b"Appareil" in content) == ((200, 400), {}, False)


def test_a_picture_that_stops_before_its_end_is_refused():
    whole = drawn("PNG", size=(300, 300)).read()

    with pytest.raises(ValidationError, match="abîmée"):
        pictures.for_the_web(SimpleUploadedFile("salle.png", whole[: len(whole) // 2]))
