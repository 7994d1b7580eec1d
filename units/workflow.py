"""When an act of reorganisation may be carried out, planned, withdrawn or corrected: one table."""

from ledger.workflow import Step, Workflow
from units.models import Reorganisation

DRAFT, PLANNED, DONE, REFUSED, WITHDRAWN, ANNULLED = Reorganisation.Status

REORGANISATION = Workflow(
    kind="units.reorganisation",
    noun="Việc sắp xếp",
    states=Reorganisation.Status,
    steps=(
        Step("plan", frozenset({DRAFT, REFUSED}), PLANNED, "Lên lịch", "đã lên lịch"),
        Step("perform", frozenset({DRAFT, PLANNED, REFUSED}), DONE, "Thực hiện", "đã thực hiện"),
        Step("refuse", frozenset({PLANNED}), REFUSED, "Từ chối", "không thực hiện được", needs_reason=True),
        Step(
            "withdraw",
            frozenset({DRAFT, PLANNED, REFUSED}),
            WITHDRAWN,
            "Rút lại",
            "đã rút",
            needs_reason=True,
        ),
        Step("correct", frozenset({DONE}), ANNULLED, "Đính chính", "đã đính chính", needs_reason=True),
    ),
    other_acts={"draft": "đã soạn"},
)
