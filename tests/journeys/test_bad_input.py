"""What people type wrong, too late, twice or without a mouse: nothing is lost, and the page says what to do."""

import re
from datetime import datetime
from decimal import Decimal

import pytest
from django.urls import reverse
from django.utils import timezone
from playwright.sync_api import expect

from applications.actions import save_section
from applications.models import Application, Collaborator, SectionAnswers
from calls.models import Round
from selection.actions import decisions, votes
from selection.models import AgendaItem, Ballot, Decision
from tests import factories
from tests.journeys.conftest import AMOUNT
from tests.selection.attendance_factories import all_present, present_member


@pytest.fixture
def application(live_server):
    """A draft for an open call that asks for no visa, so that its writer files it."""
    call = factories.CallFactory(published=True, visa_required=False)
    return factories.draft(call=call, title="Littoral sans papier")


def section(application, key):
    return reverse("applications:section", args=[application.key, key])


# Amounts


@pytest.mark.parametrize(
    ("typed", "message"),
    [
        ("-5000", "Le montant ne peut pas être négatif."),
        ("douze mille", "Écrivez un montant en chiffres, par exemple 1 234 567,89."),
    ],
)
def test_a_wrong_amount_is_refused_beside_its_field_and_all_is_kept(typed, message, application, enter):
    writer = enter("porteur", application.created_by)
    writer.go(section(application, "financement"), looking=False)
    writer.fill_grid(1, {"source": "Partenaire", "label": "Région"}, typed)

    writer.press("Enregistrer")

    amount = writer.page.locator(AMOUNT).first
    expect(amount).to_have_value(typed)
    expect(amount).to_have_accessible_description(re.compile(re.escape(message)))
    expect(writer.page.get_by_label("Ligne 1, Source")).to_have_value("partner")
    expect(writer.page.get_by_label("Ligne 1, Précision")).to_have_value("Région")
    assert application.financing_lines.count() == 0


def test_an_amount_typed_the_french_way_is_kept_to_the_cent(application, enter):
    writer = enter("porteur", application.created_by)
    writer.go(section(application, "financement"), looking=False)
    writer.fill_grid(1, {"source": "Partenaire"}, "1 234 567,89")

    writer.press("Enregistrer")

    writer.sees("1 234 567,89 €")
    assert application.financing_lines.get().amount == Decimal("1234567.89")


# Files


def test_a_program_is_not_taken_for_an_attachment(application, enter, faults, tmp_path):
    faults.expect(422)
    program = tmp_path / "calendrier.exe"
    program.write_bytes(b"MZ" + bytes(100))
    writer = enter("porteur", application.created_by)
    writer.go(section(application, "pieces"), looking=False)

    writer.field("Fichiers").set_input_files(program)

    writer.sees("« calendrier.exe » n’est pas accepté. Formats acceptés : PDF, ODT")
    assert application.attachments.count() == 0


def test_a_file_over_the_limit_is_refused_with_its_weight(application, enter, tmp_path):
    heavy = tmp_path / "etude.pdf"
    heavy.write_bytes(b"%PDF-1.7" + bytes(21 * 1024 * 1024))
    writer = enter("porteur", application.created_by, java_script_enabled=False)
    writer.go(section(application, "pieces"), looking=False)
    writer.field("Fichiers").set_input_files(heavy)

    writer.press("Joindre")

    writer.sees("« etude.pdf » pèse 21,0 Mo ; la limite est de 20 Mo.")
    assert application.attachments.count() == 0


# Too late, not there


def test_filing_after_the_deadline_is_refused_and_the_draft_stays(application, enter, faults):
    fill(application)
    writer = enter("porteur", application.created_by)
    writer.go(reverse("applications:file", args=[application.key]), looking=False)
    Round.objects.update(closes_at=timezone.make_aware(datetime(2018, 3, 16)))
    faults.expect(409)

    writer.press("Déposer")

    writer.sees("La date limite de dépôt était le 15 mars 2018 à minuit.")
    application.refresh_from_db()
    assert (application.state, application.submissions.count()) == (Application.State.DRAFT, 0)


def test_a_foreign_dossier_answers_as_one_that_does_not_exist(application, enter, faults):
    stranger = enter("etranger", factories.contributor_of(factories.OrganisationFactory()))
    faults.expect(404)

    for key in (application.key, "inexistant00"):
        stranger.go(reverse("applications:detail", args=[key]))
        stranger.sees("Page introuvable")


def test_a_vote_after_the_decision_is_refused(live_server, enter, faults):
    session = all_present(factories.committee_session(factories.FundFactory()))
    item = factories.agenda_item(session, state=AgendaItem.State.VOTE_OPEN)
    member = enter("membre", present_member(session).user)
    reference = item.case.application.reference
    member.go(reverse("selection:item", args=[session.pk, reference]), looking=False)
    votes.close_vote(item, by=factories.chair_of(session))
    decisions.decide(item, outcome=Decision.Outcome.RESERVE, by=factories.chair_of(session))
    faults.expect(409)

    member.choose("Contre")
    member.press("Voter")

    member.sees("Le vote sur ce dossier n’est pas ouvert.")
    assert Ballot.objects.count() == 0


# Two people on one section


def test_the_second_to_save_a_section_sees_both_texts(application, enter):
    colleague = factories.contributor_of(application.organisation)
    Collaborator.objects.create(application=application, user=colleague)
    writer = enter("porteur", application.created_by)
    writer.go(section(application, "projet"), looking=False)
    save_section(application, "projet", {"resume": "Le texte de ma collègue."}, version=0, by=colleague)

    writer.fill({"Résumé du projet": "Mon texte."})
    writer.press("Enregistrer")

    writer.sees(f"Cette section a été modifiée entre-temps par {colleague}")
    writer.sees("Le texte de ma collègue.")
    expect(writer.field("Résumé du projet")).to_have_value("Mon texte.")

    writer.fill({"Résumé du projet": "Nos deux textes."})
    writer.press("Enregistrer")

    assert SectionAnswers.objects.get().answers["resume"] == "Nos deux textes."


# Without JavaScript


def test_a_dossier_is_written_and_filed_without_javascript(application, enter):
    fill(application, but="financement")
    writer = enter("porteur", application.created_by, by_hand=True, java_script_enabled=False)
    writer.go(section(application, "financement"), looking=False)
    writer.fill_grid(1, {"source": "Subvention du fonds"}, "600 000")
    writer.fill_grid(2, {"source": "Partenaire"}, "400 000")
    writer.press("Ajouter une ligne", looking=False)
    expect(writer.page.locator(AMOUNT).first).to_have_value("600 000")
    writer.fill_grid(4, {"source": "Partenaire"}, "100 000")
    writer.press("Enregistrer", looking=False)
    writer.sees("1 100 000 €")
    writer.follow("Déposer…", looking=False)

    writer.press("Déposer", looking=False)

    writer.sees("Le dossier est déposé.")
    application.refresh_from_db()
    assert application.submissions.get().total_cost == Decimal("1100000")


def fill(application, *, but=None):
    """What `factories.complete_draft` writes, except in one section."""
    ready = factories.complete_draft(call=application.call)
    rows = {"financement": ready.financing_lines, "economies": ready.savings_lines}
    for each in ready.sections.exclude(section_key=but or ""):
        SectionAnswers.objects.filter(pk=each.pk).update(application=application)
    for key, lines in rows.items():
        if key != but:
            lines.update(application=application)
