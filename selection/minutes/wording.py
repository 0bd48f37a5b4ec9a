"""The French text of minutes, written from what was recorded: sections under « ## », paragraphs and lists."""

import re
from datetime import date, datetime
from decimal import Decimal

from django.utils.translation import ngettext

from calls.money import euros
from journal import dates
from selection.models import Ballot, ConflictDeclaration, Decision

UNKNOWN = "non communiqué"
NARROW = re.compile(r" (?=[:;!?»])|(?<=«) ")  # spaces that French never breaks at
HEADING = re.compile(r"^## +(.*)$", re.MULTILINE)


def write(recorded):
    """The text that people then correct; of a part of what was recorded, without its statements and totals."""
    parts = [("Séance", _session(recorded)), ("Présences", _presences(recorded))]
    if "totals" in recorded:
        parts.append(("Déclarations d’intérêts faites à l’ouverture", _statements(recorded)))
    proposes = recorded["session"]["proposes"]
    parts += [(called(item), _item(item, proposes)) for item in recorded["items"]]
    if "totals" in recorded:
        parts.append(("Récapitulatif", _totals(recorded)))
    text = "\n\n".join(f"## {title}\n\n{text}" for title, text in parts) + "\n"
    return NARROW.sub("\u00a0", text)


def sections(text):
    """(title, text) of each section; what stands before the first heading has no title."""
    before, *rest = HEADING.split(text)
    found = [("", before.strip())] if before.strip() else []
    return found + [(title.strip(), body.strip()) for title, body in zip(rest[::2], rest[1::2], strict=True)]


COLUMNS = ["Dossier", "Projet", "Porteur", "Moyenne", "Vote", "Décision"]


def rows(recorded):
    """The points as the lines of a table, under `COLUMNS`."""
    return [
        [
            item["reference"],
            item["title"],
            item["carrier"],
            mean(item["scores"]["average"]),
            _short(item["votes"][-1]) if item["votes"] else "–",
            outcome(item),
        ]
        for item in recorded["items"]
    ]


def _short(vote):
    """« 4 / 1 / 0, adopté »."""
    counts = " / ".join(str(vote["counts"][choice.value]) for choice in Ballot.Choice)
    return f"consensus, {result(vote)}" if vote["mode"] == "consensus" else f"{counts}, {result(vote)}"


def called(item):
    return f"Point {item['position']} – {item['reference']}, {item['title']}"


def day(text):
    return dates.day(date.fromisoformat(text))


def moment(text):
    """A time as French writes it, in Paris; said to be unknown where it is."""
    return dates.moment(datetime.fromisoformat(text)) if text else UNKNOWN


def hour(text):
    return dates.written(datetime.fromisoformat(text), "H:i")


def amount(text):
    return euros(text and Decimal(text))


def mean(text):
    """« 3,25 » for « 3.250 »."""
    return "–" if text is None else f"{Decimal(text):.2f}".replace(".", ",")


def stays(seat):
    """« de 14:00 à 15:10, puis de 15:30 à la fin »."""
    told = [f"de {hour(came)} à {hour(left) if left else 'la fin'}" for came, left in seat["stays"]]
    return ", puis ".join(told)


def presence(seat):
    """Two cells of a table: with what voice someone sits, and when they were there."""
    return "délibérative" if seat["is_voting"] else "consultative", stays(seat) or "absent"


def tally(vote):
    """« 4 pour, 1 contre, 0 abstention »."""
    return ", ".join(f"{vote['counts'][choice.value]} {choice.label}" for choice in Ballot.Choice)


def result(vote):
    if vote["carried"] is None:
        return "sans résultat"
    return "adopté" if vote["carried"] else "non adopté"


def outcome(item):
    """What became of a point: the decision that stands, or that it was put off."""
    if item["put_off"]:
        return "renvoyé à une autre séance"
    return decided(item["decisions"][-1]) if item["decisions"] else "–"


def _session(recorded):
    said = recorded["session"]
    verb = "propose" if said["proposes"] else "décide"
    lines = [
        f"Le comité « {said['committee']} », qui {verb}, s’est réuni le {day(said['held_on'])} au titre du fonds"
        f" « {said['fund']} ». Lieu : {said['place'] or UNKNOWN}.",
        f"La séance « {said['title']} » a été ouverte le {moment(said['opened_at'])} et close le"
        f" {moment(said['closed_at'])}.",
        f"Quorum : {_quorum(said['quorum'])}. Mode de vote : {said['vote_mode']}. En cas de partage des voix :"
        f" {said['tie_rule']}.",
        f"Enveloppe : {said['envelope']}, {amount(said['commitments'])} en autorisations d’engagement.",
    ]
    return "\n\n".join(lines)


def _quorum(number):
    if number is None:
        return UNKNOWN
    told = ngettext("%d votant présent exigé", "%d votants présents exigés", number)
    return told % number


def _presences(recorded):
    lines = []
    for seat in recorded["seats"]:
        if seat["stays"]:
            lines.append(f"- {seat['name']}{_place(seat)} : {stays(seat)}")
    absent = [seat["name"] for seat in recorded["seats"] if not seat["stays"]]
    text = "\n".join(lines) or "Aucune présence n’a été notée."
    return f"{text}\n\nAbsents : {', '.join(absent)}." if absent else text


def _place(seat):
    said = []
    if seat["is_chair"]:
        said.append("présidence")
    if seat["is_deputy_chair"]:
        said.append("suppléance de la présidence")
    if not seat["is_voting"]:
        said.append("voix consultative")
    if seat["scope"]:
        said.append(f"pour le thème « {seat['scope']} »")
    return f" ({', '.join(said)})" if said else ""


def _statements(recorded):
    said = [seat for seat in recorded["seats"] if seat["stated"] is not None]
    lines = [f"- {seat['name']} : {plain(seat['stated']) or 'rien à déclarer'}" for seat in said]
    return "\n".join(lines) or "Aucune déclaration n’a été enregistrée."


def _item(item, proposes):
    lines = [
        f"Porteur : {item['carrier']}. Subvention demandée : {amount(item['requested'])} ; proposée au comité :"
        f" {amount(item['proposed'])}."
    ]
    lines += [_recused(each) for each in item["recused"]]
    lines += [_declaration(each) for each in item["declarations"]]
    lines.append(_scores(item["scores"]))
    lines += [_vote(vote) for vote in item["votes"]] or ["Aucun vote n’a été clos."]
    if item["put_off"]:
        lines.append(f"**Renvoyé à une autre séance, sans décision.** Motif : {plain(item['put_off'])}")
    else:
        lines += _decisions(item["decisions"], "Proposition" if proposes else "Décision")
    return "\n\n".join(lines)


def _recused(each):
    reason = f" ({plain(each['reason'])})" if each["reason"] else ""
    return f"Déport : {each['name']}{reason}, sans part à l’examen de ce dossier."


def _declaration(each):
    grounds = " ; ".join(plain(text) for text in each["grounds"])
    if each["state"] == ConflictDeclaration.State.TO_SETTLE:
        return f"Lien d’intérêts de {each['name']} : {grounds}. Il n’a pas été tranché."
    return (
        f"Lien d’intérêts de {each['name']} : {grounds}. Tranché par {each['by']} : {each['told']}."
        f" Motif : {plain(each['reason'])}"
    )


def _scores(scores):
    if not scores["cards"]:
        return "Notes : aucune fiche ne compte."
    cards = ngettext("%d fiche", "%d fiches", scores["cards"]) % scores["cards"]
    spread = f" (de {mean(scores['lowest'])} à {mean(scores['highest'])})" if scores["cards"] > 1 else ""
    told = f"Notes sur {scores['scale']} : {cards}, moyenne pondérée {mean(scores['average'])}{spread}."
    if scores["set_aside"]:
        aside = ngettext("%d fiche écartée", "%d fiches écartées", scores["set_aside"]) % scores["set_aside"]
        told += f" {aside} à la révélation : elle ne correspondait pas à ce qui avait été scellé."
    by_criterion = " ; ".join(f"{each['label']} {mean(each['mean'])}" for each in scores["criteria"])
    return f"{told} Par critère : {by_criterion}."


def _vote(vote):
    if vote["mode"] == "consensus":
        told = f"Consensus constaté par la présidence : {result(vote)}."
        told += f" Montant convenu : {amount(vote['amount'])}." if vote["amount"] else ""
        return f"{told} {plain(vote['note'])}".strip()
    told = f"Vote n° {vote['number']}, nominatif, clos le {moment(vote['closed_at'])} : {tally(vote)}."
    for choice in Ballot.Choice:
        names = [_ballot(each) for each in vote["ballots"] if each["choice"] == choice]
        told += f" {choice.label.capitalize()} : {', '.join(names)}." if names else ""
    told += " Partage des voix, tranché par la règle écrite." if vote["is_tie"] else ""
    told += f" Résultat : {result(vote)}."
    told += f" Montant qui réunit une majorité : {amount(vote['amount'])}." if vote["amount"] else ""
    if vote["set_aside"]:
        aside = ngettext("%d bulletin écarté", "%d bulletins écartés", vote["set_aside"])
        told += f" {aside % vote['set_aside']} par un déport."
    if again := vote["overturned"]:
        limit = f", {amount(again['amount'])}" if again["amount"] else ""
        told += f" Sans eux : {result(again)}{limit}."
    return told


def _ballot(ballot):
    return f"{ballot['name']} (jusqu’à {amount(ballot['amount'])})" if ballot["amount"] else ballot["name"]


def _decisions(decisions, called):
    """The one that stands, then those that it replaced, the last first."""
    if not decisions:
        return [f"**{called} : aucune.**"]
    last, *replaced = reversed(decisions)
    lines = [f"**{called} : {decided(last)}.** {_taken(last)}"]
    lines += [f"{label} : {plain(last[key])}" for key, label in SAID.items() if last[key]]
    reasons = [f"- {each['criterion']} : {plain(each['text'])}" for each in last["reasons"]]
    lines += ["\n".join(reasons)] if reasons else []
    for newer, older in zip(reversed(decisions), replaced, strict=False):
        lines.append(
            f"Elle corrige celle du {moment(older['at'])} ({decided(older)}). Motif de la correction :"
            f" {plain(newer['correction'])}"
        )
    return lines


SAID = {
    "reason": "Motif",
    "conditions": "Conditions",
    "milestones": "Jalons attendus",
    "asked": "Demandé pour la prochaine séance",
}


def decided(decision):
    """« retenu, 600 000 € », « liste complémentaire, rang 2 »."""
    told = decision["words"]
    told += f", {amount(decision['amount'])}" if decision["amount"] else ""
    return told + (f", rang {decision['rank']}" if decision["rank"] else "")


def _taken(decision):
    return f"Validée par {decision['by']} le {moment(decision['at'])}."


def _totals(recorded):
    totals = recorded["totals"]
    labels = Decision.PROPOSED if recorded["session"]["proposes"] else dict(Decision.Outcome.choices)
    counts = [f"- {labels[outcome]} : {count}" for outcome, count in totals["outcomes"].items()]
    lines = ["\n".join(counts)] if counts else []
    lines += [f"{label} : {told}." for label, told in money_lines(recorded)]
    return "\n\n".join(lines)


def money_lines(recorded):
    """(what, how much) of a session, beside its envelope; what a committee proposes draws on nothing."""
    granted, said = amount(recorded["totals"]["granted"]), recorded["session"]
    if said["proposes"]:
        return [("Montant proposé par la séance", granted)]
    return [(f"Accordé par la séance, sur une enveloppe de {amount(said['commitments'])}", granted)]


def plain(text):
    """What someone typed, in the middle of a line: its lines follow one another, and none makes a heading."""
    return " ".join(filter(None, (line.strip(" #-*\t") for line in (text or "").splitlines())))
