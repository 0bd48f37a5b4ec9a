"""A form sent after its session expired: carried through sign-in, then sent again; never for another site."""

import re
from html import unescape

import pytest
from django.core import signing
from django.test import Client

from accounts import kept_posts
from accounts.views import OF_ANOTHER
from tests.applications.test_questions import asking, page_of, question
from tests.factories import PASSWORD, OrganisationFactory, certifier_of, complete_draft, invitation_to

FIELD = re.compile(r'<input type="hidden" name="([^"]+)" value="([^"]*)"')


def fields(page):
    return {name: unescape(value) for name, value in FIELD.findall(page.content.decode())}


@pytest.fixture
def application(db):
    return complete_draft()


def section(application):
    return f"/dossiers/{application.key}/sections/projet/"


def typed(application):
    return {
        "section_version": "1",
        "resume": "Écrit pendant deux heures,\nsur deux lignes & « deux » paragraphes.",
    }


def test_what_was_sent_by_an_expired_session_is_saved_after_signing_in(application):
    client = Client()
    asked = client.post(section(application), typed(application))
    kept = asked.context["form"]["kept_post"].value()
    signing_in = {"username": application.created_by.email, "kept_post": kept}

    wrong = client.post("/compte/connexion/", signing_in | {"password": "inexact"})
    offered = client.post("/compte/connexion/", signing_in | {"password": PASSWORD})
    again = {name: value for name, value in fields(offered).items() if name != "csrfmiddlewaretoken"}
    client.post(section(application), again)

    assert (asked.status_code, asked["Cache-Control"]) == (401, "no-store")
    assert wrong.context["form"]["kept_post"].value() == kept
    assert (again, offered.context["kept"].path) == (typed(application), section(application))
    assert application.sections.get(section_key="projet").answers["resume"] == typed(application)["resume"]


def test_an_answer_is_carried_whatever_the_key_of_its_question(db):
    keys = ["passerelles", "depassement-budget", "secretariat-concerne", "token", "otp", "motdepasse"]
    application = asking(*(question("long_text", key=key) for key in keys))
    answers = {key: f"Ce qui est écrit sous {key}." for key in keys}
    client = Client()

    asked = client.post(page_of(application), {"section_version": "0", **answers})
    kept = asked.context["form"]["kept_post"].value()
    signing_in = {"username": application.created_by.email, "password": PASSWORD, "kept_post": kept}
    client.post(page_of(application), fields(client.post("/compte/connexion/", signing_in)))

    assert application.sections.get(section_key="tout").answers == answers


def test_the_password_of_an_account_being_opened_is_never_carried(application):
    _, token = invitation_to(application, guest_of="Une région")
    client = Client(enforce_csrf_checks=True)

    told = client.post(
        f"/dossiers/invitations/{token}/",
        {"name": "Rédacteur", "new_password1": "un long secret", "new_password2": "un long secret"},
        headers={"Origin": "http://testserver"},
    )

    assert (told.status_code, told.context["kept"].fields) == (403, [["name", "Rédacteur"]])


def test_nobody_signs_in_on_a_page_that_carries_the_text_of_another(application):
    colleague, client = certifier_of(application.organisation), Client()
    written = typed(application) | {"section_author": str(application.created_by.pk)}
    kept = client.post(section(application), written).context["form"]["kept_post"].value()

    refused = client.post(
        "/compte/connexion/", {"username": colleague.email, "password": PASSWORD, "kept_post": kept}
    )

    form = refused.context["form"]
    assert form.non_field_errors() == [OF_ANOTHER.format(f" ({application.created_by})")]
    assert (refused.context["user"].is_authenticated, form["kept_post"].value()) == (False, kept)


def test_the_name_of_an_author_is_told_to_no_stranger(application):
    stranger, client = certifier_of(OrganisationFactory()), Client()
    written = typed(application) | {"section_author": str(application.created_by.pk)}
    kept = client.post(section(application), written).context["form"]["kept_post"].value()

    refused = client.post(
        "/compte/connexion/", {"username": stranger.email, "password": PASSWORD, "kept_post": kept}
    )

    assert refused.context["form"].non_field_errors() == [OF_ANOTHER.format("")]


@pytest.mark.parametrize("token", [True, False], ids=["fresh token", "former token"])
def test_a_text_written_under_another_account_is_shown_once_and_saved_under_nobody_s_name(application, token):
    colleague, client = certifier_of(application.organisation), Client(enforce_csrf_checks=not token)
    before = application.sections.get(section_key="projet").answers
    client.force_login(colleague)

    told = client.post(
        section(application),
        typed(application) | {"section_author": str(application.created_by.pk), "save_and_next": "1"},
        headers={"Origin": "http://testserver"},
    )

    assert (told.status_code, told.context["author"], told.context["kept"].typed) == (
        409,
        application.created_by.name,
        [("resume", typed(application)["resume"])],
    )
    assert application.sections.get(section_key="projet").answers == before
    assert set(fields(told)) == {"csrfmiddlewaretoken"}  # that of signing out


def test_a_token_of_the_former_session_is_told_and_the_form_sent_again(application):
    client = Client(enforce_csrf_checks=True)
    client.force_login(application.created_by)

    told = client.post(
        section(application),
        typed(application) | {"csrfmiddlewaretoken": "a" * 32},
        headers={"Origin": "http://testserver"},
    )
    again = client.post(section(application), fields(told), headers={"Origin": "http://testserver"})

    assert (told.status_code, again.status_code) == (403, 302)
    assert application.sections.get(section_key="projet").answers["resume"] == typed(application)["resume"]


@pytest.mark.parametrize("origin", [{"Origin": "https://ailleurs.example"}, {"Origin": "null"}, {}])
def test_what_another_site_sends_is_never_carried(application, origin):
    client = Client(enforce_csrf_checks=True)
    client.force_login(application.created_by)

    told = client.post(section(application), typed(application), headers=origin)

    assert (told.status_code, "Écrit pendant" in unescape(told.content.decode())) == (403, False)


@pytest.mark.parametrize(
    ("address", "posted"),
    [
        ("/dossiers/x/sections/projet/", {}),
        ("/dossiers/x/sections/projet/", {"resume": "a" * (kept_posts.LARGEST + 1)}),
        ("/dossiers/x/sections/projet/", {"new_password1": "secret"}),
    ],
)
def test_nothing_is_carried_that_is_empty_too_large_or_a_password(client, db, address, posted):
    assert client.post(address, posted).status_code == 302


def test_the_files_are_told_for_no_page_can_carry_them(client, application, tmp_path):
    (tmp_path / "étude.pdf").write_bytes(b"%PDF-1.7")

    with (tmp_path / "étude.pdf").open("rb") as file:
        asked = client.post(section(application), typed(application) | {"film": file})

    assert asked.context["kept"].files == ["étude.pdf"]


@pytest.mark.parametrize(
    "path", ["https://ailleurs.example/", "//ailleurs.example/", "/inconnue/", "/administration/"]
)
def test_what_is_carried_leads_nowhere_but_to_a_page_of_the_portal(client, application, path):
    kept = signing.dumps([path, [["a", "b"]], []], salt=kept_posts.SALT)

    answer = client.post(
        "/compte/connexion/",
        {"username": application.created_by.email, "password": PASSWORD, "kept_post": kept},
    )

    assert (answer.status_code, answer.url) == (302, "/espace/")


def test_what_was_not_signed_here_is_nothing(client, application):
    answer = client.post(
        "/compte/connexion/",
        {"username": application.created_by.email, "password": PASSWORD, "kept_post": "forgé"},
    )

    assert answer.status_code == 302


def test_who_pressed_a_button_without_text_comes_back_to_its_page_and_not_to_an_address_that_takes_no_get(
    client, db
):
    address = complete_draft().get_absolute_url()

    answer = client.post(f"{address}reprendre/", headers={"Referer": f"http://testserver{address}"})

    assert (answer.status_code, answer.url) == (302, f"/compte/connexion/?next={address}")
