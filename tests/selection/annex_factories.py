"""A session whose items were scored and revealed, for the annex and the simulator."""

from decimal import Decimal

from django.http import QueryDict
from django.utils import timezone

from calls.models import Criterion
from selection import simulator
from selection.forms.simulator import Question
from selection.models import AgendaItem, Scenario, Scorecard, ScorecardScore
from tests.factories import CallFactory, FundFactory, agenda_item, committee_session, member_of, moved_to

REVEALED = AgendaItem.State.REVEALED
# A project each: what three members give it on every criterion. The second and the third are equal.
ROWS = [(5, 4, 3), (4, 4, 2), (4, 3, 3), (4, 2, 1)]


def scored(item, seat, value, round=1):
    """A member's card, the same score on every criterion."""
    card = Scorecard.objects.create(item=item, seat=seat, round=round, scored_at=timezone.now())
    for criterion in Criterion.objects.filter(call=item.case.call):
        ScorecardScore.objects.create(scorecard=card, criterion=criterion, value=value)
    return card


def session_scored(rows=ROWS, *, session=None, state=REVEALED, amount=Decimal(4_000_000)):
    """A session of ten millions with one revealed item for each row, at four millions each."""
    session = session or committee_session(FundFactory())
    call = CallFactory(fund=session.fund, published=True)
    while session.committee.seats.count() < len(rows[0]):
        member_of(session.committee)
    seats = list(session.committee.seats.all())
    for row in rows:
        item = agenda_item(session, call=call)
        AgendaItem.objects.filter(pk=item.pk).update(proposed_amount=amount)
        for seat, value in zip(seats, row, strict=False):
            scored(item, seat, value)
        item.refresh_from_db()
        moved_to(item, state)
    return session


QUERY = "objectif=comite&montants=propose"


def scenario_of(session, name="Scénario", *, query=QUERY, presented=False):
    """What the simulator answers now to a query, saved by an officer of the fund."""
    known = simulator.Data(session)
    question = Question(QueryDict(query), known)
    return Scenario.objects.create(
        session=session,
        name=name,
        settings=question.settings(),
        result=simulator.answer(known, question.asked),
        presented=presented,
        saved_by=session.prepared_by,
    )
