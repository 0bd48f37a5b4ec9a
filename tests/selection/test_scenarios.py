"""Scenarios: saved under a name, compared, presented to those from whom none of their dossiers is kept."""

from decimal import Decimal

import pytest
from django.core.exceptions import PermissionDenied
from django.urls import reverse

from applications.models import Recusal
from journal.models import Entry
from journal.refusals import Refused
from selection.actions import scenarios as actions
from selection.models import AgendaItem, Board, Scenario
from tests.factories import ThemeFactory, auditor_of, chair_of, member_of, officer_of
from tests.selection.annex_factories import QUERY, scenario_of, session_scored

pytestmark = pytest.mark.django_db


@pytest.fixture
def session():
    return session_scored()


@pytest.fixture
def officer(session, client):
    officer = officer_of(session.fund)
    client.force_login(officer)
    return officer


def address(name, session, *more):
    return reverse(f"selection:{name}", args=[session.pk, *more])


def save(client, session, name):
    return client.post(f"{address('simulator', session)}?{QUERY}&ae=10000000", {"name": name})


def read_by(client, user, session):
    """The names of the scenarios that someone is presented."""
    client.force_login(user)
    response = client.get(address("presented_scenarios", session))
    return [each.scenario.name for each in response.context["shown"]]


def test_a_choice_is_saved_with_what_was_asked_and_what_it_gave(client, session, officer):
    save(client, session, "Les mieux notés")

    scenario = Scenario.objects.get()
    assert (scenario.name, scenario.saved_by) == ("Les mieux notés", officer)
    assert scenario.settings["query"] == f"{QUERY}&ae=10000000"
    assert scenario.result["amount"] == "8000000"
    assert Entry.objects.filter(event="scenario.saved").count() == 1


def test_a_name_taken_in_this_session_is_refused_and_kept_on_the_page(client, session, officer):
    scenario_of(session, "Les mieux notés")

    response = save(client, session, "Les mieux notés")

    assert response.status_code == 409
    assert response.context["name"]["name"].value() == "Les mieux notés"
    assert response.context["shown"].count == 2


def test_who_is_not_of_the_secretariat_or_sits_saves_nothing(session):
    for user in (auditor_of(session.fund), chair_of(session)):
        with pytest.raises(PermissionDenied):
            actions.save_scenario(session, name="Nom", settings={}, result={}, by=user)


def test_a_scenario_says_that_data_changed_since(client, session, officer):
    scenario = scenario_of(session)
    page = address("scenario", session, scenario.pk)

    before = client.get(page).context["shown"].is_stale
    AgendaItem.objects.filter(pk=session.items.first().pk).update(proposed_amount=Decimal(1))

    assert (before, client.get(page).context["shown"].is_stale) == (False, True)


def test_a_scenario_whose_dossier_left_the_agenda_is_still_listed(client, session, officer):
    scenario = scenario_of(session)
    Scenario.objects.update(result=scenario.result | {"others": [0]})

    [listed] = client.get(address("scenarios", session)).context["shown"]
    page = client.get(address("scenario", session, scenario.pk))

    assert (listed.is_gone, page.status_code) == (True, 200)


def test_scenarios_are_compared_those_that_differ_first(client, session, officer):
    last = session.items.last()
    first, second = (
        scenario_of(session, "Notes", query=f"{QUERY}&ae=10000000"),
        scenario_of(session, "Imposé", query=f"{QUERY}&ae=10000000&d{last.pk}=impose"),
    )

    response = client.get(address("compare_scenarios", session), {"scenario": [first.pk, second.pk]})

    rows = [(row.item.position, row.differs) for row in response.context["compared"]]
    assert rows == [(2, True), (4, True), (1, False)]


@pytest.mark.parametrize("keys", [[], [1], ["x", "²"], range(9)])
def test_fewer_than_two_scenarios_are_no_comparison(client, session, officer, keys):
    response = client.get(address("compare_scenarios", session), {"scenario": keys})

    assert response.url == address("scenarios", session)


def test_the_committee_reads_what_is_presented_and_nothing_else(client, session):
    scenario_of(session, "Brouillon")
    scenario_of(session, "Présenté", presented=True)

    assert read_by(client, chair_of(session), session) == ["Présenté"]


def test_who_has_a_dossier_kept_from_them_does_not_know_that_a_scenario_is_presented(client, session):
    scenario_of(session, presented=True)
    recused, scoped = member_of(session.committee), member_of(session.committee, scope=ThemeFactory())
    Recusal.objects.create(
        application=session.items.last().case.application, user=recused.user, reason="Lien"
    )

    told = [read_by(client, seat.user, session) for seat in (recused, scoped)]
    links = []
    for user in (recused.user, scoped.user, chair_of(session)):
        client.force_login(user)
        page = client.get(session.get_absolute_url()).content.decode()
        links.append(address("presented_scenarios", session) in page)

    assert (told, links) == ([[], []], [False, False, True])


def test_presenting_is_told_once_and_what_is_presented_is_not_deleted(session, officer):
    scenario = scenario_of(session)

    for _ in range(2):
        actions.present_scenario(scenario, presented=True, by=officer)
    with pytest.raises(Refused):
        actions.delete_scenario(scenario, by=officer)
    actions.present_scenario(scenario, presented=False, by=officer)
    actions.delete_scenario(scenario, by=officer)

    events = Entry.objects.filter(event__startswith="scenario.").order_by("id")
    assert list(events.values_list("event", flat=True)) == [
        "scenario.presented",
        "scenario.put_away",
        "scenario.deleted",
    ]


def test_a_scenario_is_renamed_but_not_like_another(session, officer):
    scenario, _ = scenario_of(session, "Un"), scenario_of(session, "Deux")

    assert actions.rename_scenario(scenario, name="Trois", by=officer).name == "Trois"
    with pytest.raises(Refused):
        actions.rename_scenario(scenario, name="Deux", by=officer)


def test_who_is_recused_from_a_dossier_keeps_no_scenario(session, officer):
    scenario = scenario_of(session)
    Recusal.objects.create(application=session.items.last().case.application, user=officer, reason="Lien")

    with pytest.raises(Refused):
        actions.present_scenario(scenario, presented=True, by=officer)


def test_the_board_never_shows_a_scenario(client, session):
    scenario_of(session, "Choix des économies", presented=True)
    Board.objects.filter(session=session).update(current=session.items.first())
    client.force_login(chair_of(session))

    for name in ("board", "board_live"):
        assert "Choix des économies" not in client.get(address(name, session)).content.decode()


def test_a_list_takes_as_many_queries_for_three_scenarios_as_for_one(
    client, session, officer, django_assert_num_queries
):
    for number in (1, 3):
        while session.scenarios.count() < number:
            scenario_of(session, f"Scénario {session.scenarios.count()}")
        with django_assert_num_queries(17):
            client.get(address("scenarios", session))
