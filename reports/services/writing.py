"""Filling in a report."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date

from django.db import IntegrityError, transaction
from django.db.models import F

from campaigns.models import ReportSection
from ledger import clock, events
from ledger.workflow import SeenOld, StepRefused
from reports import figures, sheet
from reports.models import Figure, Narrative, ReportingRound, ReportVersion, UnitReport
from reports.owing import Kept
from reports.services.acts import record
from reports.workflow import BEGIN, REPORTS, WRITE
from units import renaming, tree
from units.locks import hold_organisation
from units.models import Unit, User
from vietnamese.dates import moment, short_date
from vietnamese.letters import nfc, nfc_lines


@dataclass(frozen=True)
class Entry:
    """What the unit typed for one figure: a count or 1/0, or a day; None where it lets the computed value stand."""

    typed: int | None = None
    day: date | None = None
    note: str = ""


@transaction.atomic
def begin_report(*, reporting_round: ReportingRound, unit: Unit, by: User) -> UnitReport:
    """A new report with everything the portal can count filled in, and empty words under every heading.

    Raises StepRefused when the round is not open yet, the unit reports within another's report, or has begun already.
    """
    hold_organisation(by)
    unit.refresh_from_db(fields=["until"])
    if unit.until and unit.until <= by.today:
        raise StepRefused(f"{unit.name} đã kết thúc hoạt động từ {short_date(unit.until)}.")
    _refuse_unless_owing(reporting_round, unit)
    try:
        with transaction.atomic():
            report = UnitReport.objects.create(round=reporting_round, unit=unit, created_by=by)
    except IntegrityError:
        earlier = UnitReport.objects.get(round=reporting_round, unit=unit)
        raise StepRefused(REPORTS.refusal(earlier, BEGIN)) from None
    version = ReportVersion.objects.create(report=report, number=1)
    rows = figures.prefilled(reporting_round, unit, clock.today())
    for row in rows:
        row.version = version
    Figure.objects.bulk_create(rows)
    sections = ReportSection.objects.filter(campaign_id=reporting_round.campaign_id, is_free=True)
    Narrative.objects.bulk_create(Narrative(version=version, section=section) for section in sections)
    record("begin", report, by)
    return report


def _refuse_unless_owing(reporting_round: ReportingRound, unit: Unit) -> None:
    today = clock.today()
    if today < reporting_round.opens_on:
        raise StepRefused(f"{reporting_round.name} mở từ ngày {short_date(reporting_round.opens_on)}.")
    members = tree.load(reporting_round.due_on)
    if members.owes(unit.pk, "report_duty"):
        _refuse_if_sent_before(reporting_round, unit, today)
        return
    bearer_id = members.bearer(unit.pk, "report_duty")
    if bearer_id is None:
        raise StepRefused(f"{unit.name} không thuộc diện báo cáo trong kỳ này.")
    bearer = members.placements[bearer_id].unit
    raise StepRefused(f"Báo cáo của {unit.name} nằm chung trong báo cáo của {bearer.name}.")


def _refuse_if_sent_before(reporting_round: ReportingRound, unit: Unit, today: date) -> None:
    """What the same body sent under its earlier name is its report."""
    former = renaming.former(today)
    sent = Kept.of([reporting_round], renaming.names(unit.pk, former)).report(
        reporting_round, unit.pk, former
    )
    if sent is not None:
        raise StepRefused(REPORTS.refusal(sent, BEGIN))


@transaction.atomic
def save_report(
    *,
    report: UnitReport,
    by: User,
    entries: Mapping[sheet.Key, Entry],
    texts: Mapping[str, str],
    expect_version: int,
) -> UnitReport:
    """Store what was typed; keys are (indicator code, category) and the number of the heading. Figures that contradict
    each other are stored all the same: they only hinder sending.

    Raises StepRefused when the report is not being written now, or was changed since `expect_version` was read.
    """
    locked = _lock_to_write(report, expect_version)
    version = locked.current()
    _store_figures(version, entries)
    _store_texts(version, texts)
    _touch(locked)
    record("save", locked, by)
    return locked


def _store_figures(version: ReportVersion, entries: Mapping[sheet.Key, Entry]) -> None:
    changed = []
    for row in sheet.figures_of(version):
        entry = entries.get((row.indicator.code, row.category))
        if entry is not None and (row.typed, row.day, row.note) != (entry.typed, entry.day, entry.note):
            row.typed, row.day, row.note = entry.typed, entry.day, nfc(entry.note)
            changed.append(row)
    Figure.objects.bulk_update(changed, ["typed", "day", "note"])


def _store_texts(version: ReportVersion, texts: Mapping[str, str]) -> None:
    changed = []
    for row in version.narratives.select_related("section"):
        text = nfc_lines(texts.get(row.section.number, row.text))
        if text != row.text:
            row.text = text
            changed.append(row)
    Narrative.objects.bulk_update(changed, ["text"])


@transaction.atomic
def refresh_figures(*, report: UnitReport, by: User, expect_version: int) -> int:
    """Count the live records again; what the unit typed stays. Returns how many figures changed."""
    locked = _lock_to_write(report, expect_version)
    stored = {(row.indicator_id, row.category): row for row in locked.current().figures.all()}
    changed = []
    for fresh in figures.prefilled(locked.round, locked.unit, clock.today()):
        row = stored.get((fresh.indicator_id, fresh.category))
        if row is not None and row.computed != fresh.computed:
            row.computed = fresh.computed
            changed.append(row)
    Figure.objects.bulk_update(changed, ["computed"])
    _touch(locked)
    record("refresh", locked, by, {"changed": len(changed)})
    return len(changed)


def _lock_to_write(report: UnitReport, expect_version: int) -> UnitReport:
    locked = UnitReport.objects.select_for_update(no_key=True).get(pk=report.pk)
    if locked.status not in WRITE.sources:
        raise StepRefused(REPORTS.refusal(locked, WRITE))
    if locked.version != expect_version:
        last = events.history(REPORTS.kind, report.public_id)[-1]
        done = f"{last.by or 'Hệ thống'} {REPORTS.done_words(last.kind)} lúc {moment(last.at)}"
        raise SeenOld(f"{done}, sau khi ông/bà mở trang này.")
    return locked


def _touch(report: UnitReport) -> None:
    """The content changed: whoever read the version before must look again."""
    UnitReport.objects.filter(pk=report.pk).update(version=F("version") + 1)
    report.version += 1
