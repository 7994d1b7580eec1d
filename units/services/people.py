"""Who works where: joining, moving, leaving, and what a person is called. Secondments and absences stand beside."""

from collections.abc import Iterable
from datetime import date

from django.db.models import F

from ledger import events
from ledger.workflow import Correctable, StepRefused
from units.locks import changes_organisation
from units.models import Appointment, ContractKind, Employment, Succession, Unit, User
from units.queries import in_force, overlapping
from units.services.absences import close_absences
from units.services.naming import give_codes, retitle_person
from units.services.postmaking import post_of
from units.services.posts import appoint, close_appointments
from vietnamese.dates import short_date


@changes_organisation
def employ(
    *,
    user: User,
    unit: Unit,
    category: str,
    since: date,
    until: date | None = None,
    payroll_unit: Unit | None = None,
    contract: ContractKind | None = None,
    contract_until: date | None = None,
    by: User | None,
) -> Employment:
    """Raises StepRefused naming both units and both periods when the person already works somewhere in that time."""
    User.objects.select_for_update(no_key=True).get(pk=user.pk)
    row = Employment(
        user=user,
        unit=unit,
        category=category,
        since=since,
        until=until,
        payroll_unit=payroll_unit if payroll_unit != unit else None,
        contract=contract,
        contract_until=contract_until,
    )
    check_employment(row)
    row.save()
    events.record(
        "units.employ",
        by=by,
        object_kind="units.user",
        object_id=user.public_id,
        unit_id=unit.public_id,
        data={"category": category, "since": since.isoformat()},
    )
    return row


def check_employment(row: Employment) -> None:
    """Raises StepRefused for a period, a unit or another employment that makes this one impossible."""
    if row.until and row.until <= row.since:
        raise Correctable("Ngày kết thúc phải sau ngày bắt đầu.", "until")
    if row.contract_until and row.contract_until < row.since:
        raise Correctable("Hợp đồng hết hạn trước ngày bắt đầu làm việc.", "contract_until")
    check_alive(row.unit, row.since)
    clashing = Employment.objects.filter(overlapping(row.since, row.until), user=row.user)
    other = clashing.exclude(pk=row.pk).select_related("unit").order_by("since").first()
    if other:
        raise Correctable(
            f"{row.user.full_name} đang thuộc {other.unit.name} {other.in_words}, trùng thời gian với "
            f"{row.unit.name} {row.in_words}. Một người chỉ thuộc một đơn vị trong cùng một ngày: ghi chuyển công "
            "tác, hoặc kiêm nhiệm (chỉ là chức vụ).",
            "since",
            "on",
        )


def check_alive(unit: Unit, on: date) -> None:
    """Read again under a lock: an act of reorganisation that ends the unit at this moment is waited for and seen."""
    unit = Unit.objects.select_for_update(no_key=True).get(pk=unit.pk)
    if on < unit.since:
        raise Correctable(
            f"{unit.name} được thành lập từ {short_date(unit.since)}; chọn ngày từ đó trở đi.", "since", "on"
        )
    if unit.until and on >= unit.until:
        raise Correctable(f"{unit.name} đã kết thúc hoạt động từ {short_date(unit.until)}.", "since", "on")


@changes_organisation
def move_person(
    *,
    user: User,
    unit: Unit,
    on: date,
    by: User | None,
    category: str = "",
    job_title: str | None = None,
    kept: Iterable[Appointment] = (),
    kept_because: str = "",
) -> Employment:
    """From that day the person works in `unit`. His posts in the old unit end, but for those `kept` (kiêm nhiệm).

    A planned end (retirement, the end of a contract) goes with him. Raises StepRefused.
    """
    old = current_employment(user, on)
    if old.unit_id == unit.pk:
        raise Correctable(f"{user.full_name} đang thuộc {unit.name} {old.in_words}.", "unit")
    refuse_before_an_act(old)
    # A planned end goes with him; a planned return from a secondment does not.
    planned = (None, "") if old.payroll_unit_id else (old.until, old.ending)
    close_employment(old, on, Employment.Ending.MOVED)
    if old.payroll_unit_id:
        annul_later(user, on, Employment.Ending.MOVED)
    row = employ_like(old, unit, on, planned, category=category, by=by)
    if job_title is not None and job_title != user.job_title:
        retitle_person(user=user, job_title=job_title, by=by)
    leave_posts(user, old.unit, on, to=unit, kept=list(kept), kept_because=kept_because, by=by)
    _record_leaving("units.move_person", old, by, to=unit.public_id, on=on)
    return row


def current_employment(user: User, on: date) -> Employment:
    """The employment that holds that day, its person locked. Raises StepRefused when there is none."""
    User.objects.select_for_update(no_key=True).get(pk=user.pk)
    row = (
        Employment.objects.filter(in_force(on), user=user)
        .select_related("user", "unit", "payroll_unit", "contract")
        .first()
    )
    if row is None:
        raise Correctable(
            f"{user.full_name} không thuộc đơn vị nào tại ngày {short_date(on)}.", "since", "on"
        )
    return row


def refuse_before_an_act(row: Employment) -> None:
    """An act of reorganisation has written where the person works from its day on: a change before it would end there.

    Raises StepRefused naming the act.
    """
    if row.ending != Employment.Ending.REORGANISED or row.until is None:
        return
    passed_on = Succession.objects.filter(
        on=row.until, predecessor__in=[row.unit_id, row.payroll_unit_id], annulled=False
    )
    told = passed_on.select_related("act").order_by("pk").first()
    act = f" “{told.act.subject}”" if told and told.act else ""
    day = short_date(row.until)
    raise Correctable(
        f"{row.user.full_name} thuộc {row.unit.name} {row.in_words}; từ {day} đã theo việc sắp xếp tổ chức{act}. Chọn "
        f"ngày từ {day} trở đi; nếu thực sự thay đổi trước ngày đó thì đính chính việc sắp xếp ấy trước.",
        "on",
        "since",
    )


def employ_like(
    old: Employment,
    unit: Unit,
    since: date,
    planned: tuple[date | None, str],
    *,
    payroll: Unit | None = None,
    category: str = "",
    by: User | None,
) -> Employment:
    """Employed elsewhere under the same contract. `planned`: when and how that is known to end."""
    row = employ(
        user=old.user,
        unit=unit,
        category=category or old.category,
        since=since,
        until=planned[0],
        payroll_unit=payroll,
        contract=old.contract,
        contract_until=old.contract_until,
        by=by,
    )
    if planned[0]:
        close_employment(row, *planned)
    return row


def close_employment(row: Employment, on: date | None, ending: str) -> None:
    """`until` = that day; on its first day the row is annulled and holds no day. None: it runs on."""
    row.until, row.ending = on, ending
    row.save(update_fields=["until", "ending"])


def annul_later(user: User, on: date, ending: str, *, but: Employment | None = None) -> None:
    """What was planned for later (the return from a secondment) does not come to pass."""
    later = Employment.objects.filter(overlapping(on, None), user=user, since__gte=on)
    if but is not None:
        later = later.exclude(pk=but.pk)
    later.update(until=F("since"), ending=ending)


def leave_posts(
    user: User,
    unit: Unit,
    on: date,
    *,
    to: Unit,
    kept: list[Appointment],
    kept_because: str,
    by: User | None,
) -> None:
    """Posts in a unit where the person no longer works end that day; those kept need the paper that says so.

    So does acting by order or by authority for a head who does not stand above the new place of work (`to`).
    """
    if kept and not kept_because:
        raise Correctable("Giữ lại chức vụ ở đơn vị cũ phải nêu văn bản giao kiêm nhiệm.", "kept_because")
    held = Appointment.objects.filter(user=user)
    rows = held.filter(post__unit=unit) | held.out_of_reach_in(to.pk, on)
    for row in kept:
        if row.user_id != user.pk or row.post.unit_id != unit.pk:
            raise Correctable("Chức vụ được giữ lại không phải của người này tại đơn vị cũ.", "kept")
        if not row.document:
            Appointment.objects.filter(pk=row.pk).update(document=kept_because[:200])
    close_appointments(rows.exclude(pk__in=[row.pk for row in kept]), on=on, by=by)


@changes_organisation
def end_employment(*, user: User, on: date, ending: str, by: User | None, reason: str = "") -> Employment:
    """The person is on no unit's strength from that day; posts and absences end with it. Raises StepRefused."""
    if ending not in Employment.FINAL:
        raise StepRefused("Chọn lý do: nghỉ hưu, thôi việc, hết hợp đồng hoặc từ trần.")
    row = current_employment(user, on)
    planned = _planned_end(user, on)
    close_employment(row, on, ending)
    annul_later(user, on, ending, but=row)
    close_appointments(Appointment.objects.filter(user=user), on=on, by=by)
    close_absences(user=user, on=on, by=by)
    _record_leaving("units.end_employment", row, by, on=on, ending=ending, reason=reason, **planned)
    return row


def _planned_end(user: User, on: date) -> dict[str, date | str]:
    """How his work was to end before this, for who takes the leave back; empty where no end was known."""
    last = Employment.objects.filter(overlapping(on, None), user=user).order_by("since").last()
    if last is None or last.until is None:
        return {}
    return {"planned_until": last.until, "planned_ending": last.ending}


def _record_leaving(kind: str, row: Employment, by: User | None, *, reason: str = "", **data) -> None:
    stored = {key: value.isoformat() if isinstance(value, date) else value for key, value in data.items()}
    events.record(
        kind,
        by=by,
        object_kind="units.user",
        object_id=row.user.public_id,
        unit_id=row.unit.public_id,
        data=stored,
        reason=reason,
    )


@changes_organisation
def add_person(
    *,
    unit: Unit,
    full_name: str,
    username: str,
    job_title: str,
    category: str,
    since: date,
    post_kind: str,
    by: User,
    birth_year: int | None = None,
    contract: ContractKind | None = None,
    contract_until: date | None = None,
) -> User:
    """A new person of a unit, with a post there if `post_kind` names one; without a code he gets one of the portal.

    Raises StepRefused as `employ` and `appoint` do.
    """
    user = User(
        username=username or give_codes(count=1)[0],
        code_from_portal=not username,
        full_name=full_name,
        job_title=job_title,
        birth_year=birth_year,
    )
    user.set_unusable_password()
    user.save()
    employ(
        user=user,
        unit=unit,
        category=category,
        since=since,
        contract=contract,
        contract_until=contract_until,
        by=by,
    )
    if post_kind:
        appoint(post=post_of(unit, post_kind), user=user, since=since, by=by)
    return user
