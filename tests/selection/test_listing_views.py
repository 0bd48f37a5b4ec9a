"""The views of the list that one keeps, alone or with the secretariat."""

import pytest

from selection.listing import columns
from selection.models import SavedView
from tests.factories import CallFactory, FundFactory, head_of, officer_of

pytestmark = pytest.mark.django_db
VIEWS = "/secretariat/vues/"


@pytest.fixture
def fund():
    return FundFactory()


@pytest.fixture
def officer(fund):
    return officer_of(fund)


def saved(officer, fund, **fields):
    given = {"name": "Ma vue", "query": "etat=eligible", "owner": officer, "fund": fund}
    return SavedView.objects.create(**given | fields)


def names(client, user):
    client.force_login(user)
    return [each["view"].name for each in client.get(VIEWS).context["views"]]


def test_what_is_chosen_is_kept_under_a_name_without_what_means_nothing(client, fund, officer):
    client.force_login(officer)
    kept = "etat=eligible&tri=note&col=note&col=avis"

    answer = client.post(
        f"{VIEWS}nouvelle/", {"name": "À lire", "fund": fund.pk, "query": f"{kept}&theme=perdu&apres=4"}
    )

    view = SavedView.objects.get()
    assert (view.name, view.query, view.shared) == ("À lire", kept, False)
    assert answer["Location"] == f"/secretariat/dossiers/?{kept}"


def test_the_same_name_again_replaces_the_view(client, fund, officer):
    saved(officer, fund)
    client.force_login(officer)

    client.post(f"{VIEWS}nouvelle/", {"name": "Ma vue", "fund": fund.pk, "query": "agent=moi"})

    assert [view.query for view in SavedView.objects.all()] == ["agent=moi"]


def test_a_private_view_is_its_owners_and_a_shared_one_the_secretariats(client, fund, officer):
    saved(officer, fund)
    saved(officer, fund, name="À tous", shared=True)

    seen = [names(client, user) for user in (officer, head_of(fund), officer_of(FundFactory()))]

    assert seen == [["Ma vue", "À tous"], ["À tous"], []]


def test_a_view_is_renamed_and_shared(client, fund, officer):
    view = saved(officer, fund)
    client.force_login(officer)

    client.post(f"{VIEWS}{view.pk}/", {"name": "Recevables", "shared": "on"})

    view.refresh_from_db()
    assert (view.name, view.shared) == ("Recevables", True)


def test_two_views_of_one_person_do_not_take_one_name(client, fund, officer):
    saved(officer, fund)
    other = saved(officer, fund, name="Autre")
    client.force_login(officer)

    answer = client.post(f"{VIEWS}{other.pk}/", {"name": "Ma vue"})

    assert (answer.status_code, SavedView.objects.filter(name="Ma vue").count()) == (409, 1)


def test_nobody_else_changes_a_shared_view(client, fund, officer):
    view = saved(officer, fund, shared=True)
    client.force_login(head_of(fund))

    answers = [client.post(f"{VIEWS}{view.pk}/{act}", {"name": "Autre"}) for act in ("", "supprimer/")]

    assert [answer.status_code for answer in answers] == [403, 403]


def test_a_view_is_deleted(client, fund, officer):
    view = saved(officer, fund)
    client.force_login(officer)

    client.post(f"{VIEWS}{view.pk}/supprimer/")

    assert SavedView.objects.exists() is False


def test_the_list_shows_the_views_and_which_one_is_open(client, fund, officer):
    CallFactory(fund=fund, published=True)
    saved(officer, fund)
    client.force_login(officer)

    page = client.get("/secretariat/dossiers/?etat=eligible")

    assert [(each["view"].name, each["current"]) for each in page.context["saved_views"]] == [
        ("Ma vue", True)
    ]


@pytest.mark.parametrize("name", ["\0", "", "x" * 81])
def test_a_name_that_is_none_keeps_nothing(client, fund, officer, name):
    client.force_login(officer)

    answer = client.post(f"{VIEWS}nouvelle/", {"name": name, "fund": fund.pk})

    assert (answer.status_code, SavedView.objects.exists()) == (200, False)


# Columns


def shown(client, query=""):
    page = client.get(f"/secretariat/dossiers/{query}")
    return [column.key for column in page.context["columns"]], page.context["filters"].form["col"].value()


def test_the_columns_that_one_chose_last_are_shown_again_and_ticked(client, fund, officer):
    client.force_login(officer)

    shown(client, "?col=note&col=themes")

    assert shown(client, "?agent=moi") == (["themes", "note"], ["note", "themes"])


@pytest.mark.parametrize("kept", ["", "perdue.\x80", "a" * 4000])
def test_a_cookie_that_means_nothing_leaves_the_usual_columns_ticked(client, fund, officer, kept):
    client.force_login(officer)
    client.cookies["portal_colonnes"] = kept

    assert shown(client) == (columns.DEFAULT, columns.DEFAULT)
