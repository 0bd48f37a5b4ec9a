"""Messages written once, whose fields each dossier fills in."""

import pytest
from django.urls import reverse

from applications.models import Message
from selection.actions import message_templates as actions
from selection.models import Case, MessageTemplate
from tests import factories

pytestmark = pytest.mark.django_db


@pytest.fixture
def case():
    return factories.case_in(Case.State.TO_CHECK)


@pytest.fixture
def officer(case):
    return factories.officer_of(case.call.fund)


def test_a_template_is_filled_in_on_the_page_of_one_dossier(case, officer, client):
    text = "Dossier {reference}, « {projet} », de {porteur}, avant le {date_limite}."
    template = actions.save_template(case.call.fund, name="Relance", text=text, by=officer)
    client.force_login(officer)

    response = client.get(
        reverse("selection:messages", args=[case.application.reference]), {"modele": template.pk}
    )

    assert response.context["form"]["text"].value() == (
        f"Dossier {case.application.reference}, « {case.title} », de {case.carrier}, avant le {{date_limite}}."
    )


def test_a_message_is_not_sent_with_a_field_left_in_it(case, officer, client):
    client.force_login(officer)
    address = reverse("selection:messages", args=[case.application.reference])

    response = client.post(address, {"text": "Répondez avant le {date_limite}."})

    assert response.context["form"].errors["text"] == [
        "Écrivez ce que le porteur doit lire à la place de « {date_limite} »."
    ]
    assert Message.objects.count() == 0


def test_the_deadline_of_what_is_asked_fills_its_field(officer, case):
    application = factories.clarified_application(call=case.call)
    values = actions.message_templates.values_of([application.case])[application.pk]

    asked = application.clarifications.get()

    assert values["date_limite"] == actions.message_templates.deadline_text(asked.due_at)


def test_an_unknown_field_is_refused_beside_the_text(case, officer, client):
    client.force_login(officer)
    typed = {"name": "Accueil", "text": "Bonjour {prenom}, {reference}."}

    response = client.post(reverse("selection:new_message_template", args=[case.call.fund.slug]), typed)

    assert response.context["form"].errors["text"] == [
        "Aucun dossier ne sait remplir « {prenom} ». Les champs possibles sont au-dessus du formulaire."
    ]


def test_a_template_is_tried_on_a_dossier_before_it_is_kept(case, officer, client):
    client.force_login(officer)
    typed = {"name": "Accueil", "text": "Bonjour {reference}.", "reference": case.application.reference}
    address = reverse("selection:new_message_template", args=[case.call.fund.slug])

    tried = client.post(address, typed | {"try": "1"})
    client.post(address, typed)

    template = MessageTemplate.objects.get()
    assert tried.context["example"] == f"Bonjour {case.application.reference}."
    assert (template.name, template.text) == ("Accueil", "Bonjour {reference}.")


def test_a_template_takes_no_other_s_name(case, officer, client):
    actions.save_template(case.call.fund, name="Accueil", text="Bonjour.", by=officer)
    client.force_login(officer)

    response = client.post(
        reverse("selection:new_message_template", args=[case.call.fund.slug]),
        {"name": "Accueil", "text": "Autre."},
    )

    assert response.context["form"].errors["name"] == ["Un modèle porte déjà ce nom."]
