"""Votes counted again by the written rule, decisions against the votes and the envelope."""

from collections import Counter
from datetime import timedelta
from decimal import Decimal

from checks.report import moment, money
from checks.session import last

VOTES, DECISIONS = "votes.json", "decisions.json"
RACE = timedelta(seconds=10)  # a recusal written at the very instant of a closing may have missed it
DECIDING = ("item.decided", "item.corrected")
PROPOSING = ("item.proposed", "item.proposal_corrected")
# The name of each fact of a decision here → in the journal.
SAID = {
    "sens": "outcome",
    "intitule": "label",
    "motif": "reason",
    "sous_condition": "is_conditional",
    "conditions": "conditions",
    "jalons": "milestones",
    "rang": "rank",
    "demande": "asked",
    "revision": "revision",
}


def check_vote(session, vote, where, report):
    """A vote's ballots, its quorum at its closing, its result by the written rule, and all of it in the journal."""
    item = session.items[vote["point"]]
    where = f"{where}, vote n° {vote['rang']}"
    twice = [
        seat for seat, times in Counter(each["siege"] for each in vote["bulletins"]).items() if times > 1
    ]
    for seat in twice:
        report.alter(VOTES, where, f"{session.at({'siege': seat})} a plus d’un bulletin.")
    for ballot in vote["bulletins"]:
        check_ballot(
            session, vote, item, ballot, f"{where}, {session.at({'siege': ballot['siege']})}", report
        )
    report.counts["votes"] += 1
    report.counts["bulletins"] += len(vote["bulletins"])
    if vote["mode"] == "roll_call":
        check_opening(session, vote, item, where, report)
    elif vote["mode"] != "consensus" or vote["bulletins"]:
        report.alter(VOTES, where, "ce n’est ni un vote nominatif ni un consensus constaté.")
    ended = "item.voted" if vote["adopte"] is not None else "item.put_off"
    told = session.journal.on("selection.agendaitem", item["numero"], ended)
    if ended == "item.put_off" and told and vote["clos_le"]:
        report.near(VOTES, where, "clos_le", vote["clos_le"], told[0])
        report.same(VOTES, where, "clos_par", vote["clos_par"], session.name_of(told[0]))
        report.same(
            VOTES, where, "résultat", [vote["montant"], vote["constat"]], [None, ""]
        )  # it ended without one
        return
    if vote["clos_le"] is None or len(told) < vote["rang"]:
        report.alter(VOTES, where, "le journal et le vote ne s’accordent pas sur sa clôture.")
        return
    entry = told[vote["rang"] - 1]
    report.near(VOTES, where, "clos_le", vote["clos_le"], entry)
    report.same(VOTES, where, "clos_par", vote["clos_par"], session.name_of(entry))
    report.same(VOTES, where, "adopte", vote["adopte"], entry["detail"]["carried"])
    report.same(VOTES, where, "montant", money(vote["montant"]), money(entry["detail"]["amount"]))
    report.same(VOTES, where, "constat", vote["constat"], entry["detail"].get("note", ""))
    check_result(session, vote, item, where, report)


def check_opening(session, vote, item, where, report):
    """A roll call was opened by somebody, at some hour; where the chair heard a consensus nothing was opened."""
    before = [
        each
        for each in session.votes
        if (each["point"], each["mode"]) == (item["numero"], "roll_call") and each["rang"] < vote["rang"]
    ]
    told = session.journal.on("selection.agendaitem", item["numero"], "item.vote_open")
    if len(told) <= len(before):
        report.alter(VOTES, where, "le journal ne dit pas son ouverture.")
        return
    report.near(VOTES, where, "ouvert_le", vote["ouvert_le"], told[len(before)])
    report.same(VOTES, where, "ouvert_par", vote["ouvert_par"], session.name_of(told[len(before)]))


def check_openings(session, report):
    for number, item in session.items.items():
        told = session.journal.on("selection.agendaitem", number, "item.vote_open")
        held = [vote for vote in session.votes if (vote["point"], vote["mode"]) == (number, "roll_call")]
        if len(told) != len(held):
            where = f"dossier {item['dossier']}"
            report.alter(VOTES, where, f"{len(held)} votes nominatifs ; le journal en dit {len(told)}.")


def check_ballot(session, vote, item, ballot, where, report):
    seat, at = session.seats[ballot["siege"]], moment(ballot["vote_le"])
    closed = vote["clos_le"] and moment(vote["clos_le"])
    if not moment(vote["ouvert_le"]) <= at or (closed and at > closed):
        report.alter(VOTES, where, "le bulletin n’est pas du temps du vote.")
    if not seat["voix_deliberative"] or (seat["perimetre"] and seat["perimetre"] not in item["themes"]):
        report.alter(VOTES, where, "ce siège n’a pas de voix sur ce dossier.")
    if ballot["siege"] not in session.there(at):
        report.alter(VOTES, where, "ce membre n’était pas en séance à l’heure de son bulletin.")
    if ballot["choix"] not in ("for", "against", "abstain") or (
        ballot["montant"] and ballot["choix"] != "for"
    ):
        report.alter(VOTES, where, "le bulletin ne dit pas un vote.")
    entries = session.journal.on("selection.ballot", ballot["numero"], "ballot.cast")
    session.signed(VOTES, where, ballot, entries)
    told = last(entries)
    report.same(VOTES, where, "point", item["numero"], told.get("item", item["numero"]))
    report.same(VOTES, where, "vote", vote["rang"], told.get("vote", vote["rang"]))
    report.same(VOTES, where, "choix", ballot["choix"], told.get("choice"))
    report.same(VOTES, where, "montant", money(ballot["montant"]), money(told.get("amount")))


def check_result(session, vote, item, where, report):
    closed = moment(vote["clos_le"])
    instants = (closed, closed - RACE)
    quorum = session.seance["quorum"]
    if quorum is not None and max(session.voters(item, when) for when in instants) < quorum:
        found = session.voters(item, closed)
        report.alter(VOTES, where, f"{found} votants à la clôture, pour un quorum de {quorum}.")
    if vote["mode"] == "consensus":
        return
    said = vote["adopte"], money(vote["montant"])
    found = [result(session, vote, session.recused(item, when)) for when in instants]
    if said not in found:
        report.alter(
            VOTES,
            where,
            f"le résultat dit {words(*said)} ; les bulletins, recomptés, donnent {words(*found[0])}.",
        )


def words(carried, amount):
    return ("adopté" if carried else "non adopté") + (f" pour {amount} €" if amount is not None else "")


def result(session, vote, recused):
    """(carried, amount): more for than against, a tie by the written rule; the highest amount with a majority."""
    counted = [each for each in vote["bulletins"] if each["siege"] not in recused]
    granting = [each for each in counted if each["choix"] == "for"]
    against = sum(each["choix"] == "against" for each in counted)
    carried = len(granting) > against
    if len(granting) == against and session.seance["regle_de_partage"] == "chair":
        carried = any(session.seats[each["siege"]]["preside"] for each in granting)
    limits = [money(each["montant"]) for each in granting]
    cast = len(limits) + against

    def has_majority(amount):
        return 2 * sum(limit is None or (amount is not None and limit >= amount) for limit in limits) > cast

    if has_majority(None):  # those who set no limit are that majority alone
        return carried, None
    granted = [limit for limit in limits if limit is not None and has_majority(limit)]
    return carried, max(granted, default=None)


def count(session, item):
    """The ballots that count of the last closed vote of an item, by choice."""
    closed = [vote for vote in session.votes if vote["point"] == item["numero"] and vote["clos_le"]]
    out = session.recused(item)
    ballots = max(closed, key=lambda vote: vote["rang"])["bulletins"] if closed else []
    return Counter(each["choix"] for each in ballots if each["siege"] not in out)


def check_decision(session, decision, where, report):
    item = session.items[decision["point"]]
    where = f"{where}, décision n° {decision['revision']}"
    decides = session.about["comite"]["pouvoir"] == "decides"
    told = session.journal.on("selection.agendaitem", item["numero"], *(DECIDING if decides else PROPOSING))
    same = [each for each in told if each["detail"]["revision"] == decision["revision"]]
    report.counts["décisions"] += 1
    if len(same) != 1:
        report.alter(DECISIONS, where, "le journal ne dit pas une fois cette décision.")
        return
    said = same[0]["detail"]
    for name, theirs in SAID.items():
        report.same(DECISIONS, where, name, decision[name], said[theirs])
    report.same(DECISIONS, where, "montant", money(decision["montant"]), money(said["amount"]))
    report.same(DECISIONS, where, "correction", decision["correction"], said.get("correction", ""))
    report.same(
        DECISIONS, where, "motifs_par_critere", decision["motifs_par_critere"], said.get("reasons", {})
    )
    report.near(DECISIONS, where, "decidee_le", decision["decidee_le"], same[0])
    report.same(DECISIONS, where, "decidee_par", decision["decidee_par"], session.name_of(same[0]))
    if decision["enveloppe"] != (session.about["enveloppe"]["numero"] if decides else None):
        report.alter(DECISIONS, where, "elle n’est pas prise sur l’enveloppe de la séance.")
    if decision["en_vigueur"] != (decision["revision"] == max(each["detail"]["revision"] for each in told)):
        report.alter(
            DECISIONS, where, "ce n’est pas la dernière décision du journal qui est dite en vigueur."
        )
    if (decision["montant"] is not None) > (decision["sens"] == "selected"):
        report.alter(DECISIONS, where, "un montant accompagne un projet qui n’est pas retenu.")
    if decision["en_vigueur"] and decision["sens"] == "selected":
        remark_on(session, decision, item, where, report)


def remark_on(session, decision, item, where, report):
    """A project is selected by the vote that carried it, the recused left out, for no more than it grants."""
    closed = [
        vote for vote in session.votes if vote["point"] == item["numero"] and vote["adopte"] is not None
    ]
    vote = max(closed, key=lambda each: each["rang"], default=None)
    if vote is None:
        report.alter(DECISIONS, where, "le projet est retenu sans vote.")
        return
    carried, amount = vote["adopte"], money(vote["montant"])
    recused = session.recused(item, moment(decision["decidee_le"]))
    if any(each["siege"] in recused for each in vote["bulletins"]):
        carried, amount = result(session, vote, recused)
    if not carried:
        report.remarks.append(f"{where} : le projet est retenu, le vote ne l’avait pas adopté.")
    elif amount is not None and money(decision["montant"] or 0) > amount:
        report.remarks.append(f"{where} : le montant décidé dépasse le montant majoritaire.")


def check_envelope(session, report):
    """What stands draws on the envelope no more than it holds; and every item has its decision."""
    standing = [each for each in session.decisions if each["en_vigueur"]]
    held = Counter(each["point"] for each in standing)
    for number, item in session.items.items():
        if item["etat"] == "decided" and held[number] != 1:
            report.alter(
                DECISIONS, f"dossier {item['dossier']}", "il n’a pas une décision en vigueur, et une seule."
            )
    purse = session.about["enveloppe"]
    drawn = [money(each["montant"]) or 0 for each in standing if each["enveloppe"] == purse["numero"]]
    if sum(drawn, Decimal(0)) > money(purse["autorisations_d_engagement"]):
        report.alter(DECISIONS, "", f"{sum(drawn)} € sont accordés, plus que l’enveloppe {purse['annee']}.")
