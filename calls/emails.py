"""The messages to those who ask or register; built here, sent by the outbox."""

from django.conf import settings

from journal.models import OutgoingEmail


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
