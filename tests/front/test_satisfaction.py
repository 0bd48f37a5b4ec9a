"""Two questions: what is kept of the answers, and what is published of them."""

from datetime import date, timedelta

import pytest
from django.contrib.sessions.models import Session
from django.urls import reverse
from django.utils import timezone

from fondsportal.front.models import SatisfactionAnswer
from journal.models import Entry
from tests import factories

pytestmark = pytest.mark.django_db
SURVEY = "/avis-sur-le-portail/"


def answers():
    return list(SatisfactionAnswer.objects.values_list("place", "page", "score", "comment"))


def test_an_answer_is_kept_and_thanked_for(client):
    response = client.post(f"{SURVEY}?page=calls:detail", {"score": "3", "comment": "Rien à redire."})

    assert response.url == reverse("front:survey_thanks")
    assert answers() == [("public", "calls:detail", 3, "Rien à redire.")]


def test_nothing_tells_who_answered_nor_when(client):
    client.force_login(factories.UserFactory())

    client.post(SURVEY, {"score": "1"})

    [answer] = SatisfactionAnswer.objects.all()
    assert [field.name for field in answer._meta.fields] == [
        "id", "place", "page", "score", "comment", "month",
    ]  # fmt: skip
    assert answer.month == timezone.localdate().replace(day=1)
    assert (Entry.objects.count(), Session.objects.count()) == (0, 1)  # the session is the sign-in's


def test_after_a_filing_one_is_asked_about_the_filing(client):
    shown = client.get(f"{SURVEY}?lieu=depot").context["form"].fields["score"].label

    client.post(f"{SURVEY}?lieu=depot", {"score": "4"})

    assert shown == "Le dépôt de votre dossier a-t-il été facile ?"
    assert answers() == [("filing", "", 4, "")]


def test_a_filed_dossier_leads_to_the_survey(client):
    application = factories.filed_application()
    client.force_login(application.created_by)

    html = client.get(application.get_absolute_url()).content.decode()

    assert f'href="{SURVEY}?lieu=depot"' in html


@pytest.mark.parametrize(
    "page", ["https://ailleurs.example/", "calls:inconnue", "inconnue:detail", "calls:detail\x00", "", ":"]
)
def test_a_page_that_is_not_ours_is_forgotten(client, page):
    client.post(SURVEY, {"score": "2"}, query_params={"page": page})

    assert answers() == [("public", "", 2, "")]


@pytest.mark.parametrize(
    "data",
    [
        {"comment": "Sans réponse."},
        {"score": "5"},
        {"score": "٣"},
        {"score": "3", "comment": "\x00"},
        {"score": "3", "comment": "a" * 2001},
    ],
    ids=["nothing", "no such score", "other digits", "a NUL", "too long"],
)
def test_a_wrong_answer_is_shown_again_and_not_kept(client, data):
    response = client.post(SURVEY, data)

    assert (response.status_code, bool(response.context["form"].errors), answers()) == (200, True, [])


def test_a_machine_is_thanked_and_forgotten(client):
    response = client.post(SURVEY, {"score": "4", "website": "https://achetez.example"})

    assert (response.url, answers()) == (reverse("front:survey_thanks"), [])


def test_thirty_answers_an_hour_are_enough_from_one_address(client):
    for _ in range(30):
        client.post(SURVEY, {"score": "4"})

    response = client.post(SURVEY, {"score": "4"})

    assert (response.status_code, len(answers())) == (429, 30)


# What is published


def answered(times, *, score=4, place="public", month=None):
    month = month or (timezone.localdate().replace(day=1) - timedelta(days=1)).replace(day=1)
    for _ in range(times):
        SatisfactionAnswer.objects.create(score=score, place=place, month=month, comment="Un secret.")


def rows(client):
    return [
        (row["place"], row["total"], row["scores"])
        for row in client.get(reverse("front:survey_results")).context["rows"]
    ]


def test_answers_are_counted_by_month_and_place(client):
    answered(4, score=4)
    answered(2, score=1)
    answered(5, score=3, place="filing")

    assert rows(client) == [
        ("après un dépôt", 5, [0, 5, 0, 0]),
        ("pages publiques", 6, [4, 0, 0, 2]),
    ]


def test_few_answers_are_not_detailed(client):
    answered(4)

    html = client.get(reverse("front:survey_results")).content.decode()

    assert rows(client) == [("pages publiques", None, [])]
    assert "Moins de 5 réponses" in html


def test_the_month_under_way_is_not_told(client):
    answered(5, month=timezone.localdate().replace(day=1))

    assert rows(client) == []


def test_answers_of_two_years_ago_are_no_longer_shown(client):
    answered(5, month=date(2020, 1, 1))

    assert rows(client) == []


def test_comments_are_not_published_but_staff_reads_them(client):
    answered(5)

    published = client.get(reverse("front:survey_results")).content.decode()
    client.force_login(factories.UserFactory(is_staff=True, is_superuser=True))
    read = client.get(reverse("admin:front_satisfactionanswer_changelist")).content.decode()

    assert ("Un secret." in published, "Un secret." in read) == (False, True)


@pytest.mark.parametrize("times", [5, 15])
def test_the_results_take_two_queries_whatever_the_answers(client, times, django_assert_num_queries):
    for month in range(1, 1 + times // 5):
        answered(5, month=date(timezone.localdate().year, month, 1))

    with django_assert_num_queries(2):
        client.get(reverse("front:survey_results"))
