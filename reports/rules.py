"""Who reviews a report: the level above; for a first-level unit, Home Affairs (clause V.5, rule R22)."""

from typing import Any

import rules

from reports.models import UnitReport
from units.models import User
from units.rules import heads_the_parent


@rules.predicate
def reviews_the_report(user: User, report: Any = None) -> bool:
    """Home Affairs reviews all; nobody reviews a report of a unit he himself heads or keeps the papers of."""
    if not isinstance(report, UnitReport) or user.post_in(report.unit_id, "head", "clerk"):
        return False
    return user.works_for_home_affairs or heads_the_parent.test(user, report)
