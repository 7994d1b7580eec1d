"""Who confirms a pledge on a day, and where it stands on its way: the person, the head, the base union."""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date, datetime

from ledger.prepared import Prepared
from pledges.bodies import standing_for
from pledges.models import Pledge, Signature
from pledges.rules import answers_for, is_own
from units import roster
from units.models import Appointment, Post, User
from units.queries import in_force

OFFICIAL, HEAD, UNION = Signature.Party.OFFICIAL, Signature.Party.HEAD, Signature.Party.UNION
OFFICIAL_LABEL, HEAD_LABEL, UNION_LABEL = "Người cam kết", "Người đứng đầu", "Chủ tịch công đoàn cơ sở"
TONES: dict[str, str] = {
    Pledge.Status.AWAITING_HEAD: "waiting",
    Pledge.Status.AWAITING_UNION: "waiting",
    Pledge.Status.COMPLETE: "done",
    Pledge.Status.RETURNED: "late",
    Pledge.Status.WITHDRAWN: "none",
}
REOPENED = (Pledge.Status.RETURNED, Pledge.Status.WITHDRAWN)
OVER = (Pledge.Status.COMPLETE, Pledge.Status.WITHDRAWN)
STALE = "Phải ký lại"


@dataclass(frozen=True)
class UnionOn:
    """A unit's base union on one day, and who holds its chair."""

    exists: bool
    chairs: tuple[Appointment, ...] = ()

    def others(self, *user_ids: int | None) -> list[Appointment]:
        return [chair for chair in self.chairs if chair.user_id not in user_ids]

    def takes_part(self, *user_ids: int | None) -> bool:
        """Whether the union confirms besides these people (the person himself and the head who confirmed).

        No union that day: two confirmations are enough (clause IV.4; most unions ended by 15/6/2025). Nobody confirms
        twice or his own (rule R22): where the only chair is one of these people, two are enough as well. A vacant
        chair is waited for.
        """
        return self.exists and (not self.chairs or bool(self.others(*user_ids)))


@dataclass(frozen=True)
class Stop:
    """One stop on the line of includes/_stops.html."""

    label: str
    name: str
    tone: str
    word: str
    moment: datetime | None = None


def state_of(pledge: Pledge) -> tuple[str, str]:
    """Tone and word of its state; of one whose words are no longer those to sign, that it is to be signed again."""
    if pledge.stale_since is not None and pledge.status != Pledge.Status.WITHDRAWN:
        return "late", STALE
    return TONES[pledge.status], Pledge.Status(pledge.status).label


def is_on_its_way(pledge: Pledge) -> bool:
    """Whether somebody is to confirm it."""
    waiting = {Pledge.Status.AWAITING_HEAD, Pledge.Status.AWAITING_UNION}
    return pledge.status in waiting and pledge.stale_since is None


def may_be_signed_again(pledge: Pledge, on: date) -> bool:
    """Only this year's pledges are signed."""
    return pledge.year == on.year


def who_answers(pledges: Iterable[Pledge], on: date) -> dict[int, User]:
    """By key of the pledge, of whom `rules.answers_for` is true; of a unit without a head that day nobody. One query
    where there are pledges of units, one more where such a unit has ended.
    """
    rows = list(pledges)
    standing = standing_for((row.unit for row in rows if row.kind == Pledge.Kind.COLLECTIVE), on)
    heads = _heads(set(standing.values()), on) if standing else {}
    found = {
        row.pk: heads.get(standing.get(row.unit_id, 0)) if row.kind == Pledge.Kind.COLLECTIVE else row.user
        for row in rows
    }
    return {key: user for key, user in found.items() if user is not None}


def _heads(unit_ids: set[int], on: date) -> dict[int, User]:
    rows = Appointment.objects.filter(
        in_force(on),
        post__unit_id__in=unit_ids,
        post__kind=Post.Kind.HEAD,
        manner__in=Appointment.OCCUPYING,
    )
    return {
        row.post.unit_id: row.user for row in rows.select_related("user", "post").order_by("-since", "-pk")
    }


def called(pledge: Pledge) -> str:
    """How a sentence to whoever answers for it begins."""
    if pledge.kind == Pledge.Kind.COLLECTIVE:
        return f"Bản cam kết tập thể năm {pledge.year} của {pledge.unit.name}"
    return f"Bản cam kết năm {pledge.year}"


def whose(pledge: Pledge) -> str:
    """“của …”: the person, or the unit whoever signed for it."""
    return f"tập thể {pledge.unit.name}" if pledge.kind == Pledge.Kind.COLLECTIVE else pledge.user.full_name


def union_of(pledge: Pledge, on: date) -> UnionOn:
    """The union that may confirm this pledge; none in what a unit pledges to the head above (clause IV.4 asks it of
    officials alone).
    """
    if pledge.kind == Pledge.Kind.COLLECTIVE:
        return UnionOn(exists=False)
    return union_on(pledge.signing_unit_id, on)


def union_on(unit_id: int, on: date) -> UnionOn:
    """Two queries; one where there is no union."""
    if not roster.has_union(unit_id, on):
        return UnionOn(exists=False)
    return UnionOn(exists=True, chairs=tuple(_CHAIRS.all(unit=unit_id, on=on)))


_CHAIRS = Prepared(
    lambda *, unit, on: (
        Appointment.objects.filter(in_force(on), post__unit=unit, post__kind=Post.Kind.UNION_CHAIR)
        .select_related("user", "post")
        .order_by("since", "pk")
    )
)


_SIGNATURES = Prepared(
    lambda *, pledge, round_: Signature.objects.filter(pledge=pledge, round=round_).select_related(
        "post", "user"
    )
)


def signatures_of(pledge: Pledge) -> dict[str, Signature]:
    """Those of the round that counts, by party."""
    return {row.party: row for row in _SIGNATURES.all(pledge=pledge.pk, round_=pledge.round)}


def released(pledges: Iterable[Pledge], union: UnionOn) -> list[Pledge]:
    """Those of one unit that wait for a union which, as it now is, takes no part. `pledges` carry their signatures."""
    waiting = [pledge for pledge in pledges if pledge.status == Pledge.Status.AWAITING_UNION]
    return [pledge for pledge in waiting if not union.takes_part(pledge.user_id, _head_of(pledge))]


def _head_of(pledge: Pledge) -> int | None:
    found = [row for row in pledge.signatures.all() if row.round == pledge.round and row.party == HEAD]
    return found[0].user_id if found else None


def stops(pledge: Pledge, on: date) -> list[Stop]:
    """The line of a pledge: two stops, or three where the union confirms. Four queries at most."""
    signatures = signatures_of(pledge)
    union = union_of(pledge, on) if pledge.status not in OVER else UnionOn(exists=False)
    line = [_official_stop(pledge, signatures), _head_stop(pledge, signatures, on)]
    head_id = signatures[HEAD].user_id if HEAD in signatures else None
    if UNION in signatures or union.takes_part(pledge.user_id, head_id):
        line.append(_union_stop(pledge, signatures, union.others(pledge.user_id, head_id)))
    return line


def what_waits(pledge: Pledge, line: list[Stop], on: date) -> list[str]:
    """What comes next, in sentences."""
    is_open = pledge.stale_since is not None or pledge.status in REOPENED
    if is_open and not may_be_signed_again(pledge, on):
        return [f"Năm {pledge.year} đã hết nên bản này không ký lại nữa; lần ký này vẫn được lưu."]
    if pledge.stale_since is not None:
        return ["Lần ký này vẫn được lưu; người cam kết cần ký lại bản mới."]
    if pledge.status == Pledge.Status.WITHDRAWN:
        return ["Bản này không còn hiệu lực; người cam kết ký lại khi cần."]
    if pledge.status == Pledge.Status.COMPLETE:
        return [
            "Bản PDF để in và lưu; ai cầm bản in cũng kiểm tra được bằng mã này ở trang “Kiểm tra văn bản”."
        ]
    if pledge.status == Pledge.Status.RETURNED:
        return ["Đọc lý do trả lại, sửa nội dung cụ thể nếu cần rồi ký lại."]
    coming = [_waits_for(stop) for stop in line if stop.tone != "done"]
    return [*coming, "Khi đủ xác nhận, bản PDF có mã kiểm tra được lập tự động."]


def open_steps(pledge: Pledge, user: User, on: date) -> frozenset[str]:
    """Names of the steps this person can take with the pledge that day. The services check again, under the lock."""
    user = user.acting_in("pledges")
    own = frozenset({"withdraw"} if is_on_its_way(pledge) and answers_for(user, pledge) else ())
    return own if is_own(user, pledge) else own | _steps_of_who_confirms(pledge, user, on)


def _steps_of_who_confirms(pledge: Pledge, user: User, on: date) -> frozenset[str]:
    is_head = user.post_in(pledge.signing_unit_id, Post.Kind.HEAD) is not None
    if pledge.status == Pledge.Status.COMPLETE:
        return frozenset({"revoke"} if is_head or user.works_for_home_affairs else ())
    is_chair = user.post_in(pledge.signing_unit_id, Post.Kind.UNION_CHAIR) is not None
    if not (is_head or is_chair) or not is_on_its_way(pledge):
        return frozenset()
    if pledge.status == Pledge.Status.AWAITING_HEAD:
        found = frozenset({"countersign", "return"} if is_head else ())
    else:
        found = _steps_of_the_union(pledge, user, on, is_head=is_head, is_chair=is_chair)
    return found if may_be_signed_again(pledge, on) else found - {"return"}


def _steps_of_the_union(
    pledge: Pledge, user: User, on: date, *, is_head: bool, is_chair: bool
) -> frozenset[str]:
    head_id = _head_of(pledge)
    if not union_of(pledge, on).takes_part(pledge.user_id, head_id):
        return frozenset({"complete_without_union"} if is_head else ())
    return frozenset({"countersign_union", "return"} if is_chair and user.pk != head_id else ())


def future_stops(user: User, head: Appointment | None, union: UnionOn) -> list[Stop]:
    """The line of a pledge that is not signed yet."""
    line = [
        Stop(OFFICIAL_LABEL, user.full_name, "waiting", "Chưa ký"),
        _pending(HEAD_LABEL, [head] if head else [], "none", "Chưa tới lượt"),
    ]
    if union.takes_part(user.pk):
        line.append(_pending(UNION_LABEL, union.others(user.pk), "none", "Chưa tới lượt"))
    return line


def _waits_for(stop: Stop) -> str:
    if not stop.name:
        return f"{stop.label}: chức vụ đang khuyết, bản cam kết chờ người được bổ nhiệm."
    return f"{stop.label} {stop.name} xác nhận."


def _signed(label: str, signature: Signature, word: str) -> Stop:
    return Stop(label, signature.name, "done", word, signature.at)


def _pending(label: str, holders: list[Appointment], tone: str, word: str) -> Stop:
    if not holders:
        return Stop(label, "", tone, f"{word}; chức vụ đang khuyết")
    return Stop(holders[0].post.title, holders[0].user.full_name, tone, word)


def _official_stop(pledge: Pledge, signatures: dict[str, Signature]) -> Stop:
    signature = signatures.get(OFFICIAL)
    if pledge.status == Pledge.Status.RETURNED or pledge.stale_since is not None or signature is None:
        return Stop(OFFICIAL_LABEL, pledge.user.full_name, "waiting", "Cần ký lại")
    if pledge.status == Pledge.Status.WITHDRAWN:
        return Stop(OFFICIAL_LABEL, pledge.user.full_name, "none", "Không còn hiệu lực")
    return _signed(OFFICIAL_LABEL, signature, "Đã ký")


def _head_stop(pledge: Pledge, signatures: dict[str, Signature], on: date) -> Stop:
    if HEAD in signatures:
        return _signed(signatures[HEAD].post_title or HEAD_LABEL, signatures[HEAD], "Đã xác nhận")
    holder = roster.holder(pledge.signing_unit_id, Post.Kind.HEAD, on)
    holders = [holder] if holder else []
    if pledge.status == Pledge.Status.RETURNED:
        return _pending(HEAD_LABEL, holders, "late", "Đã trả lại")
    if not is_on_its_way(pledge):
        return _pending(HEAD_LABEL, holders, "none", "Chưa tới lượt")
    return _pending(HEAD_LABEL, holders, "waiting", "Chờ xác nhận")


def _union_stop(pledge: Pledge, signatures: dict[str, Signature], chairs: list[Appointment]) -> Stop:
    if UNION in signatures:
        return _signed(signatures[UNION].post_title or UNION_LABEL, signatures[UNION], "Đã xác nhận")
    if pledge.status == Pledge.Status.AWAITING_UNION and is_on_its_way(pledge):
        return _pending(UNION_LABEL, chairs, "waiting", "Chờ xác nhận")
    if pledge.status == Pledge.Status.RETURNED and HEAD in signatures:
        return _pending(UNION_LABEL, chairs, "late", "Đã trả lại")
    return _pending(UNION_LABEL, chairs, "none", "Chưa tới lượt")
