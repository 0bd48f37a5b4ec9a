"""The administration: accounts, bodies, queues, and nothing that has a lifecycle."""

import pytest
from django.contrib import admin

from accounts.models import Delegation, Invitation, Organisation, PublicDomain, User
from journal.models import OutgoingEmail
from tests.factories import (
    OrganisationFactory,
    UserFactory,
    certifier_of,
    contributor_of,
    delegation_of,
    draft,
    invitation_to,
)

OURS = {"journal", "accounts", "documents", "calls", "applications", "selection"}


@pytest.fixture
def staff(client, db):
    client.force_login(UserFactory(is_staff=True, is_superuser=True))
    return client


def test_only_accounts_bodies_and_queues_are_in_the_administration():
    ours = {model for model in admin.site._registry if model._meta.app_label in OURS}

    assert ours == {User, Organisation, PublicDomain, Delegation, Invitation, OutgoingEmail}


def test_an_administrator_opens_an_account(staff):
    password = "un-mot-de-passe-assez-long"

    response = staff.post(
        "/administration/accounts/user/add/",
        {
            "email": "nouvelle@interieur.example",
            "name": "Nouvelle",
            "usable_password": "true",
            "password1": password,
            "password2": password,
            "memberships-TOTAL_FORMS": "0",
            "memberships-INITIAL_FORMS": "0",
        },
    )

    assert response.status_code == 302
    assert User.objects.get(email="nouvelle@interieur.example").check_password(password)


@pytest.mark.parametrize("address", ["accounts/user/", "accounts/organisation/", "journal/outgoingemail/"])
def test_each_list_of_the_administration_opens(staff, address):
    OrganisationFactory()
    OutgoingEmail.objects.create(to="a@b.example", template="t", subject="Objet secret", body="Texte secret")

    assert staff.get(f"/administration/{address}").status_code == 200


def test_an_administrator_changes_an_account(staff):
    user = UserFactory()

    assert staff.get(f"/administration/accounts/user/{user.pk}/change/").status_code == 200


def test_the_queue_of_messages_never_says_what_they_say(staff):
    email = OutgoingEmail.objects.create(
        to="a@b.example",
        template="t",
        subject="Objet secret",
        body="Texte secret",
        context={"reason": "secret"},
    )

    page = staff.get(f"/administration/journal/outgoingemail/{email.pk}/change/").content.decode()

    assert page.count("secret") == 0


@pytest.mark.parametrize("method", ["add/", "{pk}/delete/"])
def test_the_queue_of_messages_is_read_only(staff, method):
    email = OutgoingEmail.objects.create(to="a@b.example", template="t", subject="Objet", body="Texte")

    response = staff.post(
        f"/administration/journal/outgoingemail/{method.format(pk=email.pk)}", {"post": "yes"}
    )

    assert (response.status_code, OutgoingEmail.objects.count()) == (403, 1)


def test_what_people_do_by_themselves_is_read_and_not_changed(staff):
    body = OrganisationFactory()
    delegation = delegation_of(certifier_of(body), contributor_of(body))
    invitation = invitation_to(draft(), guest_of="Une région")[0].invitation

    for name, row in (("delegation", delegation), ("invitation", invitation)):
        pages = [f"/administration/accounts/{name}/{end}" for end in ("", f"{row.pk}/change/")]
        seen = [staff.get(page) for page in pages]
        changed = staff.post(pages[1], {"email": "autre@organisme.example"})
        assert ([page.status_code for page in seen], changed.status_code) == ([200, 200], 403)
        assert invitation.token_sha256 not in seen[1].content.decode()
