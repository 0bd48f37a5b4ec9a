"""One search over everything public: what it finds, what it never finds, and what it costs."""

import re
from datetime import timedelta

import pytest
from django.urls import reverse

from calls.models import Call, CallDocument, Fund, PublicQuestion
from calls.search import LONGEST
from fondsportal.front import search
from selection.models import Announcement, Laureate
from tests import factories
from tests.clock import from_now, python_clock_off_by

pytestmark = pytest.mark.django_db
ADDRESS = reverse("front:search")


def page(client, typed, **more):
    return client.get(ADDRESS, {"q": typed, **more})


def found(client, typed, **more):
    """The names of the groups found, each with the titles it shows."""
    groups = page(client, typed, **more).context["groups"]
    return {
        group["name"]: [re.sub("</?mark>", "", each["title"]) for each in group["results"]]
        for group in groups
    }


def public_world():
    """One of each kind of thing that bears the word « navette »."""
    fund = factories.FundFactory(name="Fonds des navettes")
    call = factories.CallFactory(fund=fund, published=True, title="Appel aux navettes")
    document = factories.specifications(call)
    CallDocument.objects.filter(pk=document.pk).update(title="Guide des navettes")
    factories.published_question(call, text="Et les navettes ?")
    factories.EventFactory(fund=fund, published=True, title="Réunion sur les navettes")
    announcement = factories.announcement_of(call, name="Navette lauréate")
    Announcement.objects.update(title="Les navettes retenues")
    return announcement


def test_everything_public_is_found_by_kind(client):
    public_world()

    assert found(client, "navette") == {
        "appels": ["Appel aux navettes"],
        "laureats": ["Navette lauréate"],
        "annonces": ["Les navettes retenues"],
        "evenements": ["Réunion sur les navettes"],
        "questions": ["Et les navettes ?"],
        "documents": ["Guide des navettes"],
        "fonds": ["Fonds des navettes"],
    }


def test_each_result_leads_to_its_page(client):
    public_world()

    urls = [each["url"] for group in page(client, "navette").context["groups"] for each in group["results"]]

    assert [client.get(url).status_code for url in urls if "documents" not in url] == [200] * 6


def test_how_many_are_found_is_said(client):
    public_world()

    text = " ".join(page(client, "navette").content.decode().split())

    assert "<strong>7 résultats</strong> pour « navette »" in text
    assert "<title>Recherche : navette (7 résultats)" in text


# What nobody may find


@pytest.mark.parametrize(
    ("seconds", "groups"), [(3, {"appels", "evenements", "questions", "documents", "fonds"}), (-1, None)]
)
def test_an_announcement_is_found_from_its_minute_on(client, seconds, groups):
    public_world()
    Announcement.objects.update(publish_at=from_now(seconds=seconds))

    assert set(found(client, "navette")) == (groups or {kind.name for kind in search.KINDS})


@pytest.mark.parametrize("days", [-1, 1])
def test_a_web_server_a_day_off_finds_nothing_earlier_nor_later(client, days):
    public_world()
    Announcement.objects.update(publish_at=from_now(seconds=30))

    with python_clock_off_by(days=days):
        assert set(found(client, "navette")) == {"appels", "evenements", "questions", "documents", "fonds"}


@pytest.mark.parametrize("state", ["draft", "validated", "withdrawn"])
def test_an_announcement_that_is_not_scheduled_is_not_found(client, state):
    public_world()
    Announcement.objects.update(state=state)

    assert set(found(client, "navette")) == {"appels", "evenements", "questions", "documents", "fonds"}


def test_a_draft_call_is_not_found_nor_its_documents(client):
    public_world()
    Call.objects.update(state=Call.State.DRAFT)

    assert set(found(client, "navette")) == {"laureats", "annonces", "evenements", "fonds"}


@pytest.mark.parametrize("state", ["received", "answered_privately", "set_aside"])
def test_a_question_that_is_not_published_is_not_found(client, state):
    call = factories.CallFactory(published=True)
    question = factories.published_question(call, text="Et les navettes ?")
    PublicQuestion.objects.filter(pk=question.pk).update(state=state, reason="Hors sujet")

    assert found(client, "navette") == {}


def test_neither_a_draft_event_nor_a_report_in_preparation_is_found(client):
    factories.EventFactory(title="Navettes")
    factories.EventFactory(published=True, past=True, report_text="Des navettes.")

    assert found(client, "navette") == {}


def test_nothing_of_a_rehearsal_is_found(client):
    public_world()
    Fund.objects.update(rehearsal=True)

    assert found(client, "navette") == {}


def test_the_secretariat_finds_no_more_than_anybody(client):
    announcement = public_world()
    Announcement.objects.update(publish_at=from_now(hours=1))
    client.force_login(factories.head_of(announcement.call.fund))

    assert set(found(client, "navette")) == {"appels", "evenements", "questions", "documents", "fonds"}


def test_the_pages_of_a_kind_keep_the_embargo_too(client):
    public_world()
    Announcement.objects.update(publish_at=from_now(hours=1))

    counts = {
        kind: page(client, "navette", type=kind).context["page"].paginator.count
        for kind in ("annonces", "laureats")
    }

    assert counts == {"annonces": 0, "laureats": 0}


# How it is shown


def test_the_words_are_highlighted_and_the_rest_escaped(client):
    factories.CallFactory(published=True, title="<b>Navettes</b> & trains", summary="Des navettes.")

    text = page(client, "navette").content.decode()

    assert "&lt;b&gt;<mark>Navettes</mark>&lt;/b&gt; &amp; trains" in text
    assert "Des <mark>navettes</mark>." in text


def test_a_ministry_that_carries_its_project_is_named_once_and_what_is_unknown_is_said(client):
    Laureate.objects.create(
        fund=factories.FundFactory(),
        slug="navette",
        name="Navette",
        carrier="Ministère",
        ministry="Ministère",
        year=2018,
    )

    [group] = page(client, "navette").context["groups"]

    assert group["results"][0]["details"] == ["Ministère", "2018", "subvention non communiquée"]


def test_what_was_typed_is_shown_escaped(client):
    text = page(client, "<script>alert(1)</script>").content.decode()

    assert ("<script>alert" in text, "&lt;script&gt;alert(1)&lt;/script&gt;" in text) == (False, True)


def test_a_title_counts_more_than_a_text(client):
    fund = factories.FundFactory()
    for title, summary in (("Trains", "Avec une navette"), ("Navettes", "Avec un train")):
        factories.CallFactory(fund=fund, published=True, title=title, summary=summary)

    assert found(client, "navette") == {"appels": ["Navettes", "Trains"]}


def test_of_one_rank_the_newest_comes_first(client):
    fund = factories.FundFactory()
    for days in (10, 30, 20):
        factories.CallFactory(
            fund=fund, published=True, title=f"Navettes {days}", closes_in=timedelta(days=days)
        )
    Call.objects.update(year=2018)

    assert found(client, "navette") == {"appels": ["Navettes 30", "Navettes 20", "Navettes 10"]}


def laureates(number):
    fund = factories.FundFactory()
    Laureate.objects.bulk_create(
        Laureate(fund=fund, slug=f"navette-{n}", name=f"Navette {n}", year=2018) for n in range(number)
    )


def test_the_first_five_are_shown_with_the_way_to_the_others(client):
    laureates(6)

    [group] = page(client, "navette").context["groups"]

    assert (len(group["results"]), group["more_url"]) == (5, f"{reverse('selection:laureates')}?q=navette")


def test_a_kind_without_a_list_of_its_own_has_its_pages_here(client):
    call = factories.CallFactory(published=True)
    Announcement.objects.bulk_create(
        Announcement(
            call=call, slug=f"a-{n}", title=f"Navette {n}", state="scheduled", publish_at=from_now(days=-n)
        )
        for n in range(1, 22)
    )

    [group] = page(client, "navette").context["groups"]
    pages = [client.get(f"{group['more_url']}&page={number}") for number in (1, 2)]

    assert [len(each.context["page"].object_list) for each in pages] == [20, 1]
    assert "?q=navette&amp;type=annonces&amp;page=2" in pages[0].content.decode()


def test_beyond_a_thousand_they_are_not_counted(client):
    laureates(search.RANKED + 1)

    text = " ".join(page(client, "navette").content.decode().split())

    assert "Plus de 1 000 résultats" in text
    assert "(plus de 1 000)" in text


def test_a_page_past_the_end_does_not_exist(client):
    laureates(1)

    statuses = [
        page(client, "navette", type="laureats", page=each).status_code for each in ("2", "0", "x", "9" * 30)
    ]

    assert statuses == [404] * 4


def test_an_unknown_kind_is_ignored_and_said_so(client):
    laureates(1)

    response = page(client, "navette", type="inconnu")

    assert [group["name"] for group in response.context["groups"]] == ["laureats"]
    assert "Le type de résultat demandé n’existe pas" in response.content.decode()


def test_without_a_word_the_page_says_how_to_search(client):
    assert (
        "Les accents, les majuscules et les pluriels ne comptent pas." in client.get(ADDRESS).content.decode()
    )


def test_without_a_result_the_page_says_what_to_do(client):
    text = page(client, "navette spatiale").content.decode()

    assert "<strong>Aucun résultat</strong>" in text
    assert '<a href="?q=navette+OU+spatiale">' in text


def test_one_word_or_another_is_proposed_only_when_it_fits(client):
    words = " ".join(["navette"] * (LONGEST // 8))

    assert page(client, words).context["any_word"] == ""


@pytest.mark.parametrize(
    "typed",
    [
        "\0",
        "a\0b",
        "x" * 100_000,
        "((&|!",
        '"',
        "-navette",
        "OU OU",
        "\ud83d".encode(errors="surrogatepass"),
        "de la",
        "٢",
        "%",
        "\\",
    ],
)
def test_whatever_is_typed_the_page_answers(client, typed):
    public_world()

    assert [page(client, typed, **more).status_code for more in ({}, {"type": "fonds"})] == [200, 200]


def test_bytes_that_are_no_text_are_answered(client):
    assert client.get(f"{ADDRESS}?q=%ff%fe%80&type=%ff").status_code == 200


@pytest.mark.parametrize(("rows", "queries"), [(0, 1), (1, 2), (3, 2)])
def test_a_search_takes_the_same_queries_whatever_it_finds(client, django_assert_num_queries, rows, queries):
    for _ in range(rows):
        public_world()

    with django_assert_num_queries(queries * len(search.KINDS)):
        page(client, "navette")
