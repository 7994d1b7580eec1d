"""Who reviews a plan: the head of the unit above; for a first-level unit, Home Affairs (clause V.1)."""

from typing import Any

import rules

from campaigns.models import UnitPlan
from units.models import User
from units.rules import heads_the_parent


@rules.predicate
def reviews_the_plan(user: User, plan: Any = None) -> bool:
    """Home Affairs reviews all; nobody reviews the plan of a unit he himself heads (rule R22)."""
    if not isinstance(plan, UnitPlan) or user.post_in(plan.unit_id, "head"):
        return False
    return user.works_for_home_affairs or heads_the_parent.test(user, plan)
