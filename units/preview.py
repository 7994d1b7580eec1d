"""What an upload says to those who keep the roster: its state, its counts, and every row from before to after."""

from collections.abc import Iterable
from typing import Any

from ledger.models import Job
from units.models import Category, ContractKind, RosterRow, RosterUpload, Unit, User
from vietnamese.dates import moment, short_date
from vietnamese.numbers import grouped

Action = RosterRow.Action
Status = RosterUpload.Status
FAULTS = "loi"
TONES = {
    Status.UPLOADED: "waiting",
    Status.MAPPING: "waiting",
    Status.FAULTY: "late",
    Status.CHECKED: "waiting",
    Status.APPLIED: "done",
    Status.UNDONE: "none",
}
TABS = (
    (Action.NEW, "Mới"),
    (Action.CHANGED, "Thay đổi"),
    (Action.MOVED, "Chuyển đơn vị"),
    (Action.GONE, "Không còn"),
    (Action.SAME, "Như cũ"),
)
LABELS = {
    "full_name": "Họ và tên",
    "birth_year": "Năm sinh",
    "job_title": "Chức danh",
    "category": "Đối tượng",
    "contract": "Loại hợp đồng",
    "contract_until": "Hợp đồng đến hết",
    "unit": "Đơn vị",
}


def latest_job(upload: RosterUpload) -> Job | None:
    """What a worker does or did last for this upload."""
    check, applying = upload.checks.order_by("-pk").first(), upload.applications.order_by("-pk").first()
    jobs = [job for job in (check, applying) if job is not None]
    return max(jobs, key=lambda job: job.created_at, default=None)


def job_title(job: Job | None) -> str:
    return "Cập nhật danh sách" if job is not None and hasattr(job, "digest") else "Kiểm tra danh sách"


def facts(upload: RosterUpload) -> list[dict[str, str]]:
    found = [
        {"label": "Tệp", "value": upload.filename},
        {"label": "Đúng tại ngày", "value": short_date(upload.on)},
        {
            "label": "Danh sách",
            "value": "Đầy đủ: ai không có trong tệp là không còn làm việc" if upload.complete else "Một phần",
        },
        {"label": "Tải lên", "value": f"{upload.by.full_name}, {moment(upload.created_at)}"},
    ]
    if upload.applied_at:
        found.append({"label": "Cập nhật lúc", "value": moment(upload.applied_at)})
    if upload.undone_at:
        found.append({"label": "Hoàn tác lúc", "value": moment(upload.undone_at)})
    return found


def tabs(upload: RosterUpload, asked: str) -> list[dict[str, Any]]:
    """Counts by what rows do; the faults come first while there are any. One is current."""
    found = [
        {"key": key.value, "label": label, "count": upload.counts.get(key.value, 0)} for key, label in TABS
    ]
    if faults := upload.counts.get("faults", 0):
        found.insert(0, {"key": FAULTS, "label": "Lỗi", "count": faults})
    keys = [tab["key"] for tab in found]
    first = next((tab["key"] for tab in found if tab["count"]), keys[0])
    current = asked if asked in keys else first
    return [tab | {"current": tab["key"] == current} for tab in found]


def consequences(upload: RosterUpload) -> list[str]:
    """The act in sentences, as the page of confirmation says it."""
    counts, on = upload.counts, short_date(upload.on)
    sentences = {
        Action.NEW: f"{{}} người mới được thêm, làm việc từ {on} hoặc từ ngày ghi trong tệp; chưa có tài "
        "khoản cho tới khi "
        "kích hoạt.",
        Action.CHANGED: "{} người được sửa họ tên, chức danh, đối tượng hoặc hợp đồng.",
        Action.MOVED: f"{{}} người chuyển đơn vị từ {on} hoặc từ ngày ghi trong tệp; bản cam kết đang chờ xác "
        "nhận đi theo.",
        Action.GONE: f"{{}} người không có trong danh sách được ghi thôi làm việc tại đây từ {on}.",
    }
    found = [text.format(grouped(counts[key])) for key, text in sentences.items() if counts.get(key)]
    same = f"{grouped(counts.get(Action.SAME, 0))} người giữ nguyên. Tất cả được ghi trong một lần, hoặc không ghi gì."
    return [*found, same]


def what_next(upload: RosterUpload) -> list[str]:
    """After the act: who is new cannot sign in yet."""
    if not upload.counts.get(Action.NEW):
        return []
    return ["In phiếu kích hoạt cho người mới ở trang “Phiếu kích hoạt tài khoản” của đơn vị."]


def told(rows: Iterable[RosterRow], user: User, upload: RosterUpload) -> list[dict[str, Any]]:
    """Rows with their changes in words; two more queries for all names of units and contracts."""
    rows = list(rows)
    units = {row.before.get("unit") for row in rows} - {None}
    kinds = {row.before.get("contract") for row in rows} - {None}
    names = {
        "unit": {key: unit.name for key, unit in Unit.objects.visible_to(user).in_bulk(units).items()},
        "contract": {key: kind.name for key, kind in ContractKind.objects.in_bulk(kinds).items()},
        "category": dict(Category.choices),
    }
    return [{"row": row, "changes": _changes(row, names), "since": row.since} for row in rows]


def _changes(row: RosterRow, names: dict[str, dict[Any, str]]) -> list[dict[str, str]]:
    if row.action == Action.GONE:
        return []
    if row.action == Action.NEW:
        return [
            {
                "label": "Trở lại, trước ở",
                "before": names["unit"].get(row.before.get("unit"), ""),
                "after": "",
            }
        ][: bool(row.before)]
    return [
        {
            "label": LABELS[name],
            "before": _word(name, row.before[name], names),
            "after": _word(name, _after(row, name), names),
        }
        for name in LABELS
        if name in row.before
    ]


def _after(row: RosterRow, name: str) -> Any:
    if name in ("unit", "contract"):
        related = getattr(row, name)
        return related.name if related else ""
    value = getattr(row, name)
    return short_date(value) if name == "contract_until" and value else value


def _word(name: str, value: Any, names: dict[str, dict[Any, str]]) -> str:
    if value in (None, ""):
        return "không có"
    if name == "contract_until" and isinstance(value, str) and value[4:5] == "-":
        year, month, day = value.split("-")
        return f"{day}/{month}/{year}"
    return str(names.get(name, {}).get(value, value))
