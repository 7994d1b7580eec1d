"""Coming back: employed again after having left, and a leave written down for a later day that is taken back."""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date

from django.db.models import F

from ledger import clock, events
from ledger.workflow import StepRefused
from units import activation
from units.locks import changes_organisation
from units.models import ContractKind, Employment, Unit, User
from units.queries import overlapping
from units.services.naming import retitle_person
from units.services.people import check_alive, close_employment, employ


@changes_organisation
def reemploy(
    *,
    user: User,
    unit: Unit,
    category: str,
    since: date,
    job_title: str = "",
    contract: ContractKind | None = None,
    contract_until: date | None = None,
    reason: str = "",
    by: User | None,
) -> Employment:
    """Who had left works again from that day: the same person, with all that he signed before. Raises StepRefused.

    An account that was closed stays closed to the old password and the old sessions: a new slip opens it.
    """
    account_was_closed = user.has_left_by(clock.today())
    row = employ(
        user=user,
        unit=unit,
        category=category,
        since=since,
        contract=contract,
        contract_until=contract_until,
        by=by,
    )
    if job_title:
        retitle_person(user=user, job_title=job_title, by=by)
    if account_was_closed:
        activation.close_accounts(User.objects.filter(pk=user.pk))
        user.refresh_from_db(fields=["password", "session_epoch"])
    _record("units.reemploy", row, by, since=since, reason=reason)
    return row


@dataclass(frozen=True)
class Leave:
    """A leave of a day to come, and what is true again without it.

    `row` is the employment that ends by it on `on`; `back` the return from a secondment that it annulled; `until` and
    `ending` how his work was to end before.
    """

    row: Employment
    on: date
    back: Employment | None
    until: date | None
    ending: str

    @property
    def ending_in_words(self) -> str:
        return Employment.Ending(self.ending).label if self.ending else ""


def lasting(rows: Iterable[Employment], today: date) -> list[Employment]:
    """Those that hold today or a later day, the latest first."""
    found = [row for row in rows if row.until is None or row.until > max(today, row.since)]
    return sorted(found, key=lambda row: row.since, reverse=True)


def is_to_leave(rows: list[Employment]) -> bool:
    """Of those `lasting`: the last is written down to end for good."""
    return bool(rows) and rows[0].until is not None and rows[0].ending in Employment.FINAL


def planned_leave(user: User) -> Leave | None:
    today = clock.today()
    rows = Employment.objects.filter(overlapping(today, None), user=user)
    found = lasting(rows.select_related("user", "unit", "payroll_unit"), today)
    if not is_to_leave(found) or found[0].until is None:
        return None
    row, on = found[0], found[0].until
    until, ending = _end_known_before(row)
    return Leave(row, on, _return_annulled_by(row), until, ending)


@changes_organisation
def take_back_leave(*, user: User, reason: str = "", by: User | None) -> Employment:
    """The person does not leave on the day written down for it, and works until the end known before, if any.

    Posts that were ended for that day are given anew. A return from a secondment that the leave had annulled comes to
    pass again. Raises StepRefused.
    """
    User.objects.select_for_update(no_key=True).get(pk=user.pk)
    leave = planned_leave(user)
    if leave is None:
        raise StepRefused(f"{user.full_name} không có lần nghỉ hưu, thôi việc nào còn ở phía trước.")
    row, back, ending = leave.row, leave.back, leave.row.ending
    check_alive(row.unit, leave.on)
    if back:
        check_alive(back.unit, back.since)
        close_employment(row, back.since, Employment.Ending.RETURNED)
    close_employment(back or row, leave.until, leave.ending)
    _record("units.take_back_leave", row, by, on=leave.on, ending=ending, reason=reason)
    return row


def _end_known_before(leave: Employment) -> tuple[date | None, str]:
    """As the event of the leave keeps it; leaves of before that was kept, and those by a roster, tell none."""
    acts = events.history("units.user", leave.user.public_id)
    on = leave.until.isoformat() if leave.until else ""
    mine = (act.data for act in reversed(acts) if act.kind == "units.end_employment")
    data = next((data for data in mine if (data.get("on"), data.get("ending")) == (on, leave.ending)), {})
    if until := data.get("planned_until"):
        return date.fromisoformat(until), data["planned_ending"]
    return None, ""


def _return_annulled_by(leave: Employment) -> Employment | None:
    """The planned return to the home unit that did not come to pass because the person was to leave before it."""
    if leave.payroll_unit_id is None:
        return None
    rows = Employment.objects.filter(
        user=leave.user_id,
        unit=leave.payroll_unit_id,
        since__gte=leave.until,
        until=F("since"),
        ending=leave.ending,
    )
    return rows.select_related("unit").order_by("-pk").first()


def _record(kind: str, row: Employment, by: User | None, *, reason: str, **data: date | str) -> None:
    events.record(
        kind,
        by=by,
        object_kind="units.user",
        object_id=row.user.public_id,
        unit_id=row.unit.public_id,
        data={key: value.isoformat() if isinstance(value, date) else value for key, value in data.items()},
        reason=reason,
    )
