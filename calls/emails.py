"""The messages to those who ask, register, or publish a call; built here, sent by the outbox."""

from django.conf import settings
from django.urls import reverse

from calls.standing import publishers
from journal.models import OutgoingEmail


def call_submitted(call):
    """To each head who may publish it: a call awaits you."""
    by = call.submitted_by.name
    return [_about_call("call_submitted", head.email, call, by=by) for head in publishers(call)]


def call_returned(call, submitter):
    """To who submitted it: the call is in preparation again, and why."""
    return _about_call("call_returned", submitter.email, call, remarks=call.return_remarks)


def form_correction_ready(call, heads, *, by):
    """To each head who may publish it: the correction of a form awaits you."""
    address = settings.PORTAL_URL + reverse("calls:form_correction", args=[call.slug])
    return [
        _about_call("form_correction_ready", head.email, call, by=by.name, address=address) for head in heads
    ]


def question_published(question):
    """To the asker: the question is public, with its answer."""
    return _about_question("question_published", question)


def question_answered(question):
    """To the asker alone: an answer that is not published."""
    return _about_question("question_answered", question)


def question_set_aside(question):
    """To the asker: the question gets no answer, and why."""
    return _about_question("question_set_aside", question)


def question_corrected(question):
    """To the asker: the published answer changed."""
    return _about_question("question_corrected", question)


def registration_confirmed(registration):
    """To who registered: a seat, how to come, how to give it up."""
    return _about_registration("registration_confirmed", registration)


def registration_waiting(registration, rank):
    """To who came too late: a rank on the waiting list."""
    return _about_registration("registration_waiting", registration, rank=rank)


def registration_promoted(registration):
    """To the first of the waiting list: a seat was given up."""
    return _about_registration("registration_promoted", registration)


def event_changed(registration):
    """To everyone who is coming or waiting: the date or the place changed."""
    return _about_registration("event_changed", registration)


def event_cancelled(registration):
    """To everyone who is coming or waiting: there will be no event, and why."""
    return _about_registration("event_cancelled", registration, reason=registration.event.cancellation_reason)


def _about_call(name, to, call, **facts):
    context = {
        "title": call.title,
        "code": call.code,
        "fund": call.fund.name,
        "address": settings.PORTAL_URL + reverse("calls:preparation", args=[call.slug]),
        **facts,
    }
    return OutgoingEmail(to=to, template=f"calls/emails/{name}.txt", context=context)


def _about_registration(name, registration, **facts):
    event = registration.event
    seated = registration.state == registration.State.SEATED
    context = {
        "event": event.title,
        "when": event.when_text,
        "where": event.where_text,
        "online_link": event.online_link if seated else "",
        "waiting": registration.state == registration.State.WAITING,
        "address": settings.PORTAL_URL + event.get_absolute_url(),
        "registration": settings.PORTAL_URL + registration.get_absolute_url(),
        **facts,
    }
    return OutgoingEmail(to=registration.email, template=f"calls/emails/{name}.txt", context=context)


def _about_question(name, question):
    published = question.state == question.State.PUBLISHED
    context = {
        "call": question.call.title,
        "asked": question.text,
        "published_text": question.published_text,
        "answer": question.answer,
        "reason": question.reason,
        "contact": question.call.contact_email,
        "address": settings.PORTAL_URL
        + (question.get_absolute_url() if published else question.call.get_absolute_url()),
    }
    return OutgoingEmail(to=question.email, template=f"calls/emails/{name}.txt", context=context)
