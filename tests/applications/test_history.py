"""The history of a section: what goes in one version, what is told of it, and how it is given back."""

from datetime import date, timedelta
from decimal import Decimal
from itertools import pairwise

import pytest

from applications import actions
from applications.models import SectionVersion
from applications.tables import TABLES
from tests.applications.test_questions import asking, question
from tests.factories import CallFactory, certifier_of, draft

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


def lines_of(kind, body):
    """Two lines of a table, each of its columns filled in."""
    return {
        "financing": [
            {"row": 1, "year": 2019, "source": "fund", "nature": "staff", "label": "Équipe"}
            | {"amount": Decimal("700000.50"), "payment": Decimal("350000.25")},
            {"row": 2, "year": 2020, "source": "own", "nature": "running", "label": "Licences"}
            | {"amount": Decimal(12), "payment": Decimal(0)},
        ],
        "savings": [
            {"row": row, "year": 2021, "nature": nature, "label": "Achats", "amount": Decimal(5)}
            | {"recurring": recurring}
            for row, nature, recurring in ((3, "avoided", True), (4, "revenue", False))
        ],
        "indicators": [
            {"label": label, "unit": "jours", "baseline": Decimal("12.5"), "baseline_year": 2018}
            | {"target": Decimal("0.0001"), "target_year": 2022, "source": "Enquête"}
            for label in ("Délai", "Attente")
        ],
        "milestones": [
            {"label": "Pilote", "due_on": date(2020, month, 1), "evidence": "Procès-verbal"}
            for month in (2, 3)
        ],
        "partners": [
            {"organisation": body, "name": "", "role": "Pilote", "contribution": Decimal("1.5")},
            {"organisation": None, "name": "Une région", "role": "Appui", "contribution": None},
        ],
        "components": [
            {"title": title, "carrier": "Une préfecture", "grant": Decimal(1), "total_cost": Decimal(2)}
            | {"savings": Decimal("0.01")}
            for title in ("Un", "Deux")
        ],
    }[kind]


def columns_of(application, kind):
    """The lines of a dossier with all that the database holds of them, their number set apart."""
    rows = getattr(application, TABLES[kind].rows).values()
    return [{name: value for name, value in row.items() if name != "id"} for row in rows]


@pytest.mark.parametrize("kind", TABLES)
def test_the_lines_of_a_table_are_given_back_whole(db, kind):
    section = {"key": "tableau", "title": "Tableau", "kind": kind, "required": False}
    form = {"sections": [section], "checks": []}
    application = draft(call=CallFactory(published=True, form=form))
    writer = application.created_by
    actions.set_table(application, kind, lines_of(kind, application.organisation), by=writer)
    before = columns_of(application, kind)
    actions.set_table(application, kind, [], by=writer)

    actions.restore_version(application.section_versions.last(), read=2, by=writer)

    assert columns_of(application, kind) == before


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
