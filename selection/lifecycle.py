from functools import partial

from journal import lifecycle
from selection.models import AgendaItem, Announcement, Case, CommitteeSession, Review

State = Case.State
OUTCOMES = {State.SELECTED, State.RESERVE, State.DEFERRED, State.REJECTED}

CASE_MOVES = {
    State.TO_CHECK: {State.ELIGIBLE, State.INELIGIBLE},
    State.ELIGIBLE: {State.UNDER_REVIEW},
    State.INELIGIBLE: set(),
    State.UNDER_REVIEW: {State.SHORTLISTED, State.NOT_SHORTLISTED, State.ON_AGENDA},
    State.SHORTLISTED: {State.ON_AGENDA},
    State.NOT_SHORTLISTED: set(),
    State.ON_AGENDA: OUTCOMES | {State.SHORTLISTED, State.UNDER_REVIEW, State.DEFERRED},
    State.SELECTED: set(),
    State.RESERVE: {State.SELECTED},
    State.DEFERRED: {State.ON_AGENDA},
    State.REJECTED: set(),
}
move = partial(lifecycle.move, table=CASE_MOVES)

# What the chair's correction of a decision may make of a case: any outcome of any other, its own again included.
CORRECTIONS = {state: OUTCOMES if state in OUTCOMES else set() for state in State}
move_corrected = partial(lifecycle.move, table=CORRECTIONS)

Meeting = CommitteeSession.State
SESSION_MOVES = {
    Meeting.CONVENED: {Meeting.OPEN},
    Meeting.OPEN: {Meeting.CLOSED},
    Meeting.CLOSED: {Meeting.MINUTES_SIGNED},
    Meeting.MINUTES_SIGNED: set(),
}
move_session = partial(lifecycle.move, table=SESSION_MOVES)

Item = AgendaItem.State
ITEM_MOVES = {
    Item.SCORING: {Item.REVEALED, Item.PUT_OFF},
    Item.REVEALED: {
        Item.VOTE_OPEN,
        Item.VOTED,
        Item.PUT_OFF,
    },  # voted at once where the chair hears a consensus
    Item.VOTE_OPEN: {Item.VOTED, Item.PUT_OFF},
    Item.VOTED: {Item.VOTE_OPEN, Item.DECIDED, Item.PUT_OFF},  # a second vote, before anything is decided
    Item.DECIDED: set(),
    Item.PUT_OFF: set(),
}
move_item = partial(lifecycle.move, table=ITEM_MOVES)

REVIEW_MOVES = {
    Review.State.DRAFT: {Review.State.FINISHED},
    Review.State.FINISHED: {Review.State.DRAFT},  # reopened by the head
}
move_review = partial(lifecycle.move, table=REVIEW_MOVES)

Notice = Announcement.State
ANNOUNCEMENT_MOVES = {
    Notice.DRAFT: {Notice.VALIDATED, Notice.WITHDRAWN},
    Notice.VALIDATED: {Notice.SCHEDULED, Notice.DRAFT, Notice.WITHDRAWN},
    Notice.SCHEDULED: {Notice.SCHEDULED, Notice.DRAFT, Notice.WITHDRAWN},
    Notice.WITHDRAWN: set(),
}
move_announcement = partial(lifecycle.move, table=ANNOUNCEMENT_MOVES)
