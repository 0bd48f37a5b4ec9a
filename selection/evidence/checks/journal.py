"""The extract of the journal: each entry is what its link seals, and each link holds the one before."""

import json
from collections import defaultdict

from checks.report import BROKEN, compact, sha256

JOURNAL = "journal.jsonl"


class Journal:
    """The entries of the extract, once their chain is checked, by what they are about."""

    def __init__(self):
        self.by_subject = defaultdict(list)

    def on(self, kind, number, *events):
        entries = self.by_subject[kind, str(number)]
        return [each for each in entries if each["evenement"] in events and each["detail"] is not None]


def check_journal(files, report):
    journal, previous, others = Journal(), None, 0
    for rank, text in enumerate(files.read(JOURNAL).decode().rstrip("\n").split("\n"), start=1):
        try:
            line = json.loads(text)
            if "ailleurs" in line:
                previous, others = line["ailleurs"][-1], others + len(line["ailleurs"])
                continue
            check_entry(line, previous, report)
            previous = line["maillon"]
            journal.by_subject[line["objet"], line["objet_numero"]].append(line)
            report.counts["écritures du journal"] += 1
        except BROKEN:
            report.alter(JOURNAL, f"ligne {rank}", "cette ligne n’a pas la forme attendue.")
    if others:
        report.counts["maillons d’autres écritures"] = others
    return journal


def check_entry(line, previous, report):
    where = f"écriture n° {line['ecriture']} ({line['evenement']}, {line['le']})"
    names = ("ecriture", "le", "evenement", "acteur", "objet", "objet_numero", "detail_sha256")
    link = [line["maillon_precedent"], *(line[name] for name in names)]
    if previous is not None and line["maillon_precedent"] != previous:
        report.alter(
            JOURNAL, where, "la chaîne est rompue juste avant : une écriture a été ôtée, ajoutée ou changée."
        )
    if sha256(json.dumps(link, ensure_ascii=False)) != line["maillon"]:
        report.alter(JOURNAL, where, "cette écriture n’est plus celle que son maillon scelle.")
    if line["detail"] is None:
        report.remarks.append(f"{where} : détail effacé au terme de sa conservation, le maillon demeure.")
    elif sha256(line["sel"] + compact(line["detail"])) != line["detail_sha256"]:
        report.alter(JOURNAL, where, "son détail n’est plus celui qui a été écrit.")
