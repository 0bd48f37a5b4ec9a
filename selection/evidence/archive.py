"""Writing the evidence as one ZIP: the same bytes for the same session, a file at a time in memory."""

import hashlib
import json
import zipfile
from datetime import date, datetime, time
from decimal import Decimal
from pathlib import Path

from accounts.models import User
from applications.models import Recusal
from documents import storage
from documents.undated import entry
from selection.evidence import contents, extract
from selection.minutes import canonical
from selection.models import CommitteeSession, ConflictDeclaration

HERE = Path(__file__).parent
AS_THEY_ARE = [
    "LISEZ-MOI.txt",
    "verifier.py",
    *sorted(f"checks/{path.name}" for path in (HERE / "checks").glob("*.py")),
]
MANIFEST = "manifest.json"
CHUNK = 1 << 20


class Moved(Exception):
    """Something of the session changed while its evidence was written."""


def write(path, session_pk):
    """Write the evidence of a session at a path; return the SHA-256 of its manifest, which vouches for every file.

    Raises:
        Moved: the journal of the session grew meanwhile; what was written may not hold together.
    """
    session = CommitteeSession.objects.select_related("committee__fund", "envelope").get(pk=session_pk)
    entries = extract.entries_of(session)
    with zipfile.ZipFile(path, "w", zipfile.ZIP_DEFLATED, allowZip64=True) as book:
        evidence = _Evidence(book)
        for name in AS_THEY_ARE:
            evidence.copy(name, HERE / name)
        evidence.say("seance.json", contents.session(session))
        evidence.say("presences.json", contents.attendance(session))
        evidence.say("deports.json", contents.conflicts(session))
        evidence.say("ordre-du-jour.json", contents.agenda(session))
        evidence.say("scelles.json", contents.commitments(session))
        evidence.say("fiches.json", contents.cards(session))
        evidence.say("votes.json", contents.votes(session))
        evidence.say("decisions.json", contents.decisions(session))
        books, files = contents.books(session)
        evidence.say("livres.json", books)
        _write_minutes(evidence, session)
        evidence.write("journal.jsonl", (_text(line) + b"\n" for line in extract.lines(entries)))
        evidence.say("personnes.json", _people(session, entries))
        for name, file in files.items():
            evidence.copy(name, storage.path_of(file), zipfile.ZIP_STORED)
        sha256 = evidence.sign()
    if extract.entries_of(session) != entries:
        raise Moved
    return sha256


def manifest_of(path):
    """The SHA-256 of the manifest of an evidence."""
    with zipfile.ZipFile(path) as book:
        return hashlib.sha256(book.read(MANIFEST)).hexdigest()


class _Evidence:
    """A ZIP being written, and what its manifest will say."""

    def __init__(self, book):
        self.book = book
        self.files = {}

    def write(self, name, chunks, method=zipfile.ZIP_DEFLATED):
        digest, size = hashlib.sha256(), 0
        with self.book.open(entry(name, method), "w", force_zip64=True) as target:
            for chunk in chunks:
                digest.update(chunk)
                size += len(chunk)
                target.write(chunk)
        self.files[name] = {"sha256": digest.hexdigest(), "octets": size}

    def copy(self, name, path, method=zipfile.ZIP_DEFLATED):
        with Path(path).open("rb") as source:
            self.write(name, iter(lambda: source.read(CHUNK), b""), method)

    def say(self, name, content):
        self.write(name, [_readable(content)])

    def sign(self):
        manifest = _readable({"format": contents.FORMAT, "fichiers": self.files})
        with self.book.open(entry(MANIFEST, zipfile.ZIP_DEFLATED), "w") as target:
            target.write(manifest)
        return hashlib.sha256(manifest).hexdigest()


def _write_minutes(evidence, session):
    said, kept, pdf = contents.minutes(session)
    evidence.say("releve.json", said)
    if kept is not None:
        evidence.write("releve-canonique.json", [canonical(kept)])
        evidence.write("releve.txt", [kept.text.encode()])
    if pdf is not None:
        evidence.copy("releve.pdf", storage.path_of(pdf), zipfile.ZIP_STORED)


def _people(session, entries):
    """{number: name} of who sits, and of who the journal names by a number."""
    seated = session.committee.seats.values_list("user", flat=True)
    recused = Recusal.objects.filter(application__case__agenda_items__session=session).values_list(
        "user", flat=True
    )
    tied = ConflictDeclaration.objects.filter(application__case__agenda_items__session=session)
    named = {*extract.actors_of(entries), *seated, *recused, *tied.values_list("user", flat=True)}
    people = User.objects.filter(pk__in=named)
    return {str(pk): name for pk, name in people.values_list("pk", "name")}


def _readable(content):
    return (json.dumps(content, ensure_ascii=False, indent=1, sort_keys=True, default=_plain) + "\n").encode()


def _text(content):
    return json.dumps(content, ensure_ascii=False, sort_keys=True, default=_plain).encode()


def _plain(value):
    if isinstance(value, date | datetime | time):
        return value.isoformat()
    if isinstance(value, Decimal):
        return f"{value:f}"
    raise TypeError(f"{type(value)} is not said in JSON")
