"""What a text meant for two carriers would tell one of the other's dossier."""

import re

from applications import anonymity
from applications.tables import money
from selection.radar import texts

RUN = 7  # words in a row, as the dossier has them, that are a quotation
WORD = re.compile(r"[^\W_]+")


def revealed(text, case):
    """What a text tells of a dossier, in French, each once: names, reference, amounts, or its very sentences."""
    application, content = case.application, case.submission.content
    said = _plain(text)
    found = anonymity.named(text, anonymity.markers(application))
    names = [content["title"], application.title, application.reference]
    names += [each["organisation_name"] or each["name"] for each in content.get("partners", [])]
    found += [name for name in names if f" {_plain(name)} " in f" {said} "]
    figures = re.sub(r"(?<=\d)[\s.\u00a0\u202f](?=\d{3}\b)", "", text)
    for amount in filter(None, (case.requested_grant, case.total_cost)):
        if money(amount).partition(".")[0] in re.findall(r"\d+", figures):
            found.append(f"le montant {money(amount)} €")
    words = said.split()
    runs = {" ".join(words[start : start + RUN]) for start in range(len(words) - RUN + 1)}
    for each in texts.of_content(content)[1]:
        whole = f" {_plain(each)} "
        found += [f"{run}…" for run in sorted(runs) if f" {run} " in whole][:1]
    return list(dict.fromkeys(filter(None, found)))


def _plain(text):
    return " ".join(WORD.findall(anonymity.without_accents(text).casefold()))
