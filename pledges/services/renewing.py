"""When pledges are to be signed again: a new text, what a unit adds, a new head who asks for it (features S1, S12).

Nothing that was signed changes. `stale_since` is set on all of them in one statement, under one event of the act.
"""

from datetime import datetime

from django.db import transaction
from django.db.models import Exists, OuterRef, Q, QuerySet

from campaigns.models import Campaign
from ledger import clock, events
from ledger.workflow import Correctable, SeenOld, StepRefused
from pledges.book import close_the_book
from pledges.models import Pledge, PledgeText, Signature, UnitAddition
from pledges.queries import heading
from pledges.standing import units_of_papers
from pledges.workflow import ADDITION_KIND, RENEWAL_KIND
from units.models import Appointment, Employment, Post, Unit, User
from units.queries import in_force

LONGEST_ADDITION = 2000
ONLY_HEAD = "Chỉ người đứng đầu đơn vị mới làm được việc này."
NO_PAPERS = (
    "Đơn vị này không ban hành văn bản riêng nên không có nội dung bổ sung; đơn vị cấp trên ghi chung."
)
UNCHANGED = "Nội dung bổ sung giống hệt bản đang dùng nên không lưu bản mới."
NONE_TO_END = "Đơn vị chưa có nội dung bổ sung để bỏ."
NONE_TO_RENEW = "Không có bản cam kết nào do người đứng đầu trước xác nhận để đề nghị ký lại."
COUNT_CHANGED = (
    "Số bản phải ký lại đã thay đổi từ khi mở trang: nay là {count} bản. Xin xem lại rồi làm tiếp."
)


def renew_for_text(text: PledgeText) -> int:
    """After a new version that `renews` was added: everybody's of this year, units' own too. Returns how many."""
    year = clock.today().year
    rows = Pledge.objects.filter(campaign_id=text.campaign_id, year=year).exclude(text=text)
    return _mark(rows, clock.now())


@transaction.atomic
def publish_addition(
    *, unit: Unit, campaign: Campaign, text: str, renews: bool, seen_version: int, by: User
) -> UnitAddition:
    """A new version of what the unit asks of its people; an empty text ends it. Raises StepRefused.

    `seen_version` is that of the version on the page (0: none): a version another wrote meanwhile is not passed over.
    """
    close_the_book(by)
    post = _head_post(by, unit)
    Unit.objects.select_for_update(no_key=True).get(pk=unit.pk)
    latest = UnitAddition.objects.filter(campaign=campaign, unit=unit).order_by("-version").first()
    text = text.strip()
    _check_addition(latest, text, seen_version, reached=units_of_papers(unit.pk, by.today))
    version = latest.version + 1 if latest else 1
    addition = UnitAddition.objects.create(
        campaign=campaign, unit=unit, version=version, text=text, renews=renews, by=by
    )
    count = _mark(of_unit_today(addition, by), clock.now()) if renews else 0
    events.record(
        f"{ADDITION_KIND}.publish",
        by=by,
        post=post,
        object_kind=ADDITION_KIND,
        object_id=addition.public_id,
        unit_id=unit.public_id,
        data={"version": version, "renews": renews, "stale": count, "ends": not text},
    )
    return addition


def of_unit_today(addition: UnitAddition, by: User) -> QuerySet[Pledge]:
    """This year's pledges of the people whom the unit's addition reaches today, signed with another one."""
    units = units_of_papers(addition.unit_id, by.today)
    people = Employment.objects.filter(in_force(by.today), unit_id__in=units).values("user_id")
    rows = Pledge.objects.personal().filter(campaign_id=addition.campaign_id, year=by.today.year)
    return rows.filter(user_id__in=people).exclude(addition=addition)


@transaction.atomic
def ask_renewal(*, unit: Unit, campaign: Campaign, reason: str, seen_count: int, by: User) -> int:
    """A new head has the unit's pledges signed again that a head before him confirmed. Raises StepRefused.

    `seen_count` is the number that was on the page. What still waits comes to him by itself.
    """
    if not reason.strip():
        raise StepRefused("Cần ghi lý do.")
    close_the_book(by)
    post = _head_post(by, unit)
    rows = confirmed_before(unit, campaign, by)
    count = rows.count()
    if not count:
        raise StepRefused(NONE_TO_RENEW)
    if count != seen_count:
        raise SeenOld(COUNT_CHANGED.format(count=count))
    asked = events.record(
        f"{RENEWAL_KIND}.ask",
        by=by,
        post=post,
        object_kind=RENEWAL_KIND,
        object_id=unit.public_id,
        unit_id=unit.public_id,
        data={"year": by.today.year, "stale": count},
        reason=reason.strip(),
    )
    return _mark(rows, asked.at)


def confirmed_before(unit: Unit, campaign: Campaign, by: User) -> QuerySet[Pledge]:
    """This year's pledges to the unit that stand by the confirmation of a head before the present one, or of who signed
    in such a head's stead; never his own.
    """
    heads = {by.pk, *heading(by.today, post__unit=unit).values_list("user", flat=True)}
    theirs = (
        Signature.objects.filter(pledge=OuterRef("pk"), round=OuterRef("round"), party=Signature.Party.HEAD)
        .exclude(user__in=heads)
        .exclude(_in_stead_of(heads))
    )
    confirmed = [Pledge.Status.AWAITING_UNION, Pledge.Status.COMPLETE]
    rows = Pledge.objects.filter(
        Exists(theirs),
        campaign=campaign,
        year=by.today.year,
        signing_unit=unit,
        status__in=confirmed,
        stale_since__isnull=True,
    )
    return rows.exclude(user=by)


def _in_stead_of(heads: set[int]) -> Q:
    """Of signatures: who gave it stood in for the holder of the post that day, and the holder was one of these."""
    on = OuterRef("at__date")
    # With the day of its end: what ended at noon was in force when he confirmed in the morning.
    that_day = Appointment.objects.filter(
        Q(until__isnull=True) | Q(until__gte=on), post=OuterRef("post"), since__lte=on
    )
    stood_in = that_day.exclude(manner__in=Appointment.OCCUPYING).filter(user=OuterRef("user"))
    held = that_day.filter(manner__in=Appointment.OCCUPYING, user__in=heads)
    return Q(Exists(stood_in)) & Q(Exists(held))


def _mark(rows: QuerySet[Pledge], at: datetime) -> int:
    """`at`: by the moment of the act a pledge tells why it is to be signed again (`history.why_again`)."""
    fresh = rows.filter(stale_since__isnull=True).exclude(status=Pledge.Status.WITHDRAWN)
    return fresh.update(stale_since=at)


def _head_post(by: User, unit: Unit) -> Post:
    post = by.acting_in("pledges").post_in(unit.pk, Post.Kind.HEAD)
    if post is None:
        raise StepRefused(ONLY_HEAD)
    return post


def _check_addition(latest: UnitAddition | None, text: str, seen_version: int, *, reached: set[int]) -> None:
    if not reached:
        raise StepRefused(NO_PAPERS)
    if seen_version != (latest.version if latest else 0):
        raise SeenOld("Nội dung bổ sung vừa được người khác sửa. Xin đọc bản mới rồi sửa tiếp.", "text")
    if len(text) > LONGEST_ADDITION:
        raise Correctable(f"Nội dung bổ sung dài quá {LONGEST_ADDITION} ký tự. Xin viết gọn lại.", "text")
    if not text and not (latest and latest.text):
        raise Correctable(NONE_TO_END, "text")
    if latest and text == latest.text:
        raise Correctable(UNCHANGED, "text")
