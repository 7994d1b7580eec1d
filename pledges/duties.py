"""What waits for a person about pledges, and the card of his own."""

from dataclasses import dataclass

from django.urls import reverse

from pledges import coverage, wording
from pledges.filters import WAITING_FOR_ME
from pledges.models import Pledge
from pledges.parties import TONES, Stop, future_stops, stops, union_on
from units import roster
from units.duties import Duty
from units.models import Post, User


@dataclass(frozen=True)
class Card:
    """This year's pledge of a person. Without `pledge` it is not signed; `note` says why it cannot be signed here."""

    year: int
    tone: str
    word: str
    pledge: Pledge | None
    stops: list[Stop]
    past: list[Pledge]
    note: str = ""


def of(user: User) -> list[Duty]:
    """Own pledge to sign or to sign again; pledges that wait for this person. Seven queries at most."""
    return [*_own(user), *_waiting(user)]


def _own(user: User) -> list[Duty]:
    year, url = user.today.year, reverse("pledges:pledge_sign")
    pledge = Pledge.objects.filter(user=user, year=year).first()
    if pledge and pledge.status == Pledge.Status.RETURNED:
        title = f"Bản cam kết năm {year} bị trả lại"
        return [Duty(title, url, "Đọc lý do, sửa rồi ký lại.", tone="late", action="Ký lại")]
    if pledge or _why_not(user) or not coverage.owes(user, user.today):
        return []
    return [
        Duty(
            f"Ký cam kết năm {year}",
            url,
            "Đọc năm nội dung “không” và ký, chừng một phút.",
            action="Ký cam kết",
        )
    ]


def _why_not(user: User) -> str:
    """Why this person signs nothing here; empty when he does."""
    employment = roster.employment_of(user, user.today)
    if employment is None:
        return wording.NOT_EMPLOYED
    above = roster.signing_unit_from(user, employment.unit_id, user.today)
    return "" if above else wording.NOBODY_ABOVE


def _waiting(user: User) -> list[Duty]:
    count = Pledge.objects.waiting_for(user).count()
    if not count:
        return []
    url = f"{reverse('pledges:pledge_list')}?status={WAITING_FOR_ME}"
    return [Duty("bản cam kết chờ ông/bà xác nhận", url, count=count, action="Xem và xác nhận")]


def card(user: User) -> Card:
    year = user.today.year
    own = list(Pledge.objects.filter(user=user).select_related("user", "paper").order_by("-year", "-pk"))
    past = [pledge for pledge in own if pledge.year != year]
    current = next((pledge for pledge in own if pledge.year == year), None)
    if current:
        tone, word = TONES[Pledge.Status(current.status)], current.get_status_display()
        return Card(year, tone, word, current, stops(current, user.today), past)
    return _unsigned(user, year, past)


def _unsigned(user: User, year: int, past: list[Pledge]) -> Card:
    employment = roster.employment_of(user, user.today)
    if employment is None:
        return Card(year, "none", "Không ký tại đây", None, [], past, wording.NOT_EMPLOYED)
    unit = roster.signing_unit_from(user, employment.unit_id, user.today)
    if unit is None:
        return Card(year, "none", "Ký trên giấy", None, [], past, wording.NOBODY_ABOVE)
    head = roster.holder(unit.pk, Post.Kind.HEAD, user.today)
    line = future_stops(user, head, union_on(unit.pk, user.today))
    if not coverage.owes(user, user.today):
        return Card(year, "none", "Được miễn hoặc nghỉ dài ngày", None, line, past, wording.RELIEVED)
    return Card(year, "waiting", "Chưa ký", None, line, past)
