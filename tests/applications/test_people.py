"""Inviting, entering by a link, changing roles, leaving."""

import re
from datetime import timedelta

import pytest
from django.core.exceptions import PermissionDenied
from django.urls import reverse

from accounts.models import Invitation, Membership, PublicDomain, User
from applications import actions, rules
from applications.models import Application, Collaborator
from calls.models import Round
from journal.models import Entry, OutgoingEmail
from journal.refusals import Refused
from tests.clock import from_now
from tests.database import in_parallel
from tests.factories import (
    PASSWORD,
    UserFactory,
    certifier_of,
    contributor_of,
    draft,
    invitation_to,
)

pytestmark = pytest.mark.django_db
COLLEAGUE = "nouvelle@organisme.example"
GOOD = "un-mot-de-passe-assez-long"


def team(**fields):
    """A draft, its writer, and a link sent to a colleague's address."""
    PublicDomain.objects.get_or_create(domain="organisme.example")
    application = draft(**fields)
    return application, application.created_by


def link(application, **fields):
    """The path of the link that an invitation sends."""
    _, token = invitation_to(application, **{"email": COLLEAGUE, **fields})
    return reverse("applications:accept_invitation", args=[token])


def account(**fields):
    return {"name": "Nouvelle", "new_password1": GOOD, "new_password2": GOOD, **fields}


# Entering


def test_an_unknown_address_opens_its_account_and_enters(client):
    application, writer = team()
    address = link(application)

    response = client.post(address, account(email="autre@organisme.example"), follow=True)

    user = User.objects.get(email=COLLEAGUE)
    seat = application.collaborators.get(user=user)
    assert response.redirect_chain == [(application.get_absolute_url(), 302)]
    assert (client.session["_auth_user_id"], user.check_password(GOOD)) == (str(user.pk), True)
    assert (seat.role, seat.guest_of, seat.added_by) == ("writer", "", writer)
    assert list(user.memberships.values_list("organisation", "role")) == [
        (application.organisation_id, Membership.Role.CONTRIBUTOR)
    ]
    assert OutgoingEmail.objects.filter(to=writer.email, template__contains="joined").count() == 1
    assert list(Entry.objects.filter(actor_id=user.pk).order_by("id").values_list("event", flat=True)) == [
        "account.opened",
        "organisation.joined",
        "application.joined",
    ]


def test_reading_the_link_changes_nothing(client):
    application, _ = team()
    address = link(application)
    before = Entry.objects.count()

    page = client.get(address)

    assert (page.status_code, User.objects.filter(email=COLLEAGUE).count(), Entry.objects.count()) == (
        200,
        0,
        before,
    )
    assert page["Cache-Control"] == "max-age=0, no-cache, no-store, must-revalidate, private"


def test_a_known_address_signs_in_first_then_accepts(client):
    application, _ = team()
    user = UserFactory(email=COLLEAGUE.upper())
    address = link(application)

    asked = client.post(address, account())
    client.post(
        f"{reverse('accounts:sign_in')}?next={address}", {"username": COLLEAGUE, "password": PASSWORD}
    )
    accepted = client.post(address)

    assert (asked.status_code, asked.context["form"]) == (200, None)
    assert (accepted.url, rules.can_write(user, application)) == (application.get_absolute_url(), True)


def test_a_partner_s_agent_enters_without_becoming_the_carrier_s(client):
    application, _ = team()
    user = UserFactory(email="agent@region.example")
    address = link(application, email=user.email, role="reader", guest_of="Une région")
    client.force_login(user)

    client.post(address)

    assert (user.memberships.count(), rules.can_write(user, application)) == (0, False)
    assert Application.objects.visible_to(user).get() == application


def test_somebody_else_is_told_so_and_how_to_sign_out(client):
    application, _ = team()
    address = link(application)
    client.force_login(UserFactory())

    seen, tried = client.get(address), client.post(address)
    client.post(reverse("accounts:sign_out"), {"next": address})

    assert (seen.status_code, tried.status_code) == (403, 403)
    assert application.title not in seen.content.decode()
    assert client.get(address).status_code == 200


@pytest.mark.parametrize("how", ["used", "expired", "withdrawn", "resent", "unknown"])
def test_a_dead_link_opens_nothing(client, how):
    application, writer = team()
    address = link(application)
    invited = application.invited.get()
    if how == "used":
        client.post(address, account())
        client.logout()
    elif how == "expired":
        Invitation.objects.update(expires_at=from_now(seconds=-1))
    elif how == "withdrawn":
        actions.withdraw_invitation(invited, by=writer)
    elif how == "resent":
        actions.resend_invitation(invited, by=writer)
    else:
        address = reverse("applications:accept_invitation", args=["inconnu"])
    known = User.objects.count()

    answers = [client.get(address), client.post(address, account(name="Une autre"))]

    assert [answer.status_code for answer in answers] == [404, 404]
    assert User.objects.count() == known


def test_an_invitation_lives_as_long_as_the_settings_say(settings):
    settings.INVITATION_DAYS = 14
    application, _ = team()

    link(application)

    left = Invitation.objects.get().expires_at - from_now()
    assert timedelta(days=13, hours=23) < left <= timedelta(days=14)


def test_the_link_itself_is_kept_nowhere_but_in_its_message():
    application, _ = team()

    token = link(application).rstrip("/").rpartition("/")[2]

    kept = [str(row) for row in Invitation.objects.values_list()]
    assert [token in text for text in kept] == [False]


def test_who_already_entered_is_led_to_the_dossier(client):
    application, _ = team()
    address = link(application)
    client.post(address, account())

    assert client.get(address).url == application.get_absolute_url()


def test_an_inviter_who_left_the_carrier_opens_nothing_any_more():
    application, writer = team()
    link(application)
    writer.memberships.all().delete()

    with pytest.raises(Refused):
        actions.accept_invitation(application.invited.get(), by=UserFactory(email=COLLEAGUE))


@pytest.mark.parametrize(
    ("bad", "field"),
    [
        ({"new_password2": "autre-chose"}, "new_password2"),
        ({"new_password1": "court", "new_password2": "court"}, "new_password1"),
        ({"new_password1": COLLEAGUE, "new_password2": COLLEAGUE}, "new_password1"),
        ({"name": "\0"}, "name"),
    ],
)
def test_what_is_refused_is_told_beside_its_field_and_the_link_still_serves(client, bad, field):
    application, _ = team()
    address = link(application)

    refused = client.post(address, account(**bad))

    assert (list(refused.context["form"].errors), User.objects.filter(email=COLLEAGUE).exists()) == (
        [field],
        False,
    )
    assert client.post(address, account()).status_code == 302


@pytest.mark.django_db(transaction=True)
def test_one_link_followed_five_times_together_serves_once():
    application, _ = team()
    link(application)
    invited = application.invited.select_related("application", "invitation").get()

    given = in_parallel(
        *[lambda: actions.open_account_and_accept(invited, name="Nouvelle", password=GOOD).email] * 5
    )

    assert [type(answer) for answer in given if answer != COLLEAGUE] == [Refused] * 4
    assert Collaborator.objects.filter(user__email=COLLEAGUE).count() == 1


# Inviting


@pytest.mark.parametrize(
    ("domain", "public", "certifies", "allowed"),
    [
        ("organisme.example", True, False, True),
        ("organisme.example", False, False, False),
        ("ailleurs.example", True, False, False),
        ("ailleurs.example", False, True, True),
    ],
)
def test_who_may_say_that_an_address_is_a_colleague_s(client, domain, public, certifies, allowed):
    application = draft()
    by = certifier_of(application.organisation) if certifies else application.created_by
    if public:
        PublicDomain.objects.get_or_create(domain=domain)
    client.force_login(by)
    address = reverse("applications:invite", args=[application.key])

    response = client.post(address, {"email": f"nouvelle@{domain}", "role": "writer", "whose": "carrier"})

    assert (response.status_code == 302, application.invited.count()) == (allowed, int(allowed))
    if not allowed:
        assert list(response.context["form"].errors) == ["email"]


def test_the_answer_is_the_same_for_a_known_and_an_unknown_address(client):
    application, writer = team()
    UserFactory(email="connue@organisme.example")
    client.force_login(writer)
    address = reverse("applications:invite", args=[application.key])

    pages = []
    for name in ("connue", "autree"):
        email = f"{name}@organisme.example"
        client.post(address, {"email": email, "role": "reader", "whose": "carrier"})
        page = client.get(reverse("applications:team", args=[application.key])).content.decode()
        pages.append(re.sub(r'name="csrfmiddlewaretoken" value="\w+"', "", page).replace(name, ""))
        actions.withdraw_invitation(application.invited.pending().get(), by=writer)

    letters = OutgoingEmail.objects.filter(template__contains="invitation").count()
    assert (re.sub(r"invitations/\d+", "", pages[0]), letters) == (
        re.sub(r"invitations/\d+", "", pages[1]),
        2,
    )


def test_a_partner_of_the_dossier_is_offered_by_its_name(client):
    application, writer = team()
    application.partners.create(name="Une région", role="finance")
    client.force_login(writer)
    address = reverse("applications:invite", args=[application.key])

    client.post(address, {"email": "agent@region.example", "role": "writer", "whose": "partner-1"})
    without_name = client.post(
        address, {"email": "agent2@region.example", "role": "writer", "whose": "other"}
    )

    assert application.invited.get().guest_of == "Une région"
    assert list(without_name.context["form"].errors) == ["partner"]


def test_an_address_is_invited_once_at_a_time(client):
    application, writer = team()
    link(application)
    client.force_login(writer)
    address = reverse("applications:invite", args=[application.key])

    again = client.post(address, {"email": COLLEAGUE.upper(), "role": "writer", "whose": "carrier"})
    present = client.post(address, {"email": writer.email, "role": "writer", "whose": "carrier"})

    assert [list(page.context["form"].errors) for page in (again, present)] == [["email"], ["email"]]
    with pytest.raises(Refused):
        actions.invite(application, email=COLLEAGUE, role="writer", by=writer)


def test_one_person_sends_so_many_invitations_an_hour(client, settings):
    settings.INVITATIONS_AN_HOUR = 1
    application, writer = team()
    client.force_login(writer)
    address = reverse("applications:invite", args=[application.key])

    answers = [
        client.post(address, {"email": f"{name}@organisme.example", "role": "writer", "whose": "carrier"})
        for name in ("une", "deux")
    ]

    assert ([answer.status_code for answer in answers], application.invited.count()) == ([302, 429], 1)


def test_a_partner_s_agent_invites_nobody(client):
    application, _ = team()
    guest = UserFactory()
    Collaborator.objects.create(application=application, user=guest, guest_of="Une région")
    client.force_login(guest)

    pages = [
        client.get(reverse(f"applications:{name}", args=[application.key])) for name in ("team", "invite")
    ]

    assert [page.status_code for page in pages] == [200, 403]
    with pytest.raises(PermissionDenied):
        actions.invite(application, email="x@region.example", role="reader", guest_of="Une région", by=guest)


def test_a_partner_s_agent_reads_nobody_s_address_and_not_when_the_carrier_s_people_sign_in(client):
    application, writer = team()
    certifier = certifier_of(application.organisation)
    Round.objects.update(closes_at=from_now(hours=2))
    guest = UserFactory()
    Collaborator.objects.create(application=application, user=guest, guest_of="Une région")
    addresses = [reverse(f"applications:{name}", args=[application.key]) for name in ("team", "detail")]

    def read_by(user):
        client.force_login(user)
        pages = "".join(client.get(address).content.decode() for address in addresses)
        return [text in pages for text in (certifier.name, writer.email, "jamais connecté", guest.email)]

    assert (read_by(guest), read_by(writer)) == ([True, False, False, True], [True] * 4)


# The team


def joined(application, role="writer", **fields):
    user = contributor_of(application.organisation)
    return Collaborator.objects.create(application=application, user=user, role=role, **fields)


@pytest.mark.parametrize(
    "lose",
    [
        lambda seat, certifier: actions.remove(seat, by=certifier),
        lambda seat, certifier: actions.change_role(seat, role="reader", by=certifier),
        lambda seat, certifier: actions.leave(seat.application, by=seat.user),
    ],
    ids=["removed", "made a reader", "leaving"],
)
def test_the_carrier_always_keeps_a_writer(lose):
    application, writer = team()
    joined(application, "reader")
    Collaborator.objects.create(application=application, user=UserFactory(), guest_of="Une région")
    seat, certifier = application.collaborators.get(user=writer), certifier_of(application.organisation)

    with pytest.raises(Refused):
        lose(seat, certifier)


def test_a_removed_colleague_sees_nothing_more_and_is_told(client):
    application, writer = team()
    seat = joined(application)
    section = application.sections.create(section_key="projet", owner=seat.user)
    client.force_login(writer)

    client.post(reverse("applications:remove_collaborator", args=[application.key, seat.pk]))

    section.refresh_from_db()
    assert (Application.objects.visible_to(seat.user).count(), section.owner) == (0, None)
    assert OutgoingEmail.objects.get().to == seat.user.email
    assert Entry.objects.get(event="application.collaborator_removed").actor_id == writer.pk


def test_a_role_is_changed_from_the_team_s_page(client):
    application, writer = team()
    seat = joined(application)
    client.force_login(writer)

    client.post(reverse("applications:change_role", args=[application.key, seat.pk]))

    assert (rules.can_write(seat.user, application), Application.objects.visible_to(seat.user).count()) == (
        False,
        1,
    )


def test_one_leaves_by_oneself(client):
    application, _ = team()
    seat = joined(application)
    client.force_login(seat.user)

    client.post(reverse("applications:leave", args=[application.key]))

    assert Application.objects.visible_to(seat.user).count() == 0


@pytest.mark.parametrize("people", [1, 3])
def test_the_team_s_page_costs_the_same_whoever_is_on_it(client, django_assert_num_queries, people):
    application, writer = team()
    for number in range(people):
        joined(application)
        link(application, email=f"invitee{number}@organisme.example")
        certifier_of(application.organisation)
    client.force_login(writer)

    with django_assert_num_queries(11):
        client.get(reverse("applications:team", args=[application.key]))
