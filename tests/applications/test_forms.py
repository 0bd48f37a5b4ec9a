"""What the forms of a dossier understand, and what they answer to what they do not."""

from decimal import Decimal

import pytest

from applications.forms import ApplicationForm
from applications.tables import TABLES
from tests.factories import CallFactory, OrganisationFactory, ThemeFactory, contributor_of

pytestmark = pytest.mark.django_db  # a bound model form asks whether its row is unique


def lines(kind, *rows):
    data = {"rows-TOTAL_FORMS": len(rows), "rows-INITIAL_FORMS": 0}
    for number, row in enumerate(rows):
        data |= {f"rows-{number}-{name}": value for name, value in row.items()}
    return TABLES[kind].formset(data, prefix="rows")


def test_financing_lines_are_read_as_people_type_them():
    formset = lines("financing", {"year": "2018", "source": "fund", "amount": "1 234 567,89"})

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
    formset = lines("financing", {"year": "2018", "source": "fund", "amount": "1"} | {field: value})

    assert [list(errors) for errors in formset.errors] == [[field]]


def test_savings_may_be_zero():
    formset = lines("savings", {"year": "2021", "amount": "0", "recurring": "on"})

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
