"""Lists signed by hand: pages read in, who signed ticked, progress kept, taken back (feature S13)."""

from collections.abc import Collection, Sequence
from datetime import date
from typing import Any

from django.db import IntegrityError, transaction
from django.db.models import F, Max

from campaigns.models import Campaign
from documents import vault
from documents.pictures import PagePicture
from ledger import clock, events
from ledger.workflow import StepRefused
from notices.services import Telling, tell_each
from pledges.models import BlankForm, ListedPerson, Pledge, Scan, SignedList
from pledges.services.blankforms import NO_PAPERS, has_papers
from pledges.services.ending import papers_withdrawn
from pledges.workflow import LIST_KIND, PLEDGE, facts
from units.models import Unit, User

PAPER = "paper"
MOST_PAGES = 40
STEPS: dict[str, str] = {
    Pledge.Status.AWAITING_HEAD: "withdraw",
    Pledge.Status.AWAITING_UNION: "withdraw",
    Pledge.Status.COMPLETE: "revoke",
}
NOT_A_DRAFT = "Danh sách này đang ở trạng thái “{0}” nên không sửa được nữa."
CHANGED = "Danh sách vừa được người khác lưu. Xin xem lại rồi chọn tiếp."
SAME_PAGE = "Một trang trong các tệp này đã có trong danh sách. Bỏ trang đó rồi tải lên lại."
FUTURE = "Ngày ký chưa tới."
OTHER_YEAR = "Ngày ký phải trong năm {0}."
BEFORE_PRINTED = "Danh sách này được in ngày {0:%d/%m/%Y}; ngày ký không thể trước ngày đó."
NO_RIGHT = "Ông/bà không giữ danh sách ký của đơn vị này."


@transaction.atomic
def begin_list(
    *,
    unit: Unit,
    campaign: Campaign,
    blank: BlankForm | None,
    signed_on: date,
    pages: Sequence[PagePicture],
    by: User,
) -> SignedList:
    """A draft with its pages. Raises StepRefused: no right, a day that cannot be, a page twice."""
    check_right(unit, by)
    if not has_papers(unit, by.today):
        raise StepRefused(NO_PAPERS)
    check_day(signed_on, by.today.year, blank, by.today)
    made = SignedList.objects.create(
        campaign=campaign, year=by.today.year, unit=unit, blank=blank, signed_on=signed_on, by=by
    )
    _keep(made, pages, first=1)
    record("begin", made, by=by, data={"pages": len(pages)})
    return made


@transaction.atomic
def add_pages(*, signed_list: SignedList, pages: Sequence[PagePicture], by: User) -> SignedList:
    signed_list = locked_draft(signed_list, by)
    last = signed_list.scans.aggregate(last=Max("number"))["last"] or 0
    if last + len(pages) > MOST_PAGES:
        raise StepRefused(f"Một danh sách có nhiều nhất {MOST_PAGES} trang. Hãy lập danh sách khác.")
    _keep(signed_list, pages, first=last + 1)
    record("add_pages", signed_list, by=by, data={"pages": len(pages)})
    return signed_list


@transaction.atomic
def save_ticks(
    *,
    signed_list: SignedList,
    people: Collection[str],
    head_signed: bool,
    union_signed: bool,
    signed_on: date,
    seen_version: int,
    by: User,
) -> SignedList:
    """Progress: who is ticked (public ids), what else the pages carry. No event: it is nobody's act yet.

    Raises StepRefused: no draft any more, saved by another meanwhile, a day that cannot be.
    """
    signed_list = locked_draft(signed_list, by)
    if signed_list.version != seen_version:
        raise StepRefused(CHANGED)
    check_day(signed_on, signed_list.year, signed_list.blank, by.today)
    wanted = set(User.objects.filter(public_id__in=people).values_list("pk", flat=True))
    known = set(signed_list.people.values_list("user_id", flat=True))
    signed_list.people.exclude(user__in=wanted).delete()
    fresh = [ListedPerson(signed_list=signed_list, user_id=key) for key in sorted(wanted - known)]
    ListedPerson.objects.bulk_create(fresh)
    SignedList.objects.filter(pk=signed_list.pk).update(
        head_signed=head_signed,
        union_signed=union_signed,
        signed_on=signed_on,
        version=F("version") + 1,
    )
    signed_list.refresh_from_db()
    return signed_list


@transaction.atomic
def discard_list(*, signed_list: SignedList, by: User) -> SignedList:
    """A draft begun by mistake; its pages stay with it."""
    signed_list = locked_draft(signed_list, by)
    _mark(signed_list, SignedList.Status.WITHDRAWN)
    record("discard", signed_list, by=by)
    return signed_list


@transaction.atomic
def withdraw_list(*, signed_list: SignedList, reason: str, by: User) -> list[Pledge]:
    """The whole list is taken back. Pledges that somebody has confirmed electronically since, or that were signed anew,
    stand; they are returned. Raises StepRefused.
    """
    signed_list = SignedList.objects.select_for_update(of=("self",)).get(pk=signed_list.pk)
    check_right(signed_list.unit, by)
    if signed_list.status != SignedList.Status.ENTERED:
        raise StepRefused(NOT_A_DRAFT.format(signed_list.get_status_display()))
    if not reason.strip():
        raise StepRefused("Cần ghi lý do.")
    rows = Pledge.objects.select_for_update(of=("self",)).filter(on_lists__signed_list=signed_list)
    pledges = list(rows.select_related("paper", "evidence").prefetch_related("signatures"))
    kept = [row for row in pledges if _stands(row, signed_list)]
    # What was returned meanwhile is open already.
    gone = [row for row in pledges if row not in kept and row.status in STEPS]
    complete = [row for row in gone if row.status == Pledge.Status.COMPLETE]
    for step in ("withdraw", "revoke"):
        if chosen := [row for row in gone if STEPS[row.status] == step]:
            PLEDGE.take(chosen, step, by=by, reason=reason, data=facts)
    for row in complete:
        papers_withdrawn(row, reason=reason, by=by)
    _mark(signed_list, SignedList.Status.WITHDRAWN)
    record("withdraw", signed_list, by=by, data={"pledges": len(gone), "kept": len(kept)}, reason=reason)
    tell_each(
        Telling(
            user=row.user,
            effect=f"{LIST_KIND}.withdraw:{signed_list.public_id}",
            text=f"Bản cam kết năm {row.year} ký trên giấy đã bị hủy cùng danh sách. Xem lý do và ký lại.",
            url=row.get_absolute_url(),
        )
        for row in gone
    )
    return kept


def _stands(pledge: Pledge, signed_list: SignedList) -> bool:
    if pledge.content.get("paper", {}).get("list") != signed_list.public_id:
        return True
    of_round = [row for row in pledge.signatures.all() if row.round == pledge.round]
    return any(row.proof.get("by") != PAPER for row in of_round)


def check_right(unit: Unit, by: User) -> None:
    if not by.has_perm("pledges.keep_on_paper", unit):
        raise StepRefused(NO_RIGHT)


def check_day(signed_on: date, year: int, blank: BlankForm | None, today: date) -> None:
    if signed_on > today:
        raise StepRefused(FUTURE)
    if signed_on.year != year:
        raise StepRefused(OTHER_YEAR.format(year))
    if blank and signed_on < (printed := clock.local(blank.created_at).date()):
        raise StepRefused(BEFORE_PRINTED.format(printed))


def locked_draft(signed_list: SignedList, by: User) -> SignedList:
    rows = SignedList.objects.select_for_update(of=("self",)).select_related("unit", "campaign", "blank")
    signed_list = rows.get(pk=signed_list.pk)
    check_right(signed_list.unit, by)
    if signed_list.status != SignedList.Status.DRAFT:
        raise StepRefused(NOT_A_DRAFT.format(signed_list.get_status_display()))
    return signed_list


def _mark(signed_list: SignedList, status: str, **fields: Any) -> None:
    SignedList.objects.filter(pk=signed_list.pk).update(status=status, version=F("version") + 1, **fields)


def _keep(signed_list: SignedList, pages: Sequence[PagePicture], *, first: int) -> None:
    rows = [
        Scan(
            signed_list=signed_list,
            number=number,
            filename=page.filename[:200],
            width=page.width,
            height=page.height,
            sha256=vault.sha256_of(page.body),
            path=vault.keep(page.body, "jpg"),
            size=len(page.body),
        )
        for number, page in enumerate(pages, start=first)
    ]
    try:
        with transaction.atomic():
            Scan.objects.bulk_create(rows)
    except IntegrityError as error:
        raise StepRefused(SAME_PAGE) from error


def record(
    act: str, signed_list: SignedList, *, by: User, data: dict[str, Any] | None = None, **words: str
) -> None:
    events.record(
        f"{LIST_KIND}.{act}",
        by=by,
        object_kind=LIST_KIND,
        object_id=signed_list.public_id,
        unit_id=signed_list.unit.public_id,
        data={"year": signed_list.year, **(data or {})},
        **words,
    )
