"""The committee book: the dossiers of a session, one after the other, behind a table of contents.

It is put together from documents made one by one, by as many workers as there are: each dossier as it was filed, and
before it a sheet of what its committee is told of it. Only what has changed is made again.
"""

from dataclasses import dataclass, replace
from decimal import Decimal
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
class Contents:
    """What a book holds; `frozen` is the book that froze all of it, if one did."""

    key: str
    session: CommitteeSession
    rows: list[Row]
    frozen: CommitteeBook | None = None

    @property
    def called(self):
        return self.frozen.called if self.frozen else "Livre du comité"

    @property
    def title(self):
        return f"{self.called} – {self.session.title}"

    def parts(self):
        """(kind, key) of what it is put together from: a sheet and a dossier for each row."""
        return [part for row in self.rows for part in (self.sheet(row), (DOSSIER, str(row.submission.pk)))]

    def sheet(self, row):
        return SHEET, f"{self.key}/{row.item.pk}"


def contents(key):
    """What the book of this key holds, what was filed being read only when it is asked for.

    The key, made by `access.book_key`, is `session/<id>/<digest>` for the whole book, and says whose it is otherwise:
    one that is no longer the key of what is on the agenda is not made. What is frozen of the agenda is as it was
    frozen. `book/<id>` is a frozen book itself, from what was frozen alone.
    """
    words = key.split("/")
    if words[0] == "book":
        books = CommitteeBook.objects.select_related("session__committee__fund", "frozen_by")
        book = books.get(pk=int(words[1]))
        rows = _frozen_rows(book, _items(book.session.items.all()))
        if len(rows) < len(book.content):
            raise PdfFailed("failed", "a dossier of this frozen book has left the agenda")
        return Contents(key, book.session, rows, book)
    session = CommitteeSession.objects.select_related("committee__fund").get(pk=int(words[1]))
    reader = User.objects.get(pk=int(words[3])) if len(words) > 3 else None
    if key != _key_now(session, reader):
        raise PdfFailed("changed", "what this book would hold has changed since it was asked for")
    items = _items(items_readable_by(reader, session) if reader else session.items.all())
    frozen = {row.item.pk: row for book in session.books.all() for row in _frozen_rows(book, items)}
    return Contents(
        key,
        session,
        [
            replace(frozen[item.pk], position=item.number)
            if item.book_id
            else Row(item.number, item, item.case.submission, item.proposed_amount)
            for item in items.values()
        ],
    )


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
    filed = Submission.objects.in_bulk([row.submission.pk for row in book.rows])
    made = _made(book)
    with TemporaryDirectory(prefix="livre-") as folder:
        parts = []
        for row in book.rows:
            _, key = book.sheet(row)
            parts.append((f"{row.reference} – Instruction", made.get(key) or _make(sheet, key, folder)))
            key, title = str(row.submission.pk), filed[row.submission.pk].content["title"]
            parts.append((f"{row.reference} – {title}", made.get(key) or _make(build_dossier, key, folder)))
        first = _table(book, filed, [path for _, path in parts], Path(folder, "sommaire.pdf"))
        merge.merge([("Sommaire", first), *parts], title=book.title, output_path=target, numbered=book.called)


def _made(book):
    """{key: path} of its parts that are made already."""
    found = {}
    for kind in (SHEET, DOSSIER):
        keys = [key for each, key in book.parts() if each == kind]
        documents = ProducedDocument.objects.latest_of_each(kind, keys).items()
        found |= {key: storage.path_of(each.file) for key, each in documents if each.file}
    return found


def _make(build, key, folder):
    path = Path(folder, f"{build.__name__}-{key.replace('/', '-')}.pdf")
    build(key, path)
    return path


@builder(SHEET, lasts=False)
def sheet(subject_key, target):
    """What the committee is told beside a dossier, and the opinions on it. The key is a book's, then an item's."""
    key, _, item_pk = subject_key.rpartition("/")
    book = contents(key)
    [row] = [row for row in book.rows if row.item.pk == int(item_pk)]
    standing, others = reviewing.for_committee(row.item.case)
    context = {
        "title": row.submission.content["title"],
        "reference": row.reference,
        "facts": [
            *facts(row.submission, to_jury=True),
            ("Subvention proposée au comité", euros(row.proposed)),
        ],
        "proposals": proposals.told(row.item),
        "reviews": [*filter(None, [standing]), *others],
        "similar": [
            near for kind in radar.beside(row.item, [each.item for each in book.rows]) for near in kind
        ],
        "opinions": opinions.for_committee(row.item.case),
    }
    title = f"Instruction – {row.reference}"
    target.write_bytes(pdf.render_template("selection/print/instruction.html", context, title=title))


def _table(book, filed, parts, path):
    """Print the cover and the table of contents, whose own pages come before those that it tells of."""
    lengths = [merge.page_count(part) for part in parts]
    length = 2 + len(book.rows) // ROWS_PER_PAGE
    for _ in range(TRIES):
        starts = [length + 1 + sum(lengths[:place]) for place in range(len(parts))]
        path.write_bytes(_table_of(book, filed, starts))
        before, length = length, merge.page_count(path)
        if length == before:
            return path
    raise PdfFailed("failed", "the table of contents never has the length that it was numbered for")


def _table_of(book, filed, starts):
    session, said = book.session, [filed[row.submission.pk] for row in book.rows]
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
