"""What is found of the dossiers: in their answers, in their files, and where."""

import random

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext

from applications import actions as applications
from applications.models import SectionAnswers
from documents import storage
from documents.models import FileText, StoredFile
from selection.indexing import LONGEST, to_index, vector
from selection.models import Case
from selection.tasks import index_waiting
from tests.factories import certifier_of, complete_draft, officer_of

pytestmark = pytest.mark.django_db
LIST = "/secretariat/dossiers/"


def filed(*, answer="Une réponse.", file=None, **fields):
    """A dossier filed with this as its first answer, and this file attached."""
    draft = complete_draft(**fields)
    said = SectionAnswers.objects.filter(application=draft).first()
    key = next(iter(said.answers))
    SectionAnswers.objects.filter(pk=said.pk).update(answers=said.answers | {key: answer})
    if file:
        applications.attach(draft, file=file, name="annexe.txt", by=draft.created_by)
    applications.file_application(draft, by=certifier_of(draft.organisation))
    return Case.objects.get(application=draft)


def found(client, case, words):
    client.force_login(officer_of(case.call.fund))
    page = client.get(LIST, {"q": words})
    assert page.status_code == 200
    return [(row["case"], row["passage"]) for row in page.context["rows"]]


def text_file(words):
    return storage.store([words.encode()], content_type="text/plain")


def test_a_word_of_an_answer_is_found_with_its_passage(client):
    case = filed(answer="Nous ouvrirons > 5 guichets itinérants en 2027.")

    index_waiting()

    [(row, passage)] = found(client, case, "itinérant")
    assert (row, passage["place"]) == (case, "Dans la réponse")
    assert passage["text"] == "Nous ouvrirons &gt; 5 guichets <mark>itinérants</mark> en 2027."


def test_a_word_of_a_file_is_found_and_said_to_be_there(client):
    case = filed(file=text_file("Le devis du scaphandre."))

    index_waiting()

    [(row, passage)] = found(client, case, "scaphandre")
    assert (row, passage["place"], passage["name"]) == (case, "Dans la pièce", "annexe.txt")


def test_a_dossier_is_found_by_its_title_and_by_its_carrier(client):
    case = filed(title="Littoral sans papier")

    index_waiting()

    assert [found(client, case, words) for words in ("littoral", case.carrier)] == [[(case, None)]] * 2


def test_what_was_filed_again_is_searched_again(client):
    case = filed(title="Littoral")
    index_waiting()
    certifier = certifier_of(case.application.organisation)
    applications.take_back(case.application, by=certifier)
    case.application.refresh_from_db()
    case.application.title = "Montagne"
    case.application.save()
    applications.file_application(case.application, by=certifier)

    index_waiting()

    assert [len(found(client, case, words)) for words in ("littoral", "montagne")] == [0, 1]


def test_a_file_is_searched_once_the_antivirus_has_let_it_through(client):
    file = text_file("Le devis du scaphandre.")
    case = filed(file=file)
    StoredFile.objects.update(scan_state="pending")
    index_waiting()
    before = FileText.objects.exists(), len(found(client, case, "scaphandre"))
    StoredFile.objects.update(scan_state="not_scanned")

    index_waiting()

    assert (before, len(found(client, case, "scaphandre"))) == ((False, 0), 1)


def test_a_dossier_of_which_nothing_changed_is_not_searched_again():
    filed(file=text_file("Le devis du scaphandre."))
    StoredFile.objects.update(scan_state="pending")
    index_waiting()

    with CaptureQueriesContext(connection) as queries:
        index_waiting()

    assert (to_index().count(), [each for each in queries if "UPDATE" in each["sql"]]) == (1, [])


def test_a_text_without_end_is_searched_in_part_and_said_to_be(client):
    chance = random.Random(6)  # noqa: S311 (no secret is drawn)
    words = "repère " + " ".join(f"{chance.getrandbits(60):x}" for _ in range(45_000))
    case = filed(file=text_file(words))

    index_waiting()

    case.refresh_from_db()
    assert (case.search_cut, len(found(client, case, "repère"))) == (True, 1)


def test_words_that_hold_in_no_index_are_cut_until_they_do(db):
    chance = random.Random(6)  # noqa: S311 (no secret is drawn)
    words = " ".join("".join(chance.choices("bcdfghjklmnpqrtvwz", k=5)) for _ in range(115_000))

    assert (len(words) < LONGEST, vector("", "", words)[1]) == (True, True)


def test_nothing_is_left_to_index_after_a_round():
    filed(file=text_file("Un mot."))

    index_waiting()

    assert to_index().count() == 0


@pytest.mark.parametrize("words", ["\0", "'", '"', "a:b & | !", "(" * 300, "-"])
def test_no_search_makes_the_list_fail(client, words):
    case = filed()
    index_waiting()

    assert len(found(client, case, words)) <= 1
