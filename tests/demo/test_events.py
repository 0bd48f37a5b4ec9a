"""The meetings of the demonstration: two real ones, told as far as their sources do, and an invented one."""

import pytest
from django.urls import reverse

from accounts.models import PublicDomain
from calls.models import Event, PublicQuestion
from fondsportal.demo import accounts, events, facts, open_call


@pytest.fixture(scope="module")
def all_events(kept_for_module):
    facts.load()
    accounts.load()
    open_call.load()
    events.load()


@pytest.fixture
def loaded(all_events, db):
    """Loaded once for all the tests here."""


def test_the_real_meetings_are_past_and_cite_their_source(loaded):
    real = Event.objects.public().filter(fictitious=False).order_by("starts_at")

    assert [(event.slug, event.when_text, event.where_text) for event in real] == [
        ("journee-echanges-fonds-pia-2017", "9 mars 2017 (horaires non communiqués)", "Numa, Paris"),
        ("reunion-information-ftap-2018", "15 février 2018, de 14:30 à 16:30", "non communiqué"),
    ]
    assert [len(event.sources) for event in real] == [1, 1]


def test_the_meeting_to_come_is_invented_full_and_someone_waits(loaded):
    [meeting] = Event.objects.public().to_come()

    assert (meeting.fictitious, meeting.call.code) == (True, open_call.CODE)
    assert (meeting.registrations.seated().count(), meeting.registrations.waiting().count()) == (3, 1)


def test_every_page_of_an_event_answers(loaded, client):
    answers = [client.get(event.get_absolute_url()).status_code for event in Event.objects.public()]

    assert answers == [200, 200, 200]


def test_two_questions_are_answered_and_one_waits(loaded, client):
    page = client.get(reverse("calls:questions", args=[open_call.CODE.lower()]))

    assert len(page.context["questions"]) == 2
    assert PublicQuestion.objects.filter(state="received").count() == 1
    assert not PublicQuestion.objects.filter(fictitious=False).exists()


def test_only_the_states_domain_is_real(loaded):
    assert [each.domain for each in PublicDomain.objects.filter(fictitious=False)] == ["gouv.fr"]


def test_loading_again_changes_nothing(loaded):
    before = Event.objects.count(), PublicQuestion.objects.count(), PublicDomain.objects.count()

    events.load()

    assert (Event.objects.count(), PublicQuestion.objects.count(), PublicDomain.objects.count()) == before
