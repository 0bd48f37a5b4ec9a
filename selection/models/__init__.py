"""From filed to announced: what the secretariat, the committee and the announcement add to a dossier."""

from selection.models.announcement import Announcement, Laureate
from selection.models.committee import (
    AgendaItem,
    Ballot,
    Committee,
    CommitteeSeat,
    CommitteeSession,
    Decision,
    Scorecard,
    ScorecardScore,
)
from selection.models.instruction import Case, EligibilityCheck, Review, Score

__all__ = [
    "AgendaItem",
    "Announcement",
    "Ballot",
    "Case",
    "Committee",
    "CommitteeSeat",
    "CommitteeSession",
    "Decision",
    "EligibilityCheck",
    "Laureate",
    "Review",
    "Score",
    "Scorecard",
    "ScorecardScore",
]
