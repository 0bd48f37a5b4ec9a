"""The messages about a laureate that gives up, and who is proposed instead; the reasons stay in the portal."""

from django.conf import settings
from django.urls import reverse

from applications.exchanges import certifiers_of, people_of
from calls.money import euros
from journal import dates
from journal.models import OutgoingEmail
from selection import rules


def acknowledged(withdrawal):
    """To the carrier's side: what was given up is recorded, when, and that it is for good."""
    application = withdrawal.decision.item.case.application
    people = (people_of(application) | certifiers_of(application)).filter(is_active=True).distinct()
    said = {
        "given_on": dates.day(withdrawal.given_on),
        "by_letter": withdrawal.by_letter,
        "contact": application.call.contact_email,
        "address": _url("selection:follow", application.key),
    }
    return _emails("withdrawal_acknowledged", people, application, said)


def stood_down(withdrawal, promotion):
    """To the secretariat: who gave up, and whether somebody is proposed."""
    application = withdrawal.decision.item.case.application
    said = {
        "amount": euros(withdrawal.decision.amount),
        "proposed": bool(promotion),
        "address": _url("selection:withdrawals"),
    }
    return _emails("stood_down", _secretariat(application), application, said)


def to_settle(promotion, people):
    """To who settles it: a project of the reserve list is proposed."""
    application = promotion.reserve.item.case.application
    said = {"rank": promotion.reserve.rank, "address": _url("selection:promotion", promotion.pk)}
    return _emails("promotion_to_settle", people, application, said)


def settled(promotion):
    """To the secretariat: what the chair did of a proposal."""
    application = promotion.reserve.item.case.application
    said = {
        "validated": promotion.state == promotion.State.VALIDATED,
        "address": _url("selection:promotion", promotion.pk),
    }
    return _emails("promotion_settled", _secretariat(application), application, said)


def _secretariat(application):
    people = rules.secretariat_of(application.call.fund)
    return [each for each in people if not rules.is_recused(each, application)]


def _emails(name, people, application, said):
    context = {"reference": application.reference, "title": application.title, "call": application.call.title}
    template = f"selection/emails/{name}.txt"
    return [OutgoingEmail(to=each.email, template=template, context=context | said) for each in people]


def _url(name, *args):
    return settings.PORTAL_URL + reverse(name, args=args)
