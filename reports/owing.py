"""A report that a unit owes in a round: begun or not, sent, late, excused; and under which of its names it stands."""

from collections.abc import Collection, Iterable, Mapping
from dataclasses import dataclass

from django.db.models import Q

from reports.models import Handover, ReportingRound, UnitReport, Waiver
from reports.queries import SENT as READ
from units import renaming
from units.models import Unit
from vietnamese.dates import short_date

NOT_BEGUN = "none"
EXCUSED = "excused"
SENT = frozenset({UnitReport.Status.SUBMITTED, UnitReport.Status.ACCEPTED})
TONES = {
    NOT_BEGUN: "none",
    EXCUSED: "none",
    UnitReport.Status.DRAFT: "waiting",
    UnitReport.Status.PRESENTED: "waiting",
    UnitReport.Status.SUBMITTED: "done",
    UnitReport.Status.RETURNED: "late",
    UnitReport.Status.ACCEPTED: "done",
}


def _named(units: Iterable[Unit]) -> str:
    return ", ".join(unit.name for unit in units)


@dataclass(frozen=True, kw_only=True)
class Owed:
    """A report one unit owes in one round, begun or not.

    `days_late` counts to the first sending, which a return does not undo; for one never sent, to the day asked about.
    """

    unit: Unit
    report: UnitReport | None
    days_late: int
    waiver: Waiver | None = None

    @property
    def state(self) -> str:
        """A UnitReport.Status, EXCUSED or NOT_BEGUN. What an excused unit has sent all the same is what it is."""
        if self.waiver and not (self.report and self.report.status in SENT):
            return EXCUSED
        return self.report.status if self.report else NOT_BEGUN

    @property
    def is_sent(self) -> bool:
        """Sent and not returned."""
        return self.state in SENT

    @property
    def is_excused(self) -> bool:
        return self.state == EXCUSED

    @property
    def is_missing(self) -> bool:
        return not self.is_sent and not self.is_excused

    @property
    def tone(self) -> str:
        return "late" if self.is_missing and self.days_late else TONES[self.state]

    @property
    def word(self) -> str:
        """ "Chưa bắt đầu, quá hạn 3 ngày", "Đã tiếp nhận, gửi muộn 2 ngày", "Được miễn: đơn vị mới thành lập"."""
        if self.waiver and self.is_excused:
            return f"Được miễn: {self.waiver.reason}"
        said = "Chưa bắt đầu" if self.state == NOT_BEGUN else str(UnitReport.Status(self.state).label)
        if not self.days_late:
            return said
        late = "gửi muộn" if self.report and self.report.first_sent_at else "quá hạn"
        return f"{said}, {late} {self.days_late} ngày"


@dataclass(frozen=True, kw_only=True)
class Standing(Owed):
    """Where a unit stands among all of a round; `branch` is the first-level unit above it, or itself.

    `heirs` took its place where it ended after the due day.
    """

    is_first_level: bool
    branch: Unit | None
    heirs: tuple[Unit, ...] = ()

    @property
    def branch_id(self) -> int | None:
        return self.branch.pk if self.branch else None

    @property
    def word(self) -> str:
        return f"{super().word}; nay là {_named(self.heirs)}" if self.heirs else super().word


@dataclass(frozen=True)
class Ended:
    """A unit that owed a report when the round opened and ended before the due day: its heirs owe instead."""

    unit: Unit
    heirs: tuple[Unit, ...]
    report: UnitReport | None

    @property
    def is_read(self) -> bool:
        """Whether those who watch the board may open its report: it was sent once."""
        return self.report is not None and self.report.status in READ

    @property
    def word(self) -> str:
        said = f"Kết thúc từ {short_date(self.unit.until)}" if self.unit.until else "Kết thúc"
        said += f", nay là {_named(self.heirs)}" if self.heirs else ", không có đơn vị kế tục"
        if self.report is None:
            return said
        return f"{said}; báo cáo của đơn vị cũ ({self.report.get_status_display().lower()}) lưu để tra cứu"


@dataclass(frozen=True, kw_only=True)
class Call(Owed):
    """What a round asks of one of the user's own units."""

    reporting_round: ReportingRound


@dataclass(frozen=True)
class Kept:
    """The reports and waivers of some rounds, of all units or of some; three queries.

    `handed`: reports that an heir goes on with, under the unit that gave them up.
    """

    reports: Mapping[tuple[int, int], UnitReport]
    handed: Mapping[tuple[int, int], UnitReport]
    waivers: Mapping[tuple[int, int], Waiver]

    @classmethod
    def of(cls, rounds: Iterable[ReportingRound], units: Collection[int] | None = None) -> "Kept":
        asked = Q(round__in=[row.pk for row in rounds])
        if units is not None:
            asked &= Q(unit__in=units)
        reports = list(UnitReport.objects.filter(asked))
        by_key = {row.pk: row for row in reports}
        handed = Handover.objects.filter(report__in=by_key).values_list("report_id", "giver_id")
        waivers = Waiver.objects.in_force().filter(asked).select_related("unit", "by")
        return cls(
            {(row.round_id, row.unit_id): row for row in reports},
            {(by_key[report].round_id, giver): by_key[report] for report, giver in handed},
            {(row.round_id, row.unit_id): row for row in waivers},
        )

    def report(self, asked: ReportingRound, unit_id: int, former: Mapping[int, int]) -> UnitReport | None:
        """Its own; what it had sent under an earlier name; or its own that an heir goes on with."""
        own, *earlier = (self.reports.get((asked.pk, name)) for name in renaming.names(unit_id, former))
        sent = next((row for row in earlier if row and row.status in SENT), None)
        return own or sent or self.handed.get((asked.pk, unit_id))
