"""Who owes a pledge and has none that counts: since when, and why (feature S15). For those who may see the names."""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date

from django.db.models import Exists, F, Min, OuterRef, QuerySet, Subquery

from campaigns.models import Campaign
from ledger import clock
from pledges import coverage, states
from pledges.models import Refusal
from units.models import Absence, Employment, Unit, User
from units.queries import subtree_ids
from vietnamese.dates import short_date
from vietnamese.numbers import grouped, share

MOVES = [
    Employment.Ending.MOVED,
    Employment.Ending.REORGANISED,
    Employment.Ending.SECONDED,
    Employment.Ending.RETURNED,
]


@dataclass(frozen=True)
class Unsigned:
    """One person of the list. `since`: from when on he owes it; `reason`: why he refuses, for those who may read it."""

    user: User
    unit: Unit
    since: date
    why: str
    reason: str = ""
    has_email: bool = False


def rows(
    *, campaign: Campaign, on: date, unit_ids: Iterable[int], opens_on: date | None = None
) -> QuerySet[Employment]:
    """One query, with what `describe` needs; in Vietnamese order of units, then of names."""
    first = (opens_on or date(on.year, 1, 1)).isoformat()
    found = coverage.unsigned(campaign=campaign, year=on.year, on=on, unit_ids=unit_ids)
    back = Absence.objects.filter(user=OuterRef("user"), until__lte=on, until__gt=first).order_by("-until")
    earlier = Employment.objects.filter(user=OuterRef("user")).exclude(until=F("since"))
    begun = earlier.order_by().values("user").annotate(first=Min("since"))
    return (
        found.annotate(
            back_on=Subquery(back.values("until")[:1]),
            begun_on=Subquery(begun.values("first")[:1]),
            moved_here=Exists(earlier.filter(until=OuterRef("since"), ending__in=MOVES)),
            stale_since=F("made__stale_since"),
        )
        .select_related("user", "unit")
        .order_by("unit__kind", "unit__sort_key", "user__sort_key", "pk")
    )


def describe(found: Iterable, *, reader: User, opens_on: date) -> list[Unsigned]:
    """Rows of one page in words; two queries at most: the reasons of refusals, which clerks do not read."""
    people = list(found)
    refused = [row.user_id for row in people if row.state == states.REFUSED]
    reasons = _reasons(refused, reader) if refused else {}
    return [_described(row, opens_on, reasons.get(row.user_id, "")) for row in people]


def _reasons(user_ids: list[int], reader: User) -> dict[int, str]:
    open_ones = Refusal.objects.visible_to(reader).filter(user_id__in=user_ids, ended_at__isnull=True)
    return dict(open_ones.values_list("user_id", "reason"))


def _described(row, opens_on: date, reason: str) -> Unsigned:
    since, why = _since_and_why(row, opens_on)
    return Unsigned(row.user, row.unit, since, why, reason, bool(row.user.email))


def _since_and_why(row, opens_on: date) -> tuple[date, str]:
    begun = max(opens_on, row.begun_on or row.since)
    if row.state == states.STALE and row.stale_since:
        since = clock.local(row.stale_since).date()
        return since, f"Phải ký lại từ {short_date(since)}"
    if row.state in SAID:
        return begun, SAID[row.state]
    if row.back_on:
        return max(opens_on, row.back_on), f"Đi làm lại từ {short_date(row.back_on)}"
    if row.since > opens_on and row.moved_here:
        return begun, f"Chuyển đến từ {short_date(row.since)}, chưa ký ở đơn vị cũ"
    if row.since > opens_on:
        return row.since, f"Mới nhận công tác từ {short_date(row.since)}"
    return begun, "Chưa ký"


SAID = {
    states.RETURNED: "Bị trả lại, chưa ký lại",
    states.WITHDRAWN: "Đã rút, chưa ký lại",
    states.REFUSED: "Đã báo không ký",
}


def group_message(*, unit: Unit, found: coverage.Coverage, due_on: date | None, url: str) -> str:
    """A text for the unit's chat group: figures, the day, the address; nobody's name (feature S14)."""
    assert found.on is not None
    term = f" Hạn ký: hết ngày {short_date(due_on)}." if due_on else ""
    waiting = found.at_head + found.at_union
    return (
        f"[Cuộc vận động “Năm không”] {unit.name}: đến ngày {short_date(found.on)} đã ký cam kết năm "
        f"{found.on.year}: {share(found.signed, found.people)}; còn {grouped(found.open)} người chưa ký, "
        f"{grouped(waiting)} bản chờ xác nhận.{term} Đề nghị ông/bà chưa ký đăng nhập {url} để ký, "
        "chừng một phút trên điện thoại."
    )


def reachable(user: User, unit_id: int, on: date) -> set[int]:
    """The units at and below this one whose people's names the reader may see; empty where he does not follow the unit
    itself, so that figures under its name are never those of a part of it.
    """
    followed = coverage.followed(user, on)
    if unit_id not in followed and not user.acting_in("pledges").works_for_home_affairs:
        return set()
    return followed & subtree_ids([unit_id], on)
