"""What stands beside the administrative tree: base unions and professional superiors, by decision, from day to day."""

from datetime import date

from ledger import events
from ledger.workflow import Correctable
from units.locks import changes_organisation
from units.models import Appointment, BaseUnion, Post, ProfessionalLine, Unit, User
from units.queries import in_force, overlapping
from units.services.people import check_alive
from units.services.posts import close_appointments
from vietnamese.dates import short_date


@changes_organisation
def open_union(*, unit: Unit, since: date, decision: str, by: User | None, name: str = "") -> BaseUnion:
    Unit.objects.select_for_update(no_key=True).get(pk=unit.pk)
    check_alive(unit, since)
    other = BaseUnion.objects.filter(overlapping(since, None), unit=unit).first()
    if other:
        raise Correctable(f"{unit.name} đã có {other.name} {other.in_words}.", "on")
    name = name or f"Công đoàn cơ sở {unit.name}"
    row = BaseUnion.objects.create(unit=unit, name=name, since=since, decision=decision)
    _record("units.open_union", unit, by, since, decision)
    return row


@changes_organisation
def close_union(*, unit: Unit, on: date, decision: str, by: User | None) -> BaseUnion:
    """The union ends that day and its chair's post with it: two parties are enough for a pledge from then on."""
    row = BaseUnion.objects.select_for_update(no_key=True).filter(in_force(on), unit=unit).first()
    if row is None:
        raise Correctable(f"{unit.name} không có công đoàn cơ sở tại ngày {short_date(on)}.", "on")
    if not decision:
        raise Correctable("Kết thúc công đoàn cơ sở phải theo quyết định.", "decision")
    row.until = on
    row.save(update_fields=["until"])
    chairs = Appointment.objects.filter(post__unit=unit, post__kind=Post.Kind.UNION_CHAIR)
    close_appointments(chairs, on=on, by=by, reason=decision)
    _record("units.close_union", unit, by, on, decision)
    return row


@changes_organisation
def place_in_line(
    *, unit: Unit, authority: Unit, since: date, decision: str, by: User | None
) -> ProfessionalLine:
    """From that day the unit's professional superior is `authority`; an earlier line ends."""
    Unit.objects.select_for_update(no_key=True).get(pk=unit.pk)
    if unit.pk == authority.pk:
        raise Correctable("Một đơn vị không là cơ quan quản lý ngành của chính mình.", "authority")
    check_alive(unit, since)
    check_alive(authority, since)
    later = ProfessionalLine.objects.filter(unit=unit, since__gt=since).exclude(until=since).first()
    if later and later.until != later.since:
        raise Correctable(f"{unit.name} đã thuộc ngành {later.authority.name} {later.in_words}.", "on")
    ProfessionalLine.objects.filter(in_force(since), unit=unit).update(until=since)
    row = ProfessionalLine.objects.create(unit=unit, authority=authority, since=since, decision=decision)
    _record("units.place_in_line", unit, by, since, decision, authority=authority.public_id)
    return row


@changes_organisation
def leave_line(*, unit: Unit, on: date, decision: str, by: User | None) -> ProfessionalLine:
    row = ProfessionalLine.objects.select_for_update(no_key=True).filter(in_force(on), unit=unit).first()
    if row is None:
        raise Correctable(f"{unit.name} không thuộc ngành nào tại ngày {short_date(on)}.", "on")
    row.until = on
    row.save(update_fields=["until"])
    _record("units.leave_line", unit, by, on, decision)
    return row


def _record(kind: str, unit: Unit, by: User | None, on: date, decision: str, **data: str) -> None:
    events.record(
        kind,
        by=by,
        object_kind="units.unit",
        object_id=unit.public_id,
        unit_id=unit.public_id,
        data={"on": on.isoformat(), **data},
        reason=decision,
    )
