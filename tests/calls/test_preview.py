"""The form that the secretariat tries as an applicant would meet it."""

import pytest
from django.urls import reverse

from calls.models import FormDraft
from tests.calls.questionnaire.forms import every_type
from tests.factories import CallFactory, auditor_of, officer_of

GROUPED = {"key": "groupe", "type": "boolean", "label": "Dossier groupé ?", "required": True}
LEADER = {
    "key": "meneur",
    "type": "short_text",
    "label": "Qui le mène ?",
    "required": True,
    "condition": {"match": "all", "tests": [{"question": "groupe", "operator": "is", "value": True}]},
}
FORM = {
    "sections": [
        {"key": "projet", "title": "Projet", "kind": "text", "required": True, "questions": [GROUPED]},
        {"key": "suite", "title": "Suite", "kind": "text", "required": True, "questions": [LEADER]},
        {"key": "argent", "title": "Plan de financement", "kind": "financing", "required": True},
    ],
    "checks": [
        {
            "key": "moitie",
            "left": "@grant",
            "operator": "at_most",
            "share": "0.5",
            "right": "@total_cost",
            "message": "La subvention dépasse la moitié du coût.",
        }
    ],
}


@pytest.fixture
def call(db):
    return CallFactory(form=FORM)


@pytest.fixture
def officer(call, client):
    user = officer_of(call.fund)
    client.force_login(user)
    return user


def preview_of(call, section="projet"):
    return f"{reverse('calls:preview', args=[call.slug])}?section={section}"


def test_an_answer_is_carried_to_the_questions_that_depend_on_it(call, officer, client):
    before = client.get(preview_of(call, "suite")).context["form"].known
    client.post(preview_of(call), {"groupe": "oui"})
    asked = client.post(preview_of(call, "suite"), {"meneur": ""})
    client.post(preview_of(call), {"groupe": "non"})
    hidden = client.post(preview_of(call, "suite"), {"meneur": ""})

    assert before == "{}"
    assert (asked.context["gaps"], hidden.context["gaps"]) == (["« Qui le mène ? » est à remplir."], [])


def test_going_on_to_another_section_keeps_what_was_typed(call, officer, client):
    onward = client.post(preview_of(call), {"groupe": "oui", "@section": "suite"})
    back = client.post(preview_of(call, "suite"), {"meneur": "La direction", "@section": "projet"})

    assert (onward.url, back.url) == (preview_of(call, "suite"), preview_of(call))
    assert client.session[f"preview-{call.pk}"] == {"groupe": True, "meneur": "La direction"}


def test_an_impossible_answer_does_not_go_on(call, officer, client):
    response = client.post(preview_of(call), {"groupe": "peut-être", "@section": "suite"})

    assert list(response.context["form"].errors) == ["groupe"]


def test_what_is_tried_is_kept_in_no_form(call, officer, client):
    client.post(preview_of(call), {"groupe": "oui"})

    assert FormDraft.objects.get().definition == FORM
    assert client.session[f"preview-{call.pk}"] == {"groupe": True}


def test_one_may_begin_again(call, officer, client):
    client.post(preview_of(call), {"groupe": "oui"})
    client.post(preview_of(call), {"forget": "1"})

    assert f"preview-{call.pk}" not in client.session


def test_a_rule_is_tried_on_the_totals_that_the_lines_would_make(call, officer, client):
    typed = {"grant": "600 000", "total_cost": "1 000 000"}

    failing = client.post(preview_of(call, "argent"), typed)
    holding = client.post(preview_of(call, "argent"), typed | {"grant": "500000"})
    unknown = client.post(preview_of(call, "argent"), {"grant": "600000"})

    [(words, message, blocking)] = failing.context["broken"]
    assert (message, blocking) == ("La subvention dépasse la moitié du coût.", True)
    assert words == "La subvention demandée vaut au plus 50\u00a0% du coût total."
    assert (holding.context["broken"], unknown.context["broken"]) == ([], [])


def test_an_impossible_answer_is_refused_and_not_carried(call, officer, client):
    response = client.post(preview_of(call), {"groupe": "peut-être"})

    assert list(response.context["form"].errors) == ["groupe"]
    assert f"preview-{call.pk}" not in client.session


def test_every_section_of_every_kind_is_shown(db, client):
    call = CallFactory(form=every_type())
    client.force_login(auditor_of(call.fund))
    keys = [section["key"] for section in every_type()["sections"]]

    answered = {key: client.get(preview_of(call, key)).status_code for key in keys}
    checked = {key: client.post(preview_of(call, key), {"x": "1"}).status_code for key in keys}

    assert (answered, checked) == (dict.fromkeys(keys, 200), dict.fromkeys(keys, 200))
    assert client.get(preview_of(call, "inconnue")).status_code == 404


def test_a_form_without_a_section_says_what_to_do(db, client):
    call = CallFactory()
    FormDraft.objects.update(definition={"sections": [], "checks": []})
    client.force_login(officer_of(call.fund))

    builder = reverse("calls:form_builder", args=[call.slug])
    pages = [
        client.get(reverse(name, args=[call.slug])).content.decode()
        for name in ("calls:preview", "calls:form_report")
    ]

    assert [f'href="{builder}"' in page for page in pages] == [True, True]


def test_a_published_form_is_tried_as_its_correction_would_make_it(db, client):
    call = CallFactory(published=True)
    client.force_login(officer_of(call.fund))
    published = client.get(reverse("calls:preview", args=[call.slug])).context["section"]["key"]
    FormDraft.objects.create(call=call, definition={"sections": FORM["sections"][1:], "checks": []})

    corrected = client.get(reverse("calls:preview", args=[call.slug])).context["section"]["key"]

    assert (published, corrected) == ("projet", "suite")
