"""What is done about the campaign: loading its decision, and the units' plans. Every act leaves an event."""

from campaigns.services.decision import load_campaign
from campaigns.services.plans import (
    PlannedRow,
    accept_plan,
    begin_plan,
    return_plan,
    save_plan,
    submit_plan,
    what_lacks,
)

__all__ = [
    "PlannedRow",
    "accept_plan",
    "begin_plan",
    "load_campaign",
    "return_plan",
    "save_plan",
    "submit_plan",
    "what_lacks",
]
