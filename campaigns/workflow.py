"""When a plan may do what (clause V.1)."""

from campaigns.models import UnitPlan
from ledger.workflow import Step, Workflow

_S = UnitPlan.Status
EDITABLE = frozenset({_S.DRAFT, _S.RETURNED})

# Acts that leave an event and no other state; the table has them for their words alone.
BEGIN = Step("begin", frozenset(), _S.DRAFT, "Lập kế hoạch", "đã lập kế hoạch")
SAVE = Step("save", frozenset(), _S.DRAFT, "Lưu kế hoạch", "đã lưu kế hoạch")

PLAN = Workflow(
    kind="campaigns.unitplan",
    noun="Kế hoạch",
    states=_S,
    steps=(
        BEGIN,
        SAVE,
        Step("submit", EDITABLE, _S.SUBMITTED, "Gửi kế hoạch", "đã gửi"),
        Step("return", frozenset({_S.SUBMITTED}), _S.RETURNED, "Trả lại", "đã trả lại", needs_reason=True),
        Step("accept", frozenset({_S.SUBMITTED}), _S.ACCEPTED, "Tiếp nhận", "đã tiếp nhận"),
    ),
    other_acts={
        "move": "đã chuyển cho đơn vị kế tục theo sắp xếp tổ chức",
        "move_back": "đã trả về đơn vị cũ theo đính chính",
    },
)
