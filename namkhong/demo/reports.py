"""The units' reports of the demo province, in every state (clause V.5)."""

from dataclasses import dataclass, field
from datetime import date, datetime, timedelta

from campaigns.models import Indicator, ReportSection
from ledger import clock
from namkhong.demo import figures as demo_figures
from namkhong.demo import narratives
from namkhong.demo import report_wording as wording
from namkhong.demo.chronicle import Act, By
from namkhong.demo.dice import working_days
from namkhong.demo.figures import Counts, Discipline, Typed
from namkhong.demo.nodes import Node
from namkhong.demo.scripts import DRAFT, MISSING, Script, fates_of_last_round, fates_of_round_before
from namkhong.demo.story import Story
from namkhong.demo.writing import insert
from reports import figures, versions
from reports.models import ReportingRound, ReportVersion, UnitReport
from reports.workflow import REPORTS
from units.models import Post

BATCH = 1000
State = UnitReport.Status
ANNEX_II = "II"
TYPES_OVER = 0.05


@dataclass
class Sheet:
    """What one version holds."""

    version: ReportVersion
    typed: Typed = field(default_factory=Typed)
    texts: dict[str, str] = field(default_factory=dict)
    is_mended: bool = False


@dataclass
class Draft:
    """A report on its way. `counted_on` is the day its live counts are of."""

    report: UnitReport
    node: Node
    counted_on: date
    is_begun_only: bool = False
    types_over: bool = False
    sheets: list[Sheet] = field(default_factory=list)
    acts: list[Act] = field(default_factory=list)


@dataclass
class Reporting:
    """`fates` (by source key) are those of the last round not left to chance."""

    story: Story
    fates: dict[str, str] = field(default_factory=dict)

    def __post_init__(self) -> None:
        self.dice, self.years = self.story.dice("reports"), self.story.years
        self.units, self.offices = self.story.units, self.story.offices

    def write_all(self, rounds: list[ReportingRound]) -> int:
        campaign = rounds[0].campaign
        self.counts_by_round: dict[int, Counts] = {}
        self.discipline = Discipline(self.dice)
        self.indicators = list(Indicator.objects.filter(campaign=campaign))
        self.sections = list(ReportSection.objects.filter(campaign=campaign, is_free=True))
        drafts = [draft for place, one in enumerate(rounds) for draft in self._round(one, place, len(rounds))]
        UnitReport.objects.bulk_create([draft.report for draft in drafts], batch_size=BATCH)
        for place in range(max(len(draft.sheets) for draft in drafts)):
            self._store([draft for draft in drafts if len(draft.sheets) > place], place)
        for draft in drafts:
            self._tell(draft)
        return len(drafts)

    # --- One round

    def _round(self, reporting_round: ReportingRound, place: int, of: int) -> list[Draft]:
        self.round, self.counts = reporting_round, Counts(self.units, reporting_round)
        self.counts_by_round[reporting_round.pk] = self.counts
        owing = self.units.owing(reporting_round.due_on)
        if place == of - 1:
            fates = fates_of_last_round(self.dice, owing, self.fates)
        else:
            fates = fates_of_round_before(self.dice, owing)
        days = working_days(reporting_round.opens_on, reporting_round.opens_on + timedelta(days=15))
        script = Script(self.dice, reporting_round.due_on, self.dice.sample(days, 6))
        drafts = []
        for node in owing:
            acts = [] if fates[node] == MISSING else script.of(fates[node])
            if acts and acts[0][1] < self.years.end and (draft := self._begin(node, acts[0][1])):
                draft.is_begun_only = fates[node] == DRAFT
                self._play(draft, acts[1:])
                drafts.append(draft)
        self._fill_sheets(drafts)
        return drafts

    def _begin(self, node: Node, at: datetime) -> Draft | None:
        clerk = self.offices.writer(node, Post.Kind.CLERK, at)
        if clerk is None:
            return None
        report = UnitReport(
            public_id=self.dice.public_id(),
            round=self.round,
            unit=node.unit,
            status=State.DRAFT,
            created_by=clerk.person.user,
            created_at=at,
        )
        draft = Draft(report, node, clock.local(at).date())
        draft.acts.append(Act("begin", at, clerk))
        draft.sheets.append(Sheet(ReportVersion(report=report, number=1)))
        return draft

    def _fill_sheets(self, drafts: list[Draft]) -> None:
        people = {
            draft.node.unit.source_key: sum(self._counts(draft)["headcount"].values()) for draft in drafts
        }
        accepted = {draft.node.unit.source_key for draft in drafts if draft.report.status == State.ACCEPTED}
        punished = self.discipline.by_unit({key: people[key] for key in people if key in accepted})
        for draft in drafts:
            key = draft.node.unit.source_key
            typed = demo_figures.typed(
                self.story.seed,
                draft.node,
                self.round,
                people[key],
                violators=punished.get(key, 0),
                latest=draft.counted_on,
            )
            units = self.counts.units_of(draft.node, draft.counted_on)
            writer = narratives.Writer(self.dice, draft.node, self.round, self._counts(draft), typed, units)
            texts = writer.words(only_begun=draft.is_begun_only)
            if draft.is_begun_only:
                typed = typed.only({one.code for one in self.indicators if one.annex == ANNEX_II})
            draft.types_over = self.dice.happens(TYPES_OVER)
            for sheet in draft.sheets:
                mended = {"II.1": f"{texts['II.1']} {wording.MENDED}"} if sheet.is_mended else {}
                sheet.typed, sheet.texts = typed, texts | mended

    def _counts(self, draft: Draft) -> figures.LiveCounts:
        return self.counts_by_round[draft.report.round.pk].of(draft.node, draft.counted_on)

    # --- On its way

    def _play(self, draft: Draft, acts: list[tuple[str, datetime]]) -> None:
        """Act after act, as far as the story goes and somebody is there to act."""
        for name, at in acts:
            by = self._who(draft, name, at)
            if at >= self.years.end or by is None:
                return
            if name == "save":
                self._save(draft, at, by)
            elif name == "refresh":
                self._refresh(draft, at, by)
            else:
                self._step(draft, name, at, by)

    def _who(self, draft: Draft, name: str, at: datetime) -> By | None:
        if name in ("return", "accept"):
            return self.offices.reviewer(draft.node, at)
        kind = Post.Kind.HEAD if name == "submit" else Post.Kind.CLERK
        return self.offices.writer(draft.node, kind, at)

    def _save(self, draft: Draft, at: datetime, by: By) -> None:
        draft.report.version += 1
        draft.sheets[-1].is_mended = len(draft.sheets) > 1
        draft.acts.append(Act("save", at, by))

    def _refresh(self, draft: Draft, at: datetime, by: By) -> None:
        """Counts the live records again, as of that day."""
        before = self._counts(draft)
        draft.counted_on = clock.local(at).date()
        after = self._counts(draft)
        changed = sum(
            figures.computed(one, category, before) != figures.computed(one, category, after)
            for one in self.indicators
            for _, category in figures.keys_of(one)
        )
        draft.report.version += 1
        draft.acts.append(Act("refresh", at, by, {"changed": changed}))

    def _step(self, draft: Draft, name: str, at: datetime, by: By) -> None:
        report, step = draft.report, REPORTS.step(name)
        data = {"from": str(report.status), "to": str(step.target)}
        report.status, report.version = step.target, report.version + 1
        sheet = draft.sheets[-1]
        number = sheet.version.number if name != "present" else 0
        reason = self.dice.choice(wording.REPORT_RETURNS) if step.needs_reason else ""
        draft.acts.append(Act(name, at, by, data, reason, number=number, version=report.version))
        if name == "submit":
            report.sent_at, report.first_sent_at = at, report.first_sent_at or at
            sheet.version.sealed_at = at
        elif name == "accept":
            report.accepted_at = at
        elif name == "return":
            draft.sheets.append(Sheet(ReportVersion(report=report, number=sheet.version.number + 1)))

    # --- Rows

    def _store(self, drafts: list[Draft], place: int) -> None:
        """One version of each: open with its content first, then sealed with the hash of it, as sending does."""
        sheets = [draft.sheets[place] for draft in drafts]
        moments = [sheet.version.sealed_at for sheet in sheets]
        for sheet in sheets:
            sheet.version.sealed_at = None
        ReportVersion.objects.bulk_create([sheet.version for sheet in sheets], batch_size=BATCH)
        rows = [
            row
            for draft, sheet in zip(drafts, sheets, strict=True)
            for row in demo_figures.rows(
                sheet.version, self.indicators, self._counts(draft), sheet.typed, over=draft.types_over
            )
        ]
        insert(rows)
        words = [
            row for sheet in sheets for row in narratives.rows(sheet.version, self.sections, sheet.texts)
        ]
        insert(words)
        sealed = []
        for sheet, at in zip(sheets, moments, strict=True):
            if at:
                sheet.version.sealed_at, sheet.version.sha256 = at, versions.sha256(sheet.version)
                sealed.append(sheet.version)
        ReportVersion.objects.bulk_update(sealed, ["sealed_at", "sha256"], batch_size=BATCH)

    # --- What it leaves behind

    def _tell(self, draft: Draft) -> None:
        report = draft.report
        for act in draft.acts:
            if act.number:
                act.data |= {"number": act.number, "sha256": draft.sheets[act.number - 1].version.sha256}
            if act.version:
                self._send_notice(draft, act)
        self.story.chronicle.tell_acts(REPORTS.kind, report.public_id, report.unit.public_id, draft.acts)

    def _send_notice(self, draft: Draft, act: Act) -> None:
        report, day = draft.report, clock.local(act.at).date()
        what = {
            "present": "chờ ông/bà xem và gửi.",
            "submit": "đã gửi, chờ tiếp nhận.",
            "return": f"bị trả lại. Lý do: {act.reason}",
            "accept": "đã được tiếp nhận.",
        }[act.name]
        users = {
            "present": lambda: self.offices.heads(draft.node, day),
            "submit": lambda: self.offices.reviewers(draft.node, day),
        }.get(act.name, lambda: self.offices.authors(draft.node, day))()
        effect = f"reports.{act.name}:{report.public_id}:{act.version}"
        text = f"{report.round.name}: báo cáo của {report.unit.name} {what}"
        self.story.letters.tell(users, effect, text, report, act.at)
