"""Put several documents in one file that a screen reader still reads, such as a committee's book.

Plain concatenation keeps the pages and loses their structure. Here each part's structure tree becomes one
branch of the book's, and what ties pages to it is renumbered: each page and each link carries a number
(`StructParents`, `StructParent`) that is a key of the root's `ParentTree` (ISO 32000-1, 14.7.4.4).
"""

import pikepdf
from pikepdf import Array, Dictionary, Name, String

from documents.conformance import PRODUCER, xmp
from documents.numbering import Numbers

PART = "part:"  # what a link to another part is written with, and then its place, from 0


def page_count(path):
    """Return how many pages a PDF file has."""
    with pikepdf.open(path) as pdf:
        return len(pdf.pages)


def merge(parts, *, title, output_path, numbered=""):
    """Write one PDF made of `parts`, (title, path) pairs of files by `documents.pdf`; return its page count.

    Each part gets an entry in the outline, with its own headings under it; a cover is simply the first part. A link
    to « part:3 » leads to the part that comes fourth. `numbered` is what comes before the number of each page of the
    whole; empty, it has none.

    Raises `ValueError` without parts, or if one is not tagged. All stay in memory until the book is written: 0.2 MB
    per page.
    """
    book = Book(title)
    for part_title, path in parts:
        with pikepdf.open(path) as part:
            book.add(part_title, part)
    if numbered:
        book.number(numbered)
    return book.save(output_path)


class Book:
    """The file being assembled."""

    def __init__(self, title):
        self.pdf = pikepdf.new()
        self.title = title
        self.outline = []
        self.headings = []
        self.places = {}
        self.leading = []
        self.parent_numbers = Array()
        self.next_number = 0
        self.tree = self.pdf.make_indirect(Dictionary(Type=Name.StructTreeRoot))
        self.body = self.pdf.make_indirect(Dictionary(Type=Name.StructElem, S=Name.Document, P=self.tree))
        self.body.K = Array()
        self.tree.K = Array([self.body])

    def add(self, title, part):
        """Append one part's pages, structure and internal links."""
        if Name.StructTreeRoot not in part.Root:
            raise ValueError(f"not a tagged PDF: {title}")
        prefix = f"{len(self.outline)}-"
        self.outline.append((title, len(self.pdf.pages)))
        numbers = {page.obj.objgen: number for number, page in enumerate(part.pages, len(self.pdf.pages))}
        self.headings.append(headings_of(part.Root.get(Name.Outlines), numbers))
        places = places_of(part)
        self.renumber(part, prefix)
        for page in part.pages:
            self.pdf.pages.append(page)
        self.graft(self.pdf.copy_foreign(part.Root.StructTreeRoot))
        for name, place in places:
            self.places[prefix + name] = self.pdf.copy_foreign(part.make_indirect(place))
        if Name.OutputIntents not in self.pdf.Root:
            self.pdf.Root.OutputIntents = self.pdf.copy_foreign(part.make_indirect(part.Root.OutputIntents))

    def renumber(self, part, prefix):
        """Shift the part's parent numbers past those in use, and make the names of its places its own."""
        for place, page in enumerate(part.pages, start=len(self.pdf.pages)):
            if Name.StructParents in page.obj:
                page.obj.StructParents = int(page.obj.StructParents) + self.next_number
            for annotation in page.obj.get(Name.Annots, []):
                if Name.StructParent in annotation:
                    annotation.StructParent = int(annotation.StructParent) + self.next_number
                if isinstance(annotation.get(Name.Dest), String):
                    annotation.Dest = String(prefix + str(annotation.Dest))
                if leads_to(annotation) is not None:
                    self.leading.append(place)

    def graft(self, tree):
        """Hang the part's structure under the book's, and take over its numbers."""
        for element in tree.K:
            element.P = self.body
            if element["/S"] == Name.Document:
                element["/S"] = Name.Part
            self.body.K.append(element)
        numbers = list(tree.ParentTree.Nums)
        for number, element in zip(numbers[::2], numbers[1::2], strict=True):
            self.parent_numbers.append(int(number) + self.next_number)
            self.parent_numbers.append(element)
        self.next_number += max(map(int, numbers[::2])) + 1

    def number(self, label):
        """Write on each page its place in the whole."""
        numbers, total = Numbers(self.pdf, label), len(self.pdf.pages)
        for number, page in enumerate(self.pdf.pages, start=1):
            numbers.write(page, number, total)

    def link(self):
        """Have the links to other parts lead to their first pages."""
        for place in sorted(set(self.leading)):
            for annotation in self.pdf.pages[place].obj.Annots:
                if (part := leads_to(annotation)) is not None:
                    title, number = self.outline[part]
                    first = self.pdf.pages[number].obj
                    annotation.Dest = Array([first, Name.XYZ, 0, first.MediaBox[3], 0])
                    annotation.Contents = String(title)
                    del annotation.A

    def save(self, path):
        """Write the file and return its number of pages."""
        if not self.outline:
            raise ValueError("a book needs at least one part")
        self.link()
        pdf, root = self.pdf, self.pdf.Root
        self.tree.ParentTree = pdf.make_indirect(Dictionary(Nums=self.parent_numbers))
        self.tree.ParentTreeNextKey = self.next_number
        root.StructTreeRoot = self.tree
        root.MarkInfo = Dictionary(Marked=True)
        root.ViewerPreferences = Dictionary(DisplayDocTitle=True)
        root.PageMode = Name.UseOutlines
        root.Lang = String("fr")
        root.Metadata = pdf.make_stream(xmp(self.title), Type=Name.Metadata, Subtype=Name.XML)
        if self.places:
            entries = [entry for name in sorted(self.places) for entry in (String(name), self.places[name])]
            root.Names = Dictionary(Dests=Dictionary(Names=Array(entries)))
        with pdf.open_outline() as outline:
            for (title, number), headings in zip(self.outline, self.headings, strict=True):
                item = pikepdf.OutlineItem(title, number)
                item.children.extend(item_of(heading) for heading in headings)
                item.is_closed = True
                outline.root.append(item)
        pdf.docinfo[Name.Title] = self.title
        pdf.docinfo[Name.Producer] = PRODUCER
        pages = len(pdf.pages)
        pdf.save(path, object_stream_mode=pikepdf.ObjectStreamMode.generate, deterministic_id=True)
        return pages


def places_of(part):
    """Take out of a document the places its links lead to, and return them as (name, place) pairs."""
    if Name.Names not in part.Root or Name.Dests not in part.Root.Names:
        return []
    entries = list(part.Root.Names.Dests.Names)
    del part.Root.Names
    return [(str(name), place) for name, place in zip(entries[::2], entries[1::2], strict=True)]


def headings_of(item, numbers):
    """The headings under an item of a part's outline: (title, page in the book, height on it, headings under it)."""
    found = []
    under = item.get(Name.First) if item is not None else None
    while under is not None:
        page, _, _, top, _ = under.Dest
        found.append((str(under.Title), numbers[page.objgen], float(top), headings_of(under, numbers)))
        under = under.get(Name.Next)
    return found


def item_of(heading):
    title, number, top, under = heading
    item = pikepdf.OutlineItem(title, number, "XYZ", left=0, top=top)
    item.children.extend(map(item_of, under))
    item.is_closed = True
    return item


def leads_to(annotation):
    """The place of the part that a link leads to, or None."""
    address = str(annotation.get(Name.A, {}).get(Name.URI, ""))
    return int(address.removeprefix(PART)) if address.startswith(PART) else None
