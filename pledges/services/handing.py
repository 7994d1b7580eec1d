"""A pledge that waits at a wrong unit goes to the right one (S10): the person moved, or the roster was wrong."""

from django.db import transaction
from django.db.models import F

from ledger import events
from ledger.workflow import StepRefused
from notices.services import tell
from pledges.models import Pledge
from pledges.parties import is_on_its_way
from pledges.standing import places, units_above
from pledges.wording import NOBODY_ABOVE
from pledges.workflow import PLEDGE, facts
from units import roster
from units.models import Post, Unit, User

NOT_IN_CHARGE = (
    "Chỉ người cam kết, người đứng đầu, cán bộ đầu mối của đơn vị đang nhận và Sở Nội vụ mới chuyển được."
)
NOT_WAITING = "Chỉ chuyển được bản cam kết đang chờ xác nhận."


def right_unit(pledge: Pledge) -> int | None:
    """Key of the unit to whose head it would be made today; None where nobody stands above."""
    today = pledge.user.today
    if pledge.kind == Pledge.Kind.COLLECTIVE:
        return units_above([pledge.unit_id], today)[pledge.unit_id]
    place = places(User.objects.filter(pk=pledge.user_id).values("pk"), today).get(pledge.user_id)
    return place.signing_unit_id if place else None


@transaction.atomic
def hand_over(*, pledge: Pledge, by: User) -> Pledge:
    """Only `signing_unit` changes; what was signed stays (rule R24). Raises StepRefused where it is right already."""
    rows = Pledge.objects.select_for_update(of=("self",)).select_related("user", "unit", "signing_unit")
    pledge = rows.get(pk=pledge.pk)
    _check_authority(pledge, by)
    if not is_on_its_way(pledge):
        raise StepRefused(NOT_WAITING)
    right = right_unit(pledge)
    if right is None:
        raise StepRefused(NOBODY_ABOVE)
    if right == pledge.signing_unit_id:
        raise StepRefused(f"Bản cam kết đã ở đúng nơi: {pledge.signing_unit.name}.")
    return _send(pledge, Unit.objects.get(pk=right), by)


def _check_authority(pledge: Pledge, by: User) -> None:
    acting = by.acting_in("pledges")
    in_charge = acting.post_in(pledge.signing_unit_id, Post.Kind.HEAD, Post.Kind.CLERK)
    if not (pledge.user_id == by.pk or in_charge or acting.works_for_home_affairs):
        raise StepRefused(NOT_IN_CHARGE)


def _send(pledge: Pledge, unit: Unit, by: User) -> Pledge:
    before = pledge.signing_unit
    Pledge.objects.filter(pk=pledge.pk).update(signing_unit=unit, version=F("version") + 1)
    pledge.signing_unit, pledge.version = unit, pledge.version + 1
    events.record(
        f"{PLEDGE.kind}.hand_over",
        by=by,
        post=by.acting_in("pledges").post_in(before.pk, Post.Kind.HEAD, Post.Kind.CLERK),
        object_kind=PLEDGE.kind,
        object_id=pledge.public_id,
        unit_id=pledge.event_unit_id,
        data={"from": before.public_id, "to": unit.public_id, **facts(pledge)},
    )
    head = roster.holder(unit.pk, Post.Kind.HEAD, by.today)
    told = [pledge.user] if pledge.user_id != by.pk else []
    tell(
        users=[*told, *([head.user] if head and head.user_id != pledge.user_id else [])],
        effect=f"{PLEDGE.kind}.hand_over:{pledge.public_id}:{pledge.version}",
        text=f"Bản cam kết năm {pledge.year} của {pledge.user.full_name} đã chuyển tới {unit.name}.",
        url=pledge.get_absolute_url(),
    )
    return pledge
