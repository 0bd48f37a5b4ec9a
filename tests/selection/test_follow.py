"""What its carrier may know of a dossier's way, and nothing before it is told."""

import re

import pytest
from django.urls import reverse

from applications import actions
from applications.models import Application
from calls.models import Round
from journal import actions as journal
from journal import clock, dates
from selection import follow
from selection.actions import eligibility
from selection.models import AgendaItem, Announcement, Case, Laureate
from tests.clock import from_now
from tests.factories import (
    CallFactory,
    OrganisationFactory,
    agenda_item,
    announcement_of,
    certifier_of,
    clarified_application,
    committee_session,
    complete_draft,
    filed_application,
    message_on,
    officer_of,
    taken_up,
)
from tests.factories import decided as decided_as
from tests.selection.eligibility_factories import turned_down

pytestmark = pytest.mark.django_db


def history(application):
    return follow.history(application, follow.announcements_on(application))


def told(application):
    return [(step.text, step.who) for step in reversed(history(application))]


def test_the_way_of_a_dossier_is_told_in_plain_words_and_the_secretariat_has_no_name():
    application = complete_draft()
    writer, certifier = application.created_by, certifier_of(application.organisation)
    officer = officer_of(application.call.fund)
    actions.ask_for_visa(application, by=writer)
    actions.file_application(application, by=certifier)
    message_on(application)
    message_on(application, by_secretariat=True, by=officer)
    actions.ask_clarification(
        application, questions={"projet": "Précisez."}, due_at=from_now(days=1), by=officer
    )
    actions.answer_clarification(application, by=certifier, text="Voici.")

    assert told(application) == [
        ("Visa demandé aux valideurs", writer.name),
        ("Dossier déposé, dépôt n° 1", certifier.name),
        ("Message au secrétariat", writer.name),
        ("Message du secrétariat", "le secrétariat"),
        ("Compléments demandés", "le secrétariat"),
        ("Dossier déposé, dépôt n° 2", certifier.name),
        ("Compléments déposés", certifier.name),
        ("Message au secrétariat", certifier.name),
    ]


def test_a_favourable_check_is_not_told_and_a_notified_refusal_is():
    eligible, ineligible = filed_application(), filed_application()
    before = told(eligible)
    eligibility.declare_eligible(eligible, by=officer_of(eligible.call.fund), reason="Conforme")
    turned_down(ineligible, reason="Hors champ")

    [refusal] = [step for step in history(ineligible) if step.text == "Dossier déclaré irrecevable"]
    assert (told(eligible), refusal.detail) == (before, "Hors champ")


def test_when_the_instruction_went_on_without_an_answer_is_not_told():
    application = clarified_application()
    due = from_now()
    application.clarifications.update(due_at=due)
    before = history(application)

    eligibility.declare_eligible(application, by=officer_of(application.call.fund))

    after = history(Application.objects.get())
    assert [(step.at, step.text) for step in after] == [(step.at, step.text) for step in before]
    assert after[0].at == due


@pytest.fixture
def decided():
    """Two dossiers of one carrier for one call, one selected and one rejected; laureates to be announced tomorrow."""
    call, carrier = CallFactory(published=True), OrganisationFactory()
    session = committee_session(call.fund)
    chosen = {}
    for outcome in ("selected", "rejected"):
        item = agenda_item(
            session, state=AgendaItem.State.VOTED, call=call, organisation=carrier, title="Projet"
        )
        decided_as(item, outcome, 1000 if outcome == "selected" else None)
        chosen[outcome] = item.case.application
    Round.objects.update(closes_at=from_now(minutes=-1))
    announcement_of(call, publish_at=from_now(days=1))
    Laureate.objects.update(case=chosen["selected"].case)
    return chosen


def page_of(client, application):
    """The page without what names the dossier itself: its key, its number, its instants, the token of its forms."""
    html = client.get(reverse("selection:follow", args=[application.key])).content.decode()
    html = html.replace(application.key, "KEY").replace(application.reference, "REFERENCE")
    for person in (application.created_by, application.submissions.get().filed_by):
        html = html.replace(person.name, "PERSON")
    return re.sub(r'\d{2}:\d{2}|name="csrfmiddlewaretoken" value="\w+"', "", html)


def test_before_the_announcement_selected_and_rejected_read_the_same_page(client, decided):
    client.force_login(certifier_of(decided["selected"].organisation))

    selected, rejected = (page_of(client, decided[each]) for each in ("selected", "rejected"))

    assert selected == rejected


def test_from_its_minute_on_the_announcement_tells_who_is_in_it(decided):
    Announcement.objects.update(publish_at=from_now())

    last = {outcome: history(application)[0].text for outcome, application in decided.items()}

    title = Announcement.objects.get().title
    assert last == {
        "selected": "Projet retenu, annoncé",
        "rejected": f"Annonce publiée : « {title} ». Votre projet n’y figure pas",
    }


def stage_of(application):
    stages = follow.stages(application, follow.announcements_on(application), clock.now())
    return next(name for name, _, state in stages if state == "current")


def test_an_announcement_of_another_round_says_nothing_of_a_dossier_even_once_its_own_is_over(decided):
    application = decided["rejected"]
    other = Round.objects.create(call=application.call, number=2, closes_at=from_now(minutes=-1))
    Application.objects.filter(pk=application.pk).update(round=other)
    Announcement.objects.update(publish_at=from_now())

    application = Application.objects.get(pk=application.pk)

    assert all("Annonce" not in text for text, _ in told(application))
    assert stage_of(application) == "Instruction"


def test_an_announcement_says_nothing_of_what_was_decided_after_it(decided):
    Announcement.objects.update(publish_at=from_now(minutes=-1))

    texts = {outcome: history(application)[0].text for outcome, application in decided.items()}

    assert "Annonce publiée" not in texts["rejected"]
    assert {outcome: stage_of(application) for outcome, application in decided.items()} == {
        "selected": "Annonce",
        "rejected": "Instruction",
    }


def test_who_was_not_shortlisted_reads_it_when_the_others_are_announced(decided):
    application = filed_application()
    selected = agenda_item(committee_session(application.call.fund), call=application.call).case
    Round.objects.update(closes_at=from_now(minutes=-1))
    announcement = announcement_of(application.call, publish_at=from_now())
    announcement.laureates.update(case=selected)
    before = stage_of(application)

    case = taken_up(application, Case.State.NOT_SHORTLISTED)
    journal.record("case.not_shortlisted", case)
    Announcement.objects.update(publish_at=from_now())

    assert (before, stage_of(application)) == ("Instruction", "Annonce")


def test_the_day_of_an_announcement_is_told_once_it_is_out_and_planned_only_while_to_come(decided):
    application = decided["selected"]
    application.call.announced_on = from_now(days=-3).date()

    before = follow.stages(application, [], from_now())[-1]
    Announcement.objects.update(publish_at=from_now())
    out = follow.stages(application, follow.announcements_on(application), from_now())[-1]

    assert before == ("Annonce", "date non communiquée", "future")
    assert out == ("Annonce", f"le {dates.day(Announcement.objects.get().publish_at)}", "current")


@pytest.mark.parametrize("rows", [1, 3])
def test_the_history_costs_the_same_whatever_was_said(client, rows, django_assert_num_queries):
    application = filed_application()
    for _ in range(rows):
        message_on(application)
    client.force_login(application.created_by)

    with django_assert_num_queries(17):
        client.get(reverse("selection:follow", args=[application.key]))
