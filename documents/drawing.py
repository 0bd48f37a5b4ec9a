"""Draw the first pages of a PDF, or a picture, as PNG; `documents.preview` runs this module as a program.

It limits itself before it opens anything, knows nothing of Django, and writes in the one folder that it is given.
The job comes as JSON on its standard input; it answers, in JSON, how many pages there are and how many it drew.
"""

import json
import sys
from pathlib import Path

from documents.limits import limit

PAGES = 3
WIDTH, HEIGHT = 1000, 1600  # pixels, at most
CPU_SECONDS = 10
MEMORY_BYTES = 1024 * 1024 * 1024
OUTPUT_BYTES = 32 * 1024 * 1024
MAX_PIXELS = 50_000_000


def draw_pdf(source, folder):
    import pypdfium2

    document = pypdfium2.PdfDocument(source)
    shown = min(len(document), PAGES)
    for number in range(shown):
        page = document[number]
        scale = min(WIDTH / page.get_width(), HEIGHT / page.get_height())
        page.render(scale=scale).to_pil().save(folder / f"{number + 1}.png")
    return len(document), shown


def draw_image(source, folder):
    from PIL import Image, ImageOps

    Image.MAX_IMAGE_PIXELS = MAX_PIXELS
    with Image.open(source, formats=["PNG", "JPEG"]) as image:
        image.draft("RGB", (WIDTH, HEIGHT))
        seen = ImageOps.exif_transpose(image).convert("RGBA")
    seen.thumbnail((WIDTH, HEIGHT))
    seen.save(folder / "1.png")
    return 1, 1


def main(source, content_type, folder):
    limit(cpu_seconds=CPU_SECONDS, memory_bytes=MEMORY_BYTES, output_bytes=OUTPUT_BYTES)
    draw = draw_pdf if content_type == "application/pdf" else draw_image
    total, shown = draw(Path(source), Path(folder))
    print(json.dumps({"total": total, "shown": shown}))


if __name__ == "__main__":
    main(**json.load(sys.stdin))
