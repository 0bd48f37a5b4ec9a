"""Gather the words of a PDF, an office document or a plain text; `documents.reading` runs this module as a program.

It limits itself before it opens anything, knows nothing of Django, and writes nowhere. The job comes as JSON on its
standard input; it answers, in JSON, the text that it found.
"""

import json
import re
import sys

from documents.limits import limit

CPU_SECONDS = 20
MEMORY_BYTES = 1024 * 1024 * 1024
MOST = 500_000  # characters: past these, what is looked for is found elsewhere
PAGES = 1000
MAX_PART = 50_000_000  # bytes of one part of an office document, opened
# The parts of an office document that hold its words, by what its type ends with.
PARTS = {
    "wordprocessingml.document": r"word/(document|header\d*|footer\d*|footnotes|endnotes)\.xml",
    "spreadsheetml.sheet": r"xl/(sharedStrings|worksheets/[^/]+)\.xml",
    "presentationml.presentation": r"ppt/(slides|notesSlides)/[^/]+\.xml",
    "opendocument.text": r"content\.xml",
    "opendocument.spreadsheet": r"content\.xml",
    "opendocument.presentation": r"content\.xml",
}
ROWS = {"row", "table-row"}  # what a sheet holds most of, forgotten as soon as it is read
BLOCKS = {"p", "h", "si", "is"}  # an element that makes a line, in any of these formats
UNTOLD = re.compile(r"[\x00-\x08\x0b-\x1f\ud800-\udfff\ufffe\uffff]")


def pdf(source):
    import pypdfium2

    document = pypdfium2.PdfDocument(source)
    for number in range(min(len(document), PAGES)):
        page = document[number]
        yield page.get_textpage().get_text_bounded()
        page.close()


def office(source, pattern):
    import zipfile

    with zipfile.ZipFile(source) as archive:
        for name in archive.namelist():
            if re.fullmatch(pattern, name):
                with archive.open(name) as part:
                    yield from lines(Bounded(part))


class Bounded:
    """A part of an archive that refuses to grow without end."""

    def __init__(self, part):
        self.part, self.left = part, MAX_PART

    def read(self, size):
        piece = self.part.read(size)
        self.left -= len(piece)
        if self.left < 0:
            raise ValueError("a part is too large")
        return piece


def lines(part):
    """The text of each line of an XML part; what was said once is forgotten."""
    from xml.etree import ElementTree as ET

    for _, element in ET.iterparse(part):  # noqa: S314 - in a process that can do nothing, and not for long
        kind = element.tag.rpartition("}")[2]
        if kind in BLOCKS:
            yield "".join(element.itertext())
        if kind in BLOCKS | ROWS:
            tail = element.tail
            element.clear()
            element.tail = tail


def plain(source):
    with open(source, "rb") as file:
        data = file.read(4 * MOST)
    try:
        yield data.decode("utf-8-sig")
    except UnicodeDecodeError:
        yield data.decode("cp1252", errors="replace")


def read(source, content_type):
    if content_type == "application/pdf":
        return pdf(source)
    if content_type.startswith("text/"):
        return plain(source)
    return office(source, PARTS[next(kind for kind in PARTS if content_type.endswith(kind))])


def main(source, content_type):
    limit(cpu_seconds=CPU_SECONDS, memory_bytes=MEMORY_BYTES)
    found, length = [], 0
    for each in read(source, content_type):
        text = UNTOLD.sub(" ", each).strip()
        if text:
            found.append(text)
            length += len(text) + 1
        if length > MOST:
            break
    print(json.dumps({"text": "\n".join(found)[:MOST]}))


if __name__ == "__main__":
    main(**json.load(sys.stdin))
