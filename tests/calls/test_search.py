"""Searching in French: how a word is written does not matter, and nothing that is typed breaks."""

import pytest

from calls import search
from calls.models import Call
from tests.factories import CallFactory

pytestmark = pytest.mark.django_db


def found(typed):
    return Call.objects.filter(search=search.query(typed)).exists()


@pytest.mark.parametrize(
    ("written", "typed"),
    [
        ("Récépissé numérique", "recepisse numerique"),
        ("Recepisse", "récépissés"),
        ("Projets régionaux", "projet régional"),
        ("MINISTÈRE DE L’INTÉRIEUR", "ministère intérieur"),
        ("transformation de l’État", "Etat"),
        ("transformation de l’État", "l'état"),
        ("transformation de l'État", "l’État"),
        ("Chef-d’œuvre", "oeuvre"),
        ("Mise en oeuvre", "œuvre"),
        ("ŒUVRES SOCIALES", "œuvre sociale"),
        ("Préfecture d’Île-de-France", "ile de france"),
        ("Région Île de France", "Île-de-France"),
        ("Région Île-de-France", "« île-de-france »"),
        ("Sous-préfectures", "sous préfecture"),
        ("Aide rénovation", "aide à la rénovation"),
        ("Aide rénovation", "aide a la renovation"),
        ("Appel FTAP-2018-1", "FTAP-2018-1"),
        ("Guichet unique des aides", "guichet unique"),
        ("Guichet unique", "numérique OU guichet"),
    ],
)
def test_how_a_word_is_written_does_not_matter(written, typed):
    CallFactory(title=written)

    assert found(typed)


@pytest.mark.parametrize(
    ("written", "typed"),
    [
        ("Guichet unique", "guichet numérique"),
        ("Guichet unique", '"unique guichet"'),
        ("Guichet unique", "guichet -unique"),
        ("Guichet de l’Île-de-France", "guichet -île-de-france"),
    ],
)
def test_every_word_counts(written, typed):
    CallFactory(title=written)

    assert not found(typed)


def test_a_phrase_stands_between_french_quotes_too():
    for title in ("Guichet unique", "Unique guichet"):
        CallFactory(title=title)

    titles = Call.objects.filter(search=search.query("« guichet unique »")).values_list("title", flat=True)

    assert list(titles) == ["Guichet unique"]


@pytest.mark.parametrize(
    "typed",
    [
        "",
        "\0",
        "a\0b",
        "((&|!",
        '"',
        '""" -',
        "-",
        "--",
        "or or",
        ":*",
        "\\",
        "'",
        "x" * 100_000,
        "é-" * 5000,
        "٢٠١٨",
    ],
)
def test_nothing_that_is_typed_breaks_the_search(typed):
    CallFactory(title="Guichet unique")

    assert not found(typed)


def shown(text, typed, **options):
    CallFactory(description=text)
    return search.highlighted(
        Call.objects.annotate(part=search.headline("description", typed, **options)).get().part
    )


def test_the_words_found_are_highlighted_as_they_were_written():
    assert shown("L’État finance des Préfectures.", "etat prefecture") == (
        "L’<mark>État</mark> finance des <mark>Préfectures</mark>."
    )


def test_what_is_highlighted_is_escaped():
    assert shown('5 < 6 & « "budget" »', "budget") == "5 &lt; 6 &amp; « &quot;<mark>budget</mark>&quot; »"


def test_no_tag_of_a_text_comes_through():
    cut = shown("<script>alert(1)</script> budget", "budget")

    assert cut.split() == ["alert(1)", "<mark>budget</mark>"]


def test_a_long_text_is_cut_around_the_words_found():
    cut = shown(f"{'loin ' * 200} budget {'après ' * 200}", "budget")

    assert ("<mark>budget</mark>" in cut, len(cut.split()) < 60) == (True, True)


def test_a_title_is_highlighted_whole():
    whole = shown(f"{'loin ' * 200}budget", "budget", whole=True)

    assert len(whole.split()) == 201
