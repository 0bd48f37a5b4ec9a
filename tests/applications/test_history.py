"""The history of a section: what goes in one version, what is told of it, and how it is given back."""

from datetime import timedelta
from decimal import Decimal
from itertools import pairwise

import pytest

from applications import actions, history
from applications.models import SectionVersion
from tests.applications.test_questions import asking, question
from tests.factories import certifier_of, complete_draft, draft

LONG = "Un paragraphe entier, que personne ne voudrait perdre sans le savoir."


@pytest.fixture
def application(db):
    return asking(question("long_text"))


def save(application, text, *, by=None):
    """Save over whatever is there, as someone who read it."""
    row = application.sections.filter(section_key="tout").first()
    version = row.version if row else 0
    by = by or application.created_by
    actions.save_section(application, "tout", {"long-text": text}, version=version, by=by)


def texts(application):
    """What the history holds, from the oldest."""
    rows = application.section_versions.filter(section_key="tout").order_by("id")
    return [row.content["answers"].get("long-text") for row in rows]


def test_who_goes_on_writing_fills_one_version(application):
    for text in ("Bon", "Bonjuor", "Bonjour à tous"):
        save(application, text)

    assert texts(application) == ["Bonjour à tous"]


def test_a_paragraph_erased_at_once_stays_in_the_history(application):
    save(application, f"Début. {LONG} Fin.")

    save(application, "Début. Fin.")

    assert texts(application) == [f"Début. {LONG} Fin.", "Début. Fin."]


def test_a_paragraph_erased_little_by_little_stays_in_the_history(application):
    for end in range(len(LONG), 0, -10):
        save(application, LONG[:end])

    # Each version lost forty characters at most since the one before.
    lengths = [len(LONG), *map(len, texts(application))]
    assert all(before - after <= 40 for before, after in pairwise(lengths))
    assert len(lengths) > 2


def test_a_colleague_begins_a_version_of_their_own(application):
    save(application, "Le mien")

    save(application, "Le mien et le sien", by=certifier_of(application.organisation))

    assert texts(application) == ["Le mien", "Le mien et le sien"]


def test_half_an_hour_later_a_version_begins(application):
    save(application, "Ce matin")
    SectionVersion.objects.update(begun_at=SectionVersion.objects.get().begun_at - timedelta(minutes=31))

    save(application, "Ce matin et ce soir")

    assert texts(application) == ["Ce matin", "Ce matin et ce soir"]


def test_what_was_there_before_any_history_is_not_lost(application):
    application.sections.create(section_key="tout", answers={"long-text": LONG}, version=3)

    save(application, "Autre chose")

    assert texts(application) == [LONG, "Autre chose"]


def test_saving_the_same_again_changes_nothing(application):
    save(application, LONG)

    save(application, LONG)

    assert (texts(application), application.sections.get().version) == ([LONG], 1)


def test_a_version_is_given_back_as_a_new_one(client, application):
    save(application, LONG)
    save(application, "Plus rien")
    client.force_login(application.created_by)
    first = application.section_versions.last()
    address = f"/dossiers/{application.key}/sections/tout/historique/{first.pk}/"

    page = client.get(address)
    client.post(address, {"read": page.context["read"]})

    assert [kind for kind, _ in page.context["differences"][0][1]].count("gone") > 0
    assert application.sections.get().answers == {"long-text": LONG}
    assert texts(application) == [LONG, "Plus rien", LONG]


def test_a_version_is_not_given_back_over_what_was_not_read(client, application):
    save(application, LONG)
    first = application.section_versions.get()
    save(application, "Écrit entre-temps, et long d’une bonne cinquantaine de signes.")
    client.force_login(application.created_by)

    answer = client.post(f"/dossiers/{application.key}/sections/tout/historique/{first.pk}/", {"read": "1"})

    assert (answer.status_code, application.sections.get().answers["long-text"][:5]) == (409, "Écrit")


def test_the_lines_of_a_table_are_given_back_as_they_were(client, db):
    application = complete_draft()
    writer = application.created_by
    tables = {
        "financing": [{"year": 2019, "source": "fund", "label": "Part", "amount": Decimal("700000.50")}],
        "savings": [{"year": 2021, "label": "Achats", "amount": Decimal(5), "recurring": True}],
    }
    before = {}
    for kind, lines in tables.items():
        actions.set_table(application, kind, lines, by=writer)
        before[kind] = history.tables.TABLES[kind].lines(application)
        actions.set_table(application, kind, [], by=writer)

    for version in application.section_versions.filter(content__lines__0__isnull=False, version=1):
        row = application.sections.get(section_key=version.section_key)
        actions.restore_version(version, read=row.version, by=writer)

    assert {kind: history.tables.TABLES[kind].lines(application) for kind in tables} == before


def test_lines_refused_by_a_conflict_are_in_the_history(client, db):
    application = draft()
    line = {"year": 2019, "source": "fund", "label": "La mienne", "amount": Decimal(7)}
    actions.set_table(application, "financing", [], version=0, by=certifier_of(application.organisation))

    with pytest.raises(actions.EditConflict):
        actions.set_table(application, "financing", [line], version=0, by=application.created_by)

    refused = application.section_versions.get(kept=False)
    assert [each["label"] for each in refused.content["lines"]] == ["La mienne"]


def test_the_history_is_listed_in_as_many_queries_for_one_version_as_for_three(
    client, application, django_assert_num_queries
):
    client.force_login(application.created_by)
    address = f"/dossiers/{application.key}/sections/tout/historique/"
    save(application, LONG)
    client.get(address)

    with django_assert_num_queries(7):
        client.get(address)
    for by in (certifier_of(application.organisation), certifier_of(application.organisation)):
        save(application, f"{LONG} {by}", by=by)

    with django_assert_num_queries(7):
        page = client.get(address)

    assert len(page.context["page"].object_list) == 3


@pytest.mark.parametrize(
    ("before", "after", "pieces"),
    [
        ("un deux trois", "un trois", [("same", "un "), ("gone", "deux "), ("same", "trois")]),
        ("", "neuf", [("new", "neuf")]),
        ("pareil", "pareil", [("same", "pareil")]),
    ],
)
def test_two_texts_are_compared_word_by_word(before, after, pieces):
    assert history.compared(before, after) == pieces
