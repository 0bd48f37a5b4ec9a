"""What each type of question takes, keeps and shows."""

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from calls.questionnaire.answering import AnswersForm, gaps
from calls.questionnaire.types import TYPES, fits, text_of, typed_of
from tests.calls.questionnaire.strategies import CHOICES, json_values
from tests.factories import OrganisationFactory

SIRET = "11000201100044"
SIMPLE = [name for name in TYPES if name not in ("rows", "files")]


def question(kind, **settings):
    made = {"key": "q", "type": kind, "label": "Question", **settings}
    if "choices" in TYPES[kind].settings:
        made |= {"choices": CHOICES}
    return made | ({"columns": [question("amount") | {"key": "c0"}]} if kind == "rows" else {})


def answer_to(asked, value):
    form = AnswersForm(value if isinstance(value, dict) else {"q": value}, questions=[asked])
    assert form.is_valid(), form.errors
    return form.answers["q"]


@pytest.mark.parametrize(
    ("kind", "typed", "kept", "shown"),
    [
        ("short_text", " Un titre ", "Un titre", "Un titre"),
        ("long_text", "Un\nparagraphe", "Un\nparagraphe", "Un\nparagraphe"),
        ("markdown", "**Fort**", "**Fort**", "**Fort**"),
        ("integer", "1 234", 1234, "1\u202f234"),
        ("decimal", "1 234,50", "1234.5", "1\u202f234,5"),
        ("amount", "1 234,5 €", "1234.5", "1\u202f234,50\u00a0€"),
        ("percentage", "12,5 %", "12.5", "12,5\u00a0%"),
        ("date", "2018-03-15", "2018-03-15", "15 mars 2018"),
        (
            "period",
            {"q-debut": "2018-02-01", "q-fin": "2018-05-09"},
            {"start": "2018-02-01", "end": "2018-05-09"},
            "du 1er février 2018 au 9 mai 2018",
        ),
        ("period", {"q-fin": "2018-05-09"}, {"start": None, "end": "2018-05-09"}, "du ? au 9 mai 2018"),
        ("choice", "a", "a", "A"),
        ("choices", {"q": ["a", "c"]}, ["a", "c"], "A, C"),
        ("boolean", "non", False, "Non"),
        ("declaration", "on", True, "Déclaré"),
        ("email", "agent@exemple.example", "agent@exemple.example", "agent@exemple.example"),
        ("phone", "01 42 75 80 00", "+33142758000", "+33 1 42 75 80 00"),
        ("url", "exemple.example/page", "https://exemple.example/page", "https://exemple.example/page"),
        ("siret", "110 002 011 00044", SIRET, "110 002 011 00044"),
        ("department", "2A", "2A", "Corse-du-Sud (2A)"),
    ],
)
def test_what_is_typed_is_kept_shown_and_typed_again(db, kind, typed, kept, shown):
    asked = question(kind)

    answer = answer_to(asked, typed)

    again = {f"q-{suffix}" if suffix else "q": value for suffix, value in typed_of(asked, answer).items()}
    assert (answer, text_of(asked, answer)) == (kept, shown)
    assert answer_to(asked, again) == kept


def test_a_body_of_the_directory_is_kept_by_its_address_and_read_by_its_name(db):
    body = OrganisationFactory(name="Agence des exemples", slug="agence-des-exemples")

    answer = answer_to(question("organisation"), body.slug)

    assert (answer, text_of(question("organisation"), answer)) == (
        "agence-des-exemples",
        "Agence des exemples",
    )


@pytest.mark.parametrize("siret", [SIRET, ""])
def test_a_siret_says_the_name_that_the_directory_knows(db, siret):
    OrganisationFactory(name="Agence des exemples", siren=SIRET[:9], siret=siret)

    assert text_of(question("siret"), SIRET).endswith(" (Agence des exemples)")


@pytest.mark.parametrize("kind", SIMPLE)
def test_a_draft_may_leave_any_question_empty(db, kind):
    answer = answer_to(question(kind), {})

    assert (answer or None, text_of(question(kind), answer)) == (None, "")


@pytest.mark.parametrize(
    ("asked", "typed", "told"),
    [
        (question("integer"), "1,5", "Écrivez un nombre entier, sans virgule."),
        (question("decimal"), "deux", "Écrivez un nombre en chiffres, par exemple 1 234,5."),
        (question("integer", minimum="2"), "1", "Écrivez au moins 2."),
        (question("percentage"), "120", "Écrivez au plus 100\u00a0%."),
        (question("amount"), "-1", "Le montant ne peut pas être négatif."),
        (question("amount", minimum="1000"), "500", "Écrivez au moins 1\u202f000\u00a0€."),
        (question("amount", maximum="1000.00"), "1000,01", "Écrivez au plus 1\u202f000\u00a0€."),
        (question("date"), "1789-07-14", "Écrivez une date comprise entre 2000 et 2100."),
        (
            question("siret"),
            "11000201100045",
            "Ce n’est pas un SIRET : 14 chiffres, dont le dernier vérifie les autres.",
        ),
    ],
)
def test_what_does_not_fit_is_refused_with_its_reason(asked, typed, told):
    form = AnswersForm({"q": typed}, questions=[asked])

    assert form.errors == {"q": [told]}


def test_a_text_over_its_limit_is_kept_in_a_draft_and_prevents_filing():
    asked = question("long_text", max_words=2)

    assert answer_to(asked, "un deux trois") == "un deux trois"
    assert [gap.text for gap in gaps([asked], {"q": "un deux trois"})] == [
        "« Question » : 3 mots : la limite est de 2. Rien n’est perdu, raccourcissez."
    ]


def test_a_text_pasted_from_a_word_processor_keeps_its_words_and_lines():
    pasted = "Co\xadhésion\x0bsociale\r\n« été »\x00\ufeff 👩‍🌾 \u200fשלום"

    assert answer_to(question("long_text"), pasted) == "Cohésion\nsociale\n« été » 👩‍🌾 \u200fשלום"


def test_a_period_that_ends_before_it_starts_is_refused_beside_its_end():
    form = AnswersForm({"q-debut": "2018-05-09", "q-fin": "2018-02-01"}, questions=[question("period")])

    assert form.errors == {"q-fin": ["La fin ne peut pas précéder le début."]}


@pytest.mark.parametrize("kind", SIMPLE)
@pytest.mark.parametrize(
    "typed", ["\x00", "9" * 500, "1e999", "٣", "\ud800", "<script>", "2018-02-30", "😀" * 99]
)
def test_whatever_is_typed_is_taken_or_refused(db, kind, typed):
    suffixes = TYPES[kind].fields(question(kind))
    form = AnswersForm({f"q-{name}" if name else "q": typed for name in suffixes}, questions=[question(kind)])

    assert form.is_valid() is not form.errors


@given(answer=json_values, kind=st.sampled_from(list(TYPES)))
@settings(deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
def test_an_answer_kept_under_another_type_is_not_read_and_stops_nothing(db, answer, kind):
    asked = question(kind)

    text, typed = text_of(asked, answer), typed_of(asked, answer)

    assert isinstance(text, str)
    assert fits(asked, answer) or (text, typed) == ("", typed_of(asked, None))
