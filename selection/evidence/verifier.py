#!/usr/bin/env python3
"""Checks the evidence of a committee's session, offline, with nothing but Python 3.9: see LISEZ-MOI.txt.

It shares no line with the portal. What it finds altered is told in French, with where; it answers 0 where nothing was
altered, 1 where something was, 2 where there is nothing that it can check.
"""

import argparse
import hashlib
import json
import sys
import zipfile
from collections import Counter
from pathlib import Path

HERE = Path(__file__).resolve().parent
sys.path.insert(0, str(HERE))
sys.dont_write_bytecode = True  # nothing is added to the folder that it checks

from checks import deciding, journal, papers, scores  # noqa: E402
from checks import session as meeting  # noqa: E402
from checks.report import BROKEN, Report  # noqa: E402

MANIFEST = "manifest.json"


class Files:
    """A ZIP, or the folder where it was opened."""

    def __init__(self, path):
        self.folder = path if path.is_dir() else None
        self.book = None if self.folder else zipfile.ZipFile(path)

    def names(self):
        if self.book:
            return [name for name in self.book.namelist() if not name.endswith("/")]
        found = (path for path in self.folder.rglob("*") if path.is_file())
        return [path.relative_to(self.folder).as_posix() for path in found]

    def read(self, name):
        with self.open(name) as file:
            return file.read()

    def open(self, name):
        return self.book.open(name) if self.book else (self.folder / name).open("rb")


UNREADABLE = (OSError, KeyError, zipfile.BadZipFile, EOFError, NotImplementedError, RuntimeError)


def check_manifest(files, report, asked):
    """Every file is there, is what the manifest says, and there is no other; return the SHA-256 of the manifest."""
    raw = files.read(MANIFEST)
    found = hashlib.sha256(raw).hexdigest()
    if asked and asked.strip().lower() != found:
        report.alter(MANIFEST, "", f"son empreinte est {found}, et non celle que vous avez donnée.")
    said = json.loads(raw)["fichiers"]
    names = Counter(files.names())
    for name in sorted(set(names) - set(said) - {MANIFEST}):
        report.alter(name, "", "ce fichier a été ajouté : le manifeste ne le connaît pas.")
    for name in sorted(name for name, times in names.items() if times > 1):
        report.alter(name, "", "ce fichier figure deux fois dans le ZIP.")
    for name in sorted(said):
        if name not in names:
            report.alter(name, "", "ce fichier manque.")
        elif hash_of(files, name) != said[name]["sha256"]:
            report.alter(name, "", "son contenu n’est plus celui que le manifeste décrit.")
    report.counts["fichiers"] = len(said)
    return found


def hash_of(files, name):
    digest = hashlib.sha256()
    try:
        with files.open(name) as file:
            for chunk in iter(lambda: file.read(1 << 20), b""):
                digest.update(chunk)
    except UNREADABLE:
        return "illisible"
    return digest.hexdigest()


# The whole


def check(files, report, asked):
    """Check everything; return the hash of the manifest and, where it could be read, the session."""
    manifest = check_manifest(files, report, asked)
    session = None
    try:
        found = journal.check_journal(files, report)
        session = meeting.Session(files, found, report)
    except (*BROKEN, *UNREADABLE) as problem:
        report.alter(
            "dossier", "", f"il ne peut pas être lu en entier ({type(problem).__name__}: {problem})."
        )
        return manifest, None
    for file, step in (
        ("seance.json", meeting.check_meeting),
        ("presences.json", meeting.check_room),
        ("deports.json", meeting.check_ties),
        ("scelles.json", scores.check_commitments),
        ("fiches.json", scores.check_revealed),
        ("votes.json", deciding.check_openings),
        ("decisions.json", deciding.check_envelope),
        ("livres.json", papers.check_books),
        ("releve.json", papers.check_minutes),
    ):
        try:
            step(session, report)
        except (*BROKEN, *UNREADABLE):
            report.alter(file, "", "il n’a pas la forme attendue, ou renvoie à ce qui n’est plus.")
    for file, rows, step in (
        ("fiches.json", session.cards, scores.check_card),
        ("votes.json", session.votes, deciding.check_vote),
        ("decisions.json", session.decisions, deciding.check_decision),
    ):
        meeting.check_each(file, rows, step, session)
    return manifest, session


def tally(session):
    """What scores and votes come to, dossier by dossier, as this script counts them."""
    for item in sorted(session.items.values(), key=lambda each: each["rang"]):
        cards, means, average = scores.table(session, item)
        votes = deciding.count(session, item)
        yield {
            "dossier": item["dossier"],
            "fiches": cards,
            "moyennes": means,
            "moyenne": average,
            "pour": votes["for"],
            "contre": votes["against"],
            "abstentions": votes["abstain"],
        }


def tell(report, manifest, session):
    if session is not None:
        about = session.about
        print(f"{about['comite']['nom']}, {about['seance']['intitule']}, {about['seance']['date']}")
    print(f"Empreinte du dossier (SHA-256 de {MANIFEST}) : {manifest}")
    print("Contrôlé : " + ", ".join(f"{name} : {number}" for name, number in report.counts.items()) + ".")
    for title, lines in (("Remarques, sans altération :", report.remarks), ("Altéré :", report.altered)):
        if lines:
            print("\n" + "\n".join([title, *(f"- {line}" for line in lines)]))
    if not report.altered:
        print("\nRien n’a été altéré.")


def main(arguments):
    parser = argparse.ArgumentParser(description="Vérifie le dossier de preuve d’une séance de comité.")
    parser.add_argument(
        "dossier", nargs="?", type=Path, default=HERE, help="le ZIP, ou le dossier décompressé"
    )
    parser.add_argument(
        "--empreinte", help="l’empreinte que le portail affiche : elle prouve le dossier entier"
    )
    parser.add_argument("--comptes", action="store_true", help="écrit en JSON ce que donnent notes et votes")
    asked = parser.parse_args(arguments)
    report = Report()
    try:
        files = Files(asked.dossier)
        manifest, session = check(files, report, asked.empreinte)
    except (*BROKEN, *UNREADABLE) as problem:
        print(
            f"Rien ne peut être vérifié : {asked.dossier} n’est pas un dossier de preuve lisible ({problem})."
        )
        return 2
    if asked.comptes and session is not None:
        print(json.dumps(list(tally(session)), ensure_ascii=False, indent=1))
    else:
        tell(report, manifest, session)
    return 1 if report.altered else 0


if __name__ == "__main__":
    for stream in (sys.stdout, sys.stderr):
        stream.reconfigure(encoding="utf-8", errors="replace")
    sys.exit(main(sys.argv[1:]))
