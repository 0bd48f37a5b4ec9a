"""A session that is over, with a laureate and projects of the reserve list."""

from decimal import Decimal

from applications.models import Application
from selection.actions import succession as actions
from selection.models import CommitteeSession, Decision
from tests.factories import CallFactory, FundFactory, agenda_item, certifier_of, committee_session
from tests.selection.letter_factories import ended, opened_letter

STATED = {"reason": "Le projet n’a plus d’équipe."}


def listed(*, reserves=2, commitments=Decimal(1_000_000), laureates=1, fund=None, call=None, told=True):
    """A closed session: laureates of 500 000 €, then so many projects of the reserve list, each asking 600 000 €."""
    fund = fund or FundFactory()
    session = committee_session(fund, commitments=commitments)
    call = call or CallFactory(fund=fund, published=True)
    for _ in range(laureates):
        item = ended(agenda_item(session, call=call), "selected")
        if told:
            opened_letter(item)
    for rank in range(1, reserves + 1):
        ended(agenda_item(session, call=call), "reserve", rank=rank)
    session.state = CommitteeSession.State.CLOSED
    session.save()
    return session


def laureate_of(session):
    """The dossier of the first laureate."""
    return Application.objects.filter(case__agenda_items__session=session).order_by("pk").first()


def reserve_of(session, rank):
    return Decision.objects.get(item__session=session, outcome="reserve", rank=rank)


def stood_down(session):
    """The laureate gave up: its withdrawal."""
    application = laureate_of(session)
    return actions.stand_down(application, by=certifier_of(application.organisation), **STATED)


def promoted(session):
    """The laureate gave up, and the chair took the first of the list: that decision."""
    [promotion] = stood_down(session).promotions.all()
    chair = session.committee.seats.get(is_chair=True).user
    return actions.validate_promotion(promotion, amount=promotion.amount, by=chair)
