"""Dossiers side by side, as someone of the fund may read them."""

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.urls import reverse

from applications.models import Recusal
from selection.models import Review
from tests.factories import CallFactory, filed_application, officer_of, reviewed_case
from tests.selection.radar_factories import case_saying

pytestmark = pytest.mark.django_db


@pytest.fixture
def call():
    return CallFactory(published=True)


def compared(client, person, *references):
    client.force_login(person)
    return client.get(reverse("selection:compare"), {"dossiers": ",".join(references)})


def fact(response, label):
    return dict(response.context["comparison"].facts)[label]


def test_dossiers_stand_side_by_side_in_the_order_asked(client, call):
    one, two = (case_saying(text, call=call, title=text) for text in ("Phares", "Canaux"))

    response = compared(client, officer_of(call.fund), two.application.reference, one.application.reference)

    comparison = response.context["comparison"]
    answers = [answer["text"] for _, answer in comparison.parts[0].questions[0][1]]
    assert ([case.title for case in comparison.cases], answers) == (
        ["Canaux", "Phares"],
        ["Canaux", "Phares"],
    )
    assert fact(response, "Part demandée au fonds") == ["60\u00a0%"] * 2


def test_the_boxes_ticked_in_the_list_lead_to_the_comparison(client, call):
    one, two = filed_application(call=call), filed_application(call=call)
    client.force_login(officer_of(call.fund))

    response = client.post(reverse("selection:compare"), {"reference": [one.reference, two.reference]})

    assert response["Location"] == f"/secretariat/comparer/?dossiers={one.reference}%2C{two.reference}"


def test_ticked_boxes_and_small_letters_are_read_too(client, call):
    one, two = filed_application(call=call), filed_application(call=call)
    client.force_login(officer_of(call.fund))

    response = client.get(
        reverse("selection:compare"), {"dossiers": [one.reference.lower(), two.reference, two.reference]}
    )

    assert len(response.context["comparison"].cases) == 2


def test_what_one_may_not_read_answers_as_what_does_not_exist(client, call):
    mine, recused, other = (filed_application(call=call), filed_application(call=call), filed_application())
    officer = officer_of(call.fund)
    Recusal.objects.create(application=recused, user=officer, reason="Ancien employeur")

    response = compared(client, officer, mine.reference, recused.reference, other.reference, "RIEN-0001")

    assert response.context["comparison"] is None
    assert response.context["unknown"] == [recused.reference, other.reference, "RIEN-0001"]
    page = response.content.decode()
    assert [each.title in page for each in (recused, other)] == [False, False]


def test_four_at_most_are_compared(client, call):
    references = [filed_application(call=call).reference for _ in range(5)]

    response = compared(client, officer_of(call.fund), *references)

    assert (len(response.context["comparison"].cases), response.context["left_out"]) == (4, references[4:])


@pytest.mark.parametrize("typed", ["", "\0", "x" * 5000, "<script>", "🙂,’’"])
def test_nonsense_is_answered_by_the_form(client, call, typed):
    response = compared(client, officer_of(call.fund), typed)

    assert (response.status_code, response.context["comparison"]) == (200, None)


def test_the_scores_of_a_dossier_are_hidden_from_who_has_not_finished_reviewing_it(client, call):
    one, two, reviewer = reviewed_case(4, call=call), reviewed_case(4, call=call), officer_of(call.fund)
    Review.objects.create(case=one, reviewer=reviewer)

    response = compared(client, reviewer, one.application.reference, two.application.reference)

    assert fact(response, "Note") == ["visible après votre évaluation", "4,00"]
    assert fact(response, "Recommandation") == ["visible après votre évaluation", "favorable"]


def test_the_page_takes_the_same_queries_for_two_and_for_four(client, call):
    references, officer = [filed_application(call=call).reference for _ in range(4)], officer_of(call.fund)
    compared(client, officer, *references)
    counts = []
    for some in (references[:2], references):
        with CaptureQueriesContext(connection) as queries:
            compared(client, officer, *some)
        counts.append(len(queries))

    assert counts[0] == counts[1]
