"""Opinions asked and given, as people do."""

import re
from datetime import timedelta

from django.utils import timezone

from journal.models import OutgoingEmail
from selection.actions import expertise
from selection.actions import opinions as actions
from selection.models import Case
from tests.factories import UserFactory, case_in, officer_of

CONTENT = {"purpose": "La soutenabilité budgétaire.", "confidentiality": "committee", "on_criteria": False}


def opinion_asked(case=None, *, email="", due_in=timedelta(days=10), by=None, **asked):
    """A request on a case under review; of a new account unless an address is given."""
    case = case or case_in(Case.State.UNDER_REVIEW)
    by = by or officer_of(case.application.call.fund)
    email = email or UserFactory().email
    facts = CONTENT | {"body": "Direction du budget", "due_at": timezone.now() + due_in} | asked
    return actions.ask_opinion(case, email=email, by=by, **facts)


def opinion_given(asked, text="Le chiffrage tient.", *, position="favourable", **said):
    asked.refresh_from_db()
    return expertise.give(asked, position=position, text=text, seen=asked.version, by=asked.expert, **said)


def token_in(template):
    """What the link of the last letter made of a template ends with."""
    body = (
        OutgoingEmail.objects.filter(template=f"selection/emails/{template}.txt").order_by("pk").last().body
    )
    return re.search(r"/avis/invitations/([^/\s]+)/", body)[1]
