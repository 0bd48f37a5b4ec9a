"""A dossier: what it says, and what was filed."""

from applications.models.application import Application, Collaborator, Recusal, Submission, new_key
from applications.models.content import (
    YEARS,
    Attachment,
    ComponentProject,
    FinancingLine,
    FormMove,
    Indicator,
    Partner,
    PlannedMilestone,
    SavingsLine,
    SectionAnswers,
)

__all__ = [
    "YEARS",
    "Application",
    "Attachment",
    "Collaborator",
    "ComponentProject",
    "FinancingLine",
    "FormMove",
    "Indicator",
    "Partner",
    "PlannedMilestone",
    "Recusal",
    "SavingsLine",
    "SectionAnswers",
    "Submission",
    "new_key",
]
