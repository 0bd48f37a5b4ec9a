"""Writing in a section: kept while one types, whatever becomes of the network, of the session, or of a colleague."""

import pytest
from playwright.sync_api import expect

from applications.actions import save_section
from applications.models import Collaborator, SectionAnswers
from tests import factories

RESUME = "Résumé du projet"


@pytest.fixture
def application(live_server):
    return factories.draft(title="Littoral sans papier")


def address(application):
    return f"/dossiers/{application.key}/sections/projet/"


def status(visitor):
    return visitor.page.locator(".portal-autosave__status")


def opened(enter, application, **options):
    writer = enter("porteur", application.created_by, **options)
    writer.go(address(application), looking=False)
    return writer


def type_in(writer, text):
    writer.field(RESUME).focus()
    writer.page.keyboard.insert_text(text)


def test_what_is_typed_is_kept_without_a_click_and_through_a_cut(application, enter, faults, check):
    writer = opened(enter, application)

    type_in(writer, "Écrit en ligne.")
    expect(status(writer)).to_contain_text("Enregistré à ")
    check(writer.page)
    writer.page.context.set_offline(True)
    type_in(writer, " Puis sans réseau.")
    expect(writer.page.get_by_role("alert")).to_contain_text("Le portail ne répond pas")
    check(writer.page)
    faults.found.clear()  # the browser's own word on what it could not send
    writer.page.context.set_offline(False)

    expect(status(writer)).to_contain_text("Enregistré à ")
    expect(writer.page.get_by_role("alert")).to_have_count(1)
    assert SectionAnswers.objects.get().answers["resume"] == "Écrit en ligne. Puis sans réseau."


def test_what_no_server_has_is_put_back_in_the_page(application, enter, check):
    writer = opened(enter, application)
    writer.page.route("**/enregistrement/", lambda route: route.abort())
    type_in(writer, "Jamais arrivé.")
    expect(writer.page.get_by_role("alert")).to_contain_text("gardé sur cet ordinateur")

    writer.page.unroute("**/enregistrement/")
    writer.page.reload()

    writer.sees("n’était pas arrivé au portail")
    check(writer.page)
    expect(writer.field(RESUME)).to_have_value("Jamais arrivé.")
    expect(status(writer)).to_contain_text("Enregistré à ")
    assert SectionAnswers.objects.get().answers["resume"] == "Jamais arrivé."


def test_a_session_that_expires_is_taken_up_again_in_another_tab(application, enter, faults, check):
    writer = opened(enter, application)
    faults.expect(401, 403)
    writer.page.context.clear_cookies()
    type_in(writer, "Écrit après minuit.")
    link = writer.page.get_by_role("link", name="Se connecter dans un autre onglet")
    expect(link).to_be_visible()
    check(writer.page)

    with writer.page.context.expect_page() as opening:
        link.click()
    other = opening.value
    other.get_by_label("Adresse électronique").fill(application.created_by.email)
    other.get_by_label("Mot de passe", exact=True).fill(factories.PASSWORD)
    other.get_by_role("main").get_by_role("button", name="Se connecter").click()
    expect(other.get_by_role("heading", level=1)).to_be_visible()
    other.close()

    expect(status(writer)).to_contain_text("Enregistré à ")
    assert SectionAnswers.objects.get().answers["resume"] == "Écrit après minuit."


def test_a_conflict_is_settled_answer_by_answer_with_the_keyboard(application, enter, faults, check):
    colleague = factories.contributor_of(application.organisation)
    Collaborator.objects.create(application=application, user=colleague)
    writer = opened(enter, application)
    save_section(application, "projet", {"resume": "Le texte de ma collègue."}, version=0, by=colleague)
    faults.expect(409)
    type_in(writer, "Le mien.")
    compare = writer.page.get_by_role("button", name="Comparer les deux textes")
    expect(compare).to_be_visible()
    check(writer.page)

    with writer.page.expect_navigation():
        compare.press("Enter")
    check(writer.page)
    writer.page.get_by_role("radio", name="Garder le mien").focus()
    writer.page.keyboard.press("ArrowDown")
    writer.page.keyboard.press("ArrowDown")
    with writer.page.expect_navigation():
        writer.page.get_by_role("main").get_by_role("button", name="Enregistrer", exact=True).press("Enter")

    assert SectionAnswers.objects.get().answers["resume"] == "Le mien.\n\nLe texte de ma collègue."


def test_without_any_script_an_expired_session_loses_nothing(application, enter, faults):
    writer = opened(enter, application, java_script_enabled=False)
    writer.fill({RESUME: "Écrit sans script."})
    faults.expect(401)
    sessions = [each for each in writer.page.context.cookies() if each["name"] != "sessionid"]
    writer.page.context.clear_cookies()
    writer.page.context.add_cookies(sessions)

    writer.press("Enregistrer", looking=False)
    writer.fill({"Adresse électronique": application.created_by.email, "Mot de passe": factories.PASSWORD})
    writer.press("Se connecter", looking=False)
    writer.press("Enregistrer ce que vous aviez écrit", looking=False)

    assert SectionAnswers.objects.get().answers["resume"] == "Écrit sans script."
