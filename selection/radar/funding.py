"""What two projects may have funded twice: facts with their evidence, never a verdict.

Each fact is {"fact": what is the same, "evidence": [what says so]}; both contents are frozen ones.
"""

from collections import Counter
from decimal import Decimal

from applications.tables import total
from calls.money import euros

# What is read of a content; only the first two are always there.
READ = ("organisation", "title", "partners", "financing", "attachments")
LINES = 5  # of the financing plans, quoted at most


def between(mine, theirs):
    """The facts that two filed dossiers have in common."""
    return [
        *_carriers(mine, theirs),
        *_partners(mine, theirs),
        *_amounts(mine, theirs),
        *_files(mine, theirs),
    ]


def with_laureate(content, carrier, laureate):
    """The facts that a filed dossier has in common with a laureate.

    Args:
        content: what was filed.
        carrier: the body that filed it.
        laureate: with its organisation, where the public sources name one of the directory.
    """
    facts = []
    named = plain(laureate.carrier)
    same = laureate.organisation_id == carrier.pk
    if same or named in {plain(carrier.name), plain(carrier.acronym)} - {""}:
        when = f" en {laureate.year}" if laureate.year else ""
        won = f"{laureate.carrier}, « {laureate.name} »{when}, subvention : {laureate.amount_text}"
        facts.append(_fact("Même porteur, déjà lauréat", won))
    for partner in content.get("partners", []):
        name = partner["organisation_name"] or partner["name"]
        slug = laureate.organisation.slug if laureate.organisation else None
        if plain(name) == named != "" or (slug and partner["organisation"] == slug):
            facts.append(
                _fact("Un partenaire du dossier porte ce projet lauréat", f"{name} : {partner['role']}")
            )
    if plain(content["title"]) == plain(laureate.name):
        facts.append(_fact("Même nom de projet", laureate.name))
    asked, cost = _grant(content), total(content.get("financing", []))
    if laureate.amount and laureate.amount == asked:
        facts.append(_fact("Même montant", f"subvention demandée et publiée : {euros(asked)}"))
    if laureate.total_cost and laureate.total_cost == cost:
        facts.append(_fact("Même coût total", euros(cost)))
    return facts


def plain(name):
    """A name whatever its capitals, its spaces and the kind of its apostrophes."""
    return " ".join((name or "").replace("’", "'").casefold().split())


def _carriers(mine, theirs):
    own, other = mine["organisation"], theirs["organisation"]
    if plain(own["name"]) == plain(other["name"]):
        yield _fact("Même porteur", own["name"])
    elif own["siren"] and own["siren"] == other["siren"]:
        yield _fact("Même SIREN", f"{own['siren']} : {own['name']}, et {other['name']}")


def _partners(mine, theirs):
    own, other = _named(mine), _named(theirs)
    for name in sorted(own.keys() & other.keys()):
        said, told = own[name], other[name]
        yield _fact("Même partenaire", f"{said[0]} : {said[1]}", f"dans l’autre projet : {told[1]}")
    for partners, content, where in ((own, theirs, "de ce dossier"), (other, mine, "de l’autre projet")):
        name = plain(content["organisation"]["name"])
        if name in partners:
            yield _fact(f"Le porteur de l’un est partenaire {where}", "{} : {}".format(*partners[name]))


def _named(content):
    """(name, role) of each partner by its plain name."""
    found = {}
    for partner in content.get("partners", []):
        name = partner["organisation_name"] or partner["name"]
        amount = f", {euros(Decimal(partner['contribution']))}" if partner["contribution"] else ""
        found[plain(name)] = (name, f"{partner['role']}{amount}")
    return found


def _amounts(mine, theirs):
    for label, of in (("Même subvention demandée", _grant), ("Même coût total", _cost)):
        if of(mine) and of(mine) == of(theirs):
            yield _fact(label, euros(of(mine)))
    own, other = (Counter(map(_line, content.get("financing", []))) for content in (mine, theirs))
    same = sorted(line for line in own & other if Decimal(line[3]))
    if same:
        lines = [
            f"{year} : {euros(Decimal(amount))}, {source}{f' ({nature})' if nature else ''}"
            for year, source, nature, amount in same[:LINES]
        ]
        more = [f"et {len(same) - LINES} de plus"] if len(same) > LINES else []
        yield _fact("Mêmes montants les mêmes années dans les deux plans de financement", *lines, *more)


def _files(mine, theirs):
    own, other = (
        {each["sha256"]: each["name"] for each in said.get("attachments", [])} for said in (mine, theirs)
    )
    for sha256 in sorted(own.keys() & other.keys()):
        yield _fact("Même pièce jointe, octet pour octet", f"« {own[sha256]} », et « {other[sha256]} »")


def _line(line):
    return line["year"], line["source_label"], line.get("nature_label", ""), line["amount"]


def _grant(content):
    return total(line for line in content.get("financing", []) if line["source"] == "fund")


def _cost(content):
    return total(content.get("financing", []))


def _fact(fact, *evidence):
    return {"fact": fact, "evidence": list(evidence)}
