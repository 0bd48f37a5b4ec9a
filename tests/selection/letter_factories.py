"""A session that is over, with dossiers decided in full, and its letters."""

from decimal import Decimal

from django.utils import timezone

from selection import letters
from selection.actions import letters as actions
from selection.models import AgendaItem, CommitteeSession, Letter
from tests.factories import FundFactory, agenda_item, committee_session, decided, head_of
from tests.selection.deciding_factories import reasons_for

SAID = {
    "selected": {
        "amount": Decimal("500000"),
        "conditions": "Un pilote d’abord.",
        "milestones": "Un bilan à six mois.",
    },
    "reserve": {"rank": 2},
    "deferred": {"asked": "Revoir le chiffrage."},
    "rejected": {},
}


def over(*outcomes, fund=None, **unsaid):
    """A closed session with an item decided for each of these outcomes, with all that a letter needs but `unsaid`."""
    session = committee_session(fund or FundFactory())
    for outcome in outcomes:
        ended(agenda_item(session), outcome, **unsaid)
    session.state = CommitteeSession.State.CLOSED
    session.save()
    return session


def ended(item, outcome, **unsaid):
    decided(item, outcome, **SAID[outcome] | unsaid)
    if outcome == "rejected":
        for criterion, text in reasons_for(item).items():
            item.decision.reasons.create(criterion=criterion, text=text)
    return item


def sent(session):
    """The session, all its letters sent by a head."""
    head = head_of(session.fund)
    actions.prepare(session, by=session.prepared_by)
    actions.ask_sending(session, by=head)
    while actions.send_next():
        pass
    return session


def opened_letter(item):
    """The letter of a decided item, as its carrier opened it, whatever it leaves unsaid."""
    [draft] = letters.drafts(AgendaItem.objects.filter(pk=item.pk))
    by, now = item.session.prepared_by, timezone.now()
    return Letter.objects.create(
        decision=item.decision,
        content=draft.content,
        prepared_by=by,
        asked_at=now,
        asked_by=by,
        sent_at=now,
        opened_at=now,
        opened_by=item.case.application.created_by,
    )
