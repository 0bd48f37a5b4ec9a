"""Every state of every lifecycle, towards every other one."""

import pytest

from accounts.models import User
from applications.lifecycle import MOVES as APPLICATION_MOVES
from applications.models import Application
from calls import lifecycle as calls
from calls.models import Call, Event, PublicQuestion
from journal.lifecycle import move
from journal.refusals import Refused
from selection import lifecycle as selection
from selection.models import AgendaItem, Announcement, Case, CommitteeSession, Review

DOSSIER = Application(title="Un projet")
CASE = Case(application=DOSSIER)
LIFECYCLES = {
    "call": (Call(title="Un appel"), calls.MOVES),
    "question": (PublicQuestion(text="Une question"), calls.QUESTION_MOVES),
    "event": (Event(title="Une réunion"), calls.EVENT_MOVES),
    "application": (DOSSIER, APPLICATION_MOVES),
    "case": (CASE, selection.CASE_MOVES),
    "session": (CommitteeSession(title="Une séance"), selection.SESSION_MOVES),
    "item": (AgendaItem(case=CASE, session=CommitteeSession(state="open")), selection.ITEM_MOVES),
    "review": (Review(case=CASE, reviewer=User(name="Une agente")), selection.REVIEW_MOVES),
    "announcement": (Announcement(title="Une annonce"), selection.ANNOUNCEMENT_MOVES),
}
PAIRS = [
    (name, start, target) for name, (_, table) in LIFECYCLES.items() for start in table for target in table
]
ALLOWED = [(name, start, target) for name, start, target in PAIRS if target in LIFECYCLES[name][1][start]]
REFUSED = [pair for pair in PAIRS if pair not in ALLOWED]


@pytest.mark.parametrize("name", LIFECYCLES)
def test_the_table_says_something_of_every_state(name):
    thing, table = LIFECYCLES[name]

    assert list(table) == list(type(thing).State)


@pytest.mark.parametrize("name", LIFECYCLES)
def test_every_state_is_reached_from_the_first_one(name):
    thing, table = LIFECYCLES[name]
    reached, waiting = set(), [type(thing)._meta.get_field("state").default]

    while waiting:
        state = waiting.pop()
        waiting += table[state] - reached
        reached.add(state)

    assert reached == set(type(thing).State)


@pytest.mark.parametrize(("name", "start", "target"), ALLOWED)
def test_a_move_of_the_table_passes(name, start, target):
    thing, table = LIFECYCLES[name]
    thing.state = start

    move(thing, target, table=table)

    assert thing.state == target


@pytest.mark.parametrize(("name", "start", "target"), REFUSED)
def test_any_other_move_is_refused_and_says_where_the_thing_stands(name, start, target):
    thing, table = LIFECYCLES[name]
    thing.state = start

    with pytest.raises(Refused) as refusal:
        move(thing, target, table=table)

    assert thing.state == start
    assert refusal.value.reason == (
        f"« {thing} » est à l'état « {start.label} » : cette action n'est plus possible."
    )


ENDS = {
    "call": {"archived"},
    "question": {"published"},
    "event": {"cancelled"},
    "application": {"withdrawn"},
    "case": {"ineligible", "not_shortlisted", "selected", "rejected"},
    "session": {"minutes_signed"},
    "item": {"decided", "put_off"},
    "review": set(),  # a finished one may be given back to its author
    "announcement": {"withdrawn"},
}


@pytest.mark.parametrize("name", LIFECYCLES)
def test_only_the_ends_lead_nowhere(name):
    _, table = LIFECYCLES[name]

    assert {state for state, targets in table.items() if not targets} == ENDS[name]
