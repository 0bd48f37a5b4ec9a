"""The evidence of a session holds together; whatever is changed in it is found, and where it was."""

import hashlib
import json
import subprocess
import sys
import zipfile
from decimal import Decimal
from pathlib import Path

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from journal import actions as journal
from selection import tally
from selection.actions import committees
from selection.evidence import archive, verifier
from tests.factories import ThemeFactory, head_of
from tests.selection.evidence_factories import held_session, panel_session

pytestmark = pytest.mark.django_db
SCRIPT = Path(verifier.__file__)

# What the manifest alone holds, as LISEZ-MOI.txt says: who writes it again is found by its hash noted elsewhere.
SILENT = {
    "seance.json": {
        "comite.nom", "comite.fonds", "criteres.intitule", "criteres.note_maximale", "criteres.note_minimale",
        "criteres.poids", "enveloppe.annee", "enveloppe.autorisations_d_engagement", "enveloppe.credits_de_paiement",
        "sieges.fonction", "sieges.preside", "sieges.supplee",
    },
    "ordre-du-jour.json": {"points.candidature", "points.fictif", "points.porteur", "points.projet"},
    "presences.json": {"declarations.texte"},
    "deports.json": {"deports.numero", "liens.dossier"},
    "scelles.json": {"numero"},
    "fiches.json": set(),
    "votes.json": {"numero"},
    "decisions.json": {"numero"},
    "livres.json": set(),
    "releve.json": {"signatures.numero"},
}  # fmt: skip


@pytest.fixture(scope="module")
def session(kept_for_module):
    return held_session()


@pytest.fixture(scope="module")
def book(session, tmp_path_factory):
    """The ZIP of its evidence."""
    journal.seal()
    path = tmp_path_factory.mktemp("preuve") / "dossier.zip"
    archive.write(path, session.pk)
    return path


@pytest.fixture
def folder(book, tmp_path):
    """The evidence, opened where it may be tampered with."""
    with zipfile.ZipFile(book) as files:
        files.extractall(tmp_path / "dossier")
    return tmp_path / "dossier"


def run(*arguments):
    """The script itself, as an auditor runs it: alone, with nothing of the portal."""
    done = subprocess.run([sys.executable, "-I", *map(str, arguments)], capture_output=True, text=True)
    return done.returncode, done.stdout


def altered(path, asked=None):
    report = verifier.Report()
    verifier.check(verifier.Files(path), report, asked)
    return report.altered


def sign_again(folder):
    """The manifest, as a forger writes it again."""
    manifest = json.loads((folder / "manifest.json").read_text())
    for name in manifest["fichiers"]:
        raw = (folder / name).read_bytes()
        manifest["fichiers"][name] = {"sha256": hashlib.sha256(raw).hexdigest(), "octets": len(raw)}
    (folder / "manifest.json").write_text(json.dumps(manifest))


def change(folder, name, act):
    """Let `act` change what a file says, under a manifest written again."""
    content = json.loads((folder / name).read_text())
    act(content)
    (folder / name).write_text(json.dumps(content, ensure_ascii=False))
    sign_again(folder)


# As it was made


def test_an_evidence_that_nobody_touched_says_so(book, folder):
    code, told = run(folder / "verifier.py", "--empreinte", archive.manifest_of(book))

    assert (code, told.splitlines()[-1]) == (0, "Rien n’a été altéré.")
    assert run(SCRIPT, book)[0] == 0


def test_what_a_panel_proposed_by_consensus_holds_together(tmp_path):
    panel = panel_session()
    journal.seal()
    archive.write(tmp_path / "dossier.zip", panel.pk)

    assert altered(tmp_path / "dossier.zip") == []


def test_two_makings_of_the_same_session_give_the_same_bytes(session, book, tmp_path):
    archive.write(tmp_path / "again.zip", session.pk)

    assert (tmp_path / "again.zip").read_bytes() == book.read_bytes()


def test_the_script_counts_scores_and_votes_as_the_portal_does(session, book):
    code, told = run(SCRIPT, book, "--comptes")

    lines = tally.table(session.items.order_by("position"))
    assert (code, json.loads(told)) == (0, [counted(line) for line in lines])


def counted(line):
    return {
        "dossier": str(line.item),
        "fiches": line.scorecards,
        "moyennes": {
            criterion.key: str(line.by_criterion[criterion.pk])
            for criterion in line.item.case.application.call.criteria.all()
        },
        "moyenne": str(line.average),
        "pour": line.votes_for,
        "contre": line.votes_against,
        "abstentions": line.abstentions,
    }


def test_a_seat_is_told_as_it_was_when_the_session_was_closed(session, book, tmp_path):
    seat = session.committee.seats.filter(is_chair=False, is_voting=True).first()
    changed = {"title": "Expert", "part": "member", "is_voting": False, "scope": ThemeFactory()}
    committees.change_seat(seat, by=head_of(session.fund), **changed)

    archive.write(tmp_path / "again.zip", session.pk)

    assert (tmp_path / "again.zip").read_bytes() == book.read_bytes()


def test_what_is_no_evidence_is_not_checked(tmp_path):
    (tmp_path / "autre.zip").write_bytes(b"autre chose")

    code, told = run(SCRIPT, tmp_path / "autre.zip")

    assert (code, told.startswith("Rien ne peut être vérifié")) == (2, True)


LIMITS = st.none() | st.integers(1, 4).map(lambda amount: Decimal(100 * amount))
BALLOTS = st.lists(
    st.tuples(st.just("for"), LIMITS) | st.tuples(st.sampled_from(["against", "abstain"]), st.none()),
    max_size=9,
)


@settings(max_examples=300, suppress_health_check=[HealthCheck.function_scoped_fixture], deadline=None)
@given(ballots=BALLOTS, chair=st.integers(0, 8), rule=st.sampled_from(["against", "chair"]))
def test_any_ballots_come_to_the_same_by_the_written_rule(ballots, chair, rule):
    class Said:
        seance = {"regle_de_partage": rule}
        seats = {seat: {"preside": seat == chair} for seat in range(len(ballots))}

    rows = [
        {"siege": seat, "choix": choice, "montant": limit} for seat, (choice, limit) in enumerate(ballots)
    ]

    found = verifier.deciding.result(Said, {"bulletins": rows}, recused=set())

    outcome = tally.result_of(
        [(choice, limit, seat == chair) for seat, (choice, limit) in enumerate(ballots)], rule
    )
    assert found == (outcome.carried, outcome.amount)


# Altered


@pytest.mark.parametrize("name", ["votes.json", "livre-1.pdf", "LISEZ-MOI.txt", "checks/scores.py"])
def test_one_byte_of_any_file_is_found(folder, name):
    raw = bytearray((folder / name).read_bytes())
    raw[len(raw) // 2] ^= 1
    (folder / name).write_bytes(raw)

    assert f"{name} : son contenu n’est plus celui que le manifeste décrit." in altered(folder)


def test_a_file_taken_away_or_put_in_is_named(folder):
    (folder / "LISEZ-MOI.txt").rename(folder / "autre.txt")

    assert altered(folder) == [
        "autre.txt : ce fichier a été ajouté : le manifeste ne le connaît pas.",
        "LISEZ-MOI.txt : ce fichier manque.",
    ]


def test_the_hash_noted_elsewhere_finds_a_forger_who_wrote_everything_again(book, folder):
    change(folder, "seance.json", lambda said: said["comite"].update(nom="Autre comité"))

    assert altered(folder) == []
    [told] = altered(folder, archive.manifest_of(book))
    assert told.startswith("manifest.json : son empreinte est ")


def leaves(content, at=()):
    """(keys that lead to it, its container, its own key) of each plain value."""
    for key, value in content.items() if isinstance(content, dict) else enumerate(content):
        here = at if isinstance(content, list) else (*at, key)
        if isinstance(value, dict | list) and value:
            yield from leaves(value, here)
        elif not isinstance(value, dict | list):
            yield here, content, key


def other(value):
    if isinstance(value, bool):
        return not value
    if isinstance(value, int):
        return value + 1
    return "1.00" if value is None else f"{value}1"


def silent_leaves(folder, name):
    """The names of the values of a file that a forger may change, manifest included, without being found."""
    text = (folder / name).read_text()
    content = json.loads(text)
    for at, box, key in list(leaves(content)):
        kept, box[key] = box[key], other(box[key])
        (folder / name).write_text(json.dumps(content))
        sign_again(folder)
        if not altered(folder):
            yield ".".join(at)
        box[key] = kept
    (folder / name).write_text(text)


@pytest.mark.parametrize("name", sorted(SILENT))
def test_any_value_changed_is_found_but_those_that_the_readme_tells_of(folder, name):
    assert set(silent_leaves(folder, name)) == SILENT[name]


def test_nothing_of_an_entry_of_the_journal_can_be_changed(folder):
    lines = (folder / "journal.jsonl").read_text().splitlines()
    for rank, line in enumerate(lines):
        said = json.loads(line)
        for key in said:
            changed = said | {key: ["0" * 64] if key == "ailleurs" else "autre"}
            write_lines(folder, [*lines[:rank], json.dumps(changed), *lines[rank + 1 :]])
            report = verifier.Report()

            verifier.journal.check_journal(verifier.Files(folder), report)

            assert report.altered, (rank, key)


def test_no_entry_of_the_journal_can_be_taken_away(folder):
    lines = (folder / "journal.jsonl").read_text().splitlines()
    for rank in range(len(lines)):
        write_lines(folder, lines[:rank] + lines[rank + 1 :])
        sign_again(folder)

        assert altered(folder), rank


def write_lines(folder, lines):
    (folder / "journal.jsonl").write_text("\n".join(lines) + "\n")


# What is told, of what matters most


def test_a_changed_card_is_named_by_its_dossier_and_its_seat(session, folder):
    def lower(cards):
        next(card for card in cards if card["tour"] == 1)["notes"]["critere-1"] -= 1

    change(folder, "fiches.json", lower)

    item = session.items.order_by("pk").first()
    who = f"dossier {item}, Présidence ({item.session.committee.seats.first().user.name})"
    assert f"fiches.json – {who} : la fiche n’est pas celle que son empreinte scelle." in altered(folder)


def test_a_result_that_the_ballots_do_not_give_is_told(session, folder):
    change(folder, "votes.json", lambda said: said[1].update(montant="400000.00"))

    item = session.items.order_by("pk").first()
    assert altered(folder) == [
        f'votes.json – dossier {item}, vote n° 2 : « montant » est "400000.00" ; le journal dit "350000.00".',
        f"votes.json – dossier {item}, vote n° 2 : le résultat dit adopté pour 400000.00 € ; les bulletins, recomptés,"
        " donnent adopté pour 350000.00 €.",
    ]


def test_minutes_that_are_not_what_was_signed_are_told_for_each_signature(session, folder):
    change(folder, "releve-canonique.json", lambda said: said.update(recorded={"items": ["autre"]}))

    assert [told.partition(" : ")[2] for told in altered(folder)] == [
        "le relevé n’est plus celui dont l’empreinte est gardée.",
        *["le relevé n’est plus celui qui a été signé."] * 2,
    ]


def test_a_ballot_put_in_twice_is_told(folder):
    def twice(votes):
        votes[0]["bulletins"].append(votes[0]["bulletins"][0])

    change(folder, "votes.json", twice)

    assert any("a plus d’un bulletin." in told for told in altered(folder))


def test_a_recusal_taken_away_is_told(folder):
    change(folder, "deports.json", lambda said: said["deports"].clear())

    assert any("est au journal et n’est plus ici." in told for told in altered(folder))


def test_more_than_the_envelope_is_told(folder):
    change(
        folder, "seance.json", lambda said: said["enveloppe"].update(autorisations_d_engagement="349999.99")
    )

    assert altered(folder) == ["decisions.json : 350000.00 € sont accordés, plus que l’enveloppe 2027."]


def test_a_quorum_that_was_not_there_is_told(folder):
    change(folder, "presences.json", lambda said: said["presences"].clear())

    assert any("votants à la clôture, pour un quorum de 3." in told for told in altered(folder))
