"""What head-counts are made of, and the numbers frozen of them for a day (feature O8)."""

from datetime import date

from django.db import connection, transaction

from ledger import clock, events
from ledger.workflow import Correctable, StepRefused
from units.models import ContractKind, Cutoff, User

FREEZE = """
INSERT INTO units_frozencount (cutoff_id, unit_id, category, people)
SELECT %s, e.unit_id, e.category, count(*)
  FROM units_employment e LEFT JOIN units_contractkind k ON k.id = e.contract_id
 WHERE e.since <= %s AND (e.until IS NULL OR e.until > %s) AND (k.id IS NULL OR k.counts)
 GROUP BY e.unit_id, e.category
"""


@transaction.atomic
def freeze_headcounts(*, code: str, on: date, by: User | None) -> Cutoff:
    """The head-counts of every unit on that day, as the rosters now say; once for each code. One INSERT…SELECT.

    Raises StepRefused when the code is used or the day has not come.
    """
    if on > clock.today():
        raise Correctable("Chưa đến ngày này; số người của một ngày chỉ chốt được từ ngày đó trở đi.", "on")
    cutoff, is_new = Cutoff.objects.get_or_create(code=code, defaults={"on": on, "by": by})
    if not is_new:
        moment = clock.local(cutoff.taken_at)
        raise Correctable(
            f"Mã “{code}” đã chốt số người tại ngày {cutoff.on:%d/%m/%Y} (lúc {moment:%H:%M} ngày {moment:%d/%m/%Y}).",
            "code",
        )
    with connection.cursor() as cursor:
        cursor.execute(FREEZE, [cutoff.pk, on, on])
        units = cursor.rowcount
    events.record(
        "units.freeze_headcounts",
        by=by,
        object_kind="units.cutoff",
        object_id=code,
        data={"on": on.isoformat(), "rows": units},
    )
    return cutoff


@transaction.atomic
def choose_contract_kind(
    *, kind: ContractKind, name: str, counts: bool, pledges: bool, by: User | None
) -> ContractKind:
    """Whether people of this kind of contract count and must pledge; what was frozen before stays as it is."""
    if pledges and not counts:
        raise StepRefused("Ai phải ký cam kết thì cũng được tính vào số người.")
    kind.name, kind.counts, kind.pledges = name, counts, pledges
    kind.save(update_fields=["name", "counts", "pledges"])
    _record("units.choose_contract_kind", kind, by)
    return kind


@transaction.atomic
def add_contract_kind(*, code: str, name: str, counts: bool, pledges: bool, by: User | None) -> ContractKind:
    if ContractKind.objects.filter(code=code).exists():
        raise Correctable(f"Đã có loại hợp đồng mã “{code}”.", "code")
    if pledges and not counts:
        raise StepRefused("Ai phải ký cam kết thì cũng được tính vào số người.")
    order = ContractKind.objects.count()
    kind = ContractKind.objects.create(code=code, name=name, counts=counts, pledges=pledges, order=order)
    _record("units.add_contract_kind", kind, by)
    return kind


def _record(kind: str, row: ContractKind, by: User | None) -> None:
    events.record(
        kind,
        by=by,
        object_kind="units.contractkind",
        object_id=row.code,
        data={"counts": row.counts, "pledges": row.pledges},
    )
