"""What the files say of a session, and what is checked of its agenda, its room, its recusals."""

import json

from checks.report import BROKEN, moment, money

FORMAT = 1
# The name of each fact of a session here → in the journal.
CONVENED = {
    "date": "held_on",
    "intitule": "title",
    "heure": "starts_at",
    "lieu": "place",
    "quorum": "quorum",
    "mode_de_vote": "vote_mode",
    "regle_de_partage": "tie_rule",
}
# What the journal tells of an item → the state that it leaves it in.
STATES = {
    "item.revealed": "revealed",
    "item.vote_open": "vote_open",
    "item.voted": "voted",
    "item.decided": "decided",
    "item.proposed": "decided",  # by a committee that only proposes
    "item.put_off": "put_off",
}


class Session:
    """What the files say, by number; whatever is not shaped as expected is an alteration, told where it is read."""

    def __init__(self, files, journal, report):
        self.files, self.journal, self.report = files, journal, report
        self.about = self.load("seance.json")
        self.seance = self.about["seance"]
        self.seats = {seat["numero"]: seat for seat in self.about["sieges"]}
        self.agenda = self.load("ordre-du-jour.json")
        self.items = {item["numero"]: item for item in self.agenda["points"]}
        self.room = self.load("presences.json")
        self.ties = self.load("deports.json")
        self.sealed, self.cards = self.load("scelles.json"), self.load("fiches.json")
        self.votes, self.decisions = self.load("votes.json"), self.load("decisions.json")

        self.people = self.load("personnes.json")

    def name_of(self, entry):
        return self.people[str(entry["acteur"])]

    def signed(self, file, where, row, entries):
        """What a member does is in the journal under their own number."""
        for entry in entries[-1:]:
            self.report.same(file, where, "personne", self.seats[row["siege"]]["personne"], entry["acteur"])

    def load(self, name):
        return json.loads(self.files.read(name))

    def at(self, row):
        """The dossier and the seat that a row is about, in words."""
        words = f"dossier {self.items[row['point']]['dossier']}" if "point" in row else ""
        if "siege" in row:
            seat = self.seats[row["siege"]]
            words += f"{', ' if words else ''}{seat['fonction']} ({seat['nom']})"
        return words

    def criteria(self, item):
        return {each["cle"]: each for each in self.about["criteres"] if each["appel"] == item["appel"]}

    def recused(self, item, when=None):
        """The seats whose member was recused from an item at a moment, or is at all."""
        people = {
            each["personne"]
            for each in self.ties["deports"]
            if each["dossier"] == item["dossier"] and (when is None or moment(each["declare_le"]) <= when)
        }
        return {number for number, seat in self.seats.items() if seat["personne"] in people}

    def there(self, when):
        """The seats whose member was in the room at a moment."""
        return {
            stay["siege"]
            for stay in self.room["presences"]
            if moment(stay["arrivee"]) <= when and (stay["depart"] is None or moment(stay["depart"]) > when)
        }

    def voters(self, item, when):
        """How many could vote on an item at a moment: seated, voting, of its theme, present, not recused, settled."""
        there = self.there(when) - self.recused(item, when) - self.unsettled(item, when)
        return sum(
            seat["voix_deliberative"]
            and (seat["fin"] is None or moment(seat["fin"]) > when)
            and (seat["perimetre"] is None or seat["perimetre"] in item["themes"])
            for number, seat in self.seats.items()
            if number in there
        )

    def unsettled(self, item, when):
        people = set()
        for tie in self.ties["liens"]:
            told = self.journal.on(
                "selection.conflictdeclaration", tie["numero"], "declaration.raised", "declaration.settled"
            )
            before = [each["evenement"] for each in told if moment(each["le"]) <= when]
            if tie["dossier"] == item["dossier"] and before[-1:] == ["declaration.raised"]:
                people.add(tie["personne"])
        return {number for number, seat in self.seats.items() if seat["personne"] in people}


def check_each(file, rows, check, session):
    """Check row after row; one that has not the expected shape is told, and the next is checked."""
    for rank, row in enumerate(rows, start=1):
        try:
            check(session, row, session.at(row), session.report)
        except BROKEN:
            session.report.alter(
                file, f"élément {rank}", "il n’a pas la forme attendue, ou renvoie à ce qui n’est plus."
            )


def last(entries):
    return entries[-1]["detail"] if entries else {}


def check_meeting(session, report):
    told = session.journal
    number, file = session.seance["numero"], "seance.json"
    for name, event in (
        (None, "session.convened"),
        ("ouverte_le", "session.opened"),
        ("close_le", "session.closed"),
    ):
        entries = told.on("selection.committeesession", number, event)
        if len(entries) != 1:
            report.alter(file, "", f"le journal ne dit pas une fois « {event} » de cette séance.")
        elif name:
            report.near(file, "séance", name, session.seance[name], entries[0])
    said = {}
    for entry in told.on("selection.committeesession", number, "session.convened", "session.changed"):
        said = {**said, **entry["detail"].get("after", entry["detail"])}
    for name, theirs in CONVENED.items():
        report.same(file, "séance", name, session.seance[name], said.get(theirs, session.seance[name]))
    if session.about["format"] != FORMAT or session.seance["etat"] not in ("closed", "minutes_signed"):
        report.alter(file, "", "ce n’est pas la séance close d’un dossier de ce format.")
    for seat in session.seats.values():
        check_name(session, file, seat, report)
    order = last(told.on("selection.committeesession", number, "agenda.ordered")).get("order", [])
    held = [item["dossier"] for item in sorted(session.items.values(), key=lambda item: item["rang"])]
    ranked = [each for each in held if each in order]
    report.same(
        "ordre-du-jour.json", "", "ordre des dossiers", ranked, [each for each in order if each in held]
    )
    for item in session.items.values():
        check_item(session, item, report)
    report.counts["points de l’ordre du jour"] = len(session.items)


def check_name(session, file, row, report):
    if session.people[str(row["personne"])] != row["nom"]:
        report.alter(file, row["nom"], "ce n’est pas le nom que personnes.json donne à ce numéro.")


def check_state(session, item, where, report):
    told = [
        STATES[each["evenement"]]
        for each in session.journal.by_subject["selection.agendaitem", str(item["numero"])]
        if each["evenement"] in STATES
    ]
    report.same("ordre-du-jour.json", where, "etat", item["etat"], told[-1] if told else "scoring")


def check_item(session, item, report):
    file, where = "ordre-du-jour.json", f"dossier {item['dossier']}"
    told = session.journal.on(
        "selection.agendaitem", item["numero"], "agenda.added", "agenda.amount_proposed"
    )
    if not told:
        report.alter(file, where, "le journal ne dit pas son inscription.")
        return
    report.same(file, where, "dossier", item["dossier"], told[0]["detail"]["reference"])
    check_state(session, item, where, report)
    put_off = session.journal.on("selection.agendaitem", item["numero"], "item.put_off")
    report.same(file, where, "motif_du_renvoi", item["motif_du_renvoi"], last(put_off).get("reason", ""))
    amounts = money(item["montant_propose"]), money(last(told)["amount"])
    report.same(file, where, "montant_propose", *amounts)


def check_room(session, report):
    file = "presences.json"
    for stay in session.room["presences"]:
        where = session.at(stay)
        for name, event in (("arrivee", "attendance.arrived"), ("depart", "attendance.left")):
            told = session.journal.on("selection.attendance", stay["numero"], event)
            if bool(told) != (stay[name] is not None):
                report.alter(file, where, f"« {name} » ne s’accorde pas avec le journal.")
            elif told:
                report.near(file, where, name, stay[name], told[0])
                report.same(file, where, "siege", stay["siege"], told[0]["detail"]["seat"])
    for each in session.room["declarations"]:
        told = session.journal.on("selection.sessionstatement", each["numero"], "session.interests_stated")
        report.same(file, session.at(each), "déclaration, siege", each["siege"], last(told).get("seat"))
        for entry in told:
            report.near(file, session.at(each), "faite_le", each["faite_le"], entry)
    report.counts["présences"] = len(session.room["presences"])


def check_ties(session, report):
    file = "deports.json"
    numbers = {item["dossier"]: item["candidature"] for item in session.items.values()}
    rows = {(numbers[each["dossier"]], each["personne"]): each for each in session.ties["deports"]}
    told = {
        (number, entry["detail"]["user"]): entry
        for number in numbers.values()
        for entry in reversed(session.journal.on("applications.application", number, "application.recused"))
    }
    for number, person in sorted(set(rows) ^ set(told)):
        kept = "est au journal et n’est plus ici" if (number, person) in told else "n’est pas au journal"
        report.alter(file, f"candidature n° {number}", f"le déport de la personne n° {person} {kept}.")
    for key in set(rows) & set(told):
        where = f"déport du dossier {rows[key]['dossier']}, {rows[key]['nom']}"
        check_name(session, file, rows[key], report)
        report.near(file, where, "declare_le", rows[key]["declare_le"], told[key])
        report.same(file, where, "motif", rows[key]["motif"], told[key]["detail"]["reason"][:300])
    for tie in session.ties["liens"]:
        where = f"lien sur le dossier {tie['dossier']}, {tie['nom']}"
        events = session.journal.on(
            "selection.conflictdeclaration", tie["numero"], "declaration.raised", "declaration.settled"
        )
        check_tie(session, tie, events, where, report)
    report.counts["déports"] = len(rows)


def check_tie(session, tie, events, where, report):
    """A tie is settled as the journal says it was last, after it was last raised."""
    file, raised = "deports.json", [each for each in events if each["evenement"] == "declaration.raised"]
    said = last(events)
    state = {True: "recused", False: "cleared", None: "to_settle"}[said.get("recused")]
    check_name(session, file, tie, report)
    report.same(file, where, "etat", tie["etat"], state)
    report.same(file, where, "motivation", tie["motivation"], said.get("reason", ""))
    report.same(file, where, "personne", tie["personne"], last(raised).get("user"))
    report.same(file, where, "motifs", tie["motifs"], last(raised).get("grounds"))
    report.near(file, where, "souleve_le", tie["souleve_le"], raised[-1])
    report.same(file, where, "souleve_par", tie["souleve_par"], session.name_of(raised[-1]))
    if state != "to_settle":
        report.near(file, where, "tranche_le", tie["tranche_le"], events[-1])
        report.same(file, where, "tranche_par", tie["tranche_par"], session.name_of(events[-1]))
