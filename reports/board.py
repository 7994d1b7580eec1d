"""Where every unit stands in a round: who owes a report, who has sent one, who is late. Constant queries."""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date

from reports.deadlines import days_late, days_overdue
from reports.models import ReportingRound, UnitReport
from units import tree
from units.models import Unit

NOT_BEGUN = "none"
SENT = frozenset({UnitReport.Status.SUBMITTED, UnitReport.Status.ACCEPTED})
TONES = {
    NOT_BEGUN: "none",
    UnitReport.Status.DRAFT: "waiting",
    UnitReport.Status.PRESENTED: "waiting",
    UnitReport.Status.SUBMITTED: "done",
    UnitReport.Status.RETURNED: "late",
    UnitReport.Status.ACCEPTED: "done",
}


@dataclass(frozen=True)
class Standing:
    """One owing unit in one round. `state` is a UnitReport.Status or NOT_BEGUN, `branch_id` the first-level unit above.

    `days_late` counts to the first sending, which a return does not undo; for one never sent, to the day asked about.
    """

    unit: Unit
    is_first_level: bool
    branch_id: int | None
    report: UnitReport | None
    state: str
    days_late: int

    @property
    def is_sent(self) -> bool:
        """Sent and not returned: it goes into the roll-up."""
        return self.state in SENT

    @property
    def is_missing(self) -> bool:
        return not self.is_sent

    @property
    def tone(self) -> str:
        return "late" if self.is_missing and self.days_late else TONES[self.state]

    @property
    def word(self) -> str:
        """ "Chưa bắt đầu, quá hạn 3 ngày", "Đã tiếp nhận, gửi muộn 2 ngày"."""
        said = "Chưa bắt đầu" if self.state == NOT_BEGUN else str(UnitReport.Status(self.state).label)
        if not self.days_late:
            return said
        late = "gửi muộn" if self.report and self.report.first_sent_at else "quá hạn"
        return f"{said}, {late} {self.days_late} ngày"


@dataclass(frozen=True)
class Tally:
    """n/N of all owing units and of the first level alone."""

    sent: int
    total: int
    first_level_sent: int
    first_level_total: int


def standing(reporting_round: ReportingRound, on: date) -> list[Standing]:
    """Every unit that owes a report on the due day, in Vietnamese order, as it stands on `on`; two queries."""
    members = tree.load(reporting_round.due_on)
    reports = {report.unit_id: report for report in UnitReport.objects.filter(round=reporting_round)}
    root = members.root
    found = []
    for unit in members.owing("report_duty"):
        report = reports.get(unit.pk)
        sent_at = report.first_sent_at if report else None
        found.append(
            Standing(
                unit=unit,
                is_first_level=root is not None and members.placements[unit.pk].parent_id == root.pk,
                branch_id=members.branch(unit.pk),
                report=report,
                state=report.status if report else NOT_BEGUN,
                days_late=days_late(reporting_round, sent_at)
                if sent_at
                else days_overdue(reporting_round, on),
            )
        )
    return found


def tally(standings: Iterable[Standing]) -> Tally:
    rows = list(standings)
    first = [row for row in rows if row.is_first_level]
    return Tally(
        sent=sum(row.is_sent for row in rows),
        total=len(rows),
        first_level_sent=sum(row.is_sent for row in first),
        first_level_total=len(first),
    )
