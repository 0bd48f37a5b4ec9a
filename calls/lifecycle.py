from functools import partial

from calls.models import Call, Event, PublicQuestion
from journal import lifecycle

State = Call.State

MOVES = {
    State.DRAFT: {State.SUBMITTED},
    State.SUBMITTED: {State.DRAFT, State.PUBLISHED},
    State.PUBLISHED: {State.DRAFT, State.ARCHIVED},  # to a draft again as long as its minute has not come
    State.ARCHIVED: set(),
}
move = partial(lifecycle.move, table=MOVES)

Question = PublicQuestion.State
QUESTION_MOVES = {
    Question.RECEIVED: {Question.PUBLISHED, Question.ANSWERED_PRIVATELY, Question.SET_ASIDE},
    Question.PUBLISHED: set(),
    Question.ANSWERED_PRIVATELY: {Question.PUBLISHED},
    Question.SET_ASIDE: {Question.PUBLISHED, Question.ANSWERED_PRIVATELY},
}
move_question = partial(lifecycle.move, table=QUESTION_MOVES)

Meeting = Event.State
EVENT_MOVES = {
    Meeting.DRAFT: {Meeting.PUBLISHED},
    Meeting.PUBLISHED: {Meeting.CANCELLED},
    Meeting.CANCELLED: set(),
}
move_event = partial(lifecycle.move, table=EVENT_MOVES)
