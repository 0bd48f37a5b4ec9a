"""What the forms of a dossier understand, and what they answer to what they do not."""

from decimal import Decimal

import pytest

from applications.forms import ApplicationForm, FinancingFormSet, SavingsFormSet, SectionForm
from tests.factories import CallFactory, OrganisationFactory, ThemeFactory, contributor_of

pytestmark = pytest.mark.django_db  # a bound model form asks whether its row is unique

SECTION = {
    "questions": [
        {"key": "resume", "label": "Résumé", "max_words": 3, "required": True},
        {"key": "suite", "label": "Suite", "help": "Plus tard.", "required": False},
    ]
}


def lines(formset_class, *rows):
    data = {"rows-TOTAL_FORMS": len(rows), "rows-INITIAL_FORMS": 0}
    for number, row in enumerate(rows):
        data |= {f"rows-{number}-{name}": value for name, value in row.items()}
    return formset_class(data, prefix="rows")


def test_a_draft_may_leave_a_required_answer_empty():
    form = SectionForm({"version": "0"}, section=SECTION)

    assert form.is_valid()
    assert form.answers() == {"resume": "", "suite": ""}


def test_an_answer_keeps_to_its_number_of_words():
    form = SectionForm({"version": "0", "resume": "un deux trois quatre"}, section=SECTION)

    assert form.errors == {
        "resume": ["4 mots : la limite est de 3. Rien n’est perdu, raccourcissez votre texte."]
    }
    assert form["resume"].value() == "un deux trois quatre"


@pytest.mark.parametrize("text", ["<script>alert(1)</script>", "« l’été »\n\n- un", "𝔘𝔫𝔦𝔠𝔬𝔡𝔢"])
def test_an_answer_is_kept_as_it_was_typed(text):
    form = SectionForm({"version": "0", "suite": text}, section=SECTION)

    assert form.is_valid()
    assert form.answers()["suite"] == text


@pytest.mark.parametrize("version", ["", "-1", "deux"])
def test_a_forged_version_is_refused(version):
    form = SectionForm({"version": version}, section=SECTION)

    assert list(form.errors) == ["version"]


def test_a_question_says_what_is_expected_of_its_answer():
    form = SectionForm(section=SECTION)

    assert (form.fields["resume"].help_text, form.fields["suite"].help_text) == (
        "3 mots au plus.",
        "Facultatif. Plus tard.",
    )


def test_a_nul_character_is_refused_beside_its_field():
    form = SectionForm({"version": "0", "suite": "a\0b"}, section=SECTION)

    assert list(form.errors) == ["suite"]


def test_financing_lines_are_read_as_people_type_them():
    formset = lines(FinancingFormSet, {"year": "2018", "source": "fund", "amount": "1 234 567,89"})

    assert formset.is_valid()
    assert formset.rows() == [{"year": 2018, "source": "fund", "label": "", "amount": Decimal("1234567.89")}]


@pytest.mark.parametrize(
    ("field", "value"),
    [
        ("year", "1999"),
        ("year", "2101"),
        ("year", "bientôt"),
        ("year", "99999999999999999999"),
        ("year", ""),
        ("source", "ailleurs"),
        ("amount", "-1"),
        ("amount", "beaucoup"),
        ("amount", ""),
        ("label", "a" * 121),
    ],
)
def test_a_bad_value_of_a_line_is_told_beside_its_field(field, value):
    formset = lines(FinancingFormSet, {"year": "2018", "source": "fund", "amount": "1"} | {field: value})

    assert [list(errors) for errors in formset.errors] == [[field]]


def test_savings_may_be_zero():
    formset = lines(SavingsFormSet, {"year": "2021", "amount": "0", "recurring": "on"})

    assert formset.is_valid()
    assert formset.rows() == [{"year": 2021, "label": "", "amount": Decimal(0), "recurring": True}]


def test_one_applies_for_ones_own_bodies_and_on_the_themes_of_the_call():
    call, organisation, theme = CallFactory(published=True), OrganisationFactory(), ThemeFactory()
    call.themes.add(theme)
    agent = contributor_of(organisation)

    form = ApplicationForm(
        {"organisation": OrganisationFactory().pk, "title": "Projet", "themes": [ThemeFactory().pk]},
        call=call,
        user=agent,
    )

    assert sorted(form.errors) == ["organisation", "themes"]
    assert (list(form.fields["organisation"].queryset), list(form.fields["themes"].queryset)) == (
        [organisation],
        [theme],
    )
