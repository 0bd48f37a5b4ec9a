"""Each thing that is missing leads to the very field where it is mended."""

import pytest
from django.urls import reverse

from applications import completeness, progress
from applications.models import FinancingLine
from calls.questionnaire.types import TYPES
from tests.applications.test_questions import COLUMNS, answering, form_of, question
from tests.factories import CallFactory, checked_form, complete_draft, draft
from tests.test_look import Tags

pytestmark = pytest.mark.django_db


def ids_of(page):
    return {attributes["id"] for _, attributes in Tags(page).found if "id" in attributes}


def required(kind):
    columns = [column | {"required": True} for column in COLUMNS]
    return question(kind) | {"required": True} | ({"columns": columns} if kind == "rows" else {})


def test_every_type_of_question_has_a_field_to_be_led_to(client):
    form = form_of(*map(required, TYPES))
    application = draft(call=CallFactory(published=True, form=form))
    answering(application, rows=[{"achat": "Un écran"}])
    client.force_login(application.created_by)

    [state] = completeness.sections(application)
    page = client.get(reverse("applications:section", args=[application.key, state.key])).content.decode()

    assert len(state.gaps) == len(TYPES)
    assert {gap.anchor for gap in state.gaps} - ids_of(page) == set()
    assert [gap.anchor for gap in state.gaps if "ligne 1" in gap.text] == ["id_rows-0-prix"]


def test_a_table_and_the_files_are_led_to_as_a_whole(client):
    application = draft()
    client.force_login(application.created_by)

    for state in completeness.sections(application):
        page = client.get(reverse("applications:section", args=[application.key, state.key])).content.decode()
        assert {gap.anchor for gap in state.gaps} - ids_of(page) == set()


def test_a_check_that_does_not_hold_leads_to_what_it_is_about():
    application = complete_draft(call=CallFactory(published=True, form=checked_form()))

    FinancingLine.objects.create(application=application, year=2019, source="fund", amount=5_000_000)

    [part] = [each for each in progress.to_do(application, completeness.sections(application)) if each.gaps]
    assert (part.state.key, [place.url for place in part.gaps]) == (
        "financement",
        [f"/dossiers/{application.key}/sections/financement/#saisie"],
    )


def test_the_name_of_an_anonymous_project_is_mended_on_its_own_page():
    call = CallFactory(published=True, anonymous=True, form=form_of(question("long_text")))
    application = draft(call=call)
    application.title = f"Un projet de {application.organisation.name}"
    application.save()

    [part] = progress.to_do(application, completeness.sections(application))

    assert [place.url for place in part.gaps] == [f"/dossiers/{application.key}/identite/#id_title"]
