"""What the list of dossiers shows for what its address says: filters, orders, pages, columns."""

from decimal import Decimal

import pytest

from selection.listing import rows
from selection.listing.order import ORDERS, page_of, pivot_of
from selection.listing.reach import Reach
from selection.models import Case, Label, Review
from tests.factories import (
    CallFactory,
    OrganisationFactory,
    ThemeFactory,
    auditor_of,
    filed_application,
    officer_of,
    reviewed_case,
)

pytestmark = pytest.mark.django_db
LIST = "/secretariat/dossiers/"


@pytest.fixture
def call():
    return CallFactory(published=True)


@pytest.fixture
def officer(call):
    return officer_of(call.fund)


def filed(call, title, **columns):
    """A filed dossier whose case says this."""
    themes = columns.pop("of", [])
    application = filed_application(call=call, title=title, themes=themes)
    Case.objects.filter(application=application).update(**columns)
    return Case.objects.get(application=application)


def titles(user, query):
    return [case.title for case in rows(user, query)]


# Filters

FILTERED = {
    "etat=eligible": {"state": "eligible"},
    "porteur=juridiction": {"carrier_kind": "juridiction"},
    "montant_min=700+000": {"requested_grant": Decimal(700_000)},
    "montant_min=650000&montant_max=750+k€": {"requested_grant": Decimal(700_000)},
    "note_min=3,5": {"review_score": Decimal("3.5")},
    "note_max=4": {"review_score": Decimal(4)},
    "avis=manquants": {"opinions_asked": 2, "opinions_received": 1},
    "avis=recus": {"opinions_asked": 1, "opinions_received": 1},
    "alertes=ouvertes": {"open_flags": 1},
    "evaluation=inachevees": {"state": "under_review", "reviews_asked": 1},
}


@pytest.mark.parametrize("query", FILTERED)
def test_a_filter_keeps_what_it_says(call, officer, query):
    filed(call, "Autre")
    filed(call, "Cherché", **FILTERED[query])

    assert titles(officer, query) == ["Cherché"]


def test_one_finds_what_is_theirs_what_is_nobodys_and_what_is_a_colleagues(call, officer):
    colleague = officer_of(call.fund)
    filed(call, "À moi", officer=officer)
    filed(call, "À personne")
    filed(call, "Au collègue", officer=colleague)

    asked = ["agent=moi", "agent=personne", "agent=quelqu-un&tri=titre", f"agent={colleague.pk}"]

    assert [titles(officer, query) for query in asked] == [
        ["À moi"],
        ["À personne"],
        ["À moi", "Au collègue"],
        ["Au collègue"],
    ]


def test_one_finds_a_label_a_ministry_and_a_theme(call, officer):
    label = Label.objects.create(fund=call.fund, name="À revoir", made_by=officer)
    ministry = OrganisationFactory(kind="ministere")
    theme = ThemeFactory()
    filed(call, "Autre")
    filed(call, "Étiqueté").labels.add(label)
    filed(call, "Rattaché", ministry=ministry)
    filed(call, "Numérique", of=[theme])

    asked = [f"etiquette={label.pk}", f"ministere={ministry.pk}", f"theme={theme.pk}"]

    assert [titles(officer, query) for query in asked] == [["Étiqueté"], ["Rattaché"], ["Numérique"]]


def test_one_finds_the_reviews_that_they_owe(call, officer):
    filed(call, "Autre")
    case = filed(call, "À évaluer")
    Case.objects.filter(pk=case.pk).update(state=Case.State.UNDER_REVIEW)
    Review.objects.create(case=case, reviewer=officer)

    assert titles(officer, "evaluation=moi") == ["À évaluer"]


NAMES = ["tri", "col", "montant_min", "theme", "agent", "apres", "avant", "note_max"]


@pytest.mark.parametrize("value", ["inconnu", "\0", "-1", "9" * 5000])
def test_what_means_nothing_is_ignored(client, call, officer, value):
    filed(call, "Montré")
    client.force_login(officer)

    page = client.get(LIST, dict.fromkeys(NAMES, value))

    assert (page.status_code, [row["case"].title for row in page.context["rows"]]) == (200, ["Montré"])


def test_what_is_ignored_is_said(client, call, officer):
    client.force_login(officer)

    page = client.get(LIST, {"etat": "perdu"}).text

    assert page.count("« perdu » n’est pas une valeur possible pour « État »") == 1


def test_the_label_of_another_fund_is_no_choice(client, call, officer):
    other = CallFactory(published=True)
    label = Label.objects.create(fund=other.fund, name="Ailleurs", made_by=officer_of(other.fund))
    client.force_login(officer)

    page = client.get(LIST, {"etiquette": label.pk})

    assert (page.text.count("Ailleurs"), len(page.context["filters"].ignored)) == (0, 1)


# Orders and pages


@pytest.mark.parametrize("key", ORDERS)
def test_the_pages_of_an_order_follow_one_another_both_ways(call, officer, key):
    for rank in range(7):
        known = (
            {"requested_grant": Decimal(rank // 2), "review_score": Decimal(rank // 2)} if rank > 2 else {}
        )
        filed(call, f"Projet {'éÉaBbcD'[rank]}", **{"requested_grant": None} | known)
    cases, order = Reach(officer).cases(), ORDERS[key]
    whole = [case.pk for case in order.sort(cases)]

    first = page_of(cases, order, per_page=3)
    second = page_of(cases, order, pivot=pivot_of(cases, order, first.after), per_page=3)
    third = page_of(cases, order, pivot=pivot_of(cases, order, second.after), per_page=3)
    back = page_of(cases, order, pivot=pivot_of(cases, order, third.before), backward=True, per_page=3)

    read = [[case.pk for case in page.rows] for page in (first, second, third)]
    assert (read, [case.pk for case in back.rows]) == ([whole[:3], whole[3:6], whole[6:]], whole[3:6])
    assert (first.before, third.after, back.before) == (None, None, whole[3])


def test_titles_come_as_in_a_dictionary(call, officer):
    for title in ("Zèle", "école", "Dossier", "Étude"):
        filed(call, title)

    assert titles(officer, "tri=titre") == ["Dossier", "école", "Étude", "Zèle"]


def test_the_page_leads_to_the_next_one_with_the_same_choices(client, call, officer):
    cases = [filed(call, f"Projet {rank}", state="eligible") for rank in range(3)]
    client.force_login(officer)

    page = client.get(LIST, {"etat": "eligible", "apres": cases[2].pk})

    assert [row["case"] for row in page.context["rows"]] == [cases[1], cases[0]]
    assert page.text.count(f"?etat=eligible&amp;avant={cases[1].pk}") == 1


# Columns


def test_the_columns_are_those_that_one_chose(client, call, officer):
    filed(call, "Montré")
    client.force_login(officer)

    page = client.get(LIST, {"col": ["nature", "cout"]})

    assert [column.label for column in page.context["columns"]] == ["Nature du porteur", "Coût total"]


def test_the_list_says_how_many_opinions_are_awaited(client, call, officer):
    filed(call, "Montré", opinions_asked=3, opinions_received=2)
    client.force_login(officer)

    assert client.get(LIST).text.count("3 demandés, 2 reçus") == 1


# Who sees what


def test_whoever_owes_a_review_reads_nothing_of_the_others(client, call, officer):
    case = reviewed_case(4, call=call)
    Case.objects.update(proposed_amount=Decimal(123_456))
    Review.objects.create(case=case, reviewer=officer)
    client.force_login(officer)

    page = client.get(LIST, {"col": ["note", "recommandation", "propose"]})

    [row] = page.context["rows"]
    assert [text for _, text in row["cells"]] == ["masquée"] * 3
    assert [titles(officer, query) for query in ("note_min=1", "note_max=5")] == [[], []]


def test_the_place_of_a_dossier_in_the_order_of_scores_says_nothing_of_a_hidden_one(call, officer):
    best = reviewed_case(5, call=call, title="Meilleur")
    reviewed_case(1, call=call, title="Moins bon")
    Review.objects.create(case=best, reviewer=officer)

    assert titles(officer, "tri=note") == ["Moins bon", "Meilleur"]


def test_a_score_is_shown_to_whoever_finished_theirs(client, call, officer):
    reviewed_case(4, call=call)
    client.force_login(officer)

    [row] = client.get(LIST, {"col": "note"}).context["rows"]

    assert row["cells"][0][1] == "4,00"


def test_an_officer_of_another_fund_lists_nothing_of_this_one(call):
    filed(call, "Caché")
    other = CallFactory(published=True)
    filed(other, "Le sien")

    assert titles(officer_of(other.fund), "") == ["Le sien"]


def test_an_auditor_reads_the_list_and_acts_on_nothing(client, call):
    filed(call, "Montré")
    client.force_login(auditor_of(call.fund))

    page = client.get(LIST)

    assert (len(page.context["rows"]), page.context["acts"]) == (1, [])
