"""From filed to announced: what the secretariat, the committee and the announcement add to a dossier."""

from selection.models.announcement import Announcement, Laureate, LaureateChange
from selection.models.committee import Committee, CommitteeSeat, TieRule, VoteMode
from selection.models.conflict import ConflictDeclaration, InterestLink
from selection.models.deciding import Ballot, Decision, DecisionReason, Vote
from selection.models.desk import Batch, BatchRow, Export, Label, MessageTemplate, Note, SavedView
from selection.models.eligibility import EligibilityCheck, EligibilityFact, IneligibilityProposal
from selection.models.hearing import Hearing, HearingSlot
from selection.models.instruction import Case, Flag, Review, Score
from selection.models.letter import Letter, LetterWording
from selection.models.meeting import (
    AgendaItem,
    Attendance,
    Board,
    CommitteeBook,
    CommitteeSession,
    SessionDocument,
    SessionStatement,
)
from selection.models.opinion import Opinion, OpinionFile, OpinionRequest, OpinionScore
from selection.models.publishing import AnnouncementPicture, LaureateCheck, Preview
from selection.models.record import Calibration, Minutes, MinutesSignature, MinutesVersion, Scenario
from selection.models.scoring import Commitment, Reading, Scorecard, ScorecardScore
from selection.models.similar import MeetingSuggestion, RadarText, RadarWord, SimilarProject
from selection.models.succession import Promotion, Withdrawal

__all__ = [
    "AgendaItem",
    "Announcement",
    "AnnouncementPicture",
    "Attendance",
    "Ballot",
    "Batch",
    "BatchRow",
    "Board",
    "Calibration",
    "Case",
    "Commitment",
    "Committee",
    "CommitteeBook",
    "CommitteeSeat",
    "CommitteeSession",
    "ConflictDeclaration",
    "Decision",
    "DecisionReason",
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
    "LaureateChange",
    "LaureateCheck",
    "Letter",
    "LetterWording",
    "MeetingSuggestion",
    "MessageTemplate",
    "Minutes",
    "MinutesSignature",
    "MinutesVersion",
    "Note",
    "Opinion",
    "OpinionFile",
    "OpinionRequest",
    "OpinionScore",
    "Preview",
    "Promotion",
    "RadarText",
    "RadarWord",
    "Reading",
    "Review",
    "SavedView",
    "Scenario",
    "Score",
    "Scorecard",
    "ScorecardScore",
    "SessionDocument",
    "SessionStatement",
    "SimilarProject",
    "TieRule",
    "Vote",
    "VoteMode",
    "Withdrawal",
]
