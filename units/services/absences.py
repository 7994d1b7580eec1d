"""Long leave and excuses: a person stays on the strength and owes no pledge for a time (features O9, O10)."""

from datetime import date

from ledger import events
from ledger.workflow import Correctable
from units.locks import changes_organisation
from units.models import Absence, Employment, User
from units.queries import in_force, overlapping
from vietnamese.dates import short_date


@changes_organisation
def absent(
    *, user: User, kind: str, reason: str, since: date, until: date | None = None, by: User | None
) -> Absence:
    """Raises StepRefused naming the other absence when two would overlap; an excuse needs its end."""
    User.objects.select_for_update(no_key=True).get(pk=user.pk)
    row = Absence(user=user, kind=kind, reason=reason, since=since, until=until, by=by)
    if until and until <= since:
        raise Correctable("Ngày kết thúc phải sau ngày bắt đầu.", "until")
    if not reason:
        raise Correctable("Nêu lý do.", "reason")
    if kind == Absence.Kind.EXCUSED and until is None:
        raise Correctable("Miễn ký cam kết phải có ngày kết thúc.", "until")
    if not Employment.objects.filter(in_force(since), user=user).exists():
        raise Correctable(f"{user.full_name} không thuộc đơn vị nào tại ngày {short_date(since)}.", "since")
    other = Absence.objects.filter(overlapping(since, until), user=user).order_by("since").first()
    if other:
        raise Correctable(
            f"{user.full_name} đã ghi “{other.get_kind_display().lower()}” {other.in_words}, trùng với {row.in_words}.",
            "since",
        )
    row.save()
    _record("units.absent", row, by, reason=reason, absence=kind)
    return row


@changes_organisation
def end_absence(*, absence: Absence, on: date, by: User | None) -> Absence:
    """The person is back from that day; the duty to pledge opens again by itself."""
    row = (
        Absence.objects.select_for_update(of=("self",), no_key=True).select_related("user").get(pk=absence.pk)
    )
    if row.until and row.until <= on:
        raise Correctable(f"Lần nghỉ này chỉ {row.in_words}.", "on")
    if on < row.since:
        raise Correctable(f"Lần nghỉ này bắt đầu từ {short_date(row.since)}; chọn ngày từ đó trở đi.", "on")
    row.until = on
    row.save(update_fields=["until"])
    _record("units.end_absence", row, by)
    return row


def close_absences(*, user: User, on: date, by: User | None) -> None:
    """Who leaves is away from nothing: what lasts ends that day, what would begin later is annulled."""
    for row in Absence.objects.filter(overlapping(on, None), user=user).select_related("user").order_by("pk"):
        row.until = max(on, row.since)
        row.save(update_fields=["until"])
        _record("units.end_absence", row, by)


def _record(kind: str, row: Absence, by: User | None, *, reason: str = "", **data: str) -> None:
    events.record(
        kind,
        by=by,
        object_kind="units.user",
        object_id=row.user.public_id,
        data={
            "since": row.since.isoformat(),
            "until": row.until.isoformat() if row.until else None,
            **data,
        },
        reason=reason,
    )
