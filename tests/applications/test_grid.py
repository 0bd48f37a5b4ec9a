"""The financing plan and the savings as grids: typed, kept, refused beside the cell, never lost."""

from decimal import Decimal

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext

from applications import actions, completeness
from applications.grid.reading import tables
from applications.grid.rows import rows_of
from tests.applications.grids import page_of, posted, typed
from tests.factories import CallFactory, complete_draft, draft


@pytest.fixture
def application(db, client):
    application = draft(call=CallFactory(published=True, year=2026))
    client.force_login(application.created_by)
    return application


def kept(application, kind="financing_lines"):
    fields = ("row", "year", "source", "nature", "label", "amount", "payment")
    if kind == "savings_lines":
        fields = ("row", "year", "nature", "label", "amount", "recurring")
    return list(getattr(application, kind).values_list(*fields))


# What is kept


def test_a_row_of_the_grid_is_kept_as_one_line_per_year(client, application):
    row = {
        "source": "fund",
        "nature": "staff",
        "label": "Équipe",
        "2026": "1 234,5",
        "2027": "",
        "2028": "1,2 M€",
    }

    client.post(page_of(application), posted(row, years=[2026, 2027, 2028]))

    assert kept(application) == [
        (1, 2026, "fund", "staff", "Équipe", Decimal("1234.50"), None),
        (1, 2028, "fund", "staff", "Équipe", Decimal("1200000.00"), None),
    ]


def test_zero_is_an_amount_and_an_empty_cell_is_none(client, application):
    row = {"label": "Achats", "recurring": "on", "2026": "0", "2027": ""}

    client.post(page_of(application, "savings"), posted(row, years=[2026, 2027]))

    assert kept(application, "savings_lines") == [(1, 2026, "", "Achats", Decimal(0), True)]


def test_payments_are_kept_apart_only_where_one_says_so(client, application):
    row = {"source": "fund", "2026": "100", "2027": "50", "2026-cp": "30", "2028-cp": "120"}
    years = [2026, 2027, 2028]

    client.post(page_of(application), posted(row, years=years))
    together = [line[-2:] for line in kept(application)]
    client.post(page_of(application), posted(row, years=years, version=1, with_payments="on"))

    assert together == [(Decimal(100), None), (Decimal(50), None)]
    assert [line[-2:] for line in kept(application)] == [
        (Decimal(100), Decimal(30)),
        (Decimal(50), Decimal(0)),
        (Decimal(0), Decimal(120)),
    ]


def test_payments_that_do_not_add_up_to_the_commitments_are_advice(client, application):
    row = {"source": "fund", "2026": "600 000", "2026-cp": "500 000"}

    client.post(page_of(application), posted(row, years=[2026], with_payments="on"))

    state = next(
        each for each in completeness.sections(application) if each.definition["kind"] == "financing"
    )
    assert (state.gaps, list(map(str, state.advice))) == (
        [],
        [
            "les crédits de paiement de la ligne « subvention du fonds » font 500\u202f000\u00a0€, et ses"
            " autorisations d’engagement 600\u202f000\u00a0€ : ils devraient être égaux."
        ],
    )


# What is refused


@pytest.mark.parametrize(
    ("name", "text", "told"),
    [
        ("2026", "-1", "Le montant ne peut pas être négatif."),
        ("2026", "1e3", "Écrivez un montant en chiffres, par exemple 1 234 567,89."),
        ("2026", "1\x002", "Écrivez un montant en chiffres, par exemple 1 234 567,89."),
        ("2026", "9" * 500, "Ce montant est trop grand : 999 999 999 999,99 € au plus."),
        ("source", "ailleurs", "Choisissez d’où vient l’argent."),
        ("source", "", "Choisissez d’où vient l’argent."),
        ("nature", "autre", "Choisissez dans la liste."),
        (
            "label",
            "é" * 121,
            "Assurez-vous que cette valeur comporte au plus 120 caractères (actuellement 121).",
        ),
    ],
)
def test_a_bad_cell_is_told_beside_it_and_every_cell_is_given_back(client, application, name, text, told):
    row = {"source": "fund", "nature": "staff", "label": "Équipe", "2026": "1 000", "2027": "12 k€"} | {
        name: text
    }

    page = client.post(page_of(application), posted(row, years=[2026, 2027]))

    [given] = page.context["grid"].rows
    assert given.errors == {name: told}
    assert {**given.said, **{str(year): text for year, text in given.amounts.items()}} == row
    assert kept(application) == []


def test_a_row_without_an_amount_is_refused_rather_than_forgotten(client, application):
    page = client.post(page_of(application), posted({"source": "own", "label": "À chiffrer"}, years=[2026]))

    assert list(page.context["grid"].problems()) == [
        {
            "target": "rows-0",
            "label": "Ligne 1",
            "message": "Cette ligne n’a aucun montant : écrivez-en un, 0 au besoin, ou supprimez-la.",
        }
    ]


@pytest.mark.parametrize(
    "data", [{}, {"year": ["abc", "99999", "1999"], "rows-count": "9" * 30}, {"rows-count": "-1"}]
)
def test_a_forged_grid_is_an_empty_one(client, application, data):
    page = client.post(page_of(application), data | {"add_row": "rows"})

    assert (page.status_code, len(page.context["grid"].years)) == (200, 3)


# The buttons that save nothing


def test_a_year_is_added_after_the_last_one(client, application):
    page = client.post(
        page_of(application), posted({"source": "own", "2026": "5"}, years=[2026], add_year="1")
    )

    assert (page.context["grid"].years, typed(page)[0][1], kept(application)) == (
        [2026, 2027],
        {2026: "5"},
        [],
    )


def test_the_years_are_chosen_and_those_that_bear_an_amount_stay(client, application):
    chosen = {"first_year": "2030", "year_count": "2", "arrange": "1"}

    page = client.post(
        page_of(application), posted({"source": "own", "2026": "5"}, years=[2026, 2027], **chosen)
    )

    assert page.context["grid"].years == [2026, 2030, 2031]
    assert page.context["grid"].notes == [
        "Restent affichées, car elles portent un montant : 2026. Effacez ces montants pour retirer ces années."
    ]


@pytest.mark.parametrize(
    ("first", "count"), [("26", "3"), ("2026", "16"), ("2026", "0"), ("²", "1"), ("2100", "2")]
)
def test_years_that_no_plan_has_are_refused_and_change_nothing(client, application, first, count):
    chosen = {"first_year": first, "year_count": count, "arrange": "1"}

    page = client.post(page_of(application), posted({"source": "own", "2026": "5"}, years=[2026], **chosen))

    assert (len(page.context["grid"].errors), page.context["grid"].years) == (1, [2026])


# Pasted


def test_a_pasted_table_with_headings_is_shown_to_be_read_again(client, application):
    text = "Source\tNature\tPrécision\t2027\t2028\tTotal\nPartenaire\tpersonnel\tRégion\t1 000,5\t-\t1000\nTotal\t\t\t9"

    page = client.post(
        page_of(application), posted({"source": "own", "2026": "5"}, years=[2026], pasted=text, paste="1")
    )

    assert typed(page) == [({"source": "partner", "nature": "staff", "label": "Région"}, {2027: "1 000,5"})]
    assert (page.context["told"]["changes"], kept(application)) == (
        ["1 montant ajouté.", "Total enregistré : 0\u00a0€ ; total du tableau : 1\u202f000,50\u00a0€."],
        [],
    )


def test_saving_with_a_text_still_to_be_pasted_does_not_lose_it(client, application):
    page = client.post(page_of(application), posted(years=[2026], pasted="Partenaire\t\tRégion\t1000"))

    assert (typed(page)[0][1], kept(application)) == ({2026: "1000"}, [])


@pytest.mark.parametrize(
    ("text", "told"),
    [
        (
            "fonds\t\tA\t1\t2\t3",
            "6 colonnes collées, et le tableau en a 4 (Source, Nature, Précision, puis 2026 à 2026).",
        ),
        (
            "Source\t" + "\t".join(map(str, range(2026, 2042))) + "\nfonds\t1",
            "16 années collées : un tableau en a 15 au plus.",
        ),
        ("Source\t2026\t2026\nfonds\t1\t2", "La colonne « 2026 » est deux fois dans le tableau."),
        ("partenaire\t\tA\t1\n" * 101, "101 lignes collées : un tableau en a 100 au plus."),
        ("\t\t\n", "Aucune ligne de montants n’a été trouvée."),
    ],
)
def test_a_pasted_table_that_does_not_fit_is_refused_with_nothing_lost(client, application, text, told):
    page = client.post(
        page_of(application),
        posted({"source": "own", "2026": "5"}, years=[2026], pasted=text + "x", paste="1"),
    )

    assert page.context["told"]["refusal"].startswith(told)
    assert (page.context["pasted"], typed(page)[0][1]) == (text + "x", {2026: "5"})


def test_a_pasted_cell_that_is_no_amount_is_named_and_the_rest_is_taken(client, application):
    text = "Source\t2026\nailleurs\tbeaucoup\npartenaire\t7"

    page = client.post(page_of(application), posted(years=[2026], pasted=text, paste="1"))

    assert [problem[:17] for problem in page.context["told"]["found"].problems] == ["A2 : « ailleurs »"]
    assert page.context["told"]["cells"] == [
        "A2 : Choisissez d’où vient l’argent.",
        "B2 : Écrivez un montant en chiffres, par exemple 1 234 567,89.",
    ]
    assert [amounts for _, amounts in typed(page)] == [{2026: "beaucoup"}, {2026: "7"}]


# Lines of before the grid, and two people


def test_lines_without_a_row_number_are_grouped_by_what_they_say():
    line = {"source": "fund", "label": "", "amount": "1.00"}
    lines = [line | {"year": year} for year in (2026, 2026, 2027)] + [line | {"year": 2026, "source": "own"}]

    assert [(row.said["source"], sorted(row.amounts)) for row in rows_of("financing", lines)] == [
        ("fund", [2026, 2027]),
        ("fund", [2026]),
        ("own", [2026]),
    ]


def test_a_long_plan_is_printed_in_bands_of_years():
    lines = [
        {"row": 1, "year": 2026 + year, "source": "fund", "label": "", "amount": "2.00", "payment": "2.00"}
        for year in range(7)
    ]

    bands = tables("financing", lines, band=5)

    assert [band["caption"] for band in bands] == [
        "Plan de financement, en euros, 2026–2030",
        "Plan de financement, en euros, 2031–2032",
    ]
    assert bands[1]["foot"] == [("Total AE", 4, ["2", "2", "14"]), ("Total CP", 4, ["2", "2", "14"])]


def test_after_a_conflict_both_sets_of_rows_may_be_brought_together(client, application):
    theirs = [{"row": 1, "year": 2027, "source": "partner", "label": "Eux", "amount": Decimal(7)}]
    mine = {"source": "own", "label": "Moi", "2026": "5"}
    actions.set_table(application, "financing", theirs, version=0, by=application.created_by)

    conflict = client.post(page_of(application), posted(mine, years=[2026]))
    both = client.post(page_of(application), posted(mine, years=[2026], version=1, keep="both"))

    assert conflict.context["theirs"]["rows"][0][2] == ("Eux", False)
    assert [(row["label"], amounts) for row, amounts in typed(both)] == [
        ("Moi", {2026: "5"}),
        ("Eux", {2027: "7"}),
    ]


# What it costs, and what is told beside it


def test_a_plan_of_eighty_lines_opens_in_a_constant_number_of_queries(client, application):
    for rows in (1, 16):
        lines = [
            {"row": row, "year": 2026 + year, "source": "own", "label": f"Poste {row}", "amount": Decimal(5)}
            for row in range(rows)
            for year in range(5)
        ]
        actions.set_table(application, "financing", lines, by=application.created_by)

        with CaptureQueriesContext(connection) as queries:
            client.get(page_of(application))

        assert len(queries) == 13


def test_the_figures_follow_what_is_typed_before_it_is_saved(client, db):
    application = complete_draft()
    client.force_login(application.created_by)
    row = {"source": "own", "2019": "1 000"}

    page = client.post(page_of(application) + "calculs/", posted(row, years=[2019]))

    assert page.context["figures"]["announced"] == "Coût total : 1\u202f000\u00a0€."
    assert list(map(str, page.context["figures"]["gaps"])) == [
        "aucune ligne ne demande de subvention au fonds."
    ]
    assert application.financing_lines.count() == 2
