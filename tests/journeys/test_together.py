"""One dossier, three people of one ministry: written at once, cut, expired, returned, and filed at the last second."""

import json
import re
from datetime import timedelta
from decimal import Decimal

import pikepdf
import pytest
from django.contrib.sessions.models import Session
from django.db import connection, transaction
from django.urls import reverse
from playwright.sync_api import expect

from accounts.models import PublicDomain
from applications.models import Application, SectionAnswers
from calls.models import Round
from journal import clock
from journal.models import OutgoingEmail
from tests import factories
from tests.clock import from_now
from tests.journeys.conftest import PATIENCE

PASSWORD = "douze marches et un palier"
RESUME, DESCRIPTION, CALENDAR = "Résumé du projet", "Description détaillée", "Calendrier de réalisation"
PASTED = (
    "Source\tPrécision\t2027\t2028\nSubvention du fonds\t\t600 000\t150 k€\n"
    "Ressources propres du porteur\tTitre 2\t1.250.000,50\t"
)


@pytest.fixture
def application(live_server):
    """A draft that lacks its first section and its money; a certifier will be asked."""
    application = factories.complete_draft(title="Littoral sans papier")
    application.sections.filter(section_key="projet").delete()
    application.financing_lines.all().delete()
    PublicDomain.objects.create(domain="organisme.example")
    return application


@pytest.fixture
def certifier(application):
    return factories.certifier_of(application.organisation)


@pytest.fixture
def letter(tmp_path):
    path = tmp_path / "lettre.pdf"
    with pikepdf.new() as document:
        document.add_blank_page()
        document.save(path)
    return path


def test_three_people_write_one_dossier_and_file_it_one_second_before_the_deadline(
    application, certifier, enter, faults, letter
):
    writer, valideur = enter("porteur", application.created_by), enter("valideur", certifier)
    colleague = invited(application, writer, enter)
    said = Said()

    write_at_once(application, said, writer, colleague, valideur)
    settle_two_conflicts(application, said, writer, colleague, faults)
    write_through_a_cut(application, said, writer, faults)
    write_through_an_expired_session(application, said, colleague, faults)
    paste_the_money(application, colleague)
    join_a_file(application, writer, letter)
    ask_for_the_visa(application, writer)
    return_it(application, valideur)
    mend_it(application, said, writer, colleague)
    file_at_the_last_second(application, valideur)
    change_nothing_after_it(application, valideur, colleague, faults)

    submission = application.submissions.get()
    versions = application.section_versions.values_list("content", flat=True)
    kept = json.dumps([submission.content, *versions], ensure_ascii=False)
    assert [text for text in said.texts if text not in kept] == []
    assert receipts(submission) == {
        application.created_by.email,
        "collegue@organisme.example",
        certifier.email,
    }


class Said:
    """All that anyone typed, and where."""

    def __init__(self):
        self.texts = []

    def type(self, visitor, label, text):
        self.texts.append(text)
        visitor.field(label).focus()
        visitor.page.keyboard.press("Control+End")
        visitor.page.keyboard.insert_text(text)

    def type_and_keep(self, visitor, label, text):
        self.type(visitor, label, text)
        until(visitor, lambda: text in str(answers()))
        expect(status(visitor)).to_contain_text("Enregistré à ")


def until(visitor, done):
    """Let a browser live on until the database says so."""
    for _ in range(PATIENCE // 100):
        if done():
            return
        visitor.page.wait_for_timeout(100)
    raise AssertionError("it never happened")


def section(application, key):
    return reverse("applications:section", args=[application.key, key])


def status(visitor):
    return visitor.page.locator(".portal-autosave__status")


def answers():
    row = SectionAnswers.objects.filter(section_key="projet").first()
    return row.answers if row else {}


# Who


def invited(application, writer, enter):
    """A colleague who had no account, and opens it by the link that was sent."""
    writer.go(reverse("applications:team", args=[application.key]))
    writer.follow("Inviter quelqu’un")
    writer.fill({"Adresse électronique": "collegue@organisme.example"})
    writer.press("Envoyer l’invitation")
    letter = OutgoingEmail.objects.get(template="applications/emails/invitation.txt")
    colleague = enter("collegue")
    colleague.go(re.search(r"/dossiers/invitations/\S+", letter.body)[0])
    named = {"Nom affiché": "Collègue", "Mot de passe": PASSWORD, "Le même mot de passe": PASSWORD}
    colleague.fill(named)
    colleague.press("Ouvrir mon compte et accepter")
    colleague.sees("Vous participez maintenant à ce dossier.")
    return colleague


# Writing


def write_at_once(application, said, writer, colleague, valideur):
    for someone in (writer, colleague, valideur):
        someone.go(section(application, "projet"), looking=False)
    expect(valideur.page.locator("[data-presence]")).to_contain_text(application.created_by.name)
    expect(valideur.page.locator("[data-presence]")).to_contain_text("Collègue")
    valideur.behold()

    said.type_and_keep(writer, RESUME, "Un guichet unique.")
    said.type_and_keep(colleague, DESCRIPTION, "Sept formulaires n’en font plus qu’un.")

    assert (answers()["resume"], answers()["description"]) == tuple(said.texts)


def settle_two_conflicts(application, said, writer, colleague, faults):
    """Both change the same two answers; the second one keeps both texts of one, and the other's of the other."""
    faults.expect(409)
    for someone in (writer, colleague):
        someone.go(section(application, "projet"), looking=False)
    said.type(writer, DESCRIPTION, " En dix jours.")
    said.type_and_keep(writer, CALENDAR, "De janvier à décembre.")
    said.type(colleague, CALENDAR, "En deux ans.")
    said.type(colleague, DESCRIPTION, " En une heure.")
    expect(colleague.page.get_by_role("button", name="Comparer les deux textes")).to_be_visible()
    colleague.behold()
    with colleague.page.expect_navigation():
        colleague.page.get_by_role("button", name="Comparer les deux textes").click()
    colleague.behold()

    choose(colleague, DESCRIPTION, "Garder celui de")
    choose(colleague, CALENDAR, "Garder les deux")
    colleague.press("Enregistrer")

    assert answers() == {
        "resume": "Un guichet unique.",
        "description": "Sept formulaires n’en font plus qu’un. En dix jours.",
        "calendrier": "En deux ans.\n\nDe janvier à décembre.",
    }


def choose(visitor, question, choice):
    visitor.page.get_by_role("group", name=question).locator("label", has_text=choice).click()


def write_through_a_cut(application, said, writer, faults):
    assert faults.found == []
    writer.page.context.set_offline(True)
    said.type(writer, RESUME, " Écrit dans le train.")
    expect(writer.page.get_by_role("alert")).to_contain_text("Le portail ne répond pas")
    writer.behold()
    said.type(writer, RESUME, " Et dans le tunnel.")
    faults.found.clear()  # the browser's own word on what it could not send
    writer.page.context.set_offline(False)
    until(writer, lambda: "tunnel" in answers()["resume"])
    assert answers()["resume"] == "Un guichet unique. Écrit dans le train. Et dans le tunnel."
    assert answers()["calendrier"] == "En deux ans.\n\nDe janvier à décembre."


def write_through_an_expired_session(application, said, colleague, faults):
    faults.expect(401, 403)
    colleague.go(section(application, "projet"), looking=False)
    [session] = [each for each in colleague.page.context.cookies() if each["name"] == "sessionid"]
    Session.objects.get(session_key=session["value"]).delete()
    said.type(colleague, CALENDAR, " Écrit hors session.")
    link = colleague.page.get_by_role("link", name="Se connecter dans un autre onglet")
    expect(link).to_be_visible()
    colleague.behold()
    said.type(colleague, CALENDAR, " Puis encore.")

    with colleague.page.context.expect_page() as opening:
        link.click()
    other = opening.value
    other.get_by_label("Adresse électronique").fill("collegue@organisme.example")
    other.get_by_label("Mot de passe", exact=True).fill(PASSWORD)
    other.get_by_role("main").get_by_role("button", name="Se connecter").click()
    expect(other.get_by_role("heading", level=1)).to_be_visible()
    other.close()

    until(colleague, lambda: "Puis encore" in answers()["calendrier"])
    assert answers()["calendrier"].endswith("De janvier à décembre. Écrit hors session. Puis encore.")


# Tables and files


def paste_the_money(application, colleague):
    colleague.go(section(application, "financement"), looking=False)
    colleague.page.get_by_text("Coller depuis un tableur").click()
    colleague.field("Cellules copiées").focus()
    colleague.page.keyboard.insert_text(PASTED)
    colleague.press("Mettre dans le tableau, à relire")
    colleague.sees("Rien n’est encore enregistré")
    colleague.press("Enregistrer")
    assert application.financing_lines.total() == Decimal("2000000.50")


def join_a_file(application, writer, letter):
    writer.go(section(application, "pieces"), looking=False)
    writer.field("Fichiers").set_input_files(letter)
    expect(writer.page.locator(".portal-piece")).to_have_count(1)


# Visa and filing


def ask_for_the_visa(application, writer):
    writer.go(application.get_absolute_url())
    writer.follow("Demander le visa…")
    writer.press("Demander le visa")
    writer.sees("En attente de visa, non déposé")


def return_it(application, valideur):
    valideur.go(application.get_absolute_url())
    valideur.follow("Renvoyer avec des remarques…")
    valideur.fill({"Le projet": "Dites combien d’agents."})
    valideur.press("Renvoyer")


def mend_it(application, said, writer, colleague):
    writer.go(application.get_absolute_url())
    writer.sees("BROUILLON, non déposé")
    writer.follow("Le projet", within=writer.page.locator(".portal-tasks"))
    writer.sees("Dites combien d’agents.")
    said.type_and_keep(writer, RESUME, " 340 agents.")
    with writer.page.expect_navigation():
        writer.page.get_by_role("button", name=re.compile("Marquer comme traitée")).click()
    colleague.go(section(application, "projet"), looking=False)  # and left open there
    ask_for_the_visa(application, writer)


def file_at_the_last_second(application, valideur):
    """The deadline is set to the second that follows while the filing waits for it, as `file_application` locks it."""
    valideur.go(application.get_absolute_url(), looking=False)
    valideur.follow("Viser et déposer…")
    with transaction.atomic():
        Round.objects.select_for_update().get()
        valideur.page.get_by_role("button", name="Viser et déposer", exact=True).click(no_wait_after=True)
        until(valideur, someone_waits)
        Round.objects.update(closes_at=from_now(seconds=1))
    valideur.sees("Votre dossier est déposé")
    valideur.look()

    left = Round.objects.get().closes_at - application.submissions.get().filed_at
    assert timedelta(0) < left <= timedelta(seconds=1)


def someone_waits():
    with connection.cursor() as cursor:
        cursor.execute("SELECT count(*) FROM pg_locks WHERE NOT granted")
        return cursor.fetchone()[0]


def change_nothing_after_it(application, valideur, colleague, faults):
    faults.expect(409)
    closes_at = Round.objects.get().closes_at
    until(valideur, lambda: clock.now() >= closes_at)
    colleague.press("Enregistrer")
    colleague.sees("La date limite est passée : votre dernier dépôt fait foi")
    valideur.go(application.get_absolute_url())
    valideur.sees("DÉPOSÉ le")
    valideur.sees_not("Reprendre le dossier")

    application.refresh_from_db()
    assert application.state == Application.State.FILED


def receipts(submission):
    sent = OutgoingEmail.objects.filter(template="applications/emails/filing_receipt.txt")
    return {each.to for each in sent if submission.sha256 in each.body}
