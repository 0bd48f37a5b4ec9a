"""What the forms of a dossier understand, and what they answer to what they do not."""

import pytest

from applications.forms import ApplicationForm
from tests.factories import CallFactory, OrganisationFactory, ThemeFactory, contributor_of

pytestmark = pytest.mark.django_db  # a bound model form asks whether its row is unique


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
