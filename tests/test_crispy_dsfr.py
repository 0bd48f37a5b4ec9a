"""The crispy pack: every kind of field, as the DSFR and assistive technology want it."""

import datetime
from html.parser import HTMLParser

import pytest
from crispy_forms.utils import render_crispy_form
from django import forms
from django.core.files.uploadedfile import SimpleUploadedFile
from django.template.loader import render_to_string

from fondsportal.templatetags.portal import problems

CHOICES = [("", "---------"), ("data", "Données"), ("digital", "Numérique")]


class Sample(forms.Form):
    title = forms.CharField(label="Titre", help_text="Celui qui sera <publié>.")
    acronym = forms.CharField(label="Sigle", required=False)
    summary = forms.CharField(label="Résumé", widget=forms.Textarea(attrs={"data-max-words": 300}))
    amount = forms.DecimalField(label="Montant")
    year = forms.IntegerField(label="Année")
    start = forms.DateField(label="Début", initial=datetime.date(2018, 3, 12))
    theme = forms.ChoiceField(label="Thème", choices=CHOICES)
    carrier = forms.ChoiceField(label="Porteur", choices=CHOICES[1:], widget=forms.RadioSelect)
    levers = forms.MultipleChoiceField(
        label="Leviers", choices=CHOICES[1:], widget=forms.CheckboxSelectMultiple, required=False
    )
    certified = forms.BooleanField(label="Je certifie")
    letter = forms.FileField(label="Lettre", widget=forms.FileInput)
    password = forms.CharField(label="Mot de passe", widget=forms.PasswordInput)
    secret = forms.CharField(widget=forms.HiddenInput, required=False)


class Elements(HTMLParser):
    """The opening tags of a fragment, as (name, attributes)."""

    def __init__(self, html):
        super().__init__()
        self.found = []
        self.feed(html)

    def handle_starttag(self, tag, attrs):
        self.found.append((tag, dict(attrs)))

    def with_id(self, wanted):
        [(tag, attrs)] = [(tag, attrs) for tag, attrs in self.found if attrs.get("id") == wanted]
        return tag, attrs

    def of(self, tag):
        return [attrs for name, attrs in self.found if name == tag]


@pytest.fixture
def blank():
    return Elements(render(Sample()))


@pytest.fixture
def refused():
    return Elements(render(Sample({})))


def render(form):
    return render_to_string(
        "components/form.html", {"form": form, "submit": "Enregistrer", "csrf_token": "x"}
    )


def classes(elements):
    return {attrs["class"] for _, attrs in elements.found if attrs.get("class")}


@pytest.mark.parametrize(
    ("name", "tag", "expected"),
    [
        ("title", "input", {"type": "text", "class": "fr-input"}),
        ("summary", "textarea", {"class": "fr-input", "data-max-words": "300"}),
        ("amount", "input", {"class": "fr-input", "inputmode": "decimal"}),
        ("year", "input", {"class": "fr-input", "inputmode": "numeric"}),
        ("start", "input", {"type": "date", "value": "2018-03-12", "class": "fr-input"}),
        ("theme", "select", {"class": "fr-select"}),
        ("certified", "input", {"type": "checkbox"}),
        ("letter", "input", {"type": "file", "class": "fr-upload"}),
        (
            "password",
            "input",
            {"type": "password", "class": "fr-password__input fr-input", "autocomplete": "current-password"},
        ),
    ],
)
def test_each_control_has_its_class_its_label_and_its_messages(blank, name, tag, expected):
    found, attrs = blank.with_id(f"id_{name}")

    assert found == tag
    assert {key: attrs.get(key) for key in expected} == expected
    assert attrs["aria-describedby"].split()[-1] == f"id_{name}_messages"
    assert [label for label in blank.of("label") if label["for"] == f"id_{name}"] != []
    assert blank.with_id(f"id_{name}_messages") == (
        "div",
        {"class": "fr-messages-group", "id": f"id_{name}_messages", "aria-live": "polite"},
    )


def test_a_hint_is_named_before_the_messages_and_escaped(blank):
    _, attrs = blank.with_id("id_title")

    assert attrs["aria-describedby"] == "id_title_helptext id_title_messages"
    assert "Celui qui sera &lt;publié&gt;." in render(Sample())


@pytest.mark.parametrize(("name", "role"), [("carrier", "radiogroup"), ("levers", None)])
def test_a_list_of_options_is_a_fieldset_named_by_its_legend(blank, name, role):
    tag, attrs = blank.with_id(f"id_{name}")

    assert (tag, attrs.get("role")) == ("fieldset", role)
    assert attrs["aria-labelledby"] == f"id_{name}_legend id_{name}_messages"
    assert [label["for"] for label in blank.of("label") if label["for"].startswith(f"id_{name}")] == [
        f"id_{name}_0",
        f"id_{name}_1",
    ]


def test_only_optional_fields_are_marked():
    html = render(Sample())

    assert html.count("(facultatif)") == 2  # acronym and levers


def test_a_search_form_may_go_without_the_mark():
    form = Sample()
    form.mark_optional = False

    assert "(facultatif)" not in render(form)


def test_the_empty_option_speaks():
    assert '<option value="" selected>Sélectionner une option</option>' in render(Sample())


def test_a_hidden_field_is_only_its_input(blank):
    assert blank.with_id("id_secret") == ("input", {"type": "hidden", "name": "secret", "id": "id_secret"})


def test_an_error_colours_its_group_and_marks_its_control(refused):
    _, control = refused.with_id("id_title")

    assert control["aria-invalid"] == "true"
    assert refused.with_id("id_title_error_1") == (
        "p",
        {"class": "fr-message fr-message--error", "id": "id_title_error_1"},
    )
    assert {
        "fr-input-group fr-input-group--error",
        "fr-select-group fr-select-group--error",
        "fr-upload-group fr-upload-group--error fr-input-group--error",
        "fr-checkbox-group fr-checkbox-group--error",
        "fr-fieldset fr-fieldset--error",
        "fr-password fr-input-group--error",
    } <= classes(refused)


def test_the_summary_links_every_error_to_its_field(refused):
    assert [link["href"] for link in refused.of("a")] == [
        "#id_title",
        "#id_summary",
        "#id_amount",
        "#id_year",
        "#id_start",
        "#id_theme",
        "#id_carrier_0",
        "#id_certified",
        "#id_letter",
        "#id_password",
    ]
    ids = {attrs.get("id") for _, attrs in refused.found}
    assert {link["href"].removeprefix("#") for link in refused.of("a")} <= ids


def test_a_form_without_errors_has_no_summary(blank):
    assert "fr-alert" not in " ".join(classes(blank))


def test_rendering_leaves_the_widgets_as_they_were():
    form = Sample()
    before = {name: dict(field.widget.attrs) for name, field in form.fields.items()}

    first = render(form)

    assert render(form) == first
    assert {name: dict(field.widget.attrs) for name, field in form.fields.items()} == before


def test_nothing_is_styled_inline(refused):
    assert [attrs for _, attrs in refused.found if "style" in attrs] == []


def test_what_was_typed_is_kept():
    typed = Sample(
        {"title": "Un <titre>", "start": "2018-04-01"}, {"letter": SimpleUploadedFile("l.pdf", b"%")}
    )
    elements = Elements(render(typed))

    assert elements.with_id("id_title")[1]["value"] == "Un <titre>"
    assert elements.with_id("id_start")[1]["value"] == "2018-04-01"


def test_a_form_with_a_file_is_sent_in_parts(blank):
    [form] = blank.of("form")

    assert form == {
        "class": "portal-form",
        "method": "post",
        "novalidate": None,
        "enctype": "multipart/form-data",
    }


class Line(forms.Form):
    label = forms.CharField(label="Poste")
    amount = forms.DecimalField(label="Montant")


Lines = forms.formset_factory(Line, extra=2, can_delete=True)


def test_the_rows_of_a_formset_come_with_the_form():
    context = {"form": Sample(), "formset": Lines(), "formset_title": "Financement", "submit": "Enregistrer"}
    elements = Elements(render_to_string("components/form.html", {**context, "csrf_token": "x"}))

    assert [row["id"] for row in elements.of("fieldset") if row.get("class") == "portal-row"] == [
        "form-ligne-1",
        "form-ligne-2",
    ]
    assert elements.with_id("id_form-0-DELETE")[1]["type"] == "checkbox"
    [add] = [button for button in elements.of("button") if button.get("name") == "add_row"]
    assert (add["value"], add["formaction"]) == ("form", "#form-ligne-3")


def test_the_enter_key_saves_and_does_not_add_a_row():
    html = render_to_string("components/formset.html", {"formset": Lines(), "title": "Financement"})

    assert Elements(html).of("button")[0] == {"type": "submit", "hidden": None}


def test_the_summary_says_which_row_is_wrong():
    lines = Lines({"form-TOTAL_FORMS": 2, "form-INITIAL_FORMS": 0, "form-1-label": "Études"})

    assert problems(Line({"label": "x", "amount": "1"}), [lines]) == [
        {"target": "id_form-1-amount", "label": "Ligne 2, Montant", "message": "Ce champ est obligatoire."}
    ]


def test_what_is_wrong_with_a_whole_form_has_no_target():
    form = Line({"label": "x", "amount": "1"})
    form.add_error(None, "Le total dépasse le coût.")

    assert problems(form) == [{"target": "", "label": "", "message": "Le total dépasse le coût."}]
    assert "<li>Le total dépasse le coût.</li>" in render(form)


def test_the_crispy_tag_draws_the_same_fields():
    assert Elements(render_crispy_form(Line())).with_id("id_label")[1]["class"] == "fr-input"
