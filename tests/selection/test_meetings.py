"""Two carriers meet if both agree; until then, and whatever either answers, neither learns anything of the other."""

import pytest
from django.core.exceptions import PermissionDenied
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.urls import reverse

from applications.actions import withdraw
from applications.models import Collaborator, Recusal
from journal.models import OutgoingEmail
from journal.refusals import Refused
from selection.actions import meetings as actions
from selection.meetings import seen_by
from selection.models import MeetingSuggestion
from tests.factories import (
    CallFactory,
    OrganisationFactory,
    UserFactory,
    auditor_of,
    certifier_of,
    filed_application,
    officer_of,
)

TEXT = "Vous préparez tous deux un outil de prise de rendez-vous."

pytestmark = pytest.mark.django_db


class World:
    """Two dossiers of two bodies, an officer, and a certifier of each body."""

    def __init__(self):
        self.call = CallFactory(published=True)
        self.officer = officer_of(self.call.fund)
        bodies = [OrganisationFactory(name=name) for name in ("Agence des phares", "Office des canaux")]
        titles = ["Balises", "Ecluses"]
        self.one, self.two = (
            filed_application(call=self.call, organisation=body, title=title)
            for body, title in zip(bodies, titles, strict=True)
        )
        self.people = [certifier_of(body) for body in bodies]

    def suggest(self):
        return actions.suggest_meeting(self.one.case, self.two.case, text=TEXT, by=self.officer)

    def answer(self, suggestion, rank, agrees):
        application = (self.one, self.two)[rank]
        return actions.answer_meeting(suggestion, application, agrees=agrees, by=self.people[rank])

    def page(self, client, rank):
        client.force_login(self.people[rank])
        address = reverse("selection:meetings", args=[(self.one, self.two)[rank].key])
        return client.get(address).content.decode()


@pytest.fixture
def world():
    return World()


def names(other):
    """What would tell who the other carrier is."""
    return [other.organisation.name, other.title, other.reference]


def told(page, other):
    return [name for name in names(other) if name in page]


def test_both_agree_and_each_learns_who_the_other_is(world, client):
    suggestion = world.suggest()

    met = [world.answer(suggestion, 0, True), world.answer(suggestion, 1, True)]

    [seen] = seen_by(world.one)
    assert met == [False, True]
    assert (seen.other.body, seen.other.project) == ("Office des canaux", "Ecluses")
    assert seen.other.contact == world.people[1].email
    assert told(world.page(client, 1), world.one) == ["Agence des phares", "Balises"]


@pytest.mark.parametrize("answers", [(), (True,), (False,), (True, False), (False, True), (False, False)])
def test_short_of_two_agreements_no_page_names_the_other(world, client, answers):
    suggestion = world.suggest()
    for rank, agrees in enumerate(answers):
        world.answer(suggestion, rank, agrees)

    pages = [world.page(client, 0), world.page(client, 1)]

    assert [told(pages[0], world.two), told(pages[1], world.one)] == [[], []]
    assert [TEXT in page for page in pages] == [True, True]


def test_a_refusal_and_a_silence_look_the_same_to_who_agreed(world):
    suggestion = world.suggest()
    world.answer(suggestion, 0, True)
    silent = seen_by(world.one)

    world.answer(suggestion, 1, False)

    assert seen_by(world.one) == silent


def test_an_agreement_looks_like_a_silence_to_who_did_not_answer(world):
    suggestion = world.suggest()
    silent = seen_by(world.two)

    world.answer(suggestion, 0, True)

    assert seen_by(world.two) == silent


def test_no_email_is_sent_by_an_answer_that_is_not_the_second_agreement(world):
    suggestion = world.suggest()
    OutgoingEmail.objects.all().delete()

    world.answer(suggestion, 0, True)
    world.answer(suggestion, 1, False)

    assert OutgoingEmail.objects.count() == 0


def test_no_email_names_the_other(world):
    OutgoingEmail.objects.all().delete()
    suggestion = world.suggest()
    world.answer(suggestion, 0, True)
    world.answer(suggestion, 1, True)

    written = OutgoingEmail.objects.filter(to=world.people[0].email)

    assert [told(email.subject + email.body, world.two) for email in written] == [[], []]


def test_one_thinks_again_before_the_other_agrees(world):
    suggestion = world.suggest()
    world.answer(suggestion, 0, True)
    world.answer(suggestion, 0, False)

    met = world.answer(suggestion, 1, True)

    assert met is False


def test_once_met_an_answer_no_longer_changes(world):
    suggestion = world.suggest()
    world.answer(suggestion, 0, True)
    world.answer(suggestion, 1, True)

    with pytest.raises(Refused):
        world.answer(suggestion, 0, False)


def test_a_dossier_given_up_meets_nobody_and_the_other_is_not_told(world):
    suggestion = world.suggest()
    world.answer(suggestion, 1, True)
    silent = seen_by(world.one)
    withdraw(world.two, by=world.people[1])

    before, met = seen_by(world.one), world.answer(suggestion, 0, True)

    assert (before, met, seen_by(world.one)[0].other) == (silent, False, None)


def test_a_dossier_given_up_answers_no_more(world):
    suggestion = world.suggest()
    withdraw(world.two, by=world.people[1])

    with pytest.raises(Refused, match="retiré"):
        world.answer(suggestion, 1, True)


def test_a_meeting_is_not_suggested_to_a_dossier_given_up(world):
    withdraw(world.two, by=world.people[1])

    with pytest.raises(Refused):
        world.suggest()


def test_a_meeting_is_suggested_once_whichever_dossier_comes_first(world):
    world.suggest()

    with pytest.raises(Refused, match="déjà"):
        actions.suggest_meeting(world.two.case, world.one.case, text=TEXT, by=world.officer)


def test_a_suggestion_called_off_is_answered_no_more(world, client):
    suggestion = world.suggest()
    actions.call_off_meeting(suggestion, by=world.officer)

    with pytest.raises(Refused, match="retiré"):
        world.answer(suggestion, 0, True)

    assert told(world.page(client, 0), world.two) == []


def test_who_met_is_not_called_off(world):
    suggestion = world.suggest()
    world.answer(suggestion, 0, True)
    world.answer(suggestion, 1, True)

    with pytest.raises(Refused):
        actions.call_off_meeting(suggestion, by=world.officer)


@pytest.mark.parametrize(
    "text",
    [
        "Voyez l’agence des PHARES.",
        "Le projet Balises est proche.",
        "Voyez {reference}.",
        "Ils demandent 600 000 €.",
    ],
)
def test_a_text_that_reveals_a_dossier_is_refused(world, text):
    text = text.format(reference=world.one.reference)

    with pytest.raises(Refused, match="révèle"):
        actions.suggest_meeting(world.one.case, world.two.case, text=text, by=world.officer)


def test_the_page_keeps_the_text_it_refuses_and_says_why(world, client):
    client.force_login(world.officer)
    address = reverse("selection:suggest_meeting", args=[world.one.reference, world.two.reference])

    page = client.post(address, {"text": "Comme Balises."}).content.decode()

    assert ("Comme Balises." in page, "« Balises »" in page) == (True, True)
    assert MeetingSuggestion.objects.count() == 0


def test_an_officer_recused_from_either_dossier_neither_suggests_nor_reads(world, client):
    world.suggest()
    recused = officer_of(world.call.fund)
    Recusal.objects.create(application=world.two, user=recused, reason="Ancien employeur")
    client.force_login(recused)

    page = client.get(reverse("selection:similar", args=[world.one.reference])).content.decode()

    assert (TEXT in page, told(page, world.two)) == (False, [])
    with pytest.raises(PermissionDenied):
        actions.suggest_meeting(world.one.case, world.two.case, text=TEXT, by=recused)


def test_the_audit_reads_and_suggests_nothing(world):
    with pytest.raises(PermissionDenied):
        actions.suggest_meeting(world.one.case, world.two.case, text=TEXT, by=auditor_of(world.call.fund))


def test_a_partner_s_agent_neither_reads_nor_answers(world, client):
    suggestion = world.suggest()
    guest = UserFactory()
    Collaborator.objects.create(application=world.one, user=guest, guest_of="Une région")
    client.force_login(guest)

    status = client.get(reverse("selection:meetings", args=[world.one.key])).status_code

    assert status == 403
    with pytest.raises(PermissionDenied):
        actions.answer_meeting(suggestion, world.one, agrees=True, by=guest)


def test_a_suggestion_is_answered_from_its_own_dossiers_alone(world, client):
    suggestion = world.suggest()
    third = filed_application(call=world.call)
    client.force_login(certifier_of(third.organisation))

    response = client.post(
        reverse("selection:answer_meeting", args=[third.key, suggestion.pk]), {"answer": "yes"}
    )

    assert response.status_code == 404


def test_the_page_of_meetings_takes_the_same_queries_whatever_their_number(world, client):
    world.suggest()
    world.page(client, 0)
    with CaptureQueriesContext(connection) as once:
        world.page(client, 0)
    for _ in range(2):
        other = filed_application(call=world.call)
        actions.suggest_meeting(world.one.case, other.case, text=TEXT, by=world.officer)

    with CaptureQueriesContext(connection) as more:
        world.page(client, 0)

    assert len(more) == len(once)
