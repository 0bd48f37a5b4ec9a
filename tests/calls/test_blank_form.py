"""The application form that anyone may read, print and download before signing in."""

import pypdf
import pytest
from django.urls import reverse

from applications.forms import AttachmentForm
from applications.tables import TABLES
from calls.actions import publication as actions
from calls.models import FormVersion
from calls.questionnaire.definition import BLANK_FORM, COLUMNS, default_sections
from documents import actions as documents
from documents import storage
from documents.models import ProducedDocument
from documents.produced import builders
from tests.calls.questionnaire.forms import every_type
from tests.documents.conforming import failures
from tests.factories import CallFactory, head_of, officer_of, produced, specifications

State = ProducedDocument.State


@pytest.fixture
def call(db):
    return CallFactory(published=True)


def page_of(call):
    return reverse("calls:form", args=[call.slug])


def pdf_of(call):
    return reverse("calls:form_pdf", args=[call.slug])


def made(call):
    """The PDF of its form, there to be downloaded."""
    document = produced(BLANK_FORM, call.form_versions.get().pk)
    file = storage.store([b"%PDF-1.7 vierge"], content_type="application/pdf")
    ProducedDocument.objects.update(state=State.DONE, file=file, pages=9, done_at=call.published_at)
    return document


def test_publishing_a_call_asks_for_its_blank_form(db):
    call = CallFactory(submitted=True)
    specifications(call)

    actions.publish_call(call, by=head_of(call.fund))

    document = ProducedDocument.objects.get()
    assert (document.kind, document.subject_key) == (BLANK_FORM, str(FormVersion.objects.get().pk))


@pytest.mark.parametrize("brand", [True, False])
def test_the_blank_form_conforms_to_both_standards(db, brand, settings, tmp_path):
    call = CallFactory(published=True, form=every_type())
    settings.PORTAL_STATE_BRAND = brand
    target = tmp_path / "vierge.pdf"

    builders[BLANK_FORM](str(call.form_versions.get().pk), target)

    pdf = target.read_bytes()
    assert (failures(pdf, "ua1"), failures(pdf, "3a")) == (set(), set())


def printed(call, tmp_path):
    """The words of the blank form's PDF."""
    target = tmp_path / "vierge.pdf"
    builders[BLANK_FORM](str(call.form_versions.get().pk), target)
    return " ".join(" ".join(page.extract_text() for page in pypdf.PdfReader(target).pages).split())


def test_every_question_is_read_before_signing_in(call, client):
    page = client.get(page_of(call)).content.decode()

    labels = [
        question["label"] for section in default_sections() for question in section.get("questions", [])
    ]
    assert [label for label in labels if label not in page] == []


def test_each_type_says_what_it_expects_when_and_for_whom(db, client):
    call = CallFactory(published=True, form=every_type())

    page = client.get(page_of(call))

    asked = {question["key"]: question for question in page.context["sections"][0]["questions"]}
    assert asked["amount"]["expected"] == ["Montant en euros", "au plus 2\u202f000\u202f000\u00a0€"]
    assert asked["files"]["expected"][1:] == [
        "formats : PDF, JPG",
        "2 fichiers au plus",
        "20\u00a0Mo au plus chacun",
    ]
    assert asked["rows"]["columns"] == [
        ("Poste", "Texte court, sur une ligne."),
        ("Montant du poste", "Montant en euros. Toutes taxes comprises. Facultatif."),
    ]
    assert asked["long-text"]["criterion"] == "Critère 1"
    assert asked["amount"]["readers"] == "Secret des affaires"
    assert asked["choice"]["when"] == "À remplir seulement si la réponse à « Question boolean » est « Oui »."
    assert (
        page.context["checks"][0]["words"] == "La subvention demandée vaut au plus 50\u00a0% du coût total."
    )


def test_the_annotations_for_reviewers_are_told_to_nobody(db, client, tmp_path):
    call = CallFactory(published=True, form=every_type())

    page, paper = client.get(page_of(call)).content.decode(), printed(call, tmp_path)

    assert ("Aide de siret." in page, "Aide de siret." in paper) == (True, True)
    assert ("instructeurs" in page, "instructeurs" in paper) == (False, False)


def test_the_criteria_say_what_a_score_means_and_the_least_one(db, client, tmp_path):
    call = CallFactory(submitted=True)
    levels = [{"score": 0, "text": "Rien n’est démontré"}, {"score": 4, "text": "Tout est démontré"}]
    call.criteria.filter(position=1).update(levels=levels, minimum=2)
    specifications(call)
    actions.publish_call(call, by=head_of(call.fund))

    pages = [client.get(page_of(call)), client.get(call.get_absolute_url())]

    for text in [*(page.content.decode() for page in pages), printed(call, tmp_path)]:
        assert ("Tout est démontré" in text, text.count("En dessous de 2,")) == (True, 1)


@pytest.mark.parametrize(
    ("kind", "form"),
    [*((kind, table.form) for kind, table in TABLES.items() if table.form), ("attachments", AttachmentForm)],
)
def test_the_columns_that_are_explained_are_those_to_fill_in(kind, form):
    fields = [str(field.label) for field in form().visible_fields()]

    assert [column.lower() for column, _ in COLUMNS[kind]] == [label.lower() for label in fields]


def test_a_form_already_frozen_is_shown_as_it_was_published(db, client):
    call = CallFactory(published=True, form={"sections": default_sections()[:1], "checks": []})

    response = client.get(page_of(call))

    assert [section["key"] for section in response.context["sections"]] == ["projet"]


def test_a_past_call_says_that_its_form_is_not_published(db, client):
    call = CallFactory(published=True, imported=True)

    response = client.get(page_of(call))

    assert "Le formulaire de cet appel passé n’est pas publié ici." in response.content.decode()
    assert client.get(pdf_of(call)).status_code == 404


def test_the_form_of_a_draft_is_seen_by_its_secretariat_alone(db, client):
    call = CallFactory()

    assert client.get(page_of(call)).status_code == 404

    client.force_login(officer_of(call.fund))
    response = client.get(page_of(call))

    assert len(response.context["sections"]) == len(default_sections())


def test_the_pdf_is_served_once_it_is_made(call, client):
    assert client.get(pdf_of(call)).status_code == 404

    made(call)
    response = client.get(pdf_of(call))

    assert b"".join(response) == b"%PDF-1.7 vierge"


def test_the_page_of_the_call_links_to_the_pdf_once_it_is_made(call, client):
    before = client.get(call.get_absolute_url()).content.decode()
    made(call)
    after = client.get(call.get_absolute_url()).content.decode()

    assert (before.count(pdf_of(call)), after.count(pdf_of(call))) == (0, 1)


def test_reading_the_page_asks_for_nothing(call, client):
    client.get(page_of(call))

    assert ProducedDocument.objects.count() == 0


def test_whoever_needs_the_pdf_may_ask_for_it_once(call, client):
    for _ in range(3):
        client.post(page_of(call))

    assert [document.revision for document in ProducedDocument.objects.all()] == [1]


def test_a_pdf_that_is_made_is_not_asked_for_again(call, client):
    made(call)

    client.post(page_of(call))

    assert ProducedDocument.objects.count() == 1


def test_a_pdf_that_failed_is_asked_for_again_by_the_secretariat_alone(call, client):
    produced(BLANK_FORM, call.form_versions.get().pk, state=State.FAILED)

    assert client.post(page_of(call)).status_code == 403

    client.force_login(officer_of(call.fund))
    client.post(page_of(call))

    assert [document.state for document in ProducedDocument.objects.order_by("revision")] == [
        State.FAILED,
        State.REQUESTED,
    ]


def test_a_page_that_waits_reads_itself_again_when_the_pdf_fails(call, client):
    produced(BLANK_FORM, call.form_versions.get().pk, state=State.FAILED)
    ProducedDocument.objects.update(error="Erreur interne.")

    asked_again = client.get(page_of(call), headers={"HX-Request": "true"})

    page = client.get(page_of(call)).content.decode()
    assert (asked_again["HX-Refresh"], asked_again.content) == ("true", b"")
    assert ("Erreur interne" in page, "Redemander" in page) == (False, False)


def test_the_page_says_how_far_the_pdf_is(call, client):
    documents.order(BLANK_FORM, str(call.form_versions.get().pk))

    asked_again = client.get(page_of(call), headers={"HX-Request": "true"})

    assert [template.name for template in asked_again.templates] == ["components/produced_document.html"]
