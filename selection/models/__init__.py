"""From filed to announced: what the secretariat, the committee and the announcement add to a dossier."""

from selection.models.announcement import Announcement, Laureate
from selection.models.committee import (
    AgendaItem,
    Ballot,
    Committee,
    CommitteeBook,
    CommitteeSeat,
    CommitteeSession,
    Decision,
    Scorecard,
    ScorecardScore,
)
from selection.models.conflict import ConflictDeclaration, InterestLink
from selection.models.desk import Batch, BatchRow, Export, Label, MessageTemplate, Note, SavedView
from selection.models.eligibility import EligibilityCheck, EligibilityFact, IneligibilityProposal
from selection.models.hearing import Hearing, HearingSlot
from selection.models.instruction import Case, Flag, Review, Score
from selection.models.opinion import Opinion, OpinionFile, OpinionRequest, OpinionScore
from selection.models.similar import MeetingSuggestion, RadarText, RadarWord, SimilarProject

__all__ = [
    "AgendaItem",
    "Announcement",
    "Ballot",
    "Batch",
    "BatchRow",
    "Case",
    "Committee",
    "CommitteeBook",
    "CommitteeSeat",
    "CommitteeSession",
    "ConflictDeclaration",
    "Decision",
    "EligibilityCheck",
    "EligibilityFact",
    "Export",
    "Flag",
    "Hearing",
    "HearingSlot",
    "IneligibilityProposal",
    "InterestLink",
    "Label",
    "Laureate",
    "MeetingSuggestion",
    "MessageTemplate",
    "Note",
    "Opinion",
    "OpinionFile",
    "OpinionRequest",
    "OpinionScore",
    "RadarText",
    "RadarWord",
    "Review",
    "SavedView",
    "Score",
    "Scorecard",
    "ScorecardScore",
    "SimilarProject",
]
