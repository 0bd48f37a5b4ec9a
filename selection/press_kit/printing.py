"""The press kit as a PDF, its pictures made small enough for forty laureates to stand in one file."""

import base64
from io import BytesIO

from PIL import Image

from documents import pdf, storage
from documents.pdf import PdfFailed

LONGEST_SIDE = 1300  # pixels: 200 a inch over the width of the text
QUALITY = 80


def write(path, kit):
    """Write the PDF of a kit at a path.

    Raises:
        PdfFailed: it could not be laid out, or a picture does not open.
    """
    for picture in kit.all_pictures:
        picture.url = inline(picture.file)
    title = f"Dossier de presse – {kit.title}"
    path.write_bytes(pdf.render_template("selection/print/press_kit.html", {"kit": kit}, title=title))


def inline(file):
    """A picture as an address that holds its pixels."""
    made = BytesIO()
    smaller(file).save(made, format="JPEG", quality=QUALITY)
    return f"data:image/jpeg;base64,{base64.b64encode(made.getvalue()).decode()}"


def smaller(file):
    """A picture no larger than a page shows it, on white, since what is printed has nothing behind it."""
    try:
        with Image.open(storage.path_of(file)) as image:
            image.draft("RGB", (LONGEST_SIDE, LONGEST_SIDE))
            seen = image.convert("RGB" if image.mode in ("RGB", "L", "CMYK") else "RGBA")
    except (OSError, ValueError, SyntaxError, Image.DecompressionBombError) as error:
        raise PdfFailed("picture", f"{file}: {error}") from error
    seen.thumbnail((LONGEST_SIDE, LONGEST_SIDE))
    flat = Image.new("RGB", seen.size, "white")
    flat.paste(seen, mask=seen if seen.mode == "RGBA" else None)
    return flat
