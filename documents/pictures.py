"""Pictures made fit for a page: of a reasonable size, upright, and without what the camera wrote in them."""

from io import BytesIO

from django.core.exceptions import ValidationError
from PIL import Image, ImageOps

LONGEST_SIDE = 1600  # pixels
SHOWN = {"PNG": "image/png", "JPEG": "image/jpeg"}
MODES = {"PNG": "RGBA", "JPEG": "RGB"}
SCALABLE = ("L", "RGB", "RGBA", "CMYK")


def for_the_web(upload):
    """The bytes of an upload that `uploads.check` accepted, drawn again, and their content type.

    Nothing but the pixels is kept: no place, no date, no device.

    Raises:
        ValidationError: in French, when the picture stops before its end.
    """
    upload.seek(0)
    made = BytesIO()
    try:
        with Image.open(upload) as image:
            kind = image.format
            image.draft("RGB", (LONGEST_SIDE, LONGEST_SIDE))
            # Made small before anything else: forty megapixels would be held several times over.
            seen = image if image.mode in SCALABLE else image.convert("RGBA")
            seen.thumbnail((LONGEST_SIDE, LONGEST_SIDE))
            seen = ImageOps.exif_transpose(seen).convert(MODES[kind])
    except (OSError, ValueError, SyntaxError, Image.DecompressionBombError) as error:
        raise ValidationError(f"« {upload.name} » est abîmée : exportez l’image de nouveau.") from error
    bare = Image.new(seen.mode, seen.size)
    bare.paste(seen)
    bare.save(made, format=kind, quality=85)
    return made.getvalue(), SHOWN[kind]
