"""What is asked: the decision as data, and the plan each unit makes of it."""

from campaigns.models.decision import (
    Campaign,
    CampaignPart,
    Commitment,
    Indicator,
    LegalBasis,
    PersonCategory,
    Phase,
    Recipient,
    ReportSection,
    Target,
    Task,
    TaskGroup,
)
from campaigns.models.plans import PlannedTask, PlanVersion, UnitPlan

__all__ = [
    "Campaign",
    "CampaignPart",
    "Commitment",
    "Indicator",
    "LegalBasis",
    "PersonCategory",
    "Phase",
    "PlanVersion",
    "PlannedTask",
    "Recipient",
    "ReportSection",
    "Target",
    "Task",
    "TaskGroup",
    "UnitPlan",
]
