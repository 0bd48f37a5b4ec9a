"""What was filed, as the secretariat lists it."""

from decimal import Decimal

import pytest

from applications import actions as applications
from applications.models import Application, Recusal
from documents.models import StoredFile
from selection.listing.columns import COLUMNS
from selection.models import Case
from tests.clock import from_now
from tests.factories import (
    CallFactory,
    StoredFileFactory,
    certifier_of,
    complete_draft,
    filed_application,
    officer_of,
    reviewed_case,
)

State = Case.State


def recused_officer(application):
    officer = officer_of(application.call.fund)
    Recusal.objects.create(application=application, user=officer, reason="Ancien employeur")
    return officer


@pytest.fixture
def call(db):
    return CallFactory(published=True)


# What is given up


def test_the_secretariat_reads_why_a_filed_dossier_was_given_up(client, db):
    application = filed_application()
    certifier = certifier_of(application.organisation)
    applications.withdraw(application, by=certifier, reason="Le budget a été voté sans nous.")
    client.force_login(officer_of(application.call.fund))

    page = client.get("/secretariat/dossiers/").content.decode()

    assert page.count("Le budget a été voté sans nous.") == 1


def test_why_a_draft_was_given_up_stays_its_carriers_own(client, db):
    draft = complete_draft()
    applications.withdraw(draft, by=draft.created_by, reason="Le budget a été voté sans nous.")
    client.force_login(officer_of(draft.call.fund))

    page = client.get("/secretariat/dossiers/").content.decode()

    assert page.count(draft.title) == 0


def test_who_is_recused_reads_nothing_of_the_dossier_in_any_list(call, client):
    case = reviewed_case(call=call, title="Marqueur du dossier")
    Case.objects.update(state=State.UNDER_REVIEW)
    client.force_login(recused_officer(case.application))

    pages = [
        client.get(address).content.decode()
        for address in ("/secretariat/dossiers/", f"/secretariat/appels/{call.slug}/preselection/")
    ]

    assert [page.count("Marqueur du dossier") + page.count(case.application.reference) for page in pages] == [
        0,
        0,
    ]


@pytest.mark.parametrize("value", ["inconnu", "\0", "'", "9" * 5000])
def test_an_unknown_filter_filters_nothing(call, client, value):
    reviewed_case(call=call)
    client.force_login(officer_of(call.fund))

    page = client.get("/secretariat/dossiers/", {"appel": value, "etat": value, "page": value})

    assert (page.status_code, page.context["total"]) == (200, 1)


def test_a_draft_is_never_in_the_list_of_the_secretariat(call, client):
    complete_draft(call=call)
    client.force_login(officer_of(call.fund))

    assert (Application.objects.count(), client.get("/secretariat/dossiers/").context["total"]) == (1, 0)


# Files


def test_a_file_that_is_withheld_says_why_beside_its_name(client, db):
    draft = complete_draft()
    file = StoredFileFactory(scan_state="pending")
    applications.attach(draft, file=file, name="plan.pdf", by=draft.created_by)
    StoredFile.objects.update(scan_state="clean", scanned_at=from_now())
    applications.file_application(draft, by=certifier_of(draft.organisation))
    StoredFile.objects.update(scan_state="infected", virus="Eicar")
    draft.refresh_from_db()
    client.force_login(officer_of(draft.call.fund))

    page = client.get(f"/secretariat/dossiers/{draft.reference}/").text

    assert page.count("Virus trouvé (Eicar)") == 1


def test_a_score_is_rounded_and_not_cut():
    case = Case(title="Projet")
    case.blind, case.seen_score = False, Decimal("3.725")

    assert COLUMNS["note"].read(case) == "3,73"
