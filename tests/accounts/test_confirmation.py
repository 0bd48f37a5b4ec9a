"""The code asked again before a grave act: it comes by e-mail, serves once, for one act and for a time."""

import re
from datetime import timedelta

import pytest
from django.db import transaction
from django.utils import timezone

from accounts.actions import confirmation
from accounts.models import ConfirmationCode
from journal.models import OutgoingEmail
from journal.refusals import TooMany
from tests.factories import UserFactory

pytestmark = pytest.mark.django_db


@pytest.fixture
def user():
    return UserFactory()


def sent_to(user, subject="relevé/1"):
    """The code that someone was sent, as they read it."""
    confirmation.send_code(subject=subject, act="signer le relevé", by=user)
    return re.search(r"^\d{6}$", OutgoingEmail.objects.get(to=user.email).body, re.MULTILINE)[0]


def take(code, user, subject="relevé/1"):
    with transaction.atomic():
        return confirmation.take_code(code, subject=subject, by=user)


def test_the_code_that_was_sent_confirms_once(user):
    code = sent_to(user)

    assert take(f" {code[:3]} {code[3:]}", user) == ""
    assert take(code, user) == confirmation.GONE


def test_once_it_served_nothing_says_it_any_more(user):
    take(sent_to(user), user)

    assert OutgoingEmail.objects.count() == 0


def test_the_last_code_alone_counts(user):
    first, second = sent_to(user), sent_to(user)

    assert take(first, user) == "Ce n’est pas le code qui vous a été envoyé en dernier. Il reste 4 essais."
    assert take(second, user) == ""


def test_a_code_confirms_its_own_subject_and_its_own_account(user):
    code = sent_to(user)

    assert take(code, user, subject="relevé/2") == confirmation.GONE
    assert take(code, UserFactory()) == confirmation.GONE


def test_a_code_expires(user):
    code = sent_to(user)
    ConfirmationCode.objects.update(expires_at=timezone.now() - timedelta(seconds=1))

    assert take(code, user) == confirmation.GONE


def test_mistyped_too_often_the_right_one_serves_no_more(user, settings):
    code = sent_to(user)
    wrong = f"{(int(code) + 1) % 10**6:06d}"
    for _ in range(settings.CONFIRMATION_TRIES):
        take(wrong, user)

    assert take(code, user) == confirmation.GONE


def test_so_many_codes_are_sent_in_an_hour(user, settings):
    for _ in range(settings.CONFIRMATIONS_AN_HOUR):
        sent_to(user)

    with pytest.raises(TooMany) as refusal:
        sent_to(user)

    assert 0 < refusal.value.retry_after <= 3600
