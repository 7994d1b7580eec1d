"""The pledges of the demo province: who signs when, who confirms, what still waits (clause IV.4)."""

from dataclasses import dataclass, field
from datetime import date, datetime, timedelta

from ledger import clock
from namkhong.demo.chronicle import By
from namkhong.demo.dice import working_day
from namkhong.demo.nodes import Node, Person
from namkhong.demo.signing import Acts, Draft
from namkhong.demo.story import Story

# What becomes of a person's pledge. COMPLETE: all confirm. The rest stop on the way.
COMPLETE, UNSIGNED, AGAIN = "complete", "unsigned", "again"
RETURNED, WAITS_HEAD, WAITS_UNION, WITHDRAWN = "returned", "waits_head", "waits_union", "withdrawn"
# Share of people who sign, by how a unit takes the campaign; most take it seriously.
RATES = (1.0, 1.0, 1.0, 1.0, 0.99, 0.97, 0.95, 0.92, 0.86, 0.7)
# The year before, more were missing: the communes had just begun.
MORE_MISSING = 1.4
SIGNS_LATE = 0.1
LAST_YEAR = {
    COMPLETE: 0.927,
    AGAIN: 0.012,
    RETURNED: 0.007,
    WAITS_HEAD: 0.02,
    WAITS_UNION: 0.02,
    WITHDRAWN: 0.003,
}
BEFORE = {COMPLETE: 0.98, AGAIN: 0.013, RETURNED: 0.001, WAITS_HEAD: 0.001, WAITS_UNION: 0.001}


@dataclass
class Pledging:
    """`fates`, by person, are those of the last year not left to chance."""

    story: Story
    fates: dict[int, str] = field(default_factory=dict)

    def __post_init__(self) -> None:
        self.dice, self.years = self.story.dice("pledges"), self.story.years
        self.acts = Acts(self.story, self.dice)
        self.rates = {key: self.dice.choice(RATES) for key in self.story.units.nodes}
        self.launches: dict[tuple[str, int], date] = {}

    def sign_all(self, people: list[Person]) -> int:
        for year in self.years.all:
            for person in people:
                self._person(person, year)
        return self.acts.save()

    def _person(self, person: Person, year: int) -> None:
        fate = self._fate(person, year)
        at = self._moment_of_signing(person, year, fate)
        if fate == UNSIGNED or at is None or at >= self.years.end or not person.owes(clock.local(at).date()):
            return
        draft = self.acts.sign(person, year, at)
        if draft and fate in (RETURNED, AGAIN):
            at = self._round_trip(draft, at, fate)
        if draft and at and fate == WITHDRAWN:
            at = self._take_back(draft, at)
        if draft and at and fate != WAITS_HEAD:
            self._confirm(draft, at, fate)

    def _fate(self, person: Person, year: int) -> str:
        is_last = self.years.is_last(year)
        if is_last and id(person) in self.fates:
            return self.fates[id(person)]
        rate = self.rates[self._papers(person, last=True).unit.source_key]
        if not self.dice.happens(rate if is_last else 1 - (1 - rate) * MORE_MISSING):
            return UNSIGNED
        return self.dice.weighted(LAST_YEAR if is_last else BEFORE)

    def _papers(self, person: Person, *, last: bool = False) -> Node:
        job = person.jobs[-1 if last else 0]
        return next(step for step in self.acts.nodes[job.unit_id].path() if step.own_papers)

    # --- When

    def _moment_of_signing(self, person: Person, year: int, fate: str) -> datetime | None:
        """None where it would fall into another year."""
        at = self.dice.at(self._day_of_signing(person, year, fate))
        return at if clock.local(at).year == year else None

    def _day_of_signing(self, person: Person, year: int, fate: str) -> date:
        """After the unit's launch; who came later, after coming; who still waits, in the last weeks."""
        if fate in (WAITS_HEAD, WAITS_UNION) and self.years.is_last(year):
            latest = self.years.days_ago(4 if fate == WAITS_HEAD else 10)
            return self.dice.day(self.years.days_ago(18), latest)
        hesitates = self.dice.happens(SIGNS_LATE)
        days = self.dice.randint(16, 90) if hesitates else self.dice.randint(0, 15)
        day = self._launch(self._papers(person), year) + timedelta(days=days)
        came_on = person.jobs[0].since
        if came_on > day:
            day = came_on + timedelta(days=self.dice.randint(5, 40))
        return working_day(day)

    def _launch(self, papers: Node, year: int) -> date:
        key = (papers.unit.source_key, year)
        if key not in self.launches:
            stands = max(papers.since, self.story.units.in_use_since)
            first = max(date(year, 1, 12), stands + timedelta(days=12))
            self.launches[key] = self.dice.day(first, first + timedelta(days=40))
        return self.launches[key]

    def _is_told(self, draft: Draft, at: datetime) -> bool:
        """Whether the story goes so far. Nothing comes back while reports are written: what the portal counted for them
        would be counted differently today."""
        year, day = draft.pledge.year, clock.local(at).date()
        counting = year in self.years.rounds and day >= self.years.opens_on(year)
        return at < self.years.end and day.year == year and not counting

    # --- What

    def _round_trip(self, draft: Draft, signed_at: datetime, fate: str) -> datetime | None:
        """Back and, where the fate is so, signed again: the moment of the last signing, None when it stays returned."""
        at = self.dice.after(signed_at, 1, 6)
        by = draft.head(at)
        again_at = self.dice.after(at, 1, 9)
        returns = by is not None and self._is_told(draft, at)
        may_sign = (
            self._is_told(draft, again_at) and draft.person.job_on(clock.local(again_at).date()) is not None
        )
        if by is None or not returns or (fate == AGAIN and not may_sign):
            return signed_at
        self.acts.send_back(draft, at, by)
        if fate == RETURNED:
            return None
        self.acts.sign_again(draft, again_at)
        return again_at

    def _take_back(self, draft: Draft, signed_at: datetime) -> datetime | None:
        """By the person, before the head has looked; the moment of signing where the story does not go so far."""
        at = self.dice.after(signed_at, 0, 2)
        if not self._is_told(draft, at):
            return signed_at
        self.acts.withdraw(draft, at)
        return None

    def _confirm(self, draft: Draft, signed_at: datetime, fate: str) -> None:
        at = self.dice.after(signed_at, 1, 4 if fate == WAITS_UNION else 8)
        head = draft.head(at)
        if head is None or at >= self.years.end:
            return
        chair = draft.chair(head, at)
        if chair is None:
            self.acts.countersign_complete(draft, at, head)
            return
        self.acts.countersign(draft, at, head)
        if fate != WAITS_UNION:
            self._confirm_for_union(draft, self.dice.after(at, 1, 8), head, chair)

    def _confirm_for_union(self, draft: Draft, at: datetime, head: By, chair: By) -> None:
        """Where the union has ended meanwhile, the head completes with two confirmations."""
        if at >= self.years.end:
            return
        if draft.signing.union_on(clock.local(at).date()):
            self.acts.countersign_union(draft, at, chair)
        else:
            self.acts.complete_without_union(draft, at, head)
