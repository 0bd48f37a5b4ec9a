"""What happened to a dossier, in one list."""

import ast
import re
from fnmatch import fnmatch
from pathlib import Path

import pytest
from django.urls import reverse

from applications.models import Recusal
from journal import actions as journal
from selection.actions import desk, eligibility
from selection.history import EVENTS, history
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
        with django_assert_num_queries(5):
            history(application)


def test_what_happened_leads_to_its_very_place(case, officer):
    message = factories.message_on(case.application)
    note = desk.write_note(case.application, text="À rapprocher.", by=officer)
    desk.delete_note(note, by=officer)
    for event, said in {
        "case.opinion_asked": {"request": 7},
        "case.flag_raised": {"flag": 8},
        "case.review_finished": {"review": 9},
        "case.rule_confirmed": {"rule": "seuil"},
        "case.hearing_closed": {},
    }.items():
        journal.record(event, case, by=officer, **said)

    base = f"/secretariat/dossiers/{case.application.reference}/"
    assert [step.url.removeprefix(base) for step in history(case.application)] == [
        "audition/",
        "recevabilite/#regle-seuil",
        "evaluations/#evaluation-9",
        "alertes/#alerte-8",
        "avis/#demande-7",
        "notes/",
        "notes/",
        f"messages/#message-{message.pk}",
        "",
    ]


def test_the_examination_by_the_committee_leads_to_its_item():
    item = factories.agenda_item(factories.committee_session(factories.FundFactory()))

    journal.record("item.revealed", item)

    [step] = history(item.case.application, "committee")
    assert step.url == reverse("selection:item", args=[item.session_id, item.case.application.reference])


# What is recorded of a dossier and not told: what its carrier does among themselves, and drafts.
CARRIERS_OWN = """
    attached attachment_described attachment_replaced certifiers_alerted clarification_handed_over
    collaborator_left collaborator_removed copied created detached identity_changed imported invitation_resent
    invitation_withdrawn invited joined remark_settled returned role_changed section_restored section_saved
    sections_assigned support_asked support_closed support_commented support_proposed support_taken table_set
    visa_asked
"""
UNTOLD = {f"application.{name}" for name in CARRIERS_OWN.split()} | {
    "agenda.ordered",  # of a session
    "case.hearing_noted",
    "case.opinion_draft_saved",
    "case.shortlist_prepared",
    "hearing.slot_made",
    "hearing.slot_changed",
    "hearing.slot_removed",
}
ABOUT_A_DOSSIER = re.compile(r"(agenda|application|case|declaration|hearing|item|meeting)\.[a-z_*]+")


def recorded():
    """The names of events in the code of the actions; what is computed in one stands as a star."""
    for path in [*Path("selection/actions").glob("*.py"), *Path("applications/actions").glob("*.py")]:
        for node in ast.walk(ast.parse(path.read_text())):
            parts = node.values if isinstance(node, ast.JoinedStr) else [node]
            name = "".join(str(part.value) if isinstance(part, ast.Constant) else "*" for part in parts)
            if ABOUT_A_DOSSIER.fullmatch(name):
                yield name


def test_whatever_is_recorded_of_a_dossier_is_told_or_left_out_on_purpose():
    names = set(recorded())

    assert names >= {"case.opinion_asked", "item.*", "application.filed"}
    assert {name for name in names - UNTOLD if not any(fnmatch(event, name) for event in EVENTS)} == set()
