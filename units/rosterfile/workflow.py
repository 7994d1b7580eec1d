"""When a roster may be mapped, checked, applied and undone. Only a roster without a fault is applied."""

from ledger.workflow import Step, Workflow
from units.models import RosterUpload

S = RosterUpload.Status
OPEN = frozenset({S.UPLOADED, S.MAPPING, S.FAULTY, S.CHECKED})

ROSTER = Workflow(
    kind="units.rosterupload",
    noun="Danh sách",
    states=S,
    steps=(
        Step("map_columns", OPEN, S.UPLOADED, "Lưu các cột", "đã chỉ các cột"),
        Step("check_again", OPEN, S.UPLOADED, "Kiểm tra lại", "đã yêu cầu kiểm tra lại"),
        Step("ask_columns", frozenset({S.UPLOADED}), S.MAPPING, "Cần chỉ cột", "cần chỉ các cột"),
        Step("find_faults", frozenset({S.UPLOADED}), S.FAULTY, "Có lỗi", "đã kiểm tra, có lỗi"),
        Step("pass_check", frozenset({S.UPLOADED}), S.CHECKED, "Đạt", "đã kiểm tra, không có lỗi"),
        Step(
            "apply",
            frozenset({S.CHECKED}),
            S.APPLIED,
            "Cập nhật theo danh sách này",
            "đã cập nhật theo danh sách",
        ),
        Step("undo", frozenset({S.APPLIED}), S.UNDONE, "Hoàn tác", "đã hoàn tác"),
    ),
    other_acts={"upload": "đã tải lên"},
)
