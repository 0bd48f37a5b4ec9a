"""With the keyboard alone: nothing but Tab, letters, the arrows, Space and Enter, and one sees where one is."""

import pytest
from playwright.sync_api import expect

from applications.models import Application
from calls.questionnaire.definition import default_definition
from selection.actions import scoring, votes
from selection.models import Ballot
from tests import factories
from tests.journeys.conftest import AMOUNT
from tests.journeys.keyboard import Keyboard
from tests.selection.attendance_factories import all_present, present_member


@pytest.fixture
def call(live_server):
    """An open call with a short form and no visa, so that who writes a dossier files it."""
    asked = [
        each for each in default_definition()["sections"] if each["kind"] != "text" or each["key"] == "projet"
    ]
    return factories.CallFactory(published=True, visa_required=False, form={"sections": asked, "checks": []})


def test_a_dossier_is_begun_written_and_filed_with_the_keyboard_alone(call, enter):
    writer = factories.contributor_of(factories.OrganisationFactory())
    keys = Keyboard(enter("porteur", writer).page)
    keys.page.goto(call.get_absolute_url())
    keys.open("Déposer un dossier")
    keys.type("Nom du projet", "Littoral sans papier")
    keys.hit("button", "Créer le brouillon")
    keys.walk()
    keys.open("Le projet")
    for label in ("Résumé du projet", "Description détaillée", "Calendrier de réalisation"):
        keys.type(label, f"{label}, au clavier.")
    expect(keys.page.locator(".portal-autosave__status")).to_contain_text("Enregistré à ")
    keys.walk()
    keys.hit("button", "Enregistrer et continuer")
    keys.walk()
    for row, source in enumerate(("Subv", "Ress")):
        keys.to(keys.page.locator(f"#id_rows-{row}-source"))
        keys.page.keyboard.type(source)
        keys.to(keys.page.locator(f"#rows-{row} {AMOUNT}").first)
        keys.page.keyboard.type("600 000")
    keys.hit("button", "Enregistrer et continuer")
    keys.to(keys.page.locator("#id_rows-0-recurring"))
    keys.page.keyboard.press("Space")
    keys.page.keyboard.press("Tab")
    keys.page.keyboard.type("12 000")
    keys.hit("button", "Enregistrer")
    keys.open("Déposer…")
    keys.walk()

    keys.hit("button", "Déposer")

    expect(keys.page.get_by_role("heading", level=1)).to_have_text("Votre dossier est déposé")
    keys.walk()
    submission = Application.objects.get(state=Application.State.FILED).submissions.get()
    assert (submission.requested_grant, submission.total_cost, submission.promised_savings) == (
        600_000,
        1_200_000,
        12_000,
    )
    assert submission.application.savings_lines.get().recurring


def test_a_member_scores_and_votes_with_the_keyboard_alone(live_server, enter):
    session = all_present(factories.committee_session(factories.FundFactory()))
    item = factories.agenda_item(session, title="Littoral sans papier")
    seat = present_member(session)
    keys = Keyboard(enter("membre", seat.user).page)
    keys.open("Mes comités")
    keys.open("Séance du comité")
    keys.open("Littoral sans papier")
    for number in range(1, 5):
        group = keys.page.get_by_role("radiogroup", name=f"Critère {number}")
        keys.to(group.get_by_role("radio").first)
        keys.page.keyboard.press("ArrowDown")
    keys.hit("button", "Sceller mes notes")
    expect(keys.page.get_by_role("main")).to_contain_text("Vos notes sont enregistrées")
    scoring.reveal(item, by=factories.chair_of(session))
    votes.open_vote(item, by=factories.chair_of(session))

    keys.open("Littoral sans papier")
    keys.to(keys.page.get_by_role("radio", name="Pour"))
    keys.page.keyboard.press("ArrowDown")
    keys.hit("button", "Voter")

    expect(keys.page.get_by_role("main")).to_contain_text("Vous avez voté « contre ».")
    assert Ballot.objects.get(seat=seat).choice == Ballot.Choice.AGAINST
