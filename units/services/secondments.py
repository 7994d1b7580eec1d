"""Biệt phái: a person works, counts and pledges at a host while the home unit pays, and comes back."""

from collections.abc import Iterable
from datetime import date

from ledger import events
from ledger.workflow import Correctable, StepRefused
from units.locks import changes_organisation
from units.models import Appointment, Employment, Unit, User
from units.services.people import (
    close_employment,
    current_employment,
    employ_like,
    leave_posts,
    refuse_before_an_act,
)
from vietnamese.dates import short_date

Ending = Employment.Ending


@changes_organisation
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
        raise Correctable("Biệt phái phải theo quyết định.", "decision")
    old = current_employment(user, since)
    _check_secondment(old, host, until)
    home, planned = old.unit, (old.until, old.ending)
    close_employment(old, since, Ending.SECONDED)
    ends = (until, Ending.RETURNED) if until else planned
    row = employ_like(old, host, since, ends, payroll=home, by=by)
    if until:
        employ_like(old, home, until, planned, by=by)
    leave_posts(user, home, since, to=host, kept=list(kept), kept_because=decision, by=by)
    _record("units.second", row, by, home=home, on=since, decision=decision)
    return row


def _check_secondment(old: Employment, host: Unit, until: date | None) -> None:
    who, home = old.user.full_name, old.payroll_unit or old.unit
    if old.payroll_unit_id:
        raise StepRefused(
            f"{who} đang được biệt phái từ {home.name} đến {old.unit.name} {old.in_words}; "
            "kết thúc lần đó trước."
        )
    if old.unit_id == host.pk:
        raise Correctable(f"{who} đang làm việc tại {host.name}.", "unit")
    outlasts = until is not None and old.until is not None and until >= old.until
    if until is None or outlasts:
        refuse_before_an_act(old)
    if outlasts:
        raise Correctable(f"{who} thuộc {home.name} {old.in_words}; biệt phái phải kết thúc trước.", "until")
    if until and home.until and until >= home.until:
        raise Correctable(
            f"{home.name} đã kết thúc hoạt động từ {short_date(home.until)}; biệt phái phải kết thúc trước.",
            "until",
        )


@changes_organisation
def end_secondment(*, user: User, on: date, by: User | None, decision: str = "") -> Employment:
    """The person works in the home unit again from that day; a return planned for later comes earlier."""
    row = current_employment(user, on)
    home = row.payroll_unit
    if home is None:
        raise Correctable(f"{user.full_name} không biệt phái tại ngày {short_date(on)}.", "on")
    if on <= row.since:
        raise Correctable(f"Biệt phái có từ {short_date(row.since)}; chọn ngày sau đó.", "on")
    refuse_before_an_act(row)
    if home.until and on >= home.until:
        raise Correctable(
            f"{home.name} đã kết thúc hoạt động từ {short_date(home.until)}: ghi chuyển công tác về đơn vị kế thừa.",
            "on",
        )
    planned = row.until, row.ending
    back = Employment.objects.filter(user=user, unit=home, since=row.until).first() if row.until else None
    close_employment(row, on, Ending.RETURNED)
    if back:
        back.since = on
        back.save(update_fields=["since"])
    else:
        back = employ_like(row, home, on, planned, by=by)
    leave_posts(user, row.unit, on, to=home, kept=[], kept_because="", by=by)
    _record("units.end_secondment", row, by, home=home, on=on, decision=decision)
    return back


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
