"""A visa lent to a colleague for some days, and taken back."""

from datetime import timedelta

import pytest
from django.core.exceptions import PermissionDenied
from django.urls import reverse
from django.utils import timezone

from accounts.actions.delegations import delegate_visa, revoke_delegation
from accounts.models import Delegation, Membership
from journal.models import Entry, OutgoingEmail
from journal.refusals import Refused
from tests.factories import OrganisationFactory, UserFactory, certifier_of, contributor_of

pytestmark = pytest.mark.django_db


@pytest.fixture
def body():
    return OrganisationFactory()


def today():
    return timezone.localdate()


def lent(body, *, first=0, last=0):
    return delegate_visa(
        body,
        delegate=contributor_of(body),
        first_day=today() + timedelta(days=first),
        last_day=today() + timedelta(days=last),
        by=certifier_of(body),
    )


def certifies(user, body):
    return body.memberships.certifying().filter(user=user).exists()


def test_a_visa_is_lent_for_whole_days_of_paris_and_the_stand_in_is_told(body):
    delegation = lent(body)

    begins, ends = timezone.localtime(delegation.begins_at), timezone.localtime(delegation.ends_at)
    assert (begins.date(), begins.hour, ends.date(), ends.hour) == (
        today(),
        0,
        today() + timedelta(days=1),
        0,
    )
    assert (certifies(delegation.delegate, body), delegation.last_day) == (True, today())
    assert OutgoingEmail.objects.get().to == delegation.delegate.email
    assert Entry.objects.get(event="visa.lent").actor_id == delegation.certifier_id


def test_a_visa_taken_back_is_so_at_once_and_once(body):
    delegation = lent(body, last=5)

    revoke_delegation(delegation, by=delegation.certifier)

    assert certifies(delegation.delegate, body) is False
    assert OutgoingEmail.objects.filter(template__contains="taken_back").get().to == delegation.delegate.email
    with pytest.raises(Refused):
        revoke_delegation(delegation, by=delegation.certifier)


def test_a_stand_in_lends_nothing_on(body):
    delegation = lent(body)

    with pytest.raises(PermissionDenied):
        delegate_visa(
            body, delegate=contributor_of(body), first_day=today(), last_day=today(), by=delegation.delegate
        )


def test_a_visa_is_lent_within_one_body_alone(body):
    with pytest.raises(PermissionDenied):
        delegate_visa(
            body, delegate=UserFactory(), first_day=today(), last_day=today(), by=certifier_of(body)
        )


@pytest.mark.parametrize(
    ("first", "last", "wrong"),
    [(0, 3, []), (-1, 3, ["first_day"]), (3, 2, ["last_day"])],
)
def test_the_days_are_checked_beside_their_fields(client, body, first, last, wrong):
    certifier, colleague = certifier_of(body), contributor_of(body)
    client.force_login(certifier)
    place = Membership.objects.get(user=colleague)

    response = client.post(
        reverse("accounts:delegations"),
        {
            "place": place.pk,
            "first_day": today() + timedelta(days=first),
            "last_day": today() + timedelta(days=last),
        },
    )

    errors = [] if response.status_code == 302 else list(response.context["form"].errors)
    assert (errors, Delegation.objects.count()) == (wrong, int(not wrong))


def test_the_page_says_which_visas_one_lends_and_holds(client, body):
    running, coming = lent(body), lent(body, first=2, last=3)
    revoke_delegation(coming, by=coming.certifier)

    shown = {}
    for user in (running.certifier, running.delegate, coming.certifier):
        client.force_login(user)
        context = client.get(reverse("accounts:delegations")).context
        shown[user] = [[standing for _, standing, _ in context[kind]] for kind in ("given", "held")]

    assert shown == {
        running.certifier: [["en cours"], []],
        running.delegate: [[], ["en cours"]],
        coming.certifier: [["levée"], []],
    }


def test_nobody_else_takes_a_visa_back(client, body):
    delegation = lent(body)
    client.force_login(delegation.delegate)

    assert client.post(reverse("accounts:revoke_delegation", args=[delegation.pk])).status_code == 404
