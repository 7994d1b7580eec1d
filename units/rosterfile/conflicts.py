"""What stands in the way of a row, in sentences that name both sides and say what to do (field, code, sentence)."""

from units.models import Appointment, Employment
from units.queries import in_force
from units.rosterfile.entries import Entry
from units.rosterfile.standing import Person, Standing
from vietnamese.dates import short_date
from vietnamese.keys import search_key

Trouble = tuple[str, str, str]


def same_name(entry: Entry, person: Person) -> bool:
    """The same letters whatever the marks; or, with the same birth year, most words in common (a corrected name)."""
    if entry.full_name == person.full_name or entry.search_key == search_key(person.full_name):
        return True
    ours, theirs = set(entry.search_key.split()), set(search_key(person.full_name).split())
    alike = 2 * len(ours & theirs) >= max(len(ours), len(theirs))
    return entry.birth_year == person.birth_year is not None and alike


def strange(entry: Entry, person: Person, standing: Standing, unit_id: int) -> Trouble | None:
    """Why the person of this code is not simply the person of this row."""
    if not same_name(entry, person):
        return (
            "full_name",
            "name_of_another",
            f"Số hiệu {entry.code} trên cổng là của {person.full_name}, không phải {entry.full_name}. Kiểm tra lại số "
            "hiệu hoặc họ tên.",
        )
    if person.unit_id is not None:
        here = {person.unit_id, person.payroll_unit_id} & standing.units.keys()
        return None if here else _elsewhere(person, standing, unit_id)
    # That one who left for good comes back is not for a list alone to say.
    past = standing.past.get(person.user_id)
    if past is None or past.ending not in Employment.FINAL or past.until is None:
        return None
    return (
        "code",
        "person_has_left",
        f"{person.full_name} (số hiệu {person.code}) đã {Employment.Ending(past.ending).label.lower()} từ ngày "
        f"{short_date(past.until)} tại {standing.unit_name(past.unit_id)}. Nếu trở lại làm việc thì Sở Nội vụ ghi "
        "“Tiếp nhận lại” ở trang của người đó trước.",
    )


def _elsewhere(person: Person, standing: Standing, unit_id: int) -> Trouble:
    there, here = standing.unit_name(person.unit_id), standing.unit_name(unit_id)
    since = f" từ {short_date(person.since)}" if person.since else ""
    return (
        "code",
        "employed_elsewhere",
        f"{person.full_name} (số hiệu {person.code}) đang thuộc {there}{since}, ngoài phạm vi danh sách này. {there} "
        f"hoặc Sở Nội vụ ghi chuyển công tác trước, rồi mới đưa vào {here}.",
    )


def in_the_way(
    entry: Entry, person: Person, standing: Standing, *, unit_id: int, moves: bool
) -> Trouble | None:
    """Why a change of this person cannot become true on that day."""
    post = standing.posts.get(person.user_id, {}).get(person.unit_id or 0)
    if moves and post:
        return (
            "unit",
            "holder_moves",
            f"{person.full_name} (số hiệu {person.code}) đang giữ chức vụ {post} tại "
            f"{standing.unit_name(person.unit_id)}. "
            "Kết thúc chức vụ, hoặc ghi chuyển công tác ở trang của người đó, rồi mới cập nhật danh sách.",
        )
    if moves and (row := _left_behind(person, standing, unit_id)):
        return (
            "unit",
            "holder_moves",
            f"{person.full_name} (số hiệu {person.code}) đang {row.get_manner_display().lower()} "
            f"{row.post.title} của {row.post.unit.name}, mà đơn vị mới không trực thuộc đơn vị đó. Kết thúc việc "
            "ký thay, hoặc ghi chuyển công tác ở trang của người đó, rồi mới cập nhật danh sách.",
        )
    return _too_late(person, standing) or _too_early(entry, person, standing, unit_id)


def _left_behind(person: Person, standing: Standing, unit_id: int) -> Appointment | None:
    """By order or by authority of a head who does not stand above the new unit. Asked only of who holds a post."""
    if not standing.posts.get(person.user_id):
        return None
    held = Appointment.objects.filter(in_force(standing.on), user=person.user_id)
    rows = held.out_of_reach_in(unit_id, standing.on)
    return rows.select_related("post__unit").order_by("pk").first()


def _too_late(person: Person, standing: Standing) -> Trouble | None:
    later = standing.later.get(person.user_id)
    if later is None:
        return None
    return (
        "code",
        "changed_after_the_day",
        f"{person.full_name} (số hiệu {person.code}) có thay đổi sau ngày {short_date(standing.on)}: từ "
        f"{short_date(later.since)} thuộc {standing.unit_name(later.unit_id)}. Dùng danh sách của ngày mới hơn.",
    )


def _too_early(entry: Entry, person: Person, standing: Standing, unit_id: int) -> Trouble | None:
    """A move cannot begin before the person came to where he is now, nor a return before he left."""
    past = standing.past.get(person.user_id)
    begins = person.since or (past.until if past else None)
    moves = unit_id not in (person.unit_id, person.payroll_unit_id)
    if not moves or begins is None or entry.since is None or entry.since >= begins:
        return None
    there = standing.unit_name(person.unit_id or (past.unit_id if past else None))
    return (
        "since",
        "before_the_present_unit",
        f"Ngày vào đơn vị ({short_date(entry.since)}) trước ngày {short_date(begins)} mà {person.full_name} "
        f"{'vào' if person.since else 'rời'} {there}.",
    )


def has_a_portal_code(person: Person) -> Trouble:
    return (
        "code",
        "has_a_portal_code",
        f"{person.full_name} có thể đã được cổng cấp mã {person.code}. Nếu là một người thì ghi mã đó; nếu là "
        "người khác "
        "thì thêm người ấy vào danh sách với mã của mình.",
    )


def namesake(entry: Entry, person: Person, standing: Standing) -> Trouble:
    where = standing.unit_name(person.unit_id) or "không thuộc đơn vị nào"
    born = f", sinh năm {person.birth_year}" if person.birth_year else ""
    return (
        "code" if entry.birth_year else "birth",
        "namesake_without_code",
        f"Dòng này không có số hiệu mà cổng đã có {person.full_name}{born}, số hiệu {person.code} ({where}). "
        "Nếu là một "
        "người thì ghi số hiệu đó; nếu là người khác thì ghi năm sinh hoặc số hiệu riêng.",
    )


def may_not_go(person: Person, standing: Standing) -> tuple[str, str] | None:
    """Why who is missing on a complete list cannot simply be gone (code, sentence)."""
    who = f"{person.full_name} (số hiệu {person.code}, {standing.unit_name(person.unit_id)})"
    if title := next(iter(standing.posts.get(person.user_id, {}).values()), ""):
        return (
            "missing_holder",
            f"{who} đang giữ chức vụ {title} mà không có trong danh sách đầy đủ. Bổ sung vào danh sách, hoặc kết thúc "
            "chức vụ trước.",
        )
    if later := standing.later.get(person.user_id):
        return (
            "changed_after_the_day",
            f"{who} không có trong danh sách, nhưng từ {short_date(later.since)} thuộc "
            f"{standing.unit_name(later.unit_id)}. Dùng danh sách của ngày mới hơn.",
        )
    return None
