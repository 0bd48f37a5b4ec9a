"""The committee book: the dossiers of a session, one after the other, behind a table of contents.

It is put together from documents made one by one, by as many workers as there are: each dossier as it was filed, and
before it a sheet of what its committee is told of it. Only what has changed is made again.
"""

from dataclasses import dataclass, replace
from decimal import Decimal
from functools import cached_property, partial
from pathlib import Path
from tempfile import TemporaryDirectory

from accounts.models import User
from applications.dossier import carrier_of, facts
from applications.models import Submission
from applications.produced import dossier as build_dossier
from calls.money import euros, short_euros
from documents import merge, pdf, storage
from documents.models import ProducedDocument
from documents.pdf import PdfFailed
from documents.produced import builder
from journal import dates
from selection import opinions, proposals, reviewing
from selection.access import book_key, items_readable_by, numbered, whole_book_key
from selection.models import AgendaItem, CommitteeBook, CommitteeSession
from selection.radar import reading as radar

BOOK, SHEET, DOSSIER = "selection.committee_book", "selection.book_sheet", "applications.dossier"
DIGITS = 16  # of a digest, in the key of a sheet
ROWS_PER_PAGE = 12  # of the table of contents, about
TRIES = 4  # at a table whose own length decides the numbers that it holds


@dataclass(frozen=True)
class Row:
    """A dossier of a book: its place, what was filed, and what is proposed."""

    position: int
    item: AgendaItem
    submission: Submission
    proposed: Decimal | None

    @property
    def reference(self):
        return str(self.item)


@dataclass(frozen=True)
class Sheet:
    """What the committee is told beside a dossier, and the opinions on it, ready to print."""

    key: str
    title: str
    html: str

    @classmethod
    def of(cls, row, scope, context):
        """The key ends with a digest: a sheet that says the same is the same document, made already."""
        context = {"title": row.submission.content["title"], "reference": row.reference, **context}
        title = f"Instruction – {row.reference}"
        html = pdf.html_of("selection/print/instruction.html", context, title=title)
        digest = pdf.digest_of(html, title=title)[:DIGITS]
        return cls(f"{scope}/{row.item.pk}/{digest}", title, html)

    def write(self, path):
        path.write_bytes(pdf.render_once(self.html, title=self.title))


@dataclass(frozen=True)
class Contents:
    """What a book holds; `reader` is who it is made for, `frozen` the book that froze all of it, if any.

    `scope` is whose book it is: `session/<id>` for the whole one, `session/<id>/user/<id>` for what someone reads of
    it, `book/<id>` for a frozen one.
    """

    scope: str
    session: CommitteeSession
    rows: list[Row]
    reader: User | None = None
    frozen: CommitteeBook | None = None

    @property
    def called(self):
        return self.frozen.called if self.frozen else "Livre du comité"

    @property
    def title(self):
        return f"{self.called} – {self.session.title}"

    @cached_property
    def sheets(self):
        """The sheet of each row, in the same order."""
        return self.sheets_of(self.rows)

    def parts(self):
        """(kind, key) of what it is put together from: a sheet and a dossier for each row."""
        return [
            part
            for row, sheet in zip(self.rows, self.sheets, strict=True)
            for part in ((SHEET, sheet.key), (DOSSIER, str(row.submission.pk)))
        ]

    def sheets_of(self, rows):
        """What the committee is told of each of these rows, in as many queries as of one."""
        items, cases = [row.item for row in rows], [row.item.case for row in rows]
        reviews, given = reviewing.for_committee_of_each(cases), opinions.for_committee_of_each(cases)
        proposed = proposals.told_of_each(items)
        similar = radar.beside(items, [row.item for row in self.rows])
        filed = Submission.objects.filter(pk__in=[row.submission.pk for row in rows])
        filed = dict(filed.values_list("pk", "content"))
        sheets = []
        for row in rows:
            row.submission.content = filed[row.submission.pk]
            chosen, others = reviews[row.item.case_id]
            context = {
                "facts": [
                    *facts(row.submission, to_jury=True),
                    ("Subvention proposée au comité", euros(row.proposed)),
                ],
                "proposals": proposed[row.item.pk],
                "reviews": [*filter(None, [chosen]), *others],
                "similar": [near for kind in similar[row.item.pk] for near in kind],
                "opinions": given[row.item.case_id],
            }
            sheets.append(Sheet.of(row, self.scope, context))
        return sheets


def contents(key):
    """What the book of this key holds, what was filed being read with its sheets only.

    The key, made by `access.book_key`, is the scope of the book, then a digest of what was on the agenda: one that is
    no longer the key of what is there now is not made. A frozen book has no digest, as nothing of it changes.
    """
    if key.startswith("book/"):
        return _in_scope(key)
    book = _in_scope(key.rpartition("/")[0])
    if key != _key_now(book.session, book.reader):
        raise PdfFailed("changed", "what this book would hold has changed since it was asked for")
    return book


def _in_scope(scope):
    """What a book holds now. What is frozen of the agenda is as it was frozen."""
    words = scope.split("/")
    if words[0] == "book":
        books = CommitteeBook.objects.select_related("session__committee__fund", "frozen_by")
        book = books.get(pk=int(words[1]))
        rows = _frozen_rows(book, _items(book.session.items.all()))
        if len(rows) < len(book.content):
            raise PdfFailed("failed", "a dossier of this frozen book has left the agenda")
        return Contents(scope, book.session, rows, frozen=book)
    session = CommitteeSession.objects.select_related("committee__fund").get(pk=int(words[1]))
    reader = User.objects.get(pk=int(words[3])) if len(words) > 3 else None
    items = _items(items_readable_by(reader, session) if reader else session.items.all())
    frozen = {row.item.pk: row for book in session.books.all() for row in _frozen_rows(book, items)}
    rows = [
        replace(frozen[item.pk], position=item.number)
        if item.book_id
        else Row(item.number, item, item.case.submission, item.proposed_amount)
        for item in items.values()
    ]
    return Contents(scope, session, rows, reader=reader)


def _key_now(session, reader):
    return book_key(reader, session) if reader else whole_book_key(session)


def standing(keys):
    """Those of these keys that are the books of today: nobody needs the book of an agenda that was."""
    books = {tuple(key.split("/")[:-1]) for key in keys if key.startswith("session/")}
    sessions = CommitteeSession.objects.in_bulk([int(words[1]) for words in books])
    readers = User.objects.in_bulk([int(words[3]) for words in books if len(words) > 3])
    now = {
        _key_now(sessions[int(words[1])], readers[int(words[3])] if len(words) > 3 else None)
        for words in books
        if int(words[1]) in sessions
    }
    return [key for key in keys if key in now or key.startswith("book/")]


def _items(items):
    """{reference: item} in the order of the agenda."""
    items = items.select_related("case__submission__application__case", "case__application__call", "decision")
    return {str(item): item for item in numbered(items.defer("case__submission__content"))}


def _frozen_rows(book, items):
    """The rows of a frozen book, of these items; a submission that is not what was frozen stops everything."""
    submissions = Submission.objects.select_related("application__case").defer("content")
    submissions = submissions.in_bulk([row["submission"] for row in book.content])
    rows = []
    for said in book.content:
        submission, amount = submissions[said["submission"]], said["proposed_amount"]
        if submission.sha256 != said["sha256"]:
            raise PdfFailed("failed", f"{said['reference']} is not what was frozen")
        if said["reference"] in items:
            item = items[said["reference"]]
            rows.append(Row(said["position"], item, submission, amount and Decimal(amount)))
    return rows


@builder(BOOK, parts=lambda key: contents(key).parts())
def committee_book(subject_key, target):
    """Put a book together; `contents` says what its key is."""
    book = contents(subject_key)
    made = _made(book)
    with TemporaryDirectory(prefix="livre-") as folder:
        parts = []
        for row, sheet in zip(book.rows, book.sheets, strict=True):
            path = made.get(sheet.key) or _make(sheet.write, Path(folder, f"fiche-{row.item.pk}.pdf"))
            parts.append((f"{row.reference} – Instruction", path))
            key, title = str(row.submission.pk), row.submission.content["title"]
            path = made.get(key) or _make(partial(build_dossier, key), Path(folder, f"dossier-{key}.pdf"))
            parts.append((f"{row.reference} – {title}", path))
        first = _table(book, [path for _, path in parts], Path(folder, "sommaire.pdf"))
        merge.merge([("Sommaire", first), *parts], title=book.title, output_path=target, numbered=book.called)


def _made(book):
    """{key: path} of its parts that are made already."""
    parts, found = book.parts(), {}
    for kind in (SHEET, DOSSIER):
        keys = [key for each, key in parts if each == kind]
        documents = ProducedDocument.objects.latest_of_each(kind, keys).items()
        found |= {key: storage.path_of(each.file) for key, each in documents if each.file}
    return found


def _make(write, path):
    write(path)
    return path


@builder(SHEET, lasts=False)
def book_sheet(subject_key, target):
    """Print a sheet. Its key is the scope of a book, an item of it, and the digest of what the sheet is to say."""
    scope, item_pk, _ = subject_key.rsplit("/", 2)
    book = _in_scope(scope)
    said = book.sheets_of([row for row in book.rows if row.item.pk == int(item_pk)])
    if [each.key for each in said] != [subject_key]:
        raise PdfFailed("changed", "what this sheet would say has changed since it was asked for")
    said[0].write(target)


def _table(book, parts, path):
    """Print the cover and the table of contents, whose own pages come before those that it tells of."""
    lengths = [merge.page_count(part) for part in parts]
    length = 2 + len(book.rows) // ROWS_PER_PAGE
    for _ in range(TRIES):
        starts = [length + 1 + sum(lengths[:place]) for place in range(len(parts))]
        path.write_bytes(_table_of(book, starts))
        before, length = length, merge.page_count(path)
        if length == before:
            return path
    raise PdfFailed("failed", "the table of contents never has the length that it was numbered for")


def _table_of(book, starts):
    session, said = book.session, [row.submission for row in book.rows]
    told = [
        ("Comité", session.committee.name),
        ("Séance du", dates.day(session.held_on)),
        ("Dossiers", str(len(book.rows))),
        ("Subventions demandées", short_euros(sum(each.requested_grant for each in said))),
    ]
    if book.frozen:
        told += [
            ("Figé le", f"{dates.moment(book.frozen.frozen_at)} par {book.frozen.frozen_by.name}"),
            ("Empreinte (SHA-256)", book.frozen.sha256),
        ]
    context = {
        "fund_name": session.fund.name,
        "session": session,
        "called": book.called,
        "facts": told,
        "rows": [
            {
                "position": row.position,
                "reference": row.reference,
                "title": each.content["title"],
                "carrier": carrier_of(each.content),
                "requested": each.requested_grant,
                "proposed": row.proposed,
                "places": [
                    ("Instruction", part, starts[part - 1]),
                    ("Dossier", part + 1, starts[part]),
                ],
            }
            for part, (row, each) in zip(
                range(1, 2 * len(said), 2), zip(book.rows, said, strict=True), strict=True
            )
        ],
        "fictif": any(each.content["fictitious"] for each in said),
    }
    return pdf.render_template("selection/print/committee_book.html", context, title=book.title)
