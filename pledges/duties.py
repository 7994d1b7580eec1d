"""What waits for a person about pledges, and the card of his own."""

from dataclasses import dataclass

from django.db.models import Q
from django.urls import reverse

from ledger.prepared import Prepared
from pledges import coverage, desks, wording
from pledges.bodies import stood_for
from pledges.history import why_again
from pledges.models import BulkConfirmation, Pledge, Refusal
from pledges.parties import Stop, called, future_stops, state_of, stops, union_on
from pledges.rounds import must_sign_again, signed_again_at
from units import roster
from units.duties import Duty
from units.models import Post, Unit, User
from units.queries import once
from units.rules import occupied


@dataclass(frozen=True)
class Card:
    """This year's pledge of a person. Without `pledge` it is not signed; `note` says why it cannot be signed here, or
    why it is to be signed again; `action` is the one button, empty where there is nothing to sign.
    """

    year: int
    tone: str
    word: str
    pledge: Pledge | None
    stops: list[Stop]
    past: list[Pledge]
    note: str = ""
    action: str = ""
    refused: bool = False


SIGNER_IS_ABOVE = (
    "Người đã ký nay là người đứng đầu cấp trên nên không tự xác nhận được. Ký lại để có người xác nhận."
)
REFUSED = "Ông/bà đã ghi nhận không ký cam kết năm nay. Vẫn ký được, hoặc rút lại việc không ký."


_OF_YEAR = Prepared(
    lambda *, user, year: (
        Pledge.objects.personal()
        .filter(user=user, year=year)
        .select_related("signing_unit")
        .order_by("pk")[:1]
    )
)
_ALL_YEARS = Prepared(
    lambda *, user: (
        Pledge.objects.personal()
        .filter(user=user)
        .select_related("user", "paper", "evidence", "signing_unit")
        .order_by("-year", "-pk")
    )
)
_REFUSALS = Prepared(
    lambda *, user, year: Refusal.objects.filter(user=user, year=year, ended_at__isnull=True).values_list(
        "pk", flat=True
    )[:1]
)


def of(user: User) -> list[Duty]:
    """Own pledge to sign or to sign again, a headed unit's to sign again; pledges that wait for this person. Eight
    queries at most.
    """
    return [*_own(user), *_of_units(user), *_waiting(user)]


def _own(user: User) -> list[Duty]:
    year = user.today.year
    pledge = _OF_YEAR.first(user=user.pk, year=year)
    if pledge and (title := _again(pledge)) and not refused(user):
        detail = why_again(pledge) or "Đọc lý do, sửa rồi ký lại."
        return [Duty(title, reverse("pledges:pledge_sign"), detail, tone="late", action="Ký lại")]
    if (pledge and pledge.status != Pledge.Status.WITHDRAWN) or not _asked(user):
        return []
    return [
        Duty(
            f"Ký cam kết năm {year}",
            reverse("pledges:pledge_sign"),
            "Đọc năm nội dung “không” và ký, chừng một phút.",
            action="Ký cam kết",
        )
    ]


def _again(pledge: Pledge) -> str:
    """What the duty to sign again is called; empty where there is none."""
    if pledge.status == Pledge.Status.WITHDRAWN:
        return ""
    if pledge.stale_since is not None:
        return f"Bản cam kết năm {pledge.year} phải ký lại"
    returned = pledge.status == Pledge.Status.RETURNED
    return f"Bản cam kết năm {pledge.year} bị trả lại" if returned else ""


def _of_units(user: User) -> list[Duty]:
    """For a head: what his units, or those in whose place they stand, pledged this year and have to sign again, whoever
    signed it. One query, none for others; two more where such a unit has ended.
    """
    headed = [post.unit_id for post in occupied(user, Post.Kind.HEAD)]
    if not headed:
        return []
    made = Pledge.objects.filter(
        kind=Pledge.Kind.COLLECTIVE, year=user.today.year, unit_id__in=stood_for(headed, user.today)
    )
    stuck = made.filter(status=Pledge.Status.AWAITING_HEAD).exclude(user=user)
    rows = made.filter(
        Q(status=Pledge.Status.RETURNED)
        | Q(stale_since__isnull=False)
        | Q(pk__in=stuck.signed_by_head_above(user.today).values("pk"))
    ).exclude(status=Pledge.Status.WITHDRAWN)
    found = list(rows.select_related("unit").order_by("pk"))
    places = signed_again_at(found, user)
    return [_of_unit(row, places[row.pk]) for row in found if row.pk in places]


def _of_unit(pledge: Pledge, unit: Unit) -> Duty:
    returned = pledge.status == Pledge.Status.RETURNED and pledge.stale_since is None
    waits = pledge.status == Pledge.Status.AWAITING_HEAD and pledge.stale_since is None
    return Duty(
        f"{called(pledge)} {'bị trả lại' if returned else 'phải ký lại'}",
        reverse("pledges:collective_sign", args=[unit.public_id]),
        SIGNER_IS_ABOVE if waits else "Đọc lý do rồi ký lại.",
        tone="late",
        action="Ký lại",
    )


def _asked(user: User) -> bool:
    """Who has said that he does not sign is asked no more."""
    if _why_not(user) or not coverage.owes(user, user.today):
        return False
    return not refused(user)


def refused(user: User) -> bool:
    year = user.today.year
    return once(("refused", user.pk, year), lambda: bool(_REFUSALS.first(user=user.pk, year=year)))


def _why_not(user: User) -> str:
    """Why this person signs nothing here; empty when he does."""
    employment = roster.employment_of(user, user.today)
    if employment is None:
        return wording.NOT_EMPLOYED
    above = roster.signing_unit_from(user, employment.unit_id, user.today)
    return "" if above else wording.NOBODY_ABOVE


def _waiting(user: User) -> list[Duty]:
    if not desks.of(user):
        return []
    count = Pledge.objects.waiting_for(user).count()
    url = reverse("pledges:bulkconfirmation_choose")
    waiting = [Duty("bản cam kết chờ ông/bà xác nhận", url, count=count, action="Xem và xác nhận")]
    return [*_under_way(user), *(waiting if count else [])]


def _under_way(user: User) -> list[Duty]:
    """A confirmation of many that the worker is at: where to see how far it is."""
    found = BulkConfirmation.objects.visible_to(user).active().select_related("unit").first()
    if found is None:
        return []
    title = f"Đang xác nhận {found.steps} bản cam kết"
    said = f"{found.unit.name}: xong {found.step}/{found.steps} bản. Có thể rời trang; việc vẫn chạy tiếp."
    return [Duty(title, found.get_absolute_url(), said, word="Đang chạy", action="Xem tiến độ")]


def card(user: User) -> Card:
    year = user.today.year
    own = _ALL_YEARS.all(user=user.pk)
    past = [pledge for pledge in own if pledge.year != year]
    current = next((pledge for pledge in own if pledge.year == year), None)
    if current:
        tone, word = state_of(current)
        again = must_sign_again(current, user, user.today)
        action = "Ký lại" if again else ""
        line = stops(current, user.today)
        return Card(year, tone, word, current, line, past, why_again(current), action)
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
    if refused(user):
        return Card(year, "none", "Không ký", None, line, past, REFUSED, "Ký cam kết", refused=True)
    if not coverage.owes(user, user.today):
        word = "Được miễn hoặc nghỉ dài ngày"
        return Card(year, "none", word, None, line, past, wording.RELIEVED, "Ký cam kết")
    return Card(year, "waiting", "Chưa ký", None, line, past, "", "Ký cam kết")
