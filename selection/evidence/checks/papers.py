"""The frozen books of the session, and its minutes with their signatures."""

import hashlib
import json

from checks.report import compact, money, sha256
from checks.session import check_name, last

BOOKS, MINUTES, CANONICAL, TEXT = "livres.json", "releve.json", "releve-canonique.json", "releve.txt"


def check_books(session, report):
    ranks = {item["livre"] for item in session.items.values()} - {None}
    books, names = session.load(BOOKS), session.files.names()
    for book in books:
        where = f"livre n° {book['rang']}"
        if sha256(compact(book["contenu"])) != book["sha256"]:
            report.alter(BOOKS, where, "son contenu n’est plus celui qui a été figé.")
        told = last(session.journal.on("selection.committeebook", book["numero"], "book.frozen"))
        report.same(BOOKS, where, "sha256", book["sha256"], told.get("sha256"))
        report.same(BOOKS, where, "rang", book["rang"], told.get("number"))
        for entry in session.journal.on("selection.committeebook", book["numero"], "book.frozen"):
            report.near(BOOKS, where, "fige_le", book["fige_le"], entry)
            report.same(BOOKS, where, "fige_par", book["fige_par"], session.name_of(entry))
        if book["pdf"] and book["pdf"] not in names:
            report.alter(BOOKS, where, f"son PDF, {book['pdf']}, manque.")
        held = {row["reference"]: row for row in book["contenu"]}
        for item in session.items.values():
            if item["livre"] == book["rang"]:
                check_frozen(item, held, report)
    for rank in sorted(ranks - {book["rang"] for book in books}):
        report.alter(BOOKS, f"livre n° {rank}", "ce livre manque.")
    report.counts["livres figés"] = len(books)


def check_frozen(item, held, report):
    """An item that a book holds is on the agenda as it was frozen."""
    where = f"dossier {item['dossier']}"
    if item["dossier"] not in held:
        report.alter("ordre-du-jour.json", where, "le livre figé ne l’a pas.")
        return
    row = held[item["dossier"]]
    frozen = row["position"], row["sha256"], money(row["proposed_amount"])
    if (item["rang"], item["depot_sha256"], money(item["montant_propose"])) != frozen:
        report.alter("ordre-du-jour.json", where, "rang, dépôt ou montant ne sont plus ceux du livre figé.")


def check_minutes(session, report):
    said = session.load(MINUTES)
    names = session.files.names()
    if said["etat"] == "aucun relevé":
        if CANONICAL in names or said["sha256"] or session.seance["etat"] == "minutes_signed":
            report.alter(MINUTES, "", "il dit qu’il n’y a pas de relevé.")
        report.remarks.append("Le relevé de décisions n’est pas établi.")
        return
    raw = session.files.read(CANONICAL)
    found = hashlib.sha256(raw).hexdigest()
    if json.loads(raw)["text"].encode() != session.files.read(TEXT):
        report.alter(TEXT, "", "ce n’est pas le texte du relevé.")
    if said["sha256"] and said["sha256"] != found:
        report.alter(CANONICAL, "", "le relevé n’est plus celui dont l’empreinte est gardée.")
    if not session.journal.on("selection.minutes", said["numero"], "minutes.produced"):
        report.alter(MINUTES, "", "le journal ne dit pas qu’il a été produit.")
    told = standing(session, said["numero"])
    for each in said["signatures"]:
        check_signature(session, each, told.get(each["qualite"]), found, report)
    roles = sorted(each["qualite"] for each in said["signatures"])
    ended = session.journal.on(
        "selection.committeesession", session.seance["numero"], "session.minutes_signed"
    )
    signed = session.seance["etat"] == "minutes_signed"
    state = "signé" if signed else "non signé"
    both = roles == ["chair", "secretary"]
    if roles != sorted(told) or (said["etat"], signed, signed) != (state, both, bool(ended)):
        report.alter(MINUTES, "", "les signatures ne s’accordent pas avec le journal et l’état de la séance.")
    if bool(said["sha256"]) != bool(roles) or said["pdf"] not in (None, *session.files.names()):
        report.alter(MINUTES, "", "son empreinte ou son PDF manque.")
    if not signed:
        report.remarks.append("Le relevé de décisions n’est pas encore signé par les deux signataires.")
    report.counts["signatures"] = len(roles)


def standing(session, number):
    """{role: entry} of the signatures that the journal saw put and not taken back."""
    told = {}
    for entry in session.journal.on(
        "selection.minutes", number, "minutes.signed", "minutes.signature_withdrawn"
    ):
        if entry["evenement"] == "minutes.signed":
            told[entry["detail"]["role"]] = entry
        else:
            told.pop(entry["detail"]["role"], None)
    return told


def check_signature(session, row, entry, found, report):
    who = f"signature de {row['nom']}"
    if row["sha256"] != found:
        report.alter(CANONICAL, who, "le relevé n’est plus celui qui a été signé.")
    if entry is None:
        report.alter(MINUTES, who, "elle n’est pas au journal.")
        return
    check_name(session, MINUTES, row, report)
    report.same(MINUTES, who, "personne", row["personne"], entry["acteur"])
    report.same(MINUTES, who, "sha256", row["sha256"], entry["detail"]["sha256"])
    report.near(MINUTES, who, "signe_le", row["signe_le"], entry)
