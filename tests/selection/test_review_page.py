"""The grid beside the dossier: nothing typed is lost, each passage is in reach, and it costs the same for everyone."""

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext

from calls.questionnaire.definition import default_definition
from selection.models import Case, Review
from tests.factories import CallFactory, case_in, officer_of
from tests.selection.review_factories import FINISH, assigned, review, typed

QUERIES = 10


@pytest.fixture
def given(db):
    return assigned(case_in(Case.State.UNDER_REVIEW))


@pytest.fixture
def reviewer(client, given):
    client.force_login(given.reviewer)
    return client


def page_of(case, more=""):
    return f"/secretariat/dossiers/{case.application.reference}/evaluation/{more}"


def test_finishing_without_a_score_is_refused_beside_its_field_and_keeps_the_rest(reviewer, given):
    [first, *_] = given.case.application.call.criteria.all()

    response = reviewer.post(
        page_of(given.case), typed(given.case, "", 4, 3, 2, **FINISH, comment="Ma synthèse.")
    )

    given.refresh_from_db()
    assert response.context["form"].errors == {f"score_{first.pk}": ["Donnez une note pour terminer."]}
    assert (given.state, given.comment, given.scores.filter(value=4).count()) == ("draft", "Ma synthèse.", 1)


def test_a_score_out_of_scale_is_refused_beside_its_field(reviewer, given):
    [first, *_] = given.case.application.call.criteria.all()

    response = reviewer.post(page_of(given.case), typed(given.case, 6, 4, 3, 2))

    assert response.context["form"].errors == {f"score_{first.pk}": ["La note va de 0 à 5."]}


@pytest.mark.parametrize("bad", ["\x00", "9" * 400, "é", "--", "1.5"])
def test_what_no_page_sends_is_refused_without_a_crash(reviewer, given, bad):
    sent = typed(given.case, bad, bad, bad, bad, section_version=bad, recommendation=bad, proposed_amount=bad)

    assert reviewer.post(page_of(given.case), sent).status_code == 200


def test_finishing_leads_to_all_the_reviews(reviewer, given):
    response = reviewer.post(page_of(given.case), typed(given.case, 5, 4, 3, 2, **FINISH))

    given.refresh_from_db()
    assert (given.state, response.url) == (
        Review.State.FINISHED,
        page_of(given.case).replace("tion/", "tions/"),
    )


def test_an_autosave_keeps_a_draft_and_tells_its_version(reviewer, given):
    told = reviewer.post(
        page_of(given.case, "brouillon/"), typed(given.case, 5, "", "", 9, section_version="0")
    ).json()

    last = given.case.application.call.criteria.last()
    assert (told["version"], told["refused"]) == (1, {f"score_{last.pk}": "La note va de 0 à 5."})
    assert sorted(given.scores.exclude(value=None).values_list("value", flat=True)) == [5]


def test_an_autosave_never_finishes(reviewer, given):
    reviewer.post(page_of(given.case, "brouillon/"), typed(given.case, 5, 4, 3, 2, **FINISH))

    given.refresh_from_db()
    assert given.state == Review.State.DRAFT


def test_a_second_tab_sees_what_the_first_kept_and_loses_nothing(reviewer, given):
    review(given.case, 5, 5, 5, 5, by=given.reviewer, finished=False, comment="Le premier onglet.")
    sent = typed(
        given.case, 5, 5, 5, 5, section_version="0", recommendation="favourable", comment="Le second."
    )

    auto = reviewer.post(page_of(given.case, "brouillon/"), sent)
    shown = reviewer.post(page_of(given.case), sent)
    again = reviewer.post(page_of(given.case), sent | {"section_version": shown.context["version"]})

    given.refresh_from_db()
    assert (auto.status_code, auto.json()["conflict"], shown.status_code) == (409, True, 409)
    assert shown.context["theirs"] == [("Synthèse pour le comité", "Le premier onglet.")]
    assert shown.context["form"]["comment"].value() == "Le second."
    assert (again.status_code, given.comment) == (302, "Le second.")


def test_a_criterion_shows_the_answers_that_inform_it(client, db):
    form = default_definition()
    form["sections"][0]["questions"][0]["criterion"] = "critere-1"
    call = CallFactory(published=True, form=form)
    [first, *_] = call.criteria.all()
    case = case_in(Case.State.UNDER_REVIEW, call=call)
    client.force_login(officer_of(call.fund))
    type(first).objects.filter(pk=first.pk).update(key="critere-1")

    page = client.get(page_of(case)).content.decode()

    assert page.count('href="#reponse-resume"') == page.count('id="reponse-resume"') == 1


def test_the_page_costs_the_same_whatever_was_written(reviewer, given):
    def cost():
        with CaptureQueriesContext(connection) as queries:
            reviewer.get(page_of(given.case))
        return len(queries)

    first = cost()
    review(given.case, 5, 5, 5, 5, by=given.reviewer, finished=False)
    for _ in range(3):
        review(given.case, 5, 4, 3, 2)

    assert (first, cost()) == (QUERIES, QUERIES)
