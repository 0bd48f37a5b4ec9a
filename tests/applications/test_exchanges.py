"""Messages between a carrier and the secretariat: who writes, who is told, what is read."""

import pytest

from applications import exchanges
from applications.models import Application, Clarification, Message, MessageReading
from tests.clock import from_now
from tests.factories import UserFactory, contributor_of, filed_application, officer_of

pytestmark = pytest.mark.django_db
EVERY = Application.objects.all


def said(application, *, by_secretariat, text="Bonjour"):
    return Message.objects.create(
        application=application,
        text=text,
        from_secretariat=by_secretariat,
        nonce=str(Message.objects.count()),
        sent_by=UserFactory(),
    )


def test_what_is_unread_is_what_the_other_side_wrote_since():
    application, other = filed_application(), filed_application()
    writer = application.created_by
    first = said(application, by_secretariat=True)
    MessageReading.objects.create(application=application, user=writer, last_read=first)
    for _ in range(2):
        said(application, by_secretariat=True)
    said(application, by_secretariat=False)
    said(other, by_secretariat=True)

    assert exchanges.unread(writer, EVERY().filter(pk=application.pk)) == {application.pk: 2}
    assert exchanges.unread(contributor_of(application.organisation), EVERY()) == {
        application.pk: 3,
        other.pk: 1,
    }
    assert exchanges.unread(officer_of(application.call.fund), EVERY(), by_secretariat=True) == {
        application.pk: 1
    }


def test_an_answer_settles_what_came_before_it_alone():
    application = filed_application()
    said(application, by_secretariat=False)
    said(application, by_secretariat=True)
    said(application, by_secretariat=False)

    assert exchanges.unanswered(EVERY(), by_secretariat=True) == {application.pk: 1}
    assert exchanges.unanswered(EVERY()) == {}


def test_the_most_pressing_request_for_more_comes_first_and_settled_ones_are_not_told():
    late, soon, called_off = (filed_application() for _ in range(3))
    for application, hours in ((late, 48), (soon, 24), (called_off, 1)):
        Clarification.objects.create(
            application=application,
            sections=[],
            due_at=from_now(hours=hours),
            asked_by=UserFactory(),
            called_off_at=from_now() if application is called_off else None,
        )

    found = exchanges.open_clarifications(EVERY())

    assert [asked.application for asked in found] == [soon, late]
