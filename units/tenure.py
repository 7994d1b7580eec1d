"""How long a post lasts at most: as long as its holder is known to work, and to work where the post asks it."""

from dataclasses import dataclass
from datetime import date
from itertools import zip_longest

from django.db.models import F

from ledger.workflow import Correctable
from units.models import Appointment, Employment
from units.queries import overlapping
from units.workplaces import Workplaces
from vietnamese.dates import short_date

WITHIN_THE_UNIT = (Appointment.Manner.BY_ORDER, Appointment.Manner.BY_AUTHORITY)
END_EARLIER = "Chọn ngày kết thúc không muộn hơn"


@dataclass(frozen=True)
class _End:
    """The first day on which the post cannot be held any more, and the sentence that says why."""

    on: date
    why: str


def limit(row: Appointment) -> None:
    """An appointment without an end ends on the first day on which the person is known not to work where it is held.

    By a document one keeps a post in another unit (kiêm nhiệm), but none when one leaves for good. Raises StepRefused
    for an end beyond that day.
    """
    ends = [end for end in (_end_of_work(row), _end_in_place(row)) if end]
    if not ends:
        return
    end = min(ends, key=lambda each: each.on)
    if row.until is None and end.on > row.since:
        row.until = end.on
    elif row.until is None or row.until > end.on:
        raise Correctable(end.why, "until" if end.on > row.since else "since")


def _end_of_work(row: Appointment) -> _End | None:
    """He leaves, whatever the paper, and has not been employed again by then."""
    spells = list(Employment.objects.filter(user=row.user_id).exclude(until=F("since")).order_by("since"))
    for spell, following in zip_longest(spells, spells[1:]):
        if spell.until is None or spell.ending not in Employment.FINAL:
            continue
        if following is None or following.since > max(spell.until, row.since):
            how, day = spell.get_ending_display().lower(), short_date(spell.until)
            return _End(spell.until, f"{row.user.full_name} {how} từ ngày {day}. {END_EARLIER}.")
    return None


def _end_in_place(row: Appointment) -> _End | None:
    """He leaves the place of work that the post asks for; None where he is not there on the first day either."""
    unit, but = row.post.unit.name, ""
    if row.manner in WITHIN_THE_UNIT:
        on, unit = _leaves_the_branch(row), f"{unit} và đơn vị trực thuộc"
    elif row.manner in Appointment.OCCUPYING and not row.document:
        on, but = _leaves_the_unit(row), ", hoặc ghi văn bản giao kiêm nhiệm"
    else:
        return None
    if on is None:
        return None
    until = f"{row.user.full_name} chỉ làm việc tại {unit} đến trước ngày {short_date(on)}"
    return _End(on, f"{until}. {END_EARLIER}{but}.")


def _leaves_the_branch(row: Appointment) -> date | None:
    """Three things bring it about: he goes elsewhere, he leaves, or his unit comes below another."""
    places = Workplaces({row.user_id}, row.since)
    out = (
        day for day in places.days(row, row.since) if row.post.unit_id not in places.path(row.user_id, day)
    )
    first = next(out, None)
    return first if first != row.since else None


def _leaves_the_unit(row: Appointment) -> date | None:
    spells = Employment.objects.filter(overlapping(row.since, None), user=row.user_id).order_by("since")
    end: date | None = None
    for unit_id, since, until in spells.values_list("unit_id", "since", "until"):
        if unit_id != row.post.unit_id or since > (end or row.since):
            return end
        if until is None:
            return None
        end = until
    return end
