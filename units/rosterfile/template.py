"""The file people fill in: our columns, lists to choose from, notes on what each column takes."""

from collections import Counter
from collections.abc import Iterable, Sequence

from ledger.sheets import Cell, Table, write_xlsx
from units.models import Category
from units.rosterfile.columns import HEADINGS

SHEET, NOTES, LISTS = "Danh sách", "Hướng dẫn", "Danh mục"
# The columns of the template, in its order; names stand in one column, whatever other files do.
FIELDS = (
    "code",
    "full_name",
    "birth",
    "job_title",
    "category",
    "unit",
    "contract",
    "contract_until",
    "since",
)
_WIDTHS = (14, 30, 12, 26, 18, 40, 26, 20, 18)
_ABOUT = {
    "code": (
        "Số hiệu cán bộ, viết liền, giữ nguyên số 0 ở đầu. Ai chưa có thì để trống: cổng sẽ cấp mã.",
        "Nếu có",
    ),
    "full_name": ("Họ, chữ đệm và tên, chữ Unicode. Không ghi thêm chức danh, ghi chú hay số.", "Có"),
    "birth": (
        "Năm sinh bốn chữ số, hoặc ngày/tháng/năm. Cổng chỉ giữ năm để phân biệt người trùng tên.",
        "Nên có",
    ),
    "job_title": ("Ví dụ: Chuyên viên, Giáo viên, Kế toán.", "Không"),
    "category": ("Một trong bốn: Cán bộ, Công chức, Viên chức, Người lao động.", "Có"),
    "unit": ("Tên đơn vị như trên cổng (xem trang “Danh mục”). Hai đơn vị trùng tên thì ghi mã.", "Có"),
    "contract": ("Chỉ với người làm theo hợp đồng; chọn trong trang “Danh mục”.", "Nếu có hợp đồng"),
    "contract_until": ("Ngày cuối cùng của hợp đồng, theo thứ tự ngày/tháng/năm.", "Nếu hợp đồng có hạn"),
    "since": (
        "Ngày về làm việc ở đơn vị, theo thứ tự ngày/tháng/năm. Bỏ trống: tính từ ngày của danh sách.",
        "Không",
    ),
}
_RULES = (
    "Mỗi người một dòng, ngay dưới dòng tiêu đề. Không gộp ô, không ẩn dòng hay cột, không dùng công thức.",
    "Không thêm dòng cộng, tiêu đề phụ hay ghi chú vào trong bảng.",
    "Tải tệp lên chưa thay đổi gì: cổng kiểm tra từng ô, cho xem trước mọi thay đổi rồi mới cập nhật.",
    "Còn một lỗi thì cả tệp không được cập nhật; mỗi lỗi được báo đúng ô.",
)


def names_or_keys(units: Iterable[tuple[str, str]]) -> list[str]:
    """What the column of units takes for each (name, key): the name, or the key where two units share a name."""
    pairs = list(units)
    times = Counter(name.casefold() for name, _key in pairs)
    return [name if times[name.casefold()] == 1 else key for name, key in pairs]


def template(
    *,
    units: Sequence[tuple[str, str]],
    contracts: Sequence[str],
    people: Iterable[Sequence[Cell]] = (),
) -> bytes:
    """`units`: name and key of each unit of the branch. `people`: rows of the present staff, as `FIELDS`."""
    choices = {
        "category": _list(0, len(Category.labels)),
        "contract": _list(1, len(contracts)),
        "unit": _list(2, len(units)),
    }
    roster = Table(
        SHEET,
        [HEADINGS[field] for field in FIELDS],
        people,
        widths=_WIDTHS,
        choices={FIELDS.index(field): place for field, place in choices.items() if place},
        text_columns=frozenset({FIELDS.index("code")}),
    )
    return write_xlsx(roster, _notes(), _lists(units, contracts))


def _list(column: int, length: int) -> str:
    letter = "ABC"[column]
    return f"'{LISTS}'!${letter}$2:${letter}${length + 1}" if length else ""


def _notes() -> Table:
    rows: list[list[Cell]] = [[HEADINGS[field], *_ABOUT[field]] for field in FIELDS]
    rows.append([])
    rows.extend([f"{number}. {rule}"] for number, rule in enumerate(_RULES, 1))
    return Table(NOTES, ["Cột", "Cách ghi", "Bắt buộc"], rows, widths=(26, 90, 20))


def _lists(units: Sequence[tuple[str, str]], contracts: Sequence[str]) -> Table:
    """Their headings are none of the roster's, or the sheet would be taken for a second one."""
    columns = [Category.labels, list(contracts), names_or_keys(units), [name for name, _key in units]]
    length = max(map(len, columns))
    rows = [[column[at] if at < len(column) else None for column in columns] for at in range(length)]
    return Table(
        LISTS,
        ["Các đối tượng", "Các loại hợp đồng", "Các đơn vị (tên hoặc mã để ghi)", "Tên đầy đủ của đơn vị đó"],
        rows,
        widths=(20, 34, 44, 44),
    )
