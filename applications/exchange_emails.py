"""The e-mails of the exchanges with the secretariat. What is said stays in the portal: a link leads there."""

from django.conf import settings
from django.urls import reverse

from applications import exchanges
from calls.models.call import deadline_text
from journal.models import OutgoingEmail


def message_sent(message):
    """To the other side of a message: there is one, and where to read it; never to who wrote it."""
    application = message.application
    if message.from_secretariat:
        people = exchanges.people_of(application)
        address = reverse("applications:messages", args=[application.key])
    else:
        people = exchanges.secretariat_of(application)
        address = reverse("selection:messages", args=[application.reference])
    facts = {"from_secretariat": message.from_secretariat, "files": message.files.count()}
    people = people.exclude(pk=message.sent_by_id)
    return [_email("message_sent", to, application, address, **facts) for to in _addresses(people)]


def filed_withdrawn(application):
    """To the secretariat: what was filed is given up, and why."""
    address, people = reverse("selection:cases"), exchanges.secretariat_of(application)
    facts = {"reference": application.reference, "reason": application.withdrawal_reason}
    return [_email("filed_withdrawn", to, application, address, **facts) for to in _addresses(people)]


def clarification_asked(asked, *, extended=False):
    """To those on the carrier's side, and who may file for it: which sections are open again, until when."""
    application = asked.application
    people = exchanges.people_of(application) | exchanges.certifiers_of(application)
    facts = {**_facts(asked), "extended": extended}
    address = reverse("applications:clarification", args=[application.key])
    return [_email("clarification_asked", to, application, address, **facts) for to in _addresses(people)]


def clarification_reminder(asked):
    """To the same: the time to answer is soon over."""
    application = asked.application
    people = exchanges.people_of(application) | exchanges.certifiers_of(application)
    address = reverse("applications:clarification", args=[application.key])
    facts = _facts(asked)
    return [_email("clarification_reminder", to, application, address, **facts) for to in _addresses(people)]


def clarification_called_off(asked):
    """To the same: nothing more is asked."""
    application = asked.application
    people = exchanges.people_of(application) | exchanges.certifiers_of(application)
    address = reverse("applications:clarification", args=[application.key])
    return [_email("clarification_called_off", to, application, address) for to in _addresses(people)]


def clarification_ready(asked, by):
    """To those who file: a colleague has written the answer."""
    application = asked.application
    people = exchanges.certifiers_of(application).exclude(pk=by.pk)
    facts = {**_facts(asked), "by": by.name}
    address = reverse("applications:clarification", args=[application.key])
    return [_email("clarification_ready", to, application, address, **facts) for to in _addresses(people)]


def clarification_answered(asked, by):
    """To the secretariat: the answer is filed."""
    application = asked.application
    people = exchanges.secretariat_of(application).exclude(pk=by.pk)
    facts = {**_facts(asked), "revision": asked.submission.revision}
    address = reverse("selection:clarify", args=[application.reference])
    return [_email("clarification_answered", to, application, address, **facts) for to in _addresses(people)]


# Support before filing


def support_asked(asked):
    """To the secretariat: a draft is open to it."""
    return _to_secretariat("support_asked", asked)


def support_withdrawn(asked):
    """To the secretariat: its writers closed the draft to it."""
    return _to_secretariat("support_withdrawn", asked)


def support_given(asked, by, *, what):
    """To those on the carrier's side: the secretariat took charge, commented, proposed or closed."""
    application = asked.application
    address = reverse("applications:support", args=[application.key])
    people = _addresses(exchanges.people_of(application).exclude(pk=by.pk))
    return [_email("support_given", to, application, address, what=what) for to in people]


def _to_secretariat(name, asked):
    application = asked.application
    address = reverse("applications:support_desk")
    people = _addresses(exchanges.secretariat_of(application).exclude(pk=asked.asked_by_id))
    return [_email(name, to, application, address) for to in people]


def _facts(asked):
    return {"sections": [section["title"] for section in asked.sections], "due": deadline_text(asked.due_at)}


def _addresses(people):
    return sorted(set(people.values_list("email", flat=True)))


def _email(name, to, application, address, **facts):
    context = {
        "title": application.title,
        "reference": application.reference,
        "call": application.call.title,
        "address": settings.PORTAL_URL + address,
        **facts,
    }
    return OutgoingEmail(to=to, template=f"applications/emails/{name}.txt", context=context)
