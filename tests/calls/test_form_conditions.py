"""Conditions and checks typed in the form builder, without a formula to write."""

import pytest
from django.contrib.messages import get_messages
from django.urls import reverse

from calls.models import FormDraft
from calls.questionnaire import editing
from tests.factories import CallFactory, checked_form, officer_of

pytestmark = pytest.mark.django_db


@pytest.fixture
def call():
    return CallFactory(form=checked_form())


@pytest.fixture
def officer(client, call):
    officer = officer_of(call.fund)
    client.force_login(officer)
    return officer


def address(name, call, *args):
    return reverse(f"calls:{name}", args=[call.slug, *args])


def form_of(call):
    return FormDraft.objects.get(call=call).definition


def question_of(call, key):
    return editing.find(form_of(call), "questions", key)


def said(response):
    return [str(message) for message in get_messages(response.wsgi_request)]


def rows(prefix, *rows):
    data = {f"{prefix}-TOTAL_FORMS": len(rows), f"{prefix}-INITIAL_FORMS": 0}
    for number, row in enumerate(rows):
        data |= {f"{prefix}-{number}-{name}": value for name, value in row.items()}
    return data


def with_yes_or_no(call):
    """A question to answer by yes or no, first in the form."""
    definition, _ = editing.question_added(form_of(call), "projet", {"label": "Groupé", "type": "boolean"})
    definition = editing.placed(definition, "questions", "groupe", section_key="projet", before="resume")
    FormDraft.objects.update(definition=definition)


def test_a_condition_is_chosen_in_two_steps(client, call, officer):
    with_yes_or_no(call)
    here = address("form_condition", call, "questions", "usagers")
    first = rows("rows", {"question": "groupe"}) | {"match": "all", "version": "0"}

    page = client.post(here, first | {"refine": "1"})
    second = first | {"rows-0-operator": "is", "rows-0-value": "oui"}
    client.post(here, second)

    [row] = page.context["editor"].formset.forms
    assert [label for _, label in row.fields["value"].choices] == ["Choisir", "Oui", "Non"]
    assert question_of(call, "usagers")["condition"] == {
        "match": "all",
        "tests": [{"question": "groupe", "operator": "is", "value": True}],
    }


def test_the_answer_to_compare_with_is_not_called_optional(client, call, officer):
    with_yes_or_no(call)
    here = address("form_condition", call, "questions", "usagers")

    page = client.post(here, rows("rows", {"question": "groupe"}) | {"match": "all", "refine": "1"})

    assert "facultatif" not in page.content.decode()


@pytest.mark.parametrize(
    "row",
    [
        {"question": "groupe"},
        {"question": "groupe", "operator": "is"},
        {"question": "groupe", "operator": "at_least", "value": "oui"},
        {"question": "groupe", "operator": "is", "value": "peut-être"},
        {"question": "agents", "operator": "answered"},
        {"question": "\x00", "operator": "answered"},
    ],
    ids=["no operator", "no value", "unfit operator", "unknown value", "later question", "no question"],
)
def test_a_condition_that_does_not_hold_is_refused(client, call, officer, row):
    with_yes_or_no(call)
    data = rows("rows", row) | {"match": "all", "version": "0"}

    page = client.post(address("form_condition", call, "questions", "usagers"), data)

    assert (page.status_code, len(page.context["editor"].formset.errors[0])) == (200, 1)
    assert "condition" not in question_of(call, "usagers")


def test_without_any_row_a_question_is_always_asked(client, call, officer):
    condition = {"match": "all", "tests": [{"question": "resume", "operator": "answered"}]}
    FormDraft.objects.update(
        definition=editing.changed(form_of(call), "questions", "usagers", condition=condition)
    )

    client.post(
        address("form_condition", call, "questions", "usagers"),
        rows("rows") | {"match": "all", "version": "0"},
    )

    assert "condition" not in question_of(call, "usagers")


CHECK = {"version": "0", "left": "@grant", "operator": "at_most", "message": "Trop.", "blocking": "non"}


def test_a_check_is_a_share_of_another_quantity(client, call, officer):
    response = client.post(address("form_check_add", call), CHECK | {"share": "62,5", "right": "@total_cost"})

    assert form_of(call)["checks"][-1] == {
        "key": "trop",
        "left": "@grant",
        "operator": "at_most",
        "share": "0.625",
        "right": "@total_cost",
        "message": "Trop.",
        "blocking": False,
    }
    assert said(response) == [
        "Le contrôle est ajouté. La subvention demandée vaut au plus 62,5\u00a0% du coût total."
    ]


@pytest.mark.parametrize(
    "typed",
    [
        {},
        {"right": "@total_cost", "amount": "3"},
        {"share": "50", "amount": "3"},
        {"share": "0", "right": "@total_cost"},
        {"share": "9" * 30, "right": "@total_cost"},
        {"right": "@components"},
    ],
    ids=["no side", "two sides", "a share of nothing", "nothing of it", "endless", "no such table"],
)
def test_a_check_that_compares_nothing_is_refused(client, call, officer, typed):
    page = client.post(address("form_check_add", call), CHECK | typed)

    assert (page.status_code, len(page.context["form"].errors)) == (200, 1)
    assert form_of(call) == checked_form()
