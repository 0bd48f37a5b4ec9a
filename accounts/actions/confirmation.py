"""A code sent to the account's own address, to be typed at the moment of a grave act.

A code confirms one act on one subject, once, for some minutes; the last one sent alone counts. So many wrong ones and
it is dead, so many sent in an hour and no other is: it is counted per account, whatever the device. Why an e-mail, and
its limits: `docs/decisions/0008-codes-by-email.md`.
"""

import secrets
from datetime import timedelta

from django.conf import settings
from django.db import transaction
from django.utils.crypto import constant_time_compare, salted_hmac
from django.utils.translation import ngettext

from accounts import emails
from accounts.models import ConfirmationCode, User
from journal import actions as journal
from journal import clock
from journal.refusals import TooMany

DIGITS = 6
HOUR = timedelta(hours=1)
GONE = "Aucun code ne vous attend : il a expiré, a servi ou a été mal saisi trop de fois. Demandez-en un nouveau."


@transaction.atomic(durable=True)
def send_code(*, subject, act, by):
    """Send someone the code that confirms an act, named to them; the one sent before no longer does.

    Raises:
        TooMany: too many were sent to this account within the hour.
    """
    User.objects.select_for_update(no_key=True).get(pk=by.pk)
    now = clock.now()
    sent = by.confirmation_codes.filter(asked_at__gt=now - HOUR)
    if sent.count() >= settings.CONFIRMATIONS_AN_HOUR:
        oldest = min(sent.values_list("asked_at", flat=True))
        raise TooMany(retry_after=max(1, int((oldest + HOUR - now).total_seconds())))
    code = f"{secrets.randbelow(10**DIGITS):0{DIGITS}d}"
    made = ConfirmationCode.objects.create(
        user=by,
        subject=subject,
        hashed=_hashed(by, subject, code),
        expires_at=now + timedelta(minutes=settings.CONFIRMATION_MINUTES),
    )
    journal.record("account.code_sent", made, by=by, confirming=subject)
    journal.forget(by.email, templates=[emails.CODE])
    journal.post(emails.confirmation_code(by, code, act=act))


# Steps


def take_code(code, *, subject, by):
    """Use up the code that someone typed; return what is wrong, in a sentence, empty when it is the right one.

    A wrong one is counted: the caller, who keeps nothing else then, returns and does not raise.
    """
    User.objects.select_for_update(no_key=True).get(pk=by.pk)
    now = clock.now()
    last = by.confirmation_codes.filter(subject=subject).first()
    if last is None or last.used_at or last.expires_at <= now or last.failures >= settings.CONFIRMATION_TRIES:
        return GONE
    if constant_time_compare(last.hashed, _hashed(by, subject, "".join(code.split()))):
        last.used_at = now
        last.save(update_fields=["used_at"])
        journal.forget(by.email, templates=[emails.CODE])
        return ""
    last.failures += 1
    last.save(update_fields=["failures"])
    left = settings.CONFIRMATION_TRIES - last.failures
    if not left:
        return GONE
    tries = ngettext("%d essai", "%d essais", left) % left
    return f"Ce n’est pas le code qui vous a été envoyé en dernier. Il reste {tries}."


def _hashed(user, subject, code):
    """A hash that only who has the portal's key can try codes against."""
    return salted_hmac("accounts.confirmation", f"{user.pk}|{subject}|{code}", algorithm="sha256").hexdigest()
