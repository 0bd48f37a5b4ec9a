"""The form builder's pages: what is shown, what is typed, what is refused beside its field."""

import pytest
from django.contrib.messages import get_messages
from django.urls import reverse

from calls.forms.form_builder import _options
from calls.models import FormDraft
from calls.questionnaire import editing
from calls.questionnaire.definition import default_definition, empty_definition
from tests.factories import CallFactory, checked_form, head_of, officer_of

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


def words(**more):
    return {"version": "0", "label": "Question ?", "confidentiality": "administration"} | more


# The whole form


def test_the_page_tells_the_form_in_words(client, call, officer):
    definition = form_of(call)
    condition = {"match": "all", "tests": [{"question": "resume", "operator": "answered"}]}
    definition = editing.changed(
        definition, "questions", "usagers", condition=condition, criterion="critere-1"
    )
    FormDraft.objects.update(definition=definition)

    page = client.get(address("form_builder", call))

    question = page.context["sections"][1]["questions"][0]
    assert question["facts"] == [
        "Texte long, en paragraphes",
        "obligatoire",
        "600 mots au plus",
        "éclaire « Critère 1 »",
    ]
    assert question["condition"] == "posée si « Résumé du projet » a une réponse"
    assert (
        page.context["checks"][0]["sentence"]
        == "La subvention demandée vaut au plus 50\u00a0% du coût total."
    )
    assert page.context["problems"] == []


def test_a_condition_left_before_its_question_is_told_with_a_link(client, call, officer):
    condition = {"match": "all", "tests": [{"question": "resume", "operator": "answered"}]}
    FormDraft.objects.update(
        definition=editing.changed(form_of(call), "questions", "description", condition=condition)
    )

    page = client.post(
        address("form_move", call), {"version": "0", "up": "questions:description"}, follow=True
    )

    [(text, anchor)] = page.context["problems"]
    assert anchor == "#question-description"
    assert text.startswith("« Description détaillée » dépend de « Résumé du projet », qui vient après")
    assert said(page) == [
        "La question « Description détaillée » est maintenant en place 1 sur 3 de la section « Le projet »."
    ]


def test_an_empty_form_offers_models_and_a_first_section(client, officer, call):
    FormDraft.objects.update(definition=empty_definition())

    page = client.get(address("form_builder", call))
    client.post(address("form_template", call), {"version": "0", "template": "transformation"})

    assert list(page.context["templates"]) == ["transformation"]
    assert form_of(call)["sections"] == default_definition()["sections"]


@pytest.mark.parametrize("count", [1, 3])
def test_the_page_costs_as_many_queries_whatever_the_form_holds(
    client, call, officer, count, django_assert_num_queries
):
    definition = form_of(call)
    for _ in range(count * 10):
        definition, _ = editing.copied(definition, "questions", "resume")
    FormDraft.objects.update(definition=definition)

    with django_assert_num_queries(7):
        client.get(address("form_builder", call))


def test_a_form_submitted_for_publication_is_read_but_not_changed(client, call, officer):
    call.state, call.submitted_by, call.submitted_at = "submitted", officer, call.opens_at
    call.save()

    page = client.get(address("form_builder", call))
    refused = client.get(address("form_question", call, "resume"))

    assert (page.context["editable"], refused.status_code) == (False, 409)


# Moving


@pytest.mark.parametrize(
    ("data", "section", "index"),
    [
        ({"down": "questions:calendrier"}, "qualite", 0),
        ({"move": "questions:resume", "section": "qualite", "before": "agents"}, "qualite", 1),
        ({"move": "questions:resume", "section": "gouvernance", "before": ""}, "gouvernance", 3),
    ],
)
def test_a_question_is_moved_to_another_section(client, call, officer, data, section, index):
    key = next(iter(data.values())).partition(":")[2]

    response = client.post(address("form_move", call), {"version": "0", **data})

    found = editing.section_of(form_of(call), key)
    assert (found["key"], [each["key"] for each in found["questions"]].index(key)) == (section, index)
    assert response.url == f"{address('form_builder', call)}#question-{key}"


def test_a_stale_page_moves_nothing_and_says_who_was_faster(client, call, officer):
    FormDraft.objects.update(version=3, changed_by=head_of(call.fund))

    response = client.post(address("form_move", call), {"version": "2", "down": "questions:resume"})

    [told] = said(response)
    assert told.startswith("Le formulaire a été modifié entre-temps par ")
    assert form_of(call) == checked_form()


@pytest.mark.parametrize(("piece", "key"), [("questions", "resume"), ("sections", "qualite")])
def test_where_a_piece_stands_is_chosen_until_one_chooses_elsewhere(client, call, officer, piece, key):
    page = client.get(address("form_place", call, piece, key))
    client.post(address("form_place", call, piece, key), {"version": "0", "place": page.context["current"]})

    places = [value for _, options in page.context["groups"] for value, _ in options]
    assert places.count(page.context["current"]) == 1
    assert form_of(call) == checked_form()


@pytest.mark.parametrize(
    "data",
    [
        {},
        {"up": "questions:absente"},
        {"up": "checks:plafond"},
        {"move": "questions:resume", "section": "financement"},
        {"move": "questions:resume", "section": "\x00"},
        {"down": "sections:financement\x00"},
    ],
)
def test_an_impossible_move_is_refused(client, call, officer, data):
    response = client.post(address("form_move", call), {"version": "0", **data})

    assert response.status_code == 409
    assert form_of(call) == checked_form()


# A question


def test_a_choice_keeps_the_keys_of_its_answers_and_their_order(client, call, officer):
    options = [{"key": "a", "label": "Oui"}, {"key": "b", "label": "Non"}]
    definition = editing.changed(
        form_of(call), "questions", "resume", type="choice", choices=options, max_words=None
    )
    FormDraft.objects.update(definition=definition)
    typed = rows(
        "choices",
        {"key": "a", "label": "Oui", "order": "3"},
        {"key": "b", "label": "Non, jamais", "order": "1"},
        {"label": "Peut-être", "order": "2"},
    )

    client.post(address("form_question", call, "resume"), words() | typed)

    assert question_of(call, "resume")["choices"] == [
        {"key": "b", "label": "Non, jamais"},
        {"key": "peut-etre", "label": "Peut-être"},
        {"key": "a", "label": "Oui"},
    ]


def test_a_repeated_group_has_columns_with_their_own_settings_and_no_empty_one(client, call, officer):
    typed = rows(
        "columns",
        {"label": "Achat", "type": "choice", "choices": "Matériel\nLogiciel\n", "required": "on"},
        {"label": "Montant", "type": "amount", "minimum": "1 000,50"},
        {"label": "", "type": "short_text", "required": "on", "order": "3"},
    )

    client.post(address("form_question_add", call, "projet") + "?type=rows", words(max_rows="5") | typed)

    assert question_of(call, "question")["columns"] == [
        {
            "key": "achat",
            "label": "Achat",
            "type": "choice",
            "required": True,
            "choices": [{"key": "materiel", "label": "Matériel"}, {"key": "logiciel", "label": "Logiciel"}],
        },
        {"key": "montant", "label": "Montant", "type": "amount", "required": False, "minimum": "1000.50"},
    ]


@pytest.mark.parametrize(
    ("kind", "typed", "field", "told"),
    [
        ("choice", rows("choices", {"label": "Seule"}), None, "Proposez au moins deux réponses."),
        (
            "choice",
            rows("choices", {"label": "Oui"}, {"label": "Non"}, {"label": "oui "}),
            None,
            "Deux réponses portent le même intitulé.",
        ),
        (
            "rows",
            rows("columns", {"label": "A", "type": "choice", "choices": "Oui\nNon\n Oui"}),
            None,
            "Deux réponses portent le même intitulé.",
        ),
        (
            "integer",
            {"minimum": "3", "maximum": "2"},
            "maximum",
            "Le maximum est inférieur au minimum.",
        ),
        ("short_text", {"label": "x\x00"}, "label", "Le caractère nul n’est pas autorisé."),
        ("long_text", {"max_words": "9" * 400}, "max_words", None),
        ("decimal", {"minimum": "1e400"}, "minimum", "Écrivez un nombre en chiffres, par exemple 1 234,5."),
        ("files", {"formats": [".exe"]}, "formats", None),
        ("short_text", {"criterion": "inconnu"}, "criterion", None),
        ("rows", rows("columns", {"label": "A", "type": "date", "unit": "jours"}), None, None),
    ],
)
def test_a_question_that_does_not_hold_is_refused_and_kept_in_the_page(
    client, call, officer, kind, typed, field, told
):
    page = client.post(
        address("form_question_add", call, "projet") + f"?type={kind}", words(note="x") | typed
    )

    editor = page.context["editor"]
    errors = [
        *(error for messages in editor.form.errors.values() for error in messages),
        *(editor.formset.non_form_errors() if editor.formset else []),
        *(
            error
            for row in (editor.formset.errors if editor.formset else [])
            for messages in row.values()
            for error in messages
        ),
    ]
    assert page.status_code == 200
    assert len(errors) == 1
    assert field is None or list(editor.form.errors) == [field]
    assert told is None or errors == [told]
    assert form_of(call) == checked_form()


def test_a_row_is_added_without_saving_nor_losing_what_was_typed(client, call, officer):
    typed = rows("choices", {"label": "Oui"}) | {"add_row": "choices"}

    page = client.post(address("form_question_add", call, "projet") + "?type=choice", words() | typed)

    editor = page.context["editor"]
    assert (len(editor.formset.forms), editor.form["label"].value(), editor.form.errors) == (
        2,
        "Question ?",
        {},
    )
    assert editor.formset.forms[0]["label"].value() == "Oui"
    assert form_of(call) == checked_form()


def test_the_second_officer_sees_both_versions_then_may_save_over(client, call, officer):
    FormDraft.objects.update(
        definition=editing.changed(form_of(call), "questions", "resume", label="Leur question"),
        version=1,
        changed_by=head_of(call.fund),
    )

    page = client.post(address("form_question", call, "resume"), words(label="Ma question"))
    again = client.post(
        address("form_question", call, "resume"),
        words(label="Ma question", version=page.context["editor"].form["version"].value()),
    )

    assert page.context["rows"][0] == ("Question", "Leur question", "Ma question")
    assert page.context["editor"].form["label"].value() == "Ma question"
    assert again.status_code == 302
    assert question_of(call, "resume")["label"] == "Ma question"


def test_who_was_changing_a_removed_question_is_told_so(client, call, officer):
    FormDraft.objects.update(definition=editing.removed(form_of(call), "questions", "risques"), version=1)

    response = client.post(address("form_question", call, "risques"), words())

    assert response.status_code == 409
    assert "a été supprimée entre-temps" in response.content.decode()


# Removing


def test_what_depends_on_a_section_is_named_before_it_is_removed(client, call, officer):
    page = client.get(address("form_remove", call, "sections", "financement"))

    assert page.context["dependents"] == [
        (
            "le contrôle « La subvention dépasse la moitié du coût. »",
            f"{address('form_builder', call)}#controle-plafond",
        )
    ]


def test_a_question_is_removed_once_confirmed(client, call, officer):
    client.post(address("form_remove", call, "questions", "risques"), {"version": "0"})

    assert question_of(call, "risques") is None


@pytest.mark.parametrize(
    ("typed", "keys"),
    [
        ("Ministère\nAgence", ["ministere", "agence"]),
        ("Agence\nMinistere", ["agence", "ministere"]),
        ("Agence\nAutre\nMinistere", ["agence", "autre", "ministere"]),
    ],
)
def test_a_reworded_answer_of_a_column_keeps_its_key(typed, keys):
    known = [{"key": "ministere", "label": "Ministere"}, {"key": "agence", "label": "Agence"}]

    assert [each["key"] for each in _options(typed, known)] == keys
