from copy import deepcopy
from io import StringIO

import pytest
from django.core.management import CommandError, call_command

from calls.models import Fund
from fondsportal.demo import facts
from fondsportal.demo.rehearsal import announcing, checks
from fondsportal.demo.rehearsal.play import play
from fondsportal.demo.rehearsal.report import Progress, Stage, table
from selection.models import Case, Laureate

pytestmark = pytest.mark.django_db


@pytest.fixture(scope="module")
def one_campaign(kept_for_module):
    facts.load()
    return play(3, 2018, Progress(StringIO(), quiet=True))


@pytest.fixture
def played(one_campaign, db):
    """Played once for all the tests here; what a test reads of it, it reads afresh."""
    return deepcopy(one_campaign)


def failing(played):
    """The checks that do not hold, the worker's aside: here it makes no document."""
    return [
        check.label
        for check in checks.run(played)
        if not check.holds and check.label != "Documents fabriqués"
    ]


def test_rehearsals_add_up_side_by_side_and_leave_the_facts_alone(played):
    again = play(3, 2018, Progress(StringIO(), quiet=True))

    assert (failing(played), failing(again)) == ([], [])
    assert Fund.objects.filter(rehearsal=True).count() == 2
    assert Laureate.objects.public().count() == 200


def test_a_known_laureate_shows_its_published_amount_never_the_invented_grant(played):
    [laureate] = played.announcement.laureates.exclude(sources=[])

    assert (laureate.name, laureate.amount_text) == ("Intelligence Emploi", "20\u00a0M€")
    assert laureate.case.agenda_items.get().decision.amount != laureate.amount


def test_what_was_tampered_with_is_found_and_a_missing_worker_told(played, monkeypatch):
    monkeypatch.setattr(announcing, "NEWS_SECONDS", 0)
    documents = announcing.documents_of(played.call, played.session, played.announcement)
    Case.objects.filter(review_score__isnull=False).update(review_score=1)
    Fund.objects.filter(slug="ftap").update(name="Autre nom")

    assert failing(played) == ["Notes d’évaluation recalculées", "Faits importés inchangés"]
    with pytest.raises(announcing.WorkerFailed, match="un worker Celery tourne-t-il"):
        announcing.wait_for_documents(documents, Stage("", 8, Progress(StringIO(), quiet=True)))


def test_a_size_out_of_reach_is_refused():
    with pytest.raises(CommandError, match="entre 1 et 150"):
        call_command("rehearse", size=0)


def test_the_table_aligns_its_figures():
    lines = table([Stage("Dépôts", count=122, amount=827_000_000, seconds=1.25, pages=1952, size=1000)])

    assert lines == [
        "Étape   Nombre  Montant  Secondes  Pages  Octets",
        "─" * 48,
        "Dépôts     122   827\u00a0M€       1,2  1\u202f952   1\u202f000",
        "─" * 48,
        "Total                         1,2  1\u202f952   1\u202f000",
    ]
