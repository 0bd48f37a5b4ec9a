"""What happened to a dossier, in one list."""

import pytest
from django.urls import reverse

from applications.models import Recusal
from journal import actions as journal
from selection.actions import desk, eligibility
from selection.history import history
from selection.models import Case
from tests import factories

pytestmark = pytest.mark.django_db


@pytest.fixture
def case():
    return factories.case_in(Case.State.TO_CHECK)


@pytest.fixture
def officer(case):
    return factories.officer_of(case.call.fund)


def lived(case, officer):
    """A message each way, a label, a note, someone in charge, and what is decided of its eligibility."""
    application = case.application
    factories.message_on(application, text="Une question.")
    factories.message_on(application, text="Une réponse.", by_secretariat=True, by=officer)
    desk.put_label(application, desk.make_label(case.call.fund, name="Urgent", by=officer), by=officer)
    desk.write_note(application, text="À rapprocher.", by=officer)
    desk.assign_officer(application, officer, by=officer)
    eligibility.declare_eligible(application, by=officer)
    return application


def test_everything_is_told_in_one_list_the_last_first(case, officer):
    application = lived(case, officer)

    told = [(step.text, step.detail) for step in history(application)]

    assert told == [
        ("Déclaré recevable", ""),
        ("Dossier confié", f"à {officer.name}"),
        ("Note", "À rapprocher."),
        ("Étiquette mise", "Urgent"),
        ("Message au porteur", "Une réponse."),
        ("Message du porteur", "Une question."),
        ("Dossier déposé", ""),
    ]


def test_the_list_is_narrowed_to_one_kind(case, officer, client):
    application = lived(case, officer)
    client.force_login(officer)

    response = client.get(reverse("selection:history", args=[application.reference]), {"nature": "exchange"})

    assert [step.text for step in response.context["page"]] == ["Message au porteur", "Message du porteur"]


def test_a_deleted_note_is_no_longer_read(case, officer):
    note = desk.write_note(case.application, text="À rapprocher.", by=officer)
    desk.delete_note(note, by=officer)

    steps = history(case.application, "desk")

    assert [(step.text, step.detail) for step in steps] == [
        ("Note supprimée", ""),
        ("Note", "Cette note a été supprimée."),
    ]


def test_who_is_recused_sees_nothing_of_it(case, officer, client):
    Recusal.objects.create(application=case.application, user=officer, reason="Ancien employeur")
    client.force_login(officer)

    response = client.get(reverse("selection:history", args=[case.application.reference]))

    assert response.status_code == 404


def test_a_review_is_told_and_not_what_it_says():
    case = factories.case_in(Case.State.ELIGIBLE)
    officer = factories.officer_of(case.call.fund)

    journal.record("case.review_finished", case, by=officer, comment="Projet fragile", score=2)

    step = history(case.application, "review")[0]

    assert (step.text, step.who, step.detail) == ("Évaluation terminée", officer.name, "")


def test_a_long_history_costs_as_much_as_a_short_one(case, officer, django_assert_num_queries):
    application = case.application
    for number in range(2):
        factories.message_on(application)
        desk.write_note(application, text=f"Note {number}.", by=factories.officer_of(case.call.fund))
        with django_assert_num_queries(4):
            history(application)
