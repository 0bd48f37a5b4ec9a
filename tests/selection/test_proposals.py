"""A committee that only proposes: nothing is drawn, nobody is told, and the one that decides takes it from there."""

from decimal import Decimal

import pytest
from django.db import connection
from django.urls import reverse

from applications.models import Application
from journal.models import Entry, OutgoingEmail
from journal.refusals import Refused
from selection import follow, rules
from selection.actions import announcement, conflicts, decisions
from selection.actions import session as actions
from selection.models import AgendaItem, Case, Committee, Decision, Opinion
from tests.factories import (
    CallFactory,
    FundFactory,
    agenda_item,
    announcement_of,
    chair_of,
    committee_session,
    member_of,
    moved_to,
    officer_of,
)
from tests.selection.attendance_factories import all_present
from tests.selection.deciding_factories import said_of
from tests.selection.opinion_factories import opinion_asked, opinion_given

Item = AgendaItem.State
MILLION = Decimal(1_000_000)
CONDITIONS = "Joindre la lettre du ministère."
FAVOURABLE = {"outcome": "selected", "amount": MILLION, "is_conditional": True, "conditions": CONDITIONS}


@pytest.fixture
def panel(db):
    """A session of the fund's expert panel."""
    session = committee_session(FundFactory())
    Committee.objects.filter(pk=session.committee_id).update(power="proposes", name="Comité d’experts")
    session.committee.refresh_from_db()
    return session


@pytest.fixture
def steering(panel):
    """A session of the committee that decides."""
    return committee_session(panel.fund)


@pytest.fixture
def item(panel):
    call = CallFactory(fund=panel.fund, published=True)
    return agenda_item(all_present(panel), state=Item.VOTED, call=call, title="Un guichet unique")


def propose(item, outcome="selected", **said):
    said = said or (FAVOURABLE if outcome == "selected" else said_of(item, outcome))
    return decisions.decide(item, by=chair_of(item.session), **{"outcome": outcome} | said)


def taken_up(case, session, state=Item.SCORING):
    """The case, put on an agenda by an officer."""
    actions.add_to_agenda(session, [case.application.reference], by=officer_of(session.fund))
    return moved_to(session.items.get(case=case), state)


def page_of(client, item, name="item"):
    return client.get(reverse(f"selection:{name}", args=[item.session_id, item.case.application.reference]))


def main(page):
    return page.text.partition("<main")[2].partition("</main>")[0]


def test_its_chair_proposes_on_a_page_that_never_says_it_decides(client, item):
    client.force_login(chair_of(item.session))

    pages = [page_of(client, item), page_of(client, item, "decide")]
    said = {"outcome": "conditional", "amount": "1 000 000", "conditions": CONDITIONS}
    kept = client.post(
        reverse("selection:decide", args=[item.session_id, item.case.application.reference]),
        said,
        follow=True,
    )
    pages += [kept, page_of(client, item)]

    assert "proposition favorable, sous condition : 1" in main(kept)
    assert "Ce que le comité propose" in main(pages[1])
    words = ("Décision", "Décider", "Valider la décision", "décidé")
    assert [word for page in pages for word in words if word in main(page)] == []


def test_a_proposal_draws_on_nothing_and_the_dossier_may_come_before_who_decides(panel, steering, item):
    proposed = propose(item)

    item.case.refresh_from_db()
    with connection.cursor() as cursor:
        cursor.execute("SELECT selection_granted(%s)", [panel.envelope_id])
        [granted] = cursor.fetchone()
    assert (proposed.envelope, granted, item.case.state) == (None, 0, Case.State.SHORTLISTED)
    assert list(actions.schedulable(steering)) == [item.case]
    assert Entry.objects.filter(event__in=["item.decided", "item.proposed"]).get().event == "item.proposed"


def test_a_proposal_is_announced_to_nobody_and_once_decided_only_the_decision_is(panel, steering, item):
    call = item.case.application.call
    letters = OutgoingEmail.objects.count()
    propose(item)
    told = OutgoingEmail.objects.count() - letters
    with pytest.raises(Refused):
        announcement.prepare_announcement(call=call, title="T", introduction="", by=officer_of(call.fund))

    decided = taken_up(item.case, all_present(steering), Item.VOTED)
    decisions.decide(decided, outcome="selected", amount=MILLION / 2, by=chair_of(steering))
    made = announcement.prepare_announcement(call=call, title="T", introduction="", by=officer_of(call.fund))

    assert (told, [each.amount for each in made.laureates.all()]) == (0, [MILLION / 2])


def test_its_carrier_infers_nothing_from_a_proposal_when_others_of_the_round_are_announced(item):
    propose(item, "rejected")
    other = announcement_of(item.case.application.call)
    laureate = other.laureates.get()
    laureate.case = agenda_item(item.session, call=item.case.application.call).case
    laureate.save()
    Application.objects.update(round=item.case.application.round)

    assert follow.announcements_on(item.case.application) == []


def test_who_prepares_the_agenda_reads_what_was_proposed_and_starts_from_its_amount(
    client, panel, steering, item
):
    Case.objects.update(proposed_amount=300)
    propose(item)
    client.force_login(officer_of(panel.fund))

    page = client.get(reverse("selection:ranking", args=[steering.pk]))
    [form] = page.context["forms"]
    actions.add_to_agenda(steering, [str(item)], by=officer_of(panel.fund))

    assert all(
        words in page.text
        for words in ("Comité d’experts", "proposition favorable, sous condition", CONDITIONS)
    )
    assert reverse("selection:item", args=[panel.pk, str(item)]) in page.text
    assert (form.initial["amount"], steering.items.get().proposed_amount) == (MILLION, MILLION)


def test_who_decides_reads_the_proposal_and_follows_it_only_where_they_sit(client, panel, steering, item):
    propose(item)
    decided = taken_up(item.case, steering)
    steering.board.current = decided
    steering.board.save()
    both = member_of(panel.committee).user
    steering.committee.seats.create(user=both, title="Membre", position=7)
    there = reverse("selection:item", args=[panel.pk, str(item)])

    told = []
    for person in (chair_of(steering), both):
        client.force_login(person)
        page, board = (
            page_of(client, decided).text,
            client.get(reverse("selection:board", args=[steering.pk])).text,
        )
        told.append(
            (
                "Proposition de « Comité d’experts »" in page,
                CONDITIONS in page,
                CONDITIONS in board,
                there in page,
            )
        )

    assert told == [(True, True, True, False), (True, True, True, True)]


@pytest.mark.parametrize(("carried", "outcome"), [(True, "conditional"), (False, None)])
def test_the_decision_begins_with_the_proposal_as_far_as_the_vote_agrees(
    client, steering, item, carried, outcome
):
    propose(item)
    decided = taken_up(item.case, all_present(steering), Item.REVEALED)
    decided.votes.create(
        number=1, mode="consensus", opened_by=chair_of(steering), closed_by=chair_of(steering),
        closed_at="2018-06-22T10:00Z", carried=carried,
    )  # fmt: skip
    AgendaItem.objects.filter(pk=decided.pk).update(state=Item.VOTED)
    client.force_login(chair_of(steering))

    form = page_of(client, decided, "decide").context["form"]

    assert (form.initial.get("outcome"), form.initial["conditions"]) == (outcome, CONDITIONS)
    assert form.initial["amount"] == (MILLION if carried else None)


def test_a_dossier_stands_on_one_agenda_at_a_time(panel, steering, item):
    with pytest.raises(Refused) as refusal:
        actions.add_to_agenda(steering, [str(item)], by=officer_of(panel.fund))

    assert str(item) in refusal.value.reason


def test_a_proposal_is_corrected_until_the_dossier_is_before_who_decides(steering, item):
    propose(item)
    again = {"outcome": "reserve", "correction": "Erreur de saisie.", "by": chair_of(item.session)}
    corrected = decisions.correct(item, **again)
    taken_up(item.case, steering)

    with pytest.raises(Refused):
        decisions.correct(item, **again)

    assert (corrected.is_proposal, Decision.objects.standing().get()) == (True, corrected)
    assert Entry.objects.filter(event="item.proposal_corrected").count() == 1


def test_what_is_taken_off_the_agenda_was_put_off_by_nobody_who_decides(steering, item):
    propose(item, "deferred")

    actions.remove_from_agenda(taken_up(item.case, steering), by=officer_of(steering.fund))

    item.case.refresh_from_db()
    assert item.case.state == Case.State.SHORTLISTED


def test_who_is_recused_before_the_first_committee_stays_so_before_the_second(client, panel, steering, item):
    both = member_of(panel.committee).user
    seat = steering.committee.seats.create(user=both, title="Membre", position=7)
    conflicts.recuse_oneself(item.case.application, reason="Ancien employeur", by=both)
    propose(item)
    decided = taken_up(item.case, steering)
    client.force_login(both)

    assert page_of(client, decided).status_code == 404
    assert not rules.deals_with(seat, decided)
    assert str(item) not in client.get(steering.get_absolute_url()).text


def test_an_opinion_may_be_given_between_the_two_committees(panel, steering, item):
    asked = opinion_asked_before(item)
    with pytest.raises(Refused):
        opinion_given(asked)
    propose(item)

    opinion_given(asked)

    assert Opinion.objects.get().request == asked


def opinion_asked_before(item):
    """Asked before the session of the item opened."""
    item.session.state = "convened"
    item.session.save()
    asked = opinion_asked(item.case)
    item.session.state = "open"
    item.session.save()
    return asked


def test_a_reviewer_who_has_not_finished_reads_no_proposal_on_the_ranking(client, panel, steering, item):
    call = item.case.application.call
    type(call).objects.filter(pk=call.pk).update(has_shortlist=False)
    propose(item)
    blind = officer_of(panel.fund)
    item.case.reviews.create(reviewer=blind)
    client.force_login(blind)

    page = client.get(reverse("selection:ranking", args=[steering.pk])).text

    assert (str(item) in page, CONDITIONS in page, "Comité d’experts" in page) == (True, False, False)
