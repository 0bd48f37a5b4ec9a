"""The pages of the radar: what is close, as someone of the fund may read it; and what is close to a draft."""

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.urls import reverse

from applications.models import Recusal, Remark, SectionAnswers
from selection.radar import reading
from selection.tasks import sweep_radar as sweep
from tests.factories import CallFactory, FundFactory, announcement_of, draft, laureate, officer_of, support_on
from tests.selection.radar_factories import case_saying
from tests.selection.test_radar import CARS, CARS_TOO, WOODS

pytestmark = pytest.mark.django_db


@pytest.fixture
def call():
    return CallFactory(published=True)


def page_of(client, case, person):
    client.force_login(person)
    return client.get(reverse("selection:similar", args=[case.application.reference]))


def titles(near):
    return [each.row.other.title if each.row.other else each.row.laureate.name for each in near]


def test_close_dossiers_and_laureates_are_ranked_with_their_passages(client, call):
    case = case_saying(CARS, call=call)
    case_saying(CARS_TOO, title="Trajets", call=call)
    case_saying(WOODS, title="Vigie", call=call)
    laureate(call=call, slug="registre", name="Registre", summary="Registre des trajets de covoiturage.")
    sweep()

    response = page_of(client, case, officer_of(call.fund))

    assert (titles(response.context["dossiers"]), titles(response.context["laureates"])) == (
        ["Trajets"],
        ["Registre"],
    )
    assert "<mark>covoiturage</mark>" in response.content.decode()


def test_a_dossier_of_which_one_is_recused_is_nowhere_on_the_page(client, call):
    case, hidden = case_saying(CARS, call=call), case_saying(CARS_TOO, title="Trajets", call=call)
    sweep()
    officer = officer_of(call.fund)
    Recusal.objects.create(application=hidden.application, user=officer, reason="Ancien employeur")

    response = page_of(client, case, officer)

    page = response.content.decode()
    assert [each in page for each in ("Trajets", hidden.application.reference, "voiture partagée")] == [
        False
    ] * 3
    assert response.context["doubles"] == []


def test_a_dossier_of_another_fund_is_seen_by_who_reads_both_alone(client, call):
    case = case_saying(CARS, call=call)
    case_saying(CARS_TOO, title="Trajets", call=CallFactory(published=True, fund=FundFactory()))
    sweep()
    both = officer_of(call.fund)
    both.fund_roles.create(fund=case.similar.get().other.call.fund, role="officer")

    seen = [titles(page_of(client, case, each).context["dossiers"]) for each in (officer_of(call.fund), both)]

    assert seen == [[], ["Trajets"]]


def test_a_laureate_that_is_no_longer_public_leaves_the_page_at_once(client, call):
    case = case_saying(CARS, call=call)
    announcement = announcement_of(call, name="Covoiturage des agents en voiture")
    sweep()

    announcement.state = "withdrawn"
    announcement.save()

    assert titles(page_of(client, case, officer_of(call.fund)).context["laureates"]) == []


def test_what_is_identical_is_told_as_facts(client, call):
    case, other = case_saying(CARS, call=call), case_saying(WOODS, call=call)
    sweep()

    page = page_of(client, case, officer_of(call.fund)).content.decode()

    assert ("Même coût total" in page, other.application.reference in page) == (True, True)


def test_before_the_radar_came_the_page_says_so(client, call):
    case = case_saying(CARS, call=call)

    response = page_of(client, case, officer_of(call.fund))

    assert response.context["computed"] is False
    assert "Le radar n’a pas encore comparé" in response.content.decode()


def test_what_a_dossier_writes_is_shown_escaped(client, call):
    case = case_saying(f"{CARS} <script>alert(1)</script>", call=call)
    case_saying(f"{CARS_TOO} <script>alert(1)</script>", call=call)
    sweep()

    page = page_of(client, case, officer_of(call.fund)).content.decode()

    assert "<script>alert" not in page


def test_the_page_takes_the_same_queries_whatever_is_close(client, call):
    case, officer = case_saying(CARS, call=call), officer_of(call.fund)
    counts = []
    for number in (1, 2):
        for rank in range(number):
            case_saying(CARS_TOO, call=call)
            laureate(call=call, slug=f"registre-{number}-{rank}", summary=CARS)
        sweep()
        page_of(client, case, officer)
        with CaptureQueriesContext(connection) as queries:
            page_of(client, case, officer)
        counts.append(len(queries))

    assert counts[0] == counts[1]


# A draft that one supports


def supported_draft(call, text):
    application = draft(call=call, title="Covoit")
    SectionAnswers.objects.create(application=application, section_key="projet", answers={"resume": text})
    return support_on(application)


def test_a_supported_draft_finds_the_public_laureates_and_no_dossier(client, call):
    asked = supported_draft(call, CARS)
    case_saying(CARS_TOO, title="Trajets", call=call)
    laureate(call=call, slug="registre", name="Registre", summary="Registre des trajets de covoiturage.")
    sweep()
    client.force_login(officer_of(call.fund))

    response = client.get(reverse("selection:similar_to_draft", args=[asked.pk]))

    assert titles(response.context["laureates"]) == ["Registre"]
    assert "Trajets" not in response.content.decode()


def test_a_laureate_is_proposed_to_the_writers_of_a_draft(client, call, settings):
    asked = supported_draft(call, CARS)
    laureate(call=call, slug="registre", name="Registre", carrier="DGAC")
    client.force_login(officer_of(call.fund))

    page = client.get(reverse("selection:similar_to_draft", args=[asked.pk]), {"proposer": "registre"})
    form = page.context["form"]
    client.post(reverse("applications:propose", args=[asked.pk]), form.initial)

    remark = Remark.objects.get()
    assert (remark.kind, remark.link) == ("similar", f"{settings.PORTAL_URL}/laureats/registre/")


def test_an_empty_draft_finds_nothing_and_breaks_nothing(client, call):
    asked = support_on(draft(call=call, title="…"))
    client.force_login(officer_of(call.fund))

    response = client.get(reverse("selection:similar_to_draft", args=[asked.pk]), {"proposer": "\0"})

    assert (response.status_code, response.context["laureates"]) == (200, [])


@pytest.mark.parametrize(("score", "level"), [(0.9, "forte"), (0.2, "moyenne"), (0.07, "faible")])
def test_a_score_is_said_in_a_word(score, level):
    assert reading.level(score) == level
