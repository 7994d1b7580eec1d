"""What heads and clerks do with their unit's plan, and reviewers with it (clause V.1)."""

from dataclasses import dataclass
from datetime import date

from django.core.exceptions import ValidationError
from django.db import IntegrityError, transaction

from campaigns.content import content_of, digest
from campaigns.models import Campaign, PlannedTask, PlanVersion, Task, TaskGroup, UnitPlan
from campaigns.rules import authors_of, reviewers_of
from campaigns.workflow import EDITABLE, PLAN, SAVE
from ledger import clock, events
from ledger.locking import locked_row
from ledger.workflow import SeenOld, StepRefused
from notices.services import tell
from units import tree
from units.locks import hold_organisation
from units.models import Post, Unit, User

EDITORS = (Post.Kind.HEAD, Post.Kind.CLERK)
WORDS = ("text", "lead", "support", "product", "due_on")


@dataclass(frozen=True)
class PlannedRow:
    """One line as the form gives it. `key` names the line it replaces; None adds one at the end of its group."""

    group: TaskGroup
    text: str
    lead: str = ""
    support: str = ""
    product: str = ""
    due_on: date | None = None
    key: int | None = None


@transaction.atomic
def begin_plan(*, by: User, campaign: Campaign, unit: Unit, year: int) -> UnitPlan:
    """A draft with every task of the decision's six groups as a line to keep, change or drop."""
    hold_organisation(by)
    if not tree.load(clock.today()).owes(unit.pk, "plan_duty"):
        raise StepRefused(f"{unit} không lập kế hoạch riêng: nội dung nằm trong kế hoạch của cấp trên.")
    try:
        with transaction.atomic():
            plan = UnitPlan.objects.create(campaign=campaign, unit=unit, year=year, created_by=by)
    except IntegrityError as error:
        raise StepRefused(f"{unit} đã có kế hoạch năm {year}.") from error
    tasks = (
        Task.objects.filter(campaign=campaign, group__isnull=False).select_related("group").order_by("order")
    )
    PlannedTask.objects.bulk_create(
        PlannedTask(plan=plan, group=task.group, master=task, order=task.order, text=task.text)
        for task in tasks
    )
    _record("begin", plan, by)
    return plan


@transaction.atomic
def save_plan(
    *, by: User, plan: UnitPlan, aims: str, arrangements: str, rows: list[PlannedRow], expect_version: int
) -> UnitPlan:
    """Keeps what was typed; lines not given are dropped. Refused when the plan is under review, accepted, or was
    saved elsewhere after `expect_version` was read."""
    locked = _locked(plan)
    if locked.status not in EDITABLE:
        raise StepRefused(PLAN.refusal(locked, SAVE))
    if locked.version != expect_version:
        raise SeenOld(f"{PLAN.refusal(locked, SAVE)} Mở kế hoạch ở cửa sổ khác để đối chiếu.")
    _keep_rows(locked, rows)
    locked.aims, locked.arrangements, locked.version = aims, arrangements, locked.version + 1
    locked.save(update_fields=["aims", "arrangements", "version"])
    _record("save", locked, by, rows=len(rows))
    return locked


@transaction.atomic
def submit_plan(*, by: User, plan: UnitPlan, seen: str) -> UnitPlan:
    """Sends exactly what was shown: `seen` is the hash of that content. ValidationError: the plan is not whole."""
    locked = _locked(plan)
    _refuse_unless_possible(locked, "submit")
    content = content_of(locked)
    if digest(content) != seen:
        raise SeenOld("Kế hoạch đã được sửa sau khi mở trang gửi. Đọc lại nội dung rồi gửi.")
    if lacking := what_lacks(content):
        raise ValidationError(lacking)
    now, number = clock.now(), locked.versions.count() + 1
    UnitPlan.objects.filter(pk=locked.pk).update(submitted_at=now, content_hash=seen)
    PlanVersion.objects.create(plan=locked, number=number, content=content, sha256=seen, sent_at=now)
    data = {"sha256": seen, "number": number}
    sent = PLAN.take(locked, "submit", by=by, post=_post(by, locked), data=data)[0]
    _tell(reviewers_of(sent), sent, "submit", f"{sent.unit} đã gửi kế hoạch năm {sent.year}.")
    return sent


@transaction.atomic
def return_plan(*, by: User, plan: UnitPlan, reason: str, seen: str) -> UnitPlan:
    """Back to its unit with the reason. `seen`: hash of the version the reviewer read (rule R23)."""
    returned = _decide("return", plan, by, seen, reason)
    _tell(authors_of(returned), returned, "return", f"Kế hoạch năm {returned.year} bị trả lại: {reason}")
    return returned


@transaction.atomic
def accept_plan(*, by: User, plan: UnitPlan, seen: str) -> UnitPlan:
    """`seen`: hash of the version the reviewer read (rule R23)."""
    accepted = _decide("accept", plan, by, seen)
    _tell(authors_of(accepted), accepted, "accept", f"Kế hoạch năm {accepted.year} đã được tiếp nhận.")
    return accepted


def what_lacks(content: dict) -> list[str]:
    """Sentences on what a plan needs before it can be sent."""
    lacking = []
    if not content["aims"]:
        lacking.append("Chưa ghi mục đích, yêu cầu.")
    if not any(group["tasks"] for group in content["groups"]):
        lacking.append("Chưa có nhiệm vụ nào.")
    return lacking


def _decide(step: str, plan: UnitPlan, by: User, seen: str, reason: str = "") -> UnitPlan:
    locked = _locked(plan)
    _refuse_unless_possible(locked, step)
    if locked.content_hash != seen:
        raise SeenOld("Đơn vị đã gửi lại kế hoạch sau khi mở trang này. Đọc lại nội dung mới rồi quyết định.")
    acting = by.acting_in("campaigns")
    post = next(iter(acting.posts_of(Post.Kind.HOME_AFFAIRS) or acting.posts_of(Post.Kind.HEAD)), None)
    return PLAN.take(locked, step, by=by, post=post, reason=reason, data={"sha256": seen})[0]


def _locked(plan: UnitPlan) -> UnitPlan:
    return locked_row(UnitPlan.objects.select_related("unit", "campaign"), plan.pk)


def _refuse_unless_possible(plan: UnitPlan, step: str) -> None:
    if plan.status not in PLAN.step(step).sources:
        raise StepRefused(PLAN.refusal(plan, PLAN.step(step)))


def _keep_rows(plan: UnitPlan, rows: list[PlannedRow]) -> None:
    """Lines keep their place and identity; new ones go to the end of their group."""
    present = {row.pk: row for row in plan.rows.all()}
    last = max((row.order for row in present.values()), default=0)
    kept = {row.key for row in rows if row.key is not None}
    if not kept <= present.keys():
        raise ValidationError("Có dòng không thuộc kế hoạch này. Tải lại trang.")
    plan.rows.exclude(pk__in=kept).delete()
    changed, added = [], []
    for row in rows:
        words = {name: getattr(row, name) for name in WORDS}
        if row.key is None:
            last += 1
            added.append(PlannedTask(plan=plan, group=row.group, order=last, **words))
        elif any(getattr(present[row.key], name) != value for name, value in words.items()):
            changed.append(_reworded(present[row.key], words))
    PlannedTask.objects.bulk_update(changed, WORDS)
    PlannedTask.objects.bulk_create(added)


def _reworded(row: PlannedTask, words: dict) -> PlannedTask:
    for name, value in words.items():
        setattr(row, name, value)
    return row


def _record(act: str, plan: UnitPlan, by: User, **data: int) -> None:
    events.record(
        f"{PLAN.kind}.{act}",
        by=by,
        post=_post(by, plan),
        object_kind=PLAN.kind,
        object_id=plan.public_id,
        unit_id=plan.event_unit_id,
        data={"year": plan.year, **data},
    )


def _post(by: User, plan: UnitPlan) -> Post | None:
    """The post in which a person acts for the plan's unit."""
    return by.acting_in("campaigns").post_in(plan.unit_id, *EDITORS)


def _tell(users, plan: UnitPlan, step: str, text: str) -> None:
    effect = f"{PLAN.kind}.{step}:{plan.public_id}:{plan.version}"
    tell(users=users, effect=effect, text=text, url=plan.get_absolute_url())
