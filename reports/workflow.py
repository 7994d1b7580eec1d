"""When a report may move: one table."""

from ledger.workflow import Step, Workflow
from reports.models import UnitReport

DRAFT, PRESENTED, SUBMITTED, RETURNED, ACCEPTED = UnitReport.Status

WRITABLE = frozenset({DRAFT, RETURNED})

REPORTS = Workflow(
    kind="reports.unitreport",
    noun="Báo cáo",
    states=UnitReport.Status,
    steps=(
        Step("present", WRITABLE, PRESENTED, "Trình lãnh đạo", "đã trình lãnh đạo"),
        Step("withdraw", frozenset({PRESENTED}), DRAFT, "Rút về để sửa", "đã rút về để sửa"),
        Step("submit", WRITABLE | {PRESENTED}, SUBMITTED, "Gửi báo cáo", "đã gửi"),
        Step("recall", frozenset({SUBMITTED}), DRAFT, "Thu hồi", "đã thu hồi"),
        Step("return", frozenset({SUBMITTED}), RETURNED, "Trả lại", "đã trả lại", needs_reason=True),
        Step("accept", frozenset({SUBMITTED}), ACCEPTED, "Tiếp nhận", "đã tiếp nhận"),
    ),
    other_acts={
        "begin": "đã lập",
        "save": "đã lưu",
        "refresh": "đã lấy lại số liệu",
        "move": "đã chuyển cho đơn vị kế tục theo sắp xếp tổ chức",
        "move_back": "đã trả về đơn vị cũ theo đính chính",
    },
)

# Beginning and writing are no steps of a row: they are refused in the same words.
BEGIN = Step("begin", frozenset(), DRAFT, "Lập báo cáo", "đã lập")
WRITE = Step("save", WRITABLE, "", "Lưu báo cáo", "đã lưu")
