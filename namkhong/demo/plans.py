"""The units' plans of the demo province (clause V.1)."""

from dataclasses import dataclass, field
from datetime import date, datetime, timedelta

from campaigns.content import content_of, digest
from campaigns.models import PlannedTask, PlanVersion, Task, TaskGroup, UnitPlan
from campaigns.workflow import PLAN
from ledger import clock
from namkhong.demo import plan_wording as wording
from namkhong.demo.chronicle import Act, By
from namkhong.demo.nodes import Node
from namkhong.demo.story import Story
from namkhong.demo.years import FIRST_YEAR
from units.models import Post

BATCH = 1000
State = UnitPlan.Status
# What becomes of a plan; AGAIN: returned, mended and accepted.
ACCEPTED, AGAIN, SUBMITTED, RETURNED, DRAFT, MISSING = (
    "accepted",
    "again",
    "submitted",
    "returned",
    "draft",
    "missing",
)
LAST_YEAR = {ACCEPTED: 0.8, AGAIN: 0.06, SUBMITTED: 0.04, RETURNED: 0.02, DRAFT: 0.04, MISSING: 0.04}
BEFORE = {ACCEPTED: 0.86, AGAIN: 0.08, SUBMITTED: 0.01, RETURNED: 0.01, MISSING: 0.04}
DUE_MONTHS = (3, 6, 9, 10, 12)
EVERY_STATE = [ACCEPTED, AGAIN, SUBMITTED, RETURNED, DRAFT, MISSING]


@dataclass
class Draft:
    """A plan on its way: rows, versions as (number, arrangements then, when), acts to be told once hashes are known."""

    plan: UnitPlan
    node: Node
    rows: list[PlannedTask]
    sent: list[tuple[int, str, datetime]] = field(default_factory=list)
    acts: list[Act] = field(default_factory=list)


@dataclass
class Planning:
    """`fates` (by source key) are those of the last year not left to chance."""

    story: Story
    fates: dict[str, str] = field(default_factory=dict)

    def __post_init__(self) -> None:
        self.dice, self.years = self.story.dice("plans"), self.story.years
        self.campaign, self.offices = self.story.campaign, self.story.offices
        self.groups = {group.order: group for group in TaskGroup.objects.filter(campaign=self.campaign)}
        self.tasks = list(
            Task.objects.filter(campaign=self.campaign, group__isnull=False).select_related("group")
        )

    def write_all(self) -> int:
        drafts = [draft for year in self.years.all for draft in self._year(year)]
        UnitPlan.objects.bulk_create([draft.plan for draft in drafts], batch_size=BATCH)
        PlannedTask.objects.bulk_create([row for draft in drafts for row in draft.rows], batch_size=BATCH)
        versions = [version for draft in drafts for version in self._versions(draft)]
        PlanVersion.objects.bulk_create(versions, batch_size=BATCH)
        UnitPlan.objects.bulk_update([draft.plan for draft in drafts], ["content_hash"], batch_size=BATCH)
        for draft in drafts:
            self._tell(draft)
        return len(drafts)

    # --- One plan

    def _year(self, year: int) -> list[Draft]:
        """Every unit that owes a plan; in the last year the first units not chosen show every state once."""
        states = iter(EVERY_STATE)
        found = []
        for node in self._shuffled(self.story.units.owing(date(year, 12, 31))):
            key = node.unit.source_key
            if not self.years.is_last(year):
                fate = self.dice.weighted(BEFORE)
            else:
                fate = self.fates.get(key) or next(states, None) or self.dice.weighted(LAST_YEAR)
            if fate != MISSING and (draft := self._draft(node, year, fate)):
                found.append(draft)
        return found

    def _shuffled(self, nodes: list[Node]) -> list[Node]:
        return self.dice.sample(nodes, len(nodes))

    def _draft(self, node: Node, year: int, fate: str) -> Draft | None:
        at = self._begins(node, year, fate)
        clerk = self.offices.writer(node, Post.Kind.CLERK, at)
        if at >= self.years.end or clerk is None:
            return None
        plan = UnitPlan(
            public_id=self.dice.public_id(),
            campaign=self.campaign,
            unit=node.unit,
            year=year,
            status=State.DRAFT,
            created_by=clerk.person.user,
            created_at=at,
        )
        draft = Draft(plan, node, self._rows(plan, node, as_begun=fate == DRAFT))
        draft.acts.append(Act("begin", at, clerk, {"year": year}))
        if fate != DRAFT:
            self._on_its_way(draft, at, clerk, fate)
        return draft

    def _begins(self, node: Node, year: int, fate: str) -> datetime:
        """In the first weeks of the year; those that wait or lie unfinished were late."""
        stands = max(node.since, node.own_since or node.since, self.story.units.in_use_since)
        first = max(date(year, 1, 5), stands + timedelta(days=8))
        if fate in (SUBMITTED, DRAFT, RETURNED) and self.years.is_last(year):
            late = min(date(year, 9, 1), self.years.days_ago(45))
            first = max(first, late)
        return self.dice.at(self.dice.day(first, first + timedelta(days=25)))

    def _on_its_way(self, draft: Draft, at: datetime, clerk: By, fate: str) -> None:
        at = self._save(draft, self.dice.after(at, 1, 4), clerk)
        at = self._submit(draft, self.dice.after(at, 1, 5))
        if fate in (RETURNED, AGAIN):
            at = self._decide(draft, "return", self.dice.after(at, 2, 6))
            if fate == RETURNED or draft.plan.status != State.RETURNED:
                return
            draft.plan.arrangements += wording.ADDED_AFTER_RETURN
            at = self._save(draft, self.dice.after(at, 1, 4), clerk)
            at = self._submit(draft, self.dice.after(at, 0, 3))
        if fate in (ACCEPTED, AGAIN) and draft.plan.status == State.SUBMITTED:
            self._decide(draft, "accept", self.dice.after(at, 2, 8))

    def _save(self, draft: Draft, at: datetime, by: By) -> datetime:
        if at < self.years.end:
            plan, year = draft.plan, draft.plan.year
            here = wording.HERE[draft.node.profile.family]
            aims = [one for one in wording.AIMS if year > FIRST_YEAR or "{last}" not in one]
            plan.aims = plan.aims or self.dice.choice(aims).format(here=here, year=year, last=year - 1)
            plan.arrangements = plan.arrangements or self.dice.choice(wording.ARRANGEMENTS)
            plan.version += 1
            draft.acts.append(Act("save", at, by, {"year": year, "rows": len(draft.rows)}))
        return at

    def _submit(self, draft: Draft, at: datetime) -> datetime:
        plan = draft.plan
        head = self.offices.writer(draft.node, Post.Kind.HEAD, at)
        if at < self.years.end and head and plan.aims and plan.status in (State.DRAFT, State.RETURNED):
            draft.sent.append((len(draft.sent) + 1, plan.arrangements, at))
            plan.submitted_at = at
            self._move(draft, "submit", at, head)
        return at

    def _decide(self, draft: Draft, step: str, at: datetime) -> datetime:
        by = self.offices.reviewer(draft.node, at)
        if at < self.years.end and by and draft.plan.status == State.SUBMITTED:
            reason = self.dice.choice(wording.RETURNS) if step == "return" else ""
            self._move(draft, step, at, by, reason)
        return at

    def _move(self, draft: Draft, step: str, at: datetime, by: By, reason: str = "") -> None:
        plan, target = draft.plan, PLAN.step(step).target
        data = {"from": str(plan.status), "to": str(target)}
        plan.status, plan.version = target, plan.version + 1
        draft.acts.append(Act(step, at, by, data, reason, number=len(draft.sent), version=plan.version))

    # --- Rows

    def _rows(self, plan: UnitPlan, node: Node, *, as_begun: bool) -> list[PlannedTask]:
        rows = [
            PlannedTask(plan=plan, group=task.group, master=task, order=task.order, text=task.text)
            for task in self.tasks
        ]
        if as_begun:
            return rows
        kept = self.dice.some(rows, 13, len(rows))
        own = self.dice.some(wording.OWN_TASKS[node.profile.family], 1, 4)
        last = max(row.order for row in rows)
        kept += [
            PlannedTask(plan=plan, group=self.groups[group], order=last + place, text=text)
            for place, (group, text) in enumerate(own, start=1)
        ]
        for row in kept:
            self._fill(row, node, clock.local(plan.created_at).date())
        return kept

    def _fill(self, row: PlannedTask, node: Node, begun_on: date) -> None:
        row.lead = self.dice.choice(wording.LEADS[node.profile.family])
        row.support = self.dice.choice(wording.SUPPORTS)
        row.product = self.dice.choice(wording.PRODUCTS)
        if self.dice.happens(0.8):
            months = [month for month in DUE_MONTHS if month > begun_on.month]
            row.due_on = date(begun_on.year, self.dice.choice(months), self.dice.choice([15, 25, 30]))

    def _versions(self, draft: Draft) -> list[PlanVersion]:
        """Each sending as it was: they differ in the arrangements alone."""
        if not draft.sent:
            return []
        content = content_of(draft.plan)
        found = []
        for number, arrangements, at in draft.sent:
            then = content | {"arrangements": arrangements}
            found.append(
                PlanVersion(plan=draft.plan, number=number, content=then, sha256=digest(then), sent_at=at)
            )
        draft.plan.content_hash = found[-1].sha256
        for act in draft.acts:
            if act.number:
                act.data["sha256"] = found[act.number - 1].sha256
            if act.name == "submit":
                act.data["number"] = act.number
        return found

    # --- What it leaves behind

    def _tell(self, draft: Draft) -> None:
        plan = draft.plan
        self.story.chronicle.tell_acts(PLAN.kind, plan.public_id, plan.unit.public_id, draft.acts)
        for act in draft.acts:
            if act.number:
                self._send_notice(draft, act)

    def _send_notice(self, draft: Draft, act: Act) -> None:
        plan, day = draft.plan, clock.local(act.at).date()
        words = {
            "submit": f"{plan.unit} đã gửi kế hoạch năm {plan.year}.",
            "return": f"Kế hoạch năm {plan.year} bị trả lại: {act.reason}",
            "accept": f"Kế hoạch năm {plan.year} đã được tiếp nhận.",
        }
        to_reviewers = act.name == "submit"
        users = (
            self.offices.reviewers(draft.node, day) if to_reviewers else self.offices.authors(draft.node, day)
        )
        effect = f"{PLAN.kind}.{act.name}:{plan.public_id}:{act.version}"
        self.story.letters.tell(users, effect, words[act.name], plan, act.at)
