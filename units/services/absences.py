"""Long leave and excuses: a person stays on the strength and owes no pledge for a time (features O9, O10)."""

from datetime import date

from django.db import transaction

from ledger import events
from ledger.workflow import StepRefused
from units.models import Absence, Employment, User
from units.queries import in_force, overlapping
from vietnamese.dates import short_date


@transaction.atomic
def absent(
    *, user: User, kind: str, reason: str, since: date, until: date | None = None, by: User | None
) -> Absence:
    """Raises StepRefused naming the other absence when two would overlap; an excuse needs its end."""
    User.objects.select_for_update().get(pk=user.pk)
    row = Absence(user=user, kind=kind, reason=reason, since=since, until=until, by=by)
    if until and until <= since:
        raise StepRefused("Ngày kết thúc phải sau ngày bắt đầu.")
    if not reason:
        raise StepRefused("Nêu lý do.")
    if kind == Absence.Kind.EXCUSED and until is None:
        raise StepRefused("Miễn ký cam kết phải có ngày kết thúc.")
    if not Employment.objects.filter(in_force(since), user=user).exists():
        raise StepRefused(f"{user.full_name} không thuộc đơn vị nào tại ngày {short_date(since)}.")
    other = Absence.objects.filter(overlapping(since, until), user=user).order_by("since").first()
    if other:
        raise StepRefused(
            f"{user.full_name} đã ghi “{other.get_kind_display().lower()}” {other.in_words}, trùng với {row.in_words}."
        )
    row.save()
    _record("units.absent", row, by, reason=reason, absence=kind)
    return row


@transaction.atomic
def end_absence(*, absence: Absence, on: date, by: User | None) -> Absence:
    """The person is back from that day; the duty to pledge opens again by itself."""
    row = Absence.objects.select_for_update(of=("self",)).select_related("user").get(pk=absence.pk)
    if row.until and row.until <= on:
        raise StepRefused(f"Lần nghỉ này chỉ {row.in_words}.")
    if on < row.since:
        raise StepRefused(f"Lần nghỉ này bắt đầu từ {short_date(row.since)}; chọn ngày từ đó trở đi.")
    row.until = on
    row.save(update_fields=["until"])
    _record("units.end_absence", row, by)
    return row


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
