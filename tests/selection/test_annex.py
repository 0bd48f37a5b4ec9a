"""The secretariat's annex to a session: made of what is revealed, shown to the secretariat and the audit alone."""

from datetime import timedelta

import pytest
from django.core.exceptions import PermissionDenied
from django.urls import reverse
from django.utils import timezone

from applications.models import Recusal
from calls.models import Criterion
from journal.models import Entry
from journal.refusals import Refused
from selection import annex, tasks
from selection.actions import calibration as actions
from selection.models import AgendaItem, Board, Calibration, Case
from tests.factories import auditor_of, chair_of, head_of, officer_of
from tests.selection.annex_factories import ROWS, scored, session_scored

pytestmark = pytest.mark.django_db


@pytest.fixture
def session():
    return session_scored()


@pytest.fixture
def officer(session):
    return officer_of(session.fund)


def made(session, officer):
    calibration = actions.ask_calibration(session, by=officer)
    actions.make_calibration(calibration.pk)
    calibration.refresh_from_db()
    return calibration


# What is computed


def test_it_is_computed_once_from_the_same_scores(session, officer):
    first = made(session, officer)

    again = actions.ask_calibration(session, by=head_of(session.fund))

    assert (again, first.failure, len(first.result["calls"][0]["projects"])) == (first, "", 4)
    events = Entry.objects.filter(event__startswith="calibration.").order_by("id")
    assert list(events.values_list("event", flat=True)) == ["calibration.asked", "calibration.made"]


def test_sealed_scores_are_no_part_of_it(session, officer):
    before = made(session, officer)
    session_scored([(5, 5, 5)], session=session, state=AgendaItem.State.SCORING)

    assert actions.ask_calibration(session, by=officer) == before


def test_other_scores_make_another(session, officer):
    before = made(session, officer)
    scored(session.items.last(), chair_of(session).seats.get(), 5, round=2)

    after = made(session, officer)

    assert after.pk != before.pk
    assert after.input_sha256 != before.input_sha256


def test_what_no_bell_rang_for_is_computed_by_the_beat(session, officer, settings):
    settings.CELERY_TASK_ALWAYS_EAGER = True
    calibration = actions.ask_calibration(session, by=officer)
    Calibration.objects.update(made_at=None, result=None)
    Calibration.objects.update(asked_at=timezone.now() - timedelta(minutes=2))

    assert list(Calibration.objects.missed()) == [calibration]
    tasks.calibrate(calibration.pk)

    assert not Calibration.objects.waiting().exists()


def test_nothing_revealed_is_nothing_to_compute():
    session = session_scored(state=AgendaItem.State.SCORING)

    with pytest.raises(Refused):
        actions.ask_calibration(session, by=officer_of(session.fund))


def test_too_few_scores_are_said_and_are_no_failure():
    session = session_scored([(4,)])

    calibration = made(session, officer_of(session.fund))

    assert calibration.failure == ""
    assert calibration.result["calls"][0]["too_few"] == (
        "Trop peu de dossiers ont été notés par plusieurs membres."
    )


def test_each_call_is_compared_by_itself(session, officer):
    session_scored([(1, 2, 3), (3, 2, 2)], session=session)

    parts = made(session, officer).result["calls"]

    assert [len(part["projects"]) for part in parts] == [4, 2]


def test_a_failure_says_so_and_is_asked_again(session, officer):
    calibration = actions.ask_calibration(session, by=officer)
    Criterion.objects.update(weight=0)

    actions.make_calibration(calibration.pk)

    calibration.refresh_from_db()
    assert (calibration.result, calibration.failure) == (None, actions.FAILED)
    assert actions.ask_calibration(session, by=officer) != calibration


def test_who_sits_never_asks_for_it(session):
    for user in (chair_of(session), auditor_of(session.fund)):
        with pytest.raises(PermissionDenied):
            actions.ask_calibration(session, by=user)


# What is read, and by whom


def plain(text):
    """A sentence with ordinary spaces."""
    return text.replace("\u00a0", " ")


def address(session):
    return reverse("selection:annex", args=[session.pk])


def test_the_page_tells_both_rankings_and_what_would_flip_the_list(client, session, officer):
    made(session, officer)
    for number, item in enumerate(session.items.all()):
        Case.objects.filter(pk=item.case_id).update(title=f"Projet {number}")
    client.force_login(officer)

    [part] = client.get(address(session)).context["annex"]["parts"]

    assert [row.told["raw_rank"] for row in part.rows] == [1, 2, 3, 4]
    assert [member.reading for member in part.members] == [
        "note plus haut",
        "comme les autres",
        "note plus bas",
    ]
    assert part.weight_flips == []
    flip, places = part.score_flips[0]
    assert plain(flip) == (
        "1 point de plus pour « Projet 2 » : « Projet 2 » entrerait dans la liste retenue, « Projet 1 » sortirait"
    )
    assert [plain(place) for place in places] == [
        "sur « Critère 1 », « Critère 2 », « Critère 3 » ou « Critère 4 », de l’un de ces membres :"
        " Présidence (4 → 5), Membre (3 → 4), Membre (3 → 4)"
    ]


def test_it_says_when_the_scores_changed_since(client, session, officer):
    made(session, officer)
    client.force_login(officer)

    before = client.get(address(session)).context["annex"]["is_stale"]
    scored(session.items.last(), chair_of(session).seats.get(), 5, round=2)

    assert (before, client.get(address(session)).context["annex"]["is_stale"]) == (False, True)


def test_it_is_followed_while_it_is_computed(client, session, officer):
    client.force_login(officer)
    client.post(address(session))
    polled = {"hx-request": "true"}

    before = client.get(address(session), headers=polled).status_code
    actions.make_calibration(session.calibrations.get().pk)
    after = client.get(address(session), headers=polled)

    assert (before, after.status_code, after.templates[0].name) == (204, 200, "selection/annex_body.html")


def test_who_is_recused_from_a_dossier_reads_nothing_of_the_annex(client, session, officer):
    made(session, officer)
    recused = officer_of(session.fund)
    Recusal.objects.create(application=session.items.last().case.application, user=recused, reason="Lien")
    client.force_login(recused)

    response = client.get(address(session))

    assert set(response.context["annex"]) == {"session", "whole"}
    assert session.items.first().case.title not in response.content.decode()


def test_the_annex_takes_as_many_queries_for_four_dossiers_as_for_two(
    client, officer, django_assert_num_queries
):
    for rows in (ROWS[:2], ROWS):
        session = session_scored(rows)
        reader = officer_of(session.fund)
        made(session, reader)
        client.force_login(reader)
        with django_assert_num_queries(26):
            client.get(address(session))


def test_nothing_of_it_is_on_the_board_nor_on_a_page_of_the_committee(client, session, officer):
    made(session, officer)
    item = session.items.first()
    Board.objects.filter(session=session).update(current=item)
    pages = [
        reverse(f"selection:{name}", args=[session.pk])
        for name in ("session", "board", "board_live", "conduct", "conduct_live", "attendance", "book")
    ]
    pages += [reverse("selection:item", args=[session.pk, item.case.application.reference])]
    pages += [reverse("selection:committee")]
    client.force_login(chair_of(session))

    found = {}
    for page in pages:
        response = client.get(page)
        assert response.status_code == 200
        words = response.content.decode().lower()
        found[page] = [word for word in ("annexe", "corrig", "sévérité", "à discuter") if word in words]

    assert {page: words for page, words in found.items() if words} == {}


def test_dossiers_of_another_call_keep_their_place_before_the_line():
    among = annex._among([1, 10, 2, 11], lambda order: order[:2])

    assert [among([1, 2]), among([2, 1]), among([11, 10])] == [[1], [2], [11]]
