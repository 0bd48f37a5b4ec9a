"""Signing in and out: one answer for whoever fails, a lock per account, nowhere else to go but the portal."""

import re

import pytest
from django.urls import reverse

from tests.factories import PASSWORD, UserFactory

URL = "/compte/connexion/"


def sign_in(client, email, password=PASSWORD, **more):
    return client.post(URL, {"username": email, "password": password} | more)


def test_signing_in_leads_to_ones_desk(client, db):
    response = sign_in(client, UserFactory().email)

    assert (response.status_code, response.url) == (302, reverse("front:desk"))


def test_signing_in_leads_where_one_was_heading(client, db):
    assert sign_in(client, UserFactory().email, next="/dossiers/").url == "/dossiers/"


@pytest.mark.parametrize(
    "elsewhere", ["https://ailleurs.example/", "//ailleurs.example/", "javascript:alert(1)"]
)
def test_signing_in_never_leads_elsewhere(client, db, elsewhere):
    assert sign_in(client, UserFactory().email, next=elsewhere).url == reverse("front:desk")


def test_an_unknown_address_and_a_wrong_password_get_the_same_page(client, db):
    known = UserFactory()

    pages = [
        sign_in(client, email, "faux").content.decode() for email in (known.email, "inconnu@exemple.example")
    ]

    wrong, unknown = (
        re.sub(r'(name="csrfmiddlewaretoken" value=")\w+', r"\1", page).replace(email, "")
        for page, email in zip(pages, (known.email, "inconnu@exemple.example"), strict=True)
    )
    assert wrong == unknown


def test_a_closed_account_gets_the_same_words_as_a_wrong_password(client, db):
    closed = sign_in(client, UserFactory(is_active=False).email)
    wrong = sign_in(client, UserFactory().email, "faux")

    assert closed.context["form"].non_field_errors() == wrong.context["form"].non_field_errors()


def test_the_session_changes_its_key_at_sign_in(client, db):
    client.get(URL)
    session = client.session
    session["trace"] = "avant"
    session.save()
    client.cookies["sessionid"] = before = session.session_key

    sign_in(client, UserFactory().email)

    assert client.session.session_key != before


def test_who_is_signed_in_is_led_to_their_desk(client, db):
    client.force_login(UserFactory())

    assert client.get(URL).url == reverse("front:desk")


def test_signing_out_ends_the_session(client, db):
    client.force_login(UserFactory())

    response = client.post("/compte/deconnexion/")

    assert (response.status_code, response.url, client.session.get("_auth_user_id")) == (302, "/", None)


def test_the_page_of_sign_in_is_kept_by_nobody(client, db):
    assert "no-store" in client.get(URL)["Cache-Control"]


@pytest.fixture
def locking(settings):
    settings.AXES_ENABLED = True


def test_an_account_is_locked_after_ten_failures(client, db, locking):
    user = UserFactory()

    statuses = [sign_in(client, user.email, "faux").status_code for _ in range(10)]

    assert statuses == [200] * 9 + [429]
    assert sign_in(client, user.email).status_code == 429


def test_the_case_of_an_address_gives_no_more_tries(client, db, locking):
    user = UserFactory(email="agent@interieur.example")
    for number in range(10):
        sign_in(client, user.email.upper() if number % 2 else user.email, "faux")

    assert sign_in(client, "Agent@interieur.example").status_code == 429


def test_colleagues_behind_one_address_are_not_locked_out(client, db, locking):
    locked, colleague = UserFactory(), UserFactory()
    for _ in range(10):
        sign_in(client, locked.email, "faux")

    assert sign_in(client, colleague.email).status_code == 302


def test_a_success_forgets_the_failures_before_it(client, db, locking):
    user = UserFactory()
    for _ in range(9):
        sign_in(client, user.email, "faux")
    sign_in(client, user.email)
    client.logout()

    assert sign_in(client, user.email, "faux").status_code == 200
