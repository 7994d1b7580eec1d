"""What recording a list signed by hand would do, and to whom: for the page, and again under the lock for the act."""

from dataclasses import dataclass, field
from datetime import date

from ledger.workflow import StepRefused
from pledges.listing import Person, on_the_list
from pledges.models import Pledge, PledgeText, SignedList, UnitAddition
from pledges.parties import UnionOn, union_on
from pledges.wording import addition_in_force, current_text
from units import roster
from units.models import Appointment, Post, User

OUTSIDE = "ngày ký không thuộc danh sách của đơn vị"
NOBODY = "Chưa đánh dấu ai đã ký."
NO_SCAN = "Danh sách chưa có trang nào được quét hoặc chụp."
NO_HEAD = "Ngày {0:%d/%m/%Y} đơn vị chưa có người đứng đầu trên hệ thống: bỏ dấu “có chữ ký người đứng đầu”."
NO_CHAIR = (
    "Ngày {0:%d/%m/%Y} đơn vị không có chủ tịch công đoàn trên hệ thống: bỏ dấu “có chữ ký công đoàn cơ sở”."
)
HEAD_FIRST = (
    "Công đoàn xác nhận sau người đứng đầu: danh sách có chữ ký công đoàn thì cần có chữ ký người đứng đầu."
)
OLD_WORDS = "Danh sách này in theo mẫu cũ; mẫu nay đã đổi và mọi người phải ký lại. In và ký danh sách mới."


@dataclass(frozen=True)
class Entry:
    """`statuses` and `chairs` by key of the person: the state that follows, and whose signature for the union."""

    people: list[Person]
    refused: list[str]
    head: Appointment | None
    union: UnionOn
    text: PledgeText
    addition: UnitAddition | None
    statuses: dict[int, str] = field(default_factory=dict)
    chairs: dict[int, Appointment] = field(default_factory=dict)

    @property
    def alone(self) -> set[int]:
        """Whose own signature is all there is: nobody stands above them."""
        return {one.user.pk for one in self.people if one.is_top}


def prepare(signed_list: SignedList, by: User) -> Entry:
    """Raises StepRefused with what has to be put right first."""
    people = {one.user.pk: one for one in on_the_list(signed_list, by)}
    ticked = list(signed_list.people.select_related("user").order_by("user__sort_key", "user_id"))
    chosen = [people[row.user_id] for row in ticked if row.user_id in people and people[row.user_id].may_sign]
    refused = [_refusal(row.user, people.get(row.user_id)) for row in ticked]
    text, addition = _words(signed_list)
    head, union = _holders(signed_list)
    entry = Entry(chosen, [words for words in refused if words], head, union, text, addition)
    _check(entry, signed_list)
    for one in chosen:
        _settle(entry, one, signed_list)
    return entry


def _refusal(user: User, person: Person | None) -> str:
    if person is None:
        return f"{user.full_name}: {OUTSIDE}"
    return f"{user.full_name}: {person.note}" if person.note else ""


def _words(signed_list: SignedList) -> tuple[PledgeText, UnitAddition | None]:
    """Those that stood on the printed list, unless what came after is to be signed anew."""
    text = current_text(signed_list.campaign)
    addition = addition_in_force(signed_list.campaign, signed_list.unit)
    if signed_list.blank is None:
        return text, addition
    content = signed_list.blank.content
    version, added = content["text"]["version"], content["addition"]
    texts = PledgeText.objects.filter(campaign=signed_list.campaign)
    additions = UnitAddition.objects.filter(campaign=signed_list.campaign, unit=signed_list.unit)
    newer = additions.filter(version__gt=added["version"] if added else 0, renews=True)
    if texts.filter(version__gt=version, renews=True).exists() or newer.exists():
        raise StepRefused(OLD_WORDS)
    if version != text.version:
        text = texts.get(version=version)
    return text, additions.filter(version=added["version"]).first() if added else None


def _holders(signed_list: SignedList) -> tuple[Appointment | None, UnionOn]:
    unit_id, day = signed_list.unit_id, signed_list.signed_on
    head = roster.holder(unit_id, Post.Kind.HEAD, day) if signed_list.head_signed else None
    return head, union_on(unit_id, day)


def _check(entry: Entry, signed_list: SignedList) -> None:
    day: date = signed_list.signed_on
    faults = (
        (not signed_list.scans.exists(), NO_SCAN),
        (signed_list.union_signed and not signed_list.head_signed, HEAD_FIRST),
        (signed_list.head_signed and entry.head is None, NO_HEAD.format(day)),
        (signed_list.union_signed and not entry.union.chairs, NO_CHAIR.format(day)),
        (not entry.people, "; ".join(entry.refused) + "." if entry.refused else NOBODY),
    )
    if sentence := next((words for wrong, words in faults if wrong), ""):
        raise StepRefused(sentence)


def _settle(entry: Entry, one: Person, signed_list: SignedList) -> None:
    """The state that follows from the signatures on paper; nobody confirms his own (rule R22)."""
    key, head = one.user.pk, entry.head
    status = Pledge.Status.AWAITING_HEAD
    if one.is_top:
        status = Pledge.Status.COMPLETE
    elif head is not None and head.user_id != key:
        chairs = entry.union.others(key, head.user_id) if signed_list.union_signed else []
        if chairs:
            entry.chairs[key] = chairs[0]
        waits = entry.union.takes_part(key, head.user_id) and not chairs
        status = Pledge.Status.AWAITING_UNION if waits else Pledge.Status.COMPLETE
    entry.statuses[key] = status
