"""Biệt phái: a person works, counts and pledges at a host while the home unit pays, and comes back."""

from collections.abc import Iterable
from datetime import date

from django.db import transaction

from ledger import events
from ledger.workflow import StepRefused
from units.models import Appointment, Employment, Unit, User
from units.services.people import (
    check_alive,
    close_employment,
    current_employment,
    employ,
    leave_posts,
)
from vietnamese.dates import short_date

Ending = Employment.Ending


@transaction.atomic
def second(
    *,
    user: User,
    host: Unit,
    since: date,
    until: date | None = None,
    decision: str,
    by: User | None,
    kept: Iterable[Appointment] = (),
) -> Employment:
    """From that day the person counts at the host. With an end, the return to the home unit is written at once.

    Posts in the home unit end unless `kept`, by the same decision. Raises StepRefused.
    """
    if not decision:
        raise StepRefused("Biệt phái phải theo quyết định.")
    old = current_employment(user, since)
    home = old.payroll_unit or old.unit
    if old.payroll_unit_id:
        raise StepRefused(
            f"{user.full_name} đang được biệt phái từ {home.name} đến {old.unit.name} {old.in_words}; "
            "kết thúc lần đó trước."
        )
    if old.unit_id == host.pk:
        raise StepRefused(f"{user.full_name} đang làm việc tại {host.name}.")
    planned = old.until, old.ending
    if until and planned[0] and until >= planned[0]:
        raise StepRefused(
            f"{user.full_name} thuộc {home.name} {old.in_words}; biệt phái phải kết thúc trước."
        )
    close_employment(old, since, Ending.SECONDED)
    row = _employ_like(old, host, since, until or planned[0], payroll=home, by=by)
    if until:
        close_employment(row, until, Ending.RETURNED)
        back = _employ_like(old, home, until, planned[0], payroll=None, by=by)
        _end_as_planned(back, planned)
    else:
        _end_as_planned(row, planned)
    leave_posts(user, home, since, kept=list(kept), kept_because=decision, by=by)
    _record("units.second", row, by, home=home, on=since, decision=decision)
    return row


@transaction.atomic
def end_secondment(*, user: User, on: date, by: User | None, decision: str = "") -> Employment:
    """The person works in the home unit again from that day; a return planned for later comes earlier."""
    row = current_employment(user, on)
    home = row.payroll_unit
    if home is None:
        raise StepRefused(f"{user.full_name} không biệt phái tại ngày {short_date(on)}.")
    if on <= row.since:
        raise StepRefused(f"Biệt phái có từ {short_date(row.since)}; chọn ngày sau đó.")
    if home.until and on >= home.until:
        raise StepRefused(
            f"{home.name} đã kết thúc hoạt động từ {short_date(home.until)}: ghi chuyển công tác về đơn vị kế thừa."
        )
    planned = row.until, row.ending
    back = Employment.objects.filter(user=user, unit=home, since=row.until).first() if row.until else None
    close_employment(row, on, Ending.RETURNED)
    if back:
        back.since = on
        back.save(update_fields=["since"])
    else:
        back = _employ_like(row, home, on, planned[0], payroll=None, by=by)
        _end_as_planned(back, planned)
    leave_posts(user, row.unit, on, kept=[], kept_because="", by=by)
    _record("units.end_secondment", row, by, home=home, on=on, decision=decision)
    return back


def _employ_like(
    old: Employment, unit: Unit, since: date, until: date | None, *, payroll: Unit | None, by: User | None
) -> Employment:
    check_alive(unit, since)
    return employ(
        user=old.user,
        unit=unit,
        category=old.category,
        since=since,
        until=until,
        payroll_unit=payroll,
        contract=old.contract,
        contract_until=old.contract_until,
        by=by,
    )


def _end_as_planned(row: Employment, planned: tuple[date | None, str]) -> None:
    if planned[0]:
        close_employment(row, planned[0], planned[1])


def _record(kind: str, row: Employment, by: User | None, *, home: Unit, on: date, decision: str) -> None:
    events.record(
        kind,
        by=by,
        object_kind="units.user",
        object_id=row.user.public_id,
        unit_id=row.unit.public_id,
        data={"home": home.public_id, "on": on.isoformat()},
        reason=decision,
    )
