"""What recording a list signed by hand would do, and to whom: for the page, and again under the lock for the act."""

from collections.abc import Sequence
from dataclasses import dataclass, field
from datetime import date, datetime, time, timedelta

from ledger import clock
from ledger.workflow import StepRefused
from pledges.listing import Person, on_the_list
from pledges.models import BlankForm, Pledge, PledgeText, SignedList, UnitAddition
from pledges.parties import UnionOn, union_on
from pledges.wording import NO_TEXT
from units import roster, signing
from units.models import Appointment, Post, User

OUTSIDE = "ngày ký không thuộc danh sách của đơn vị"
NOBODY = "Chưa đánh dấu ai đã ký."
NO_SCAN = "Danh sách chưa có trang nào được quét hoặc chụp."
NO_HEAD = "Ngày {0:%d/%m/%Y} đơn vị chưa có người đứng đầu trên hệ thống: bỏ dấu “có chữ ký người đứng đầu”."
NO_SUBSTITUTE = (
    "Ngày {0:%d/%m/%Y} {1} không được giao ký thay, thừa lệnh hay thừa ủy quyền người đứng đầu: chọn lại người ký hoặc "
    "ngày ký."
)
NO_CHAIR = (
    "Ngày {0:%d/%m/%Y} đơn vị không có chủ tịch công đoàn trên hệ thống: bỏ dấu “có chữ ký công đoàn cơ sở”."
)
HEAD_FIRST = (
    "Công đoàn xác nhận sau người đứng đầu: danh sách có chữ ký công đoàn thì cần có chữ ký người đứng đầu."
)
OLD_WORDS = "Danh sách này in theo mẫu cũ; mẫu nay đã đổi và mọi người phải ký lại. In và ký danh sách mới."
CHANGED_SINCE = (
    "Danh sách ký ngày {0:%d/%m/%Y}; ngày {1:%d/%m/%Y} lời cam kết mới đổi và mọi người phải ký lại. In và ký danh "
    "sách mới; nếu danh sách này ký sau khi đổi thì sửa ngày ký."
)


@dataclass(frozen=True)
class Entry:
    """`statuses` and `chairs` by key of the person: the state that follows, and whose signature for the union. `head`:
    who signed as the head or in his stead, `head_title` in what quality (“KT. Chủ tịch, Phó Chủ tịch”).
    """

    people: list[Person]
    refused: list[str]
    head: Appointment | None
    head_title: str
    union: UnionOn
    text: PledgeText
    addition: UnitAddition | None
    statuses: dict[int, str] = field(default_factory=dict)
    chairs: dict[int, Appointment] = field(default_factory=dict)

    @property
    def alone(self) -> set[int]:
        """Whose own signature is all there is: nobody stands above them."""
        return {one.user.pk for one in self.people if one.is_top}


def moment_of(day: date) -> datetime:
    """A day written by hand has no hour: it counts from its beginning."""
    return datetime.combine(day, time(0), clock.VIETNAM)


def prepare(signed_list: SignedList, by: User) -> Entry:
    """Raises StepRefused with what has to be put right first."""
    people = {one.user.pk: one for one in on_the_list(signed_list, by)}
    ticked = list(signed_list.people.select_related("user").order_by("user__sort_key", "user_id"))
    chosen = [people[row.user_id] for row in ticked if row.user_id in people and people[row.user_id].may_sign]
    refused = [_refusal(row.user, people.get(row.user_id)) for row in ticked]
    text, addition = _words(signed_list)
    head, union = _holders(signed_list)
    title = _quality(head, signed_list) if head else ""
    entry = Entry(chosen, [words for words in refused if words], head, title, union, text, addition)
    _check(entry, signed_list)
    for one in chosen:
        _settle(entry, one, signed_list)
    return entry


def _refusal(user: User, person: Person | None) -> str:
    if person is None:
        return f"{user.full_name}: {OUTSIDE}"
    return "" if person.may_sign else f"{user.full_name}: {person.note}"


def _words(signed_list: SignedList) -> tuple[PledgeText, UnitAddition | None]:
    """Those that stood on the list, unless what came after in its year is to be signed anew."""
    texts = list(PledgeText.objects.filter(campaign=signed_list.campaign).order_by("version"))
    additions = list(
        UnitAddition.objects.filter(campaign=signed_list.campaign, unit=signed_list.unit).order_by("version")
    )
    blank = signed_list.blank
    read_at = blank.created_at if blank else moment_of(signed_list.signed_on + timedelta(days=1))
    if blank:
        text, addition = _printed(blank, texts, additions)
    else:
        text, addition = _in_force(read_at, texts, additions)
    later = [one.published_at for one in texts if one.version > text.version and one.renews]
    later += [one.at for one in additions if one.at >= read_at and one.renews]
    over = moment_of(date(signed_list.year + 1, 1, 1))
    if changed := [at for at in later if at is None or at < over]:
        raise StepRefused(OLD_WORDS if blank else _changed_since(signed_list.signed_on, changed))
    return text, addition if addition and addition.text else None


def _printed(
    blank: BlankForm, texts: Sequence[PledgeText], additions: Sequence[UnitAddition]
) -> tuple[PledgeText, UnitAddition | None]:
    version, added = blank.content["text"]["version"], blank.content["addition"]
    text = next(one for one in texts if one.version == version)
    return text, next((one for one in additions if added and one.version == added["version"]), None)


def _in_force(
    until: datetime, texts: Sequence[PledgeText], additions: Sequence[UnitAddition]
) -> tuple[PledgeText, UnitAddition | None]:
    """What there was to sign on a list that the portal did not print: the latest of before that moment."""
    known = [one for one in texts if one.published_at is None or one.published_at < until]
    if not known:
        raise StepRefused(NO_TEXT)
    return known[-1], next((one for one in reversed(additions) if one.at < until), None)


def _changed_since(signed_on: date, changed: Sequence[datetime | None]) -> str:
    first = min(at for at in changed if at is not None)
    return CHANGED_SINCE.format(signed_on, clock.local(first))


def _holders(signed_list: SignedList) -> tuple[Appointment | None, UnionOn]:
    unit_id, day = signed_list.unit_id, signed_list.signed_on
    head = _head_on_paper(signed_list) if signed_list.head_signed else None
    return head, union_on(unit_id, day)


def _head_on_paper(signed_list: SignedList) -> Appointment | None:
    day: date = signed_list.signed_on
    if signed_list.head_signer_id is None:
        return roster.holder(signed_list.unit_id, Post.Kind.HEAD, day)
    rows = signing.substitutes(signed_list.unit, day, "pledges")
    return next((row for row in rows if row.user_id == signed_list.head_signer_id), None)


def _quality(head: Appointment, signed_list: SignedList) -> str:
    """As `services.confirming.quality` says it in the portal, on the day of signing."""
    if head.manner == Appointment.Manner.HOLDER:
        return head.post.title
    return signing.block(signed_list.unit, head.user, signed_list.signed_on, "pledges").said


def signers_in_stead(signed_list: SignedList) -> list[tuple[str, str]]:
    """Who may have signed for the head on the day of the list: public id and words. Three queries each; few."""
    day: date = signed_list.signed_on
    rows = signing.substitutes(signed_list.unit, day, "pledges")
    return [(row.user.public_id, f"{_quality(row, signed_list)}: {row.user.full_name}") for row in rows]


def _check(entry: Entry, signed_list: SignedList) -> None:
    day: date = signed_list.signed_on
    faults = (
        (not signed_list.scans.exists(), NO_SCAN),
        (signed_list.union_signed and not signed_list.head_signed, HEAD_FIRST),
        (signed_list.head_signed and entry.head is None, _no_head(signed_list)),
        (signed_list.union_signed and not entry.union.chairs, NO_CHAIR.format(day)),
        (not entry.people, "; ".join(entry.refused) + "." if entry.refused else NOBODY),
    )
    if sentence := next((words for wrong, words in faults if wrong), ""):
        raise StepRefused(sentence)


def _no_head(signed_list: SignedList) -> str:
    if signer := signed_list.head_signer:
        return NO_SUBSTITUTE.format(signed_list.signed_on, signer.full_name)
    return NO_HEAD.format(signed_list.signed_on)


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
