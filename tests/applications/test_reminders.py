"""Reminded at each step before the deadline, once; and who alone may file alerted when nobody came."""

import pytest
from django.urls import reverse
from django.utils import timezone

from accounts.models import NoticePreference
from applications import actions, tasks
from applications.actions.reminding import remind_next
from applications.exchanges import certifiers_of, people_of
from applications.models import Application, Clarification, Collaborator, DeadlineReminder
from applications.reminders import windows
from calls.models import Round
from journal.models import Entry, OutgoingEmail
from journal.refusals import Refused
from tests.clock import from_now
from tests.database import in_parallel
from tests.factories import (
    UserFactory,
    certifier_of,
    clarified_application,
    complete_draft,
    contributor_of,
    draft,
    filed_application,
)

pytestmark = pytest.mark.django_db
MONTHS_AGO = {"days": -60}


def old(application):
    """The dossier, begun long ago."""
    Application.objects.filter(pk=application.pk).update(created_at=from_now(**MONTHS_AGO))
    return application


def closing_in(hours, application=None):
    """The dossier, an old draft by default, whose deadline is in so many hours."""
    application = application or old(draft())
    Round.objects.filter(pk=application.round_id).update(closes_at=from_now(hours=hours))
    return application


def sent(name="deadline_reminder"):
    return OutgoingEmail.objects.filter(template=f"applications/emails/{name}.txt")


def steps():
    reminders = DeadlineReminder.objects.filter(to_certifiers=False)
    return list(reminders.order_by("pk").values_list("hours", flat=True))


@pytest.mark.parametrize(
    ("left", "step"), [(169, None), (168, 168), (49, 168), (48, 48), (5, 48), (3, 3), (0.1, 3), (-0.1, None)]
)
def test_the_step_that_has_come_is_the_shortest_one(left, step):
    closing_in(left - 0.01 if left > 0 else left)

    tasks.remind()

    assert steps() == ([step] if step else [])


def test_steps_follow_the_settings():
    assert windows([3, 168, 48, 48]) == [(168, 48), (48, 3), (3, 0)]


def test_nothing_is_sent_twice_and_the_next_step_is_sent_in_its_turn():
    application = closing_in(47)

    tasks.remind()
    tasks.remind()
    closing_in(2, application)
    DeadlineReminder.objects.update(closes_at=Round.objects.get().closes_at)
    tasks.remind()

    assert (steps(), sent().count()) == ([48, 3], 2)


def test_a_postponed_deadline_reminds_again():
    application = closing_in(2)
    tasks.remind()

    closing_in(47, application)
    tasks.remind()

    assert steps() == [3, 48]


def test_a_draft_just_begun_is_not_reminded_of_a_step_that_had_come():
    closing_in(40, draft())

    tasks.remind()

    assert sent().count() == 0


@pytest.mark.parametrize("state", ["filed", "withdrawn"])
def test_what_is_no_draft_is_not_reminded(state):
    application = old(filed_application())
    if state == "withdrawn":
        actions.withdraw(application, by=certifier_of(application.organisation))
    closing_in(47, application)

    tasks.remind()

    assert sent().count() == 0


def test_those_who_write_and_the_certifiers_are_reminded_and_readers_are_not():
    application = closing_in(47)
    certifier, guest = certifier_of(application.organisation), UserFactory()
    Collaborator.objects.create(application=application, user=guest, guest_of="Une région")
    for leaving in (False, True):
        reader = contributor_of(application.organisation)
        Collaborator.objects.create(
            application=application, user=reader, role="writer" if leaving else "reader"
        )
        if leaving:
            reader.memberships.all().delete()

    tasks.remind()

    assert set(sent().values_list("to", flat=True)) == {
        application.created_by.email,
        certifier.email,
        guest.email,
    }


def test_a_reminder_says_what_is_missing_until_when_and_who_may_file():
    application = closing_in(47)
    certifier = certifier_of(application.organisation)

    tasks.remind()

    body = sent().first().body
    assert f"Date limite : {Round.objects.get().deadline_text}, heure de Paris." in body
    assert "Il reste à compléter : " in body
    assert f"Peuvent le déposer : {certifier}." in body


def test_a_complete_dossier_that_was_filed_once_is_told_that_its_filing_stands():
    application = filed_application()
    actions.take_back(application, by=application.created_by)
    closing_in(47, old(application))

    tasks.remind()

    body = sent().first().body
    assert f"sous la référence {application.reference} reste valable" in body
    assert "Rien n’y manque" in body


def test_who_wants_daily_news_is_reminded_in_time_and_who_wants_none_is_not(settings):
    settings.NOTICE_SUMMARY_HOUR = (
        timezone.localtime().hour + 12
    ) % 24  # the next summary would come too late
    application = closing_in(2)
    for user, pace in ((application.created_by, "daily"), (certifier_of(application.organisation), "never")):
        NoticePreference.objects.create(user=user, kind="deadlines", pace=pace)

    tasks.remind()

    assert [email.to for email in sent()] == [application.created_by.email]


@pytest.mark.django_db(transaction=True)
def test_several_workers_remind_each_draft_once():
    drafts = [closing_in(47, old(draft())) for _ in range(3)]

    in_parallel(*[tasks.remind] * 4)

    assert sorted(sent().values_list("to", flat=True)) == sorted(each.created_by.email for each in drafts)


@pytest.mark.parametrize("people", [1, 4])
def test_reminding_costs_the_same_whoever_writes(people, django_assert_num_queries):
    application = closing_in(47)
    for _ in range(people):
        Collaborator.objects.create(application=application, user=contributor_of(application.organisation))
        certifier_of(application.organisation)

    with django_assert_num_queries(24):
        remind_next()


# Nobody came


def awaiting_visa(hours):
    """A dossier sent for visa, which closes in some hours, with its certifier, who never came."""
    application = old(complete_draft())
    certifier = certifier_of(application.organisation)
    actions.ask_for_visa(application, by=application.created_by)
    closing_in(hours, application)
    return application, certifier


def later(settings):
    """Certifiers have been silent for long enough."""
    settings.CERTIFIER_SILENCE_MINUTES = 0


@pytest.mark.parametrize(("hours", "alerted"), [(49, 0), (47, 1), (2, 1), (-1, 0)])
def test_certifiers_who_did_not_come_are_alerted_when_the_deadline_is_near(settings, hours, alerted):
    later(settings)
    _, certifier = awaiting_visa(hours)

    tasks.remind()
    tasks.remind()

    assert [email.to for email in sent("certifiers_alerted")] == [certifier.email] * alerted
    assert Entry.objects.filter(event="application.certifiers_alerted").count() == alerted


def test_they_are_given_some_time_to_come():
    awaiting_visa(2)

    tasks.remind()

    assert sent("certifiers_alerted").count() == 0


def test_who_came_is_left_in_peace(settings):
    later(settings)
    _, certifier = awaiting_visa(47)
    certifier.last_login = timezone.now()
    certifier.save()

    tasks.remind()

    assert sent("certifiers_alerted").count() == 0


def test_an_alert_reaches_even_who_wants_no_e_mails(settings):
    later(settings)
    _, certifier = awaiting_visa(47)
    NoticePreference.objects.create(user=certifier, kind="work", pace="never")

    tasks.remind()

    assert sent("certifiers_alerted").count() == 1


def test_without_any_certifier_the_administrators_are_told_and_see_nothing_of_the_dossier():
    application = closing_in(47, old(draft(title="Projet confidentiel")))
    admin = UserFactory(is_staff=True)

    tasks.remind()

    [email] = sent("nobody_may_file")
    assert (email.to, "confidentiel" in f"{email.subject} {email.body} {email.context}") == (
        admin.email,
        False,
    )
    assert application.organisation.name in email.subject


def test_a_writer_alerts_the_certifiers_from_the_dossier_s_page(client):
    application, certifier = awaiting_visa(40)
    client.force_login(application.created_by)
    address = reverse("applications:alert_certifiers", args=[application.key])

    page = client.get(application.get_absolute_url()).content.decode()
    answers = [client.post(address).status_code for _ in range(3)]

    assert (address in page, answers) == (True, [302, 302, 429])
    assert {email.to for email in sent("certifiers_alerted")} == {certifier.email}
    assert application.created_by.name in sent("certifiers_alerted").first().body


def test_without_a_certifier_the_page_says_to_whom_to_turn(client, settings):
    settings.PORTAL_NOTICE = {**settings.PORTAL_NOTICE, "contact_email": "aide@portail.example"}
    application = closing_in(40, old(complete_draft()))
    UserFactory(is_staff=True)
    client.force_login(application.created_by)

    page = client.get(application.get_absolute_url()).content.decode()
    client.post(reverse("applications:alert_certifiers", args=[application.key]))

    assert "mailto:aide@portail.example" in page
    assert sent("nobody_may_file").count() == 1


@pytest.mark.parametrize("hours", [60, -1])
def test_nobody_is_alerted_when_the_deadline_is_far_or_past(hours):
    application, _ = awaiting_visa(hours)

    with pytest.raises(Refused):
        actions.alert_certifiers(application, by=application.created_by)


def test_an_incomplete_draft_alerts_nobody():
    application = closing_in(40)
    certifier_of(application.organisation)

    with pytest.raises(Refused):
        actions.alert_certifiers(application, by=application.created_by)


# A request for more


def asked_for_more(*, due_in, asked_ago=72):
    """The request for more of a filed dossier, asked so many hours ago."""
    asked = old(clarified_application()).clarifications.get()
    times = {"due_at": from_now(hours=due_in), "asked_at": from_now(hours=-asked_ago)}
    Clarification.objects.filter(pk=asked.pk).update(**times)
    return asked


def test_who_answers_a_request_for_more_is_reminded_once():
    asked = asked_for_more(due_in=47)

    tasks.remind()
    tasks.remind()

    assert sent("clarification_reminder").count() == len(
        people_of(asked.application) | certifiers_of(asked.application)
    )


@pytest.mark.parametrize(("due_in", "asked_ago"), [(49, 72), (-1, 72), (47, 0.5)])
def test_a_request_for_more_is_reminded_of_neither_early_nor_late_nor_just_asked(due_in, asked_ago):
    asked_for_more(due_in=due_in, asked_ago=asked_ago)

    tasks.remind()

    assert sent("clarification_reminder").count() == 0
