"""What a dossier says of each criterion: the answers to the questions that the form links to it."""

from collections import defaultdict

from django.utils.text import Truncator

from calls.questionnaire.definition import questions_of

WORDS = 70  # of an answer, before one goes and reads it in its place


def passages(application, dossier):
    """By key of criterion, the answers of a dossier that inform it, in the order of the form.

    Args:
        dossier: as `applications.dossier.present` makes it; its answers have `reponse-<key>` for an anchor on the page.
    """
    asked = questions_of(application.form.definition)
    criteria = {question["key"]: question["criterion"] for _, question in asked if question.get("criterion")}
    found = defaultdict(list)
    for section in dossier["sections"]:
        for answer in section["answers"]:
            if key := criteria.get(answer["key"]):
                found[key].append(_passage(answer))
    return dict(found)


def _passage(answer):
    if answer["table"] or answer["files"]:
        return {"label": answer["label"], "anchor": _anchor(answer), "text": "", "whole": False}
    text = Truncator(answer["text"]).words(WORDS, truncate=" […]")
    whole = text == answer["text"]
    return {
        "label": answer["label"],
        "anchor": _anchor(answer),
        "text": text or "Sans réponse.",
        "whole": whole,
    }


def _anchor(answer):
    return f"reponse-{answer['key']}"
