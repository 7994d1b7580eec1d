"""A pledge that waits at a wrong unit goes to the right one (S10): the person moved, or the roster was wrong."""

from django.db import transaction
from django.db.models import F

from ledger import events
from ledger.locking import locked_row
from ledger.workflow import StepRefused
from notices.services import tell
from pledges.bodies import standing_for
from pledges.models import Pledge
from pledges.parties import is_on_its_way, may_be_signed_again, who_answers, whose
from pledges.rules import answers_for
from pledges.standing import places, units_above
from pledges.wording import NOBODY_ABOVE, kind_of
from pledges.workflow import PLEDGE, facts
from units import roster
from units.models import Post, Unit, User

NOT_IN_CHARGE = (
    "Chỉ người cam kết, người đứng đầu, cán bộ đầu mối của đơn vị đang nhận và Sở Nội vụ mới chuyển được."
)
NOT_WAITING = "Chỉ chuyển được bản cam kết đang chờ xác nhận."

OTHER_WORDS = (
    "Từ khi ký, người cam kết đã nhận hoặc thôi giữ chức vụ người đứng đầu nên lời cam kết đã khác. Người cam kết cần "
    "ký lại; bản này không chuyển nơi nhận."
)


def has_other_words(pledge: Pledge) -> bool:
    """Whether the person is to sign another kind of pledge today: he became a head or is none any more. What a head has
    confirmed stands.
    """
    if pledge.kind == Pledge.Kind.COLLECTIVE or pledge.status != Pledge.Status.AWAITING_HEAD:
        return False
    if not may_be_signed_again(pledge, pledge.user.today):
        return False
    return pledge.kind != kind_of(pledge.user)


def right_unit(pledge: Pledge) -> int | None:
    """Key of the unit to whose head it would be made today; None where nobody stands above."""
    today = pledge.user.today
    if pledge.kind == Pledge.Kind.COLLECTIVE:
        unit_id = standing_for([pledge.unit], today).get(pledge.unit_id)
        return units_above([unit_id], today)[unit_id] if unit_id else None
    place = places(User.objects.filter(pk=pledge.user_id).values("pk"), today).get(pledge.user_id)
    return place.signing_unit_id if place else None


@transaction.atomic
def hand_over(*, pledge: Pledge, by: User) -> Pledge:
    """Only `signing_unit` changes; what was signed stays (rule R24). Raises StepRefused where it is right already."""
    pledge = locked_row(Pledge.objects.select_related("user", "unit", "signing_unit"), pledge.pk)
    _check_authority(pledge, by)
    if not is_on_its_way(pledge):
        raise StepRefused(NOT_WAITING)
    if has_other_words(pledge):
        raise StepRefused(OTHER_WORDS)
    right = right_unit(pledge)
    if right is None:
        raise StepRefused(NOBODY_ABOVE)
    if right == pledge.signing_unit_id:
        raise StepRefused(f"Bản cam kết đã ở đúng nơi: {pledge.signing_unit.name}.")
    return _send(pledge, Unit.objects.get(pk=right), by)


def _check_authority(pledge: Pledge, by: User) -> None:
    acting = by.acting_in("pledges")
    in_charge = acting.post_in(pledge.signing_unit_id, Post.Kind.HEAD, Post.Kind.CLERK)
    if not (answers_for(by, pledge) or in_charge or acting.works_for_home_affairs):
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
    concerned = {user.pk: user for user in who_answers([pledge], by.today).values() if user.pk != by.pk}
    if head and head.user_id != pledge.user_id:
        concerned[head.user_id] = head.user
    tell(
        users=concerned.values(),
        effect=f"{PLEDGE.kind}.hand_over:{pledge.public_id}:{pledge.version}",
        text=f"Bản cam kết năm {pledge.year} của {whose(pledge)} đã chuyển tới {unit.name}.",
        url=pledge.get_absolute_url(),
    )
    return pledge
