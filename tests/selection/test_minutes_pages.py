"""The pages of minutes: what each reads of them, and what happens when two people correct or a code is wrong."""

import hashlib
import re

import pytest
from django.urls import reverse

from applications.models import Recusal
from journal.models import OutgoingEmail
from selection.actions import minutes as actions
from tests.factories import auditor_of, chair_of, officer_of
from tests.selection.minutes_factories import closed_session, code_for, minutes_of, signed, signed_by_both

pytestmark = pytest.mark.django_db


@pytest.fixture
def session():
    return closed_session(items=2)


def address(session, name="minutes", *args):
    return reverse(f"selection:{name}", args=[session.pk, *args])


def read_by(client, user, session):
    client.force_login(user)
    return client.get(address(session))


def plain_member(session):
    return session.committee.seats.get(is_chair=False).user


def test_a_member_reads_the_minutes_once_both_have_signed(client, session):
    minutes = minutes_of(session)
    before = read_by(client, plain_member(session), session).context

    signed(signed(minutes, session.prepared_by), chair_of(session))
    after = read_by(client, plain_member(session), session).context

    assert (before["whole"], before["sections"], before["rows"]) == (False, [], [])
    assert (after["whole"], len(after["rows"])) == (True, 2)


@pytest.mark.parametrize("reader", ["member", "officer", "auditor"])
def test_who_is_recused_from_a_dossier_reads_nothing_of_it_nor_any_total(client, session, reader):
    signed_by_both(session)
    user = {
        "member": lambda: plain_member(session),
        "officer": lambda: officer_of(session.fund),
        "auditor": lambda: auditor_of(session.fund),
    }[reader]()
    hidden, told = (item.case.application for item in session.items.order_by("position"))
    Recusal.objects.create(application=hidden, user=user, reason="Lien familial")

    page = read_by(client, user, session).content.decode()
    files = [client.get(address(session, name)).status_code for name in ("minutes_pdf", "minutes_json")]

    assert (hidden.reference in page, hidden.title in page, "Récapitulatif" in page) == (False, False, False)
    assert (f"Point 1 – {told.reference}" in page, files) == (True, [404, 404])


def test_what_is_handed_out_has_the_hash_that_both_signed(client, session):
    minutes = signed_by_both(session)
    client.force_login(plain_member(session))

    response = client.get(address(session, "minutes_json"))

    assert hashlib.sha256(response.content).hexdigest() == minutes.sha256


def test_two_who_correct_see_both_texts_and_the_second_saves_knowingly(client, session):
    minutes = minutes_of(session)
    actions.correct_text(minutes, text="Le premier.", version=1, by=officer_of(session.fund))
    client.force_login(session.prepared_by)
    page = address(session, "correct_minutes")

    met = client.post(page, {"text": "Le second.", "version": "1"})
    form = met.context["form"]
    again = client.post(page, {"text": form["text"].value(), "version": form["version"].value()})

    minutes.refresh_from_db()
    assert (met.status_code, met.context["theirs"].text, form["text"].value()) == (
        409,
        "Le premier.\n",
        "Le second.",
    )
    assert (again.status_code, minutes.text, minutes.versions.count()) == (302, "Le second.\n", 3)


def test_a_wrong_code_is_told_beside_its_field(client, session):
    minutes = minutes_of(session)
    client.force_login(session.prepared_by)
    code_for(minutes, session.prepared_by)

    response = client.post(address(session, "sign_minutes"), {"code": "000000", "version": "1"})

    told = ["Ce n’est pas le code qui vous a été envoyé en dernier. Il reste 4 essais."]
    assert response.context["form"].errors == {"code": told}


def test_the_code_asked_for_on_the_page_signs(client, session):
    minutes = minutes_of(session)
    client.force_login(session.prepared_by)

    client.post(address(session, "send_signing_code"))
    body = OutgoingEmail.objects.get(template="accounts/emails/confirmation_code.txt").body
    code = re.search(r"^\d{6}$", body, re.MULTILINE)[0]
    client.post(address(session, "sign_minutes"), {"code": code, "version": "1"})

    assert minutes.signatures.get().user == session.prepared_by


def test_a_text_out_of_date_says_so_and_is_not_offered_to_sign(client, session):
    minutes_of(session)
    user = session.prepared_by
    away = chair_of(session)
    Recusal.objects.create(application=session.items.first().case.application, user=away, reason="Lien")

    context = read_by(client, user, session).context

    assert context["out_of_date"] is True


def test_an_older_version_is_read_again(client, session):
    minutes = minutes_of(session)
    actions.correct_text(minutes, text="## Titre\n\nCorrigé.", version=1, by=session.prepared_by)
    client.force_login(session.prepared_by)

    response = client.get(address(session, "minutes_version", 2))

    assert response.context["sections"] == [("Titre", "Corrigé.")]
