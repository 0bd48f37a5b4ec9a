"""Told at once, once a day, or never; nothing twice, nothing lost."""

from datetime import datetime, timedelta

import pytest
from django.conf import settings
from django.urls import reverse

from accounts import emails, tasks
from accounts.actions.notices import Kind, Pace, choose_paces, send_next_summary, tell
from accounts.models import HeldNotice, NoticePreference
from accounts.summaries import last_due, next_due
from journal.models import Entry, OutgoingEmail
from tests.clock import from_now
from tests.database import in_parallel
from tests.factories import UserFactory

pytestmark = pytest.mark.django_db


def news(to, title="Projet"):
    context = {
        "title": title,
        "call": "Appel",
        "deadline": "demain",
        "address": "/x",
        "preferences": "/compte",
    }
    return OutgoingEmail(to=to, template="applications/emails/visa_requested.txt", context=context)


def wanting(pace, kind=Kind.WORK, **fields):
    user = UserFactory(**fields)
    NoticePreference.objects.create(user=user, kind=kind, pace=pace)
    return user


def held_before_the_hour(user, subject="Objet", **delta):
    held_at = last_due(from_now()) - timedelta(**(delta or {"minutes": 1}))
    return HeldNotice.objects.create(user=user, subject=subject, body="Texte\n", held_at=held_at)


@pytest.mark.parametrize(
    ("pace", "kind", "posted", "held"),
    [
        (Pace.AT_ONCE, Kind.WORK, 1, 0),
        (Pace.DAILY, Kind.WORK, 0, 1),
        (Pace.NEVER, Kind.WORK, 0, 0),
        (Pace.NEVER, Kind.TEAM, 1, 0),  # a preference is of one kind alone
    ],
)
def test_one_is_told_as_soon_as_one_wants(pace, kind, posted, held):
    user = wanting(pace, kind)

    tell(Kind.WORK, [news(user.email.upper())])

    assert (OutgoingEmail.objects.count(), HeldNotice.objects.count()) == (posted, held)


def test_a_message_that_one_may_refuse_says_where():
    tell(Kind.WORK, [news(UserFactory().email)])

    assert OutgoingEmail.objects.get().body.endswith("/compte/courriels/\n")


ALWAYS_SENT = {"certifiers_alerted", "filing_receipt", "invitation", "nobody_may_file"}


def test_every_other_message_of_a_dossier_has_that_foot():
    templates = (settings.BASE_DIR / "templates" / "applications" / "emails").glob("*.txt")

    bare = {path.stem for path in templates if "accounts/emails/foot.txt" not in path.read_text()}

    assert bare == ALWAYS_SENT


def test_an_address_without_an_account_is_told_at_once():
    tell(Kind.WORK, [news("inconnue@organisme.example")])

    assert OutgoingEmail.objects.get().to == "inconnue@organisme.example"


@pytest.mark.parametrize("pace", [Pace.AT_ONCE, Pace.DAILY])
def test_a_closed_account_is_told_nothing(pace):
    user = wanting(pace, is_active=False)

    tell(Kind.WORK, [news(user.email)])

    assert (OutgoingEmail.objects.count(), HeldNotice.objects.count()) == (0, 0)


@pytest.mark.parametrize(("hours", "posted"), [(1, 1), (49, 0)])
def test_news_that_the_summary_would_tell_too_late_is_told_at_once(hours, posted):
    user = wanting(Pace.DAILY)

    tell(Kind.WORK, [news(user.email)], worth_until=next_due(from_now()) + timedelta(hours=hours - 2))

    assert OutgoingEmail.objects.count() == posted


@pytest.mark.parametrize("people", [1, 3])
def test_telling_costs_the_same_however_many_people(people, django_assert_num_queries):
    emails = [news(wanting(Pace.DAILY).email) for _ in range(people)]

    with django_assert_num_queries(3):
        tell(Kind.WORK, emails)


def test_the_summary_tells_in_one_message_all_that_was_held():
    user = wanting(Pace.DAILY)
    tell(Kind.WORK, [news(user.email, "Un"), news(user.email, "Deux")])
    HeldNotice.objects.update(held_at=last_due(from_now()) - timedelta(minutes=1))

    tasks.send_summaries()

    [email] = OutgoingEmail.objects.all()
    assert (email.to, email.subject) == (user.email, "Récapitulatif du jour : 2 nouvelles")
    assert email.body.count("Un dossier attend votre visa : ") == 2
    assert email.body.count("/compte/courriels/") == 1
    assert set(HeldNotice.objects.values_list("email", flat=True)) == {email.pk}


def test_a_summary_is_sent_once():
    held_before_the_hour(wanting(Pace.DAILY))

    tasks.send_summaries()
    tasks.send_summaries()

    assert OutgoingEmail.objects.count() == 1


def test_what_came_since_the_hour_waits_for_the_next_summary():
    held_before_the_hour(wanting(Pace.DAILY), minutes=-1)

    tasks.send_summaries()

    assert OutgoingEmail.objects.count() == 0


def test_a_round_that_beat_missed_is_made_up_for():
    held_before_the_hour(wanting(Pace.DAILY), days=3)

    tasks.send_summaries()

    assert OutgoingEmail.objects.count() == 1


@pytest.mark.parametrize("pace", [Pace.AT_ONCE, Pace.NEVER])
def test_what_was_held_is_told_even_to_who_then_chose_otherwise(pace):
    user = wanting(Pace.DAILY)
    held_before_the_hour(user)

    choose_paces({Kind.WORK.value: pace}, by=user)
    tasks.send_summaries()

    assert OutgoingEmail.objects.get().to == user.email


def test_a_summary_that_fails_stops_nobody_else_s_and_is_tried_again(monkeypatch):
    failing, next_one = wanting(Pace.DAILY), wanting(Pace.DAILY)
    for user in (failing, next_one):
        held_before_the_hour(user)
    summary = emails.summary

    def fail(user, notices):
        return summary(user, notices) if user != failing else Entry.objects.get(pk=0)

    with monkeypatch.context() as failed:
        failed.setattr(emails, "summary", fail)
        tasks.send_summaries()
    first = [email.to for email in OutgoingEmail.objects.all()]
    tasks.send_summaries()

    assert (first, {email.to for email in OutgoingEmail.objects.all()}) == (
        [next_one.email],
        {next_one.email, failing.email},
    )


@pytest.mark.django_db(transaction=True)
def test_two_workers_never_send_the_same_summary():
    for _ in range(3):
        held_before_the_hour(wanting(Pace.DAILY))

    in_parallel(*[tasks.send_summaries] * 4)

    assert OutgoingEmail.objects.count() == 3
    assert send_next_summary() is None


def test_the_hour_is_that_of_paris_whatever_the_season(settings):
    settings.NOTICE_SUMMARY_HOUR = 8
    moments = [f"2026-{day}T{hour}:30:00+00:00" for day in ("03-29", "10-25") for hour in ("05", "07")]

    due = [last_due(datetime.fromisoformat(moment)).isoformat() for moment in moments]

    assert due == [
        "2026-03-28T08:00:00+01:00",
        "2026-03-29T08:00:00+02:00",
        "2026-10-24T08:00:00+02:00",
        "2026-10-25T08:00:00+01:00",
    ]


def test_one_chooses_on_the_page_of_one_s_mail(client):
    user = wanting(Pace.NEVER, Kind.TEAM)
    client.force_login(user)
    choices = dict.fromkeys(Kind.values, Pace.DAILY)

    page = client.get(reverse("accounts:notices"))
    client.post(reverse("accounts:notices"), choices)

    assert page.context["form"][Kind.TEAM].value() == Pace.NEVER
    assert dict(user.notice_preferences.values_list("kind", "pace")) == choices
    assert Entry.objects.get(event="notices.chosen").actor_id == user.pk
