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
from ledger.locking import locked, locked_row
from ledger.workflow import Correctable, SeenOld, StepRefused
from notices.services import Telling, tell_each
from pledges.models import BlankForm, ListedPerson, Pledge, Refusal, Scan, SignedList
from pledges.parties import may_be_signed_again
from pledges.services.blankforms import NO_PAPERS, has_papers
from pledges.services.ending import papers_withdrawn
from pledges.services.reviews import open_again
from pledges.workflow import LIST_KIND, PLEDGE, facts
from units.locks import hold_organisation
from units.models import Unit, User

PAPER = "paper"
MOST_PAGES = 40
STEPS: dict[str, str] = {
    Pledge.Status.AWAITING_HEAD: "withdraw",
    Pledge.Status.AWAITING_UNION: "withdraw",
    Pledge.Status.COMPLETE: "revoke",
}
NOT_A_DRAFT = "Danh sách này đang ở trạng thái “{0}” nên không sửa được nữa."
CHANGED = (
    "Danh sách vừa được người khác lưu. Dấu của hai bên được gộp dưới đây, chưa lưu; xin xem lại rồi lưu."
)
SAME_PAGE = "Một trang trong các tệp này đã có trong danh sách. Bỏ trang đó rồi tải lên lại."
FUTURE = "Ngày ký chưa tới."
OTHER_YEAR = (
    "Ngày ký phải trong năm {0}. Danh sách ký trong một năm được bắt đầu nhập đến hết tháng 01 năm sau."
)
OF_ITS_YEAR = "Danh sách này in cho năm {0}; ngày ký phải trong năm đó."
# What was signed in the last days of December comes to the scanner after the holidays: all of January is time enough.
LATE_ENTRY_MONTH = 1
BEFORE_PRINTED = "Danh sách này được in ngày {0:%d/%m/%Y}; ngày ký không thể trước ngày đó."
READ_WHY = "Xem lý do."
SIGN_AGAIN = "Xem lý do và ký lại."
REFUSES_AGAIN = "Việc ông/bà đã báo không ký có hiệu lực trở lại."
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
    # Written before anything is held: forty pages take their time.
    scans = _written(pages)
    hold_organisation(by)
    check_right(unit, by)
    if not has_papers(unit, by.today):
        raise StepRefused(NO_PAPERS)
    check_day(signed_on, open_years(by.today), blank, by.today)
    made = SignedList.objects.create(
        campaign=campaign, year=signed_on.year, unit=unit, blank=blank, signed_on=signed_on, by=by
    )
    _keep(made, scans, first=1)
    record("begin", made, by=by, data={"pages": len(pages)})
    return made


@transaction.atomic
def add_pages(*, signed_list: SignedList, pages: Sequence[PagePicture], by: User) -> SignedList:
    signed_list = locked_draft(signed_list, by)
    last = signed_list.scans.aggregate(last=Max("number"))["last"] or 0
    if last + len(pages) > MOST_PAGES:
        raise Correctable(f"Một danh sách có nhiều nhất {MOST_PAGES} trang. Hãy lập danh sách khác.", "files")
    _keep(signed_list, _written(pages), first=last + 1)
    record("add_pages", signed_list, by=by, data={"pages": len(pages)})
    return signed_list


@transaction.atomic
def save_ticks(
    *,
    signed_list: SignedList,
    people: Collection[str],
    head_signed: bool,
    head_signer: str,
    union_signed: bool,
    signed_on: date,
    seen_version: int,
    by: User,
) -> SignedList:
    """Progress: who is ticked (public ids), what else the pages carry, who signed in the head's stead (public id, empty
    for the head himself). No event: it is nobody's act yet.

    Raises SeenOld (saved by another meanwhile), StepRefused.
    """
    signed_list = locked_draft(signed_list, by)
    if signed_list.version != seen_version:
        raise SeenOld(CHANGED)
    check_day(signed_on, {signed_list.year}, signed_list.blank, by.today)
    wanted = set(User.objects.filter(public_id__in=people).values_list("pk", flat=True))
    known = set(signed_list.people.values_list("user_id", flat=True))
    signed_list.people.exclude(user__in=wanted).delete()
    fresh = [ListedPerson(signed_list=signed_list, user_id=key) for key in sorted(wanted - known)]
    ListedPerson.objects.bulk_create(fresh)
    signer = User.objects.filter(public_id=head_signer).first() if head_signed and head_signer else None
    SignedList.objects.filter(pk=signed_list.pk).update(
        head_signed=head_signed,
        head_signer=signer,
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
    hold_organisation(by)
    signed_list = SignedList.objects.select_for_update(of=("self",), no_key=True).get(pk=signed_list.pk)
    check_right(signed_list.unit, by)
    if signed_list.status != SignedList.Status.ENTERED:
        raise StepRefused(NOT_A_DRAFT.format(signed_list.get_status_display()))
    if not reason.strip():
        raise StepRefused("Cần ghi lý do.")
    rows = Pledge.objects.filter(on_lists__signed_list=signed_list)
    pledges = locked(rows.select_related("paper", "evidence").prefetch_related("signatures"))
    kept = [row for row in pledges if _stands(row, signed_list)]
    rest = [row for row in pledges if row not in kept]
    # What was returned meanwhile is open already.
    gone = [row for row in rest if row.status in STEPS]
    complete = [row for row in gone if row.status == Pledge.Status.COMPLETE]
    for step in ("withdraw", "revoke"):
        if chosen := [row for row in gone if STEPS[row.status] == step]:
            PLEDGE.take(chosen, step, by=by, reason=reason, data=facts)
    for row in complete:
        papers_withdrawn(row, reason=reason, by=by)
    open_again(gone, by=by)
    _mark(signed_list, SignedList.Status.WITHDRAWN)
    refusing = _restore_refusals(signed_list, rest)
    counts = {"pledges": len(gone), "kept": len(kept), "refusals": len(refusing)}
    record("withdraw", signed_list, by=by, data=counts, reason=reason)
    told = [row for row in rest if row in gone or row.user_id in refusing]
    _tell_of_withdrawal(signed_list, told, refusing, by.today)
    return kept


def _restore_refusals(signed_list: SignedList, rest: Sequence[Pledge]) -> set[int]:
    """Who had said that he does not sign, and was taken to have signed by this list, stands by his word again; keys of
    the people.
    """
    of_year = Refusal.objects.filter(campaign=signed_list.campaign, year=signed_list.year)
    said_anew = set(of_year.filter(ended_at__isnull=True).values_list("user_id", flat=True))
    ended = of_year.filter(user__in=[row.user_id for row in rest], ended_at=signed_list.entered_at)
    back = set(ended.values_list("user_id", flat=True)) - said_anew
    ended.filter(user__in=back).update(ended_at=None)
    return back


def _tell_of_withdrawal(
    signed_list: SignedList, told: Sequence[Pledge], refusing: set[int], today: date
) -> None:
    tell_each(
        Telling(
            user=row.user,
            effect=f"{LIST_KIND}.withdraw:{signed_list.public_id}",
            text=f"Bản cam kết năm {row.year} ký trên giấy đã bị hủy cùng danh sách. "
            f"{_what_now(row, refusing, today)}",
            url=row.get_absolute_url(),
        )
        for row in told
    )


def _what_now(pledge: Pledge, refusing: set[int], today: date) -> str:
    if pledge.user_id in refusing:
        return REFUSES_AGAIN
    return SIGN_AGAIN if may_be_signed_again(pledge, today) else READ_WHY


def _stands(pledge: Pledge, signed_list: SignedList) -> bool:
    """Not by this list alone: signed anew in another manner, or confirmed electronically and not returned since."""
    if pledge.content.get("paper", {}).get("list") != signed_list.public_id:
        return True
    if pledge.status == Pledge.Status.RETURNED:
        return False
    of_round = [row for row in pledge.signatures.all() if row.round == pledge.round]
    return any(row.proof.get("by") != PAPER for row in of_round)


def check_right(unit: Unit, by: User) -> None:
    if not by.has_perm("pledges.keep_on_paper", unit):
        raise StepRefused(NO_RIGHT)


def open_years(today: date) -> set[int]:
    """The years whose lists can be begun."""
    is_late_entry = today.month == LATE_ENTRY_MONTH
    return {today.year, today.year - 1} if is_late_entry else {today.year}


def check_day(signed_on: date, years: Collection[int], blank: BlankForm | None, today: date) -> None:
    if signed_on > today:
        raise Correctable(FUTURE, "signed_on")
    if signed_on.year not in years:
        raise Correctable(OTHER_YEAR.format(" hoặc ".join(str(year) for year in sorted(years))), "signed_on")
    if blank and signed_on.year != blank.year:
        raise Correctable(OF_ITS_YEAR.format(blank.year), "signed_on")
    if blank and signed_on < (printed := clock.local(blank.created_at).date()):
        raise Correctable(BEFORE_PRINTED.format(printed), "signed_on")


def locked_draft(signed_list: SignedList, by: User) -> SignedList:
    rows = SignedList.objects.select_related("unit", "campaign", "blank")
    signed_list = locked_row(rows, signed_list.pk)
    check_right(signed_list.unit, by)
    if signed_list.status != SignedList.Status.DRAFT:
        raise StepRefused(NOT_A_DRAFT.format(signed_list.get_status_display()))
    return signed_list


def _mark(signed_list: SignedList, status: str, **fields: Any) -> None:
    SignedList.objects.filter(pk=signed_list.pk).update(status=status, version=F("version") + 1, **fields)


def _written(pages: Sequence[PagePicture]) -> list[Scan]:
    """The pages in the vault, as rows to come."""
    return [
        Scan(
            filename=page.filename[:200],
            width=page.width,
            height=page.height,
            sha256=vault.sha256_of(page.body),
            path=vault.keep(page.body, "jpg"),
            size=len(page.body),
        )
        for page in pages
    ]


def _keep(signed_list: SignedList, scans: Sequence[Scan], *, first: int) -> None:
    for number, scan in enumerate(scans, start=first):
        scan.signed_list, scan.number = signed_list, number
    try:
        with transaction.atomic():
            Scan.objects.bulk_create(scans)
    except IntegrityError as error:
        raise Correctable(SAME_PAGE, "files") from error


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
