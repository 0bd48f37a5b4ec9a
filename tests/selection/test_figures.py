"""Laureates in figures: totals that never pretend, and charts that start at zero."""

from decimal import Decimal

import pytest

from selection.charts import Chart
from selection.figures import sections
from selection.models import Laureate
from tests import factories
from tests.factories import laureate


@pytest.fixture
def call(db):
    return factories.CallFactory(published=True)


def whole():
    return sections(Laureate.objects.public())[0]


def section(key):
    return next(each for each in sections(Laureate.objects.public())[1] if each.key == key)


def test_a_lower_bound_makes_the_total_a_minimum_and_the_unknown_is_counted_apart(call):
    laureate(call=call, slug="a", amount=Decimal(1_000_000))
    laureate(call=call, slug="b", amount=Decimal(5_000_000), amount_qualifier="more_than")
    laureate(call=call, slug="c")

    found = whole()

    assert (found.total_text, found.unknown_text) == ("au moins 6\u00a0M€", "dont 1 montant non communiqué")


def test_without_any_known_amount_the_total_is_unknown_and_not_zero(call):
    laureate(call=call, slug="a")

    assert whole().total_text == "non communiqué"


@pytest.mark.parametrize(("qualifier", "text"), [("approx", "environ 2\u00a0M€"), ("press", "2\u00a0M€")])
def test_a_total_keeps_what_is_about(call, qualifier, text):
    laureate(call=call, slug="a", amount=Decimal(2_000_000), amount_qualifier=qualifier)

    assert whole().total_text == text


def test_a_total_partly_about_and_partly_a_minimum_says_both(call):
    laureate(call=call, slug="a", amount=Decimal(1_000_000), amount_qualifier="approx")
    laureate(call=call, slug="b", amount=Decimal(5_000_000), amount_qualifier="more_than")

    assert whole().total_text == "au moins environ 6\u00a0M€"


def test_what_only_the_press_says_is_told(call):
    laureate(call=call, slug="a", amount=Decimal(2_000_000), amount_qualifier="press")

    assert section("fonds").table.rows[0][3] == "2\u00a0M€ (dont 1 montant d’après la presse)"


def test_what_is_granted_is_a_minimum_when_an_amount_is_unknown(call):
    laureate(call=call, slug="a", amount=Decimal(2_000_000))
    laureate(call=call, slug="b")

    assert whole().granted_text == "au moins 2\u00a0M€"


def test_what_is_invented_adds_to_nothing_and_is_told_apart(client, call):
    laureate(call=call, slug="a", amount=Decimal(2_000_000))
    laureate(call=call, slug="b", amount=Decimal(7_000_000), fictitious=True)

    found = whole()

    assert (found.projects, found.total, found.fictitious_projects) == (1, 2_000_000, 1)
    assert [row[1] for row in section("fonds").table.rows] == ["1"]
    assert "n’entre dans aucun de ces chiffres" in client.get("/laureats/chiffres/").content.decode()


def test_a_project_to_confirm_is_told_apart(call):
    laureate(call=call, slug="a", facts={"status": "à confirmer"})
    laureate(call=call, slug="b")

    assert (whole().projects, whole().to_confirm) == (2, 1)


def test_each_section_adds_up_to_the_whole(call):
    for number in range(5):
        laureate(
            call=call, slug=f"l{number}", year=2018 + number % 2, ministry="AB"[number % 2], amount=number
        )

    counts = {
        key: sum(value for _, value, _, _ in section(key).charts[0].rows)
        for key in ("fonds", "annee", "ministere")
    }

    assert counts == {"fonds": 5, "annee": 5, "ministere": 5}


def test_a_project_of_two_themes_counts_in_each(call):
    found = laureate(call=call, slug="a")
    found.themes.add(factories.ThemeFactory(label="Un"), factories.ThemeFactory(label="Deux"))

    assert [(label, value) for label, value, _, _ in section("theme").charts[0].rows] == [
        ("Deux", 1),
        ("Un", 1),
    ]


def test_the_table_gives_every_row_when_the_chart_shows_the_first_ones(call):
    for number in range(17):
        laureate(call=call, slug=f"l{number}", ministry=f"Ministère {number:02}")

    found = section("ministere")

    assert (len(found.charts[0].rows), len(found.table.rows)) == (15, 17)
    assert found.table.note.startswith("Le graphique montre les 15 premières lignes")


def test_every_chart_of_the_page_is_drawn_with_its_title_its_description_and_its_table(client, call):
    laureate(call=call, slug="a", amount=7)

    page = client.get("/laureats/chiffres/").content.decode()

    drawn = page.count('class="portal-chart__drawing"')
    assert (drawn, page.count("<desc "), page.count("<caption ")) == (6, 6, 3)


# Geometry


def test_bars_start_at_zero_and_keep_their_proportions():
    chart = Chart(
        "Titre", [("a", 100, "100", False), ("b", 50, "50", False), ("c", None, "non communiqué", False)]
    )

    assert [bar.width for bar in chart.bars] == ["58.00%", "29.00%", "0.00%"]


def test_a_long_label_takes_two_lines_at_most():
    label = (
        "Ministère de l’Enseignement supérieur, de la Recherche, de l’Innovation et de bien d’autres choses"
    )

    [bar] = Chart("Titre", [(label, 1, "1", False)]).bars

    assert ([len(line) <= 38 for line, _ in bar.lines], bar.lines[-1][0][-1]) == ([True, True], "…")


def test_a_chart_of_nothing_has_no_bar():
    assert (Chart("Titre", []).bars, Chart("Titre", []).height) == ([], 4)


def test_the_description_says_every_value():
    chart = Chart("Titre", [("a", 1, "1 M€", False), ("b", None, "non communiqué", False)])

    assert chart.description == "a : 1 M€ ; b : non communiqué"


@pytest.mark.parametrize(("text", "width"), [("12", "58.00%"), ("au moins environ 220 M€", "38.20%")])
def test_the_longest_bar_leaves_room_for_its_value(text, width):
    chart = Chart("Subventions", [("FTAP", 220, text, False)])

    assert [bar.width for bar in chart.bars] == [width]
