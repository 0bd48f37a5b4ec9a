"""The public list of laureates and the page of each."""

from decimal import Decimal

import pytest
from django.urls import reverse

from selection.models import Laureate
from tests import factories
from tests.factories import laureate

pytestmark = pytest.mark.django_db
LIST = "/laureats/"


@pytest.fixture
def call():
    return factories.CallFactory(published=True)


def names(client, **asked):
    return [each.name for each in client.get(LIST, asked).context["page"]]


# The list


def test_a_ceiling_under_the_floor_is_ignored_and_said_to_be(client, call):
    laureate(call=call, slug="riche", name="Riche", amount=900)
    laureate(call=call, slug="modeste", name="Modeste", amount=5)

    response = client.get(LIST, {"montant_min": "10", "montant_max": "1"})

    assert [each.name for each in response.context["page"]] == ["Riche"]
    assert "Filtre ignoré : « 1 » n’est pas une valeur possible" in response.content.decode()


@pytest.mark.parametrize("words", ["donnees", "DONNÉE sante", '"données de santé"', "dgfip"])
def test_words_are_found_whatever_their_accents_and_plurals(client, call, words):
    laureate(call=call, slug="a", name="Entrepôt de données de santé", carrier="DGFiP")
    laureate(call=call, slug="b", name="Guichet unique")

    assert names(client, q=words) == ["Entrepôt de données de santé"]


def test_each_filter_keeps_what_it_names(client, call):
    other = factories.CallFactory(published=True)
    theme = factories.ThemeFactory()
    kept = laureate(
        call=call, slug="garde", name="Gardé", year=2019, ministry="Ministère A", carrier="DGFiP", amount=5
    )
    kept.themes.add(theme)
    laureate(
        call=other, slug="autre", name="Autre", year=2018, ministry="Ministère B", carrier="Inrap", amount=900
    )

    found = {
        name: names(client, **{name: value})
        for name, value in {
            "fonds": call.fund.slug,
            "appel": call.slug,
            "annee": "2019",
            "ministere": "Ministère A",
            "porteur": "dgfip",
            "theme": theme.slug,
            "montant_max": "5",
        }.items()
    }

    assert found == {key: ["Gardé"] for key in found}
    assert names(client, montant_min="5,01") == ["Autre"]


@pytest.mark.parametrize(
    ("key", "order"),
    [
        ("", ["Zèbre", "École", "facture"]),
        ("montant", ["facture", "Zèbre", "École"]),
        ("nom", ["École", "facture", "Zèbre"]),
    ],
)
def test_the_list_is_sorted_by_year_amount_or_name_as_french_people_do(client, call, key, order):
    laureate(call=call, slug="z", name="Zèbre", year=2020, amount=5)
    laureate(call=call, slug="e", name="École", year=2019)
    laureate(call=call, slug="f", name="facture", year=2019, amount=7)

    assert names(client, tri=key) == order


@pytest.mark.parametrize("view", ["cartes", "tableau"])
def test_how_the_list_is_shown_stays_in_the_address(client, call, view):
    for number in range(31):
        laureate(call=call, slug=f"l{number}")

    response = client.get(LIST, {"vue": view, "annee": "2018"})

    assert (response.context["view"], response.context["filters"].query) == (view, f"annee=2018&vue={view}&")
    assert f"?annee=2018&amp;vue={view}&amp;page=2" in response.content.decode()


@pytest.mark.parametrize(
    "asked",
    [
        {"annee": "99999"},
        {"fonds": "\0"},
        {"q": "a\0b"},
        {"appel": "inconnu"},
        {"ministere": "٢"},
        {"theme": "x" * 500},
        {"montant_min": "beaucoup"},
        {"montant_max": "9" * 40},
        {"tri": "au hasard"},
        {"vue": "carte"},
    ],
    ids=lambda asked: next(iter(asked)),
)
def test_a_value_that_means_nothing_is_left_aside_and_told(client, call, asked):
    laureate(call=call, slug="a", name="Toujours là")

    response = client.get(LIST, asked)

    assert [each.name for each in response.context["page"]] == ["Toujours là"]
    assert response.content.decode().count("Filtre ignoré") == 1


@pytest.mark.parametrize("page", ["2", "0", "-1", "abc", "9" * 30])
def test_a_page_that_does_not_exist_is_not_found(client, call, page):
    laureate(call=call, slug="a")

    assert client.get(LIST, {"page": page}).status_code == 404


def test_a_choice_offers_only_what_the_public_may_find(client, call):
    laureate(call=call, slug="a", ministry="Ministère connu", year=2017)
    factories.CallFactory(published=True)

    choices = client.get(LIST).context["filters"].choices

    assert choices == {
        "fonds": [(call.fund.slug, call.fund.code)],
        "appel": [(call.slug, call.title)],
        "annee": [("2017", "2017")],
        "ministere": [("Ministère connu", "Ministère connu")],
        "theme": [],
    }


def test_years_and_ministries_are_offered_once_each_in_order(client, call):
    for number, (year, ministry) in enumerate(
        [(2018, "B"), (2020, "A"), (None, ""), (2018, "B"), (2019, "C")]
    ):
        laureate(call=call, slug=f"l{number}", year=year, ministry=ministry)

    choices = client.get(LIST).context["filters"].choices

    assert [value for value, _ in choices["annee"]] == ["2020", "2019", "2018"]
    assert [value for value, _ in choices["ministere"]] == ["A", "B", "C"]


def test_an_older_call_than_those_offered_may_still_be_asked_for(client, call, monkeypatch):
    monkeypatch.setattr("selection.filters.MOST_CALLS", 1)
    older = factories.CallFactory(published=True, imported=True, opens_at=None)
    laureate(call=call, slug="recent", name="Récent")
    laureate(call=older, slug="ancien", name="Ancien")

    assert names(client, appel=older.slug) == ["Ancien"]


def test_an_empty_list_says_what_to_do(client, call):
    laureate(call=call, slug="a", name="Un projet")

    page = client.get(LIST, {"q": "introuvable"}).content.decode()

    assert page.count("Voir tous les lauréats") == 1


# The page of a laureate


def sheet_of(client, found):
    """What the page says, by label."""
    groups = client.get(found.get_absolute_url()).context["groups"]
    return {label: value for _, facts in groups for label, value in facts}


def test_what_is_unknown_of_a_laureate_is_said_so(client, call):
    told = sheet_of(client, laureate(call=call, slug="a", year=None))

    assert {
        label
        for label, value in told.items()
        if value in ("non communiqué", "non communiquée", "non communiqués", "non communiquées")
    } == {
        "Porteur",
        "Ministère",
        "Partenaires",
        "Subvention",
        "Coût total du projet",
        "Économies attendues",
        "Année",
        "Durée",
        "Lieu",
        "Thèmes",
    }


@pytest.mark.parametrize(
    ("qualifier", "text"),
    [
        ("", "8\u202f700\u202f000\u00a0€"),
        ("more_than", "plus de 8\u202f700\u202f000\u00a0€"),
        ("approx", "environ 8\u202f700\u202f000\u00a0€"),
        ("press", "8\u202f700\u202f000\u00a0€ (presse)"),
    ],
)
def test_an_amount_keeps_what_its_source_says_of_it(client, call, qualifier, text):
    found = laureate(call=call, slug="a", amount=Decimal(8_700_000), amount_qualifier=qualifier)

    assert sheet_of(client, found)["Subvention"] == text


def test_a_status_to_confirm_is_said(client, call):
    found = laureate(call=call, slug="a", facts={"status": "à confirmer", "notes": ["Citée en 2019."]})

    page = client.get(found.get_absolute_url()).content.decode()

    assert ("La qualité de lauréat de ce projet est à confirmer" in page, "Citée en 2019." in page) == (
        True,
        True,
    )


def test_near_projects_are_those_of_the_same_carrier_then_of_the_same_call(client, call):
    elsewhere = factories.CallFactory(published=True)
    found = laureate(call=call, slug="a", carrier="DGFiP")
    laureate(call=call, slug="meme-appel", name="Même appel")
    laureate(call=elsewhere, slug="meme-porteur", name="Même porteur", carrier="DGFiP")
    laureate(call=elsewhere, slug="loin", name="Loin")

    near = client.get(found.get_absolute_url()).context["near"]

    assert [each.name for each in near] == ["Même porteur", "Même appel"]


def test_a_laureate_whose_announcement_was_withdrawn_is_seen_by_the_secretariat_alone(client, call):
    announcement = factories.announcement_of(call, state="withdrawn")
    found = announcement.laureates.get()

    statuses = [client.get(found.get_absolute_url()).status_code]
    client.force_login(factories.officer_of(call.fund))
    statuses.append(client.get(found.get_absolute_url()).status_code)

    assert statuses == [404, 200]


def test_no_laureate_takes_the_address_of_the_figures(client):
    assert reverse("selection:laureate", args=["chiffres"]) == reverse("selection:figures")
    assert client.get("/laureats/chiffres/").templates[0].name == "selection/figures.html"


def test_a_name_longer_once_its_letters_are_plain_is_kept(call):
    laureate(call=call, slug="long", name="œ" * 200)

    assert Laureate.objects.get().sort_key == "oe" * 200
