"""Sealed cards against what was revealed, and what the scores of an item come to."""

import json
from fractions import Fraction

from checks.report import money, sha256
from checks.session import last

SEALED, CARDS = "scelles.json", "fiches.json"


def sealed_text(card):
    """The text that a card was sealed as: see selection/sealing.py, and LISEZ-MOI.txt."""
    said = {
        "amount": card["montant"],
        "comment": card["commentaire"],
        "item": card["point"],
        "nonce": card["cle_du_scelle"],
        "scores": card["notes"],
        "seat": card["siege"],
    }
    return json.dumps(said, sort_keys=True, separators=(",", ":"), ensure_ascii=False)


def check_commitments(session, report):
    """Each sealing is in the journal, as many times and in the same order, and has its card."""
    sealed = {}
    for each in session.sealed:
        sealed.setdefault((each["point"], each["siege"]), []).append(each)
    cards = {(card["point"], card["siege"]): card for card in session.cards if card["tour"] == 1}
    for key, rows in sealed.items():
        where = session.at(rows[0])
        if session.items[key[0]]["etat"] == "scoring":
            continue
        if key not in cards:
            report.alter(CARDS, where, "la fiche scellée manque.")
            continue
        told = session.journal.on("selection.scorecard", cards[key]["numero"], "scorecard.sealed")
        written, kept = [row["sha256"] for row in rows], [each["detail"]["sha256"] for each in told]
        report.same(SEALED, where, "empreintes scellées", written, kept)
        session.signed(SEALED, where, rows[0], told)
        report.near(CARDS, where, "notee_le", cards[key]["notee_le"], told[-1])
        for rank, entry in enumerate(told[: len(rows)]):
            report.near(SEALED, where, "scelle_le", rows[rank]["scelle_le"], entry)
    report.counts["empreintes scellées"] = len(session.sealed)
    report.counts["fiches"] = len(session.cards)


def check_card(session, card, where, report):
    """A card is what was sealed, or was set aside by the reveal; its scores are on their scales, and the journal's."""
    item = session.items[card["point"]]
    criteria = session.criteria(item)
    for key, value in card["notes"].items():
        if type(value) is not int or not 0 <= value <= criteria[key]["note_maximale"]:
            report.alter(CARDS, where, f"la note de « {criteria[key]['intitule']} » est hors de l’échelle.")
    scores = {str(criteria[key]["numero"]): value for key, value in card["notes"].items()}
    if card["tour"] == 2:
        told = session.journal.on("selection.scorecard", card["numero"], "scorecard.changed")
        session.signed(CARDS, where, card, told)
        report.near(CARDS, where, "notee_le", card["notee_le"], told[-1])
        report.same(CARDS, where, "cle_du_scelle", card["cle_du_scelle"], "")
        report.same(CARDS, where, "point", card["point"], last(told).get("item", card["point"]))
        report.same(
            CARDS, where, "commentaire", card["commentaire"], last(told).get("comment", card["commentaire"])
        )
        report.same(CARDS, where, "ecartee", card["ecartee"], False)
        report.same(CARDS, where, "notes après discussion", scores, last(told).get("scores"))
        amounts = money(card["montant"]), money(last(told).get("amount"))
        report.same(CARDS, where, "montant après discussion", *amounts)
        return
    revealed = session.journal.on("selection.agendaitem", item["numero"], "item.revealed")
    report.same(CARDS, where, "notes", scores, last(revealed).get("scores", {}).get(str(card["siege"])))
    aside = card["siege"] in last(revealed).get("set_aside", [])
    report.same(CARDS, where, "ecartee", card["ecartee"], aside)
    mine = [
        each for each in session.sealed if (each["point"], each["siege"]) == (card["point"], card["siege"])
    ]
    held = bool(mine) and mine[-1]["sha256"] == sha256(sealed_text(card))
    if not held and not aside:
        report.alter(CARDS, where, "la fiche n’est pas celle que son empreinte scelle.")
    if aside:
        report.remarks.append(f"{where} : fiche écartée à la révélation, elle ne compte pas.")


def check_revealed(session, report):
    """No card that the journal saw revealed is missing."""
    here = {(card["point"], card["siege"]) for card in session.cards if card["tour"] == 1}
    for number, item in session.items.items():
        revealed = session.journal.on("selection.agendaitem", number, "item.revealed")
        sealed = item["etat"] in (
            "scoring",
            "put_off",
        )  # one is put off before anybody scored it, or after the reveal
        if len(revealed) > 1 or (not revealed and not sealed):
            report.alter(CARDS, f"dossier {item['dossier']}", "le journal ne dit pas une fois sa révélation.")
        for seat in last(revealed).get("scores", {}):
            if (number, int(seat)) not in here:
                where = session.at({"point": number, "siege": int(seat)})
                report.alter(CARDS, where, "la fiche révélée manque.")


def table(session, item):
    """(number of cards that count, mean of each criterion, weighted mean); the means are to the thousandth.

    A member counts by their last card; neither those of who is recused nor those that the reveal set aside count.
    """
    latest = {}
    for card in session.cards:
        if card["point"] == item["numero"] and card["tour"] >= latest.get(card["siege"], card)["tour"]:
            latest[card["siege"]] = card
    out = session.recused(item)
    counting = [card for seat, card in latest.items() if seat not in out and not card["ecartee"]]
    means = {}
    for key in session.criteria(item):
        values = [card["notes"][key] for card in counting if key in card["notes"]]
        if values:
            means[key] = Fraction(sum(values), len(values))
    weights = {key: session.criteria(item)[key]["poids"] for key in means}
    whole = sum(weights.values())
    average = sum(weights[key] * mean for key, mean in means.items()) / whole if whole else None
    return len(counting), {key: thousandths(mean) for key, mean in means.items()}, thousandths(average)


def thousandths(number):
    """A fraction as a text with three decimals, half to even."""
    if number is None:
        return None
    whole = round(number * 1000)
    return f"{'-' if whole < 0 else ''}{abs(whole) // 1000}.{abs(whole) % 1000:03}"
