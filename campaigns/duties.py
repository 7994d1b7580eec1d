"""What waits for a person about plans."""

from django.urls import reverse

from campaigns import coverage
from campaigns.models import UnitPlan
from campaigns.rules import head_in_turn, units_of_home_affairs
from campaigns.workflow import EDITABLE
from units import tree
from units.duties import Duty
from units.models import Post, User


def of(user: User) -> list[Duty]:
    """Five queries at most, one for people without such a post."""
    user = user.acting_in("campaigns")
    authors = user.posts_of(Post.Kind.HEAD, Post.Kind.CLERK)
    if not authors and not user.works_for_home_affairs:
        return []
    standing = tree.load(user.today)
    units = {post.unit_id: post.unit for post in authors if standing.owes(post.unit_id, "plan_duty")}
    waiting = _waiting(user, standing)
    return [*_own(user, units), *([waiting] if waiting else [])]


def _own(user: User, units: dict) -> list[Duty]:
    year = user.today.year
    plans = coverage.plans(year, units, user.today) if units else {}
    cards = [_card(unit, plans.get(key), year) for key, unit in units.items()]
    return [card for card in cards if card]


def _card(unit, plan: UnitPlan | None, year: int) -> Duty | None:
    title = f"Kế hoạch năm {year} của {unit}"
    if plan is None:
        return Duty(
            f"{title}: chưa lập", reverse("campaigns:unitplan_begin"), tone="none", action="Lập kế hoạch"
        )
    if plan.status not in EDITABLE:
        return None
    if plan.status == UnitPlan.Status.RETURNED:
        return Duty(f"{title}: bị trả lại", plan.get_absolute_url(), tone="late", action="Xem lý do")
    return Duty(f"{title}: đang soạn, chưa gửi", plan.get_absolute_url(), action="Soạn tiếp")


def _waiting(user: User, standing: tree.Tree) -> Duty | None:
    """Plans whose turn it is for this person to review: all for Home Affairs but that of its own unit."""
    plans = UnitPlan.objects.filter(status=UnitPlan.Status.SUBMITTED)
    plans = plans.exclude(unit__in={post.unit_id for post in user.posts_today})
    if not user.works_for_home_affairs:
        headed = {post.unit_id for post in user.posts_of(Post.Kind.HEAD)}
        staff = units_of_home_affairs()
        plans = plans.filter(
            unit__in=[key for key in standing.placements if head_in_turn(standing, key, staff) in headed]
        )
    count = plans.count()
    url = f"{reverse('campaigns:unitplan_list')}?status=submitted&year="
    return Duty("kế hoạch chờ tiếp nhận", url, count=count, action="Xem") if count else None
