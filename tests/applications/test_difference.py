"""What changed between two contents: words, rows, files, sections that come and go."""

import copy

import pytest

from applications import snapshot
from applications.difference import differences
from tests.factories import complete_draft


@pytest.fixture
def contents(db):
    """A content, and a copy of it to be changed."""
    content = snapshot.content(complete_draft())
    content["attachments"] = [
        {"question": "", "name": "étude.pdf", "description": "", "size": 1, "sha256": "a" * 64}
    ]
    return content, copy.deepcopy(content)


def test_what_is_the_same_says_nothing(contents):
    assert differences(*contents) == []


def test_an_answer_that_changed_is_told_in_its_section(contents):
    before, after = contents
    after["sections"][0]["answers"][0]["text"] = "Autre chose."

    [part] = differences(before, after)

    assert (part.title, [(text.label, text.mark) for text in part.texts]) == (
        "Le projet",
        [("Résumé du projet", "Modifié")],
    )


def test_rows_are_added_removed_or_changed(contents):
    before, after = contents
    after["financing"][1]["amount"] = "450000.00"
    after["financing"].append(after["financing"][0] | {"year": 2030})

    [part] = differences(before, after)

    [table] = part.tables
    assert ([row.mark for row in table.rows], table.same) == (["Avant", "Après", "Ajouté"], 1)
    changed = [[cell for differs, cell in row.cells if differs] for row in table.rows[:2]]
    assert changed == [["400\u202f000\u00a0€"], ["450\u202f000\u00a0€"]]


@pytest.mark.parametrize(
    ("files", "marks"),
    [
        ([], ["Retiré"]),
        ([{"name": "étude.pdf", "sha256": "b" * 64}], ["Remplacé"]),
        ([{"name": "autre.pdf", "sha256": "b" * 64}], ["Ajouté", "Retiré"]),
        ([{"name": "étude.pdf", "sha256": "a" * 64, "description": "L’étude"}], ["Modifié"]),
    ],
)
def test_files_are_known_by_their_hash(contents, files, marks):
    before, after = contents
    after["attachments"] = [{"question": "", "description": "", "size": 1} | file for file in files]

    [part] = differences(before, after)

    assert [file.mark for file in part.files] == marks


def test_a_section_that_is_no_longer_asked_is_told_as_removed(contents):
    before, after = contents
    gone = after["sections"].pop(0)

    part = differences(before, after)[-1]

    assert part.title == gone["title"]
    assert {text.mark for text in part.texts} == {"Retiré"}
