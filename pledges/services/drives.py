"""The year's drive to pledge: taken from the decision's file, followed year after year, set by Sở Nội vụ."""

from datetime import date
from typing import Any

from django.db import transaction

from campaigns.loader import Fault, Rule, checked_rows
from campaigns.models import Campaign
from ledger import clock, events
from ledger.workflow import Correctable, SeenOld, StepRefused
from pledges.drivedays import FARTHEST, MOST_RUNGS, drive_of, ladder_of
from pledges.models import Drive
from units.models import User

TABLE = "pledge_drive"
RULES = {
    "year": Rule(int),
    "opens_on": Rule(date),
    "due_on": Rule(date),
    "days_before": Rule(str),
    "days_after": Rule(str),
    "escalate_after": Rule(int),
    "clause": Rule(str, required=False),
    "source": Rule(str, required=False),
}


def load_drives(campaign: Campaign, data: dict[str, Any]) -> list[str]:
    """Adds the drive of a year that has none; what Sở Nội vụ has set since stays. Raises Fault."""
    said = []
    for index, row in enumerate(checked_rows(data, TABLE, RULES)):
        before, after = (_numbers(row, key, index) for key in ("days_before", "days_after"))
        drive = Drive(
            campaign=campaign,
            year=row["year"],
            opens_on=row["opens_on"],
            due_on=row["due_on"],
            ladder=ladder_of([*(-days for days in before), *after]),
            escalate_after=row["escalate_after"],
        )
        if fault := fault_of(drive):
            raise Fault(TABLE, index, "due_on", fault)
        if not Drive.objects.filter(campaign=campaign, year=drive.year).exists():
            drive.save()
            said.append(f"thêm đợt ký cam kết năm {drive.year}")
    return said


def _numbers(row: dict[str, Any], key: str, index: int) -> list[int]:
    words = row[key].replace(" ", "").split(",")
    if not all(word.isdigit() for word in words):
        raise Fault(TABLE, index, key, f"“{row[key]}” phải là các số ngày, cách nhau bằng dấu phẩy")
    return [int(word) for word in words]


def fault_of(drive: Drive) -> str:
    """What makes the drive impossible, as a sentence, or nothing."""
    if not drive.opens_on <= drive.due_on:
        return "Hạn ký phải từ ngày bắt đầu trở đi."
    if drive.opens_on.year != drive.year or drive.due_on.year != drive.year:
        return f"Ngày bắt đầu và hạn ký phải trong năm {drive.year}."
    if len(drive.ladder) > MOST_RUNGS or any(abs(days) > FARTHEST for days in drive.ladder):
        return f"Nhiều nhất {MOST_RUNGS} ngày nhắc, mỗi ngày cách hạn ký không quá {FARTHEST} ngày."
    if not 1 <= drive.escalate_after <= FARTHEST:
        return f"Số ngày trước khi báo cấp trên phải từ 1 đến {FARTHEST}."
    return ""


@transaction.atomic
def follow_last_year(*, campaign: Campaign, year: int) -> Drive | None:
    """The year's drive as a row, made from the last one when the year begins; whoever comes first makes it."""
    drive = drive_of(campaign, year)
    if drive is not None and drive.pk is None:
        Drive.objects.bulk_create([drive], ignore_conflicts=True)
        drive = Drive.objects.get(campaign=campaign, year=year)
    return drive


@transaction.atomic
def set_drive(
    *,
    campaign: Campaign,
    year: int,
    opens_on: date,
    due_on: date,
    ladder: list[int],
    escalate_after: int,
    seen_version: int,
    by: User,
) -> Drive:
    """Raises StepRefused for an impossible drive, a year that is over, or when somebody else has changed it since."""
    if year < clock.today().year:
        raise StepRefused(f"Năm {year} đã qua, không đổi được đợt ký cam kết của năm ấy.")
    follow_last_year(campaign=campaign, year=year)
    drive = Drive.objects.select_for_update(no_key=True).filter(campaign=campaign, year=year).first()
    drive = drive or Drive(campaign=campaign, year=year, version=seen_version)
    if drive.version != seen_version:
        raise SeenOld("Người khác vừa đổi đợt ký cam kết này. Xem các ngày đang đặt rồi đặt lại.")
    before = _words(drive) if drive.pk else {}
    drive.opens_on, drive.due_on = opens_on, due_on
    drive.ladder, drive.escalate_after = ladder_of(ladder), escalate_after
    if fault := fault_of(drive):
        raise Correctable(fault)
    drive.version += 1
    drive.save()
    events.record(
        "pledges.drive.set",
        by=by,
        object_kind="pledges.drive",
        object_id=drive.public_id,
        data={"year": year, "before": before, "after": _words(drive)},
    )
    return drive


def _words(drive: Drive) -> dict[str, Any]:
    return {
        "opens_on": drive.opens_on.isoformat(),
        "due_on": drive.due_on.isoformat(),
        "ladder": drive.ladder,
        "escalate_after": drive.escalate_after,
    }
