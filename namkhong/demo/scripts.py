"""How a report of the demo province goes: which unit brings it how far, and on which days."""

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date, datetime, timedelta

from namkhong.demo.dice import Dice, working_days
from namkhong.demo.nodes import Node

ACCEPTED, AGAIN, LATE, SUBMITTED = "accepted", "again", "late", "submitted"
RETURNED, PRESENTED, DRAFT, MISSING = "returned", "presented", "draft", "missing"
# Nine in ten reports are accepted, so that two years can be compared.
NOT_ACCEPTED = 0.1
# What units of the first level certainly show, in this order.
ON_FIRST_LEVEL = (MISSING, MISSING, SUBMITTED, LATE, LATE, AGAIN, AGAIN)

Fates = dict[Node, str]


def fates_of_last_round(dice: Dice, owing: list[Node], chosen: dict[str, str]) -> Fates:
    """Every state at least once; `chosen` (by source key) is not left to chance."""
    fates = {node: chosen[node.unit.source_key] for node in owing if node.unit.source_key in chosen}
    free = dice.sample([node for node in owing if node not in fates], len(owing) - len(fates))
    first_level = [node for node in free if node.is_first_level]
    fates |= dict(zip(first_level, ON_FIRST_LEVEL, strict=False))
    waiting = _wanted(len(owing), list(fates.values()))
    for node in free:
        if node not in fates:
            fates[node] = next(waiting, ACCEPTED)
    return fates


def _wanted(owing: int, given: list[str]) -> Iterator[str]:
    """What is still to be shown besides accepted reports."""
    wanted = {RETURNED: owing // 100, PRESENTED: owing // 100, DRAFT: owing // 100, SUBMITTED: owing // 40}
    wanted = {state: max(1, number) - given.count(state) for state, number in wanted.items()}
    open_so_far = sum(given.count(state) for state in (*wanted, MISSING)) + sum(
        max(0, n) for n in wanted.values()
    )
    wanted[MISSING] = max(1, int(owing * NOT_ACCEPTED) - open_so_far)
    wanted |= {LATE: owing // 30, AGAIN: owing // 14}
    for state, number in wanted.items():
        yield from [state] * number


def fates_of_round_before(dice: Dice, owing: list[Node]) -> Fates:
    """All accepted in the end, but for a few that never came."""
    kept = {ACCEPTED: 0.86, AGAIN: 0.06, LATE: 0.055, MISSING: 0.025}
    fates = {node: dice.weighted(kept) for node in owing}
    first_level = [node for node in owing if node.is_first_level]
    return fates | dict.fromkeys(dice.sample(first_level, min(2, len(first_level))), MISSING)


@dataclass
class Script:
    """`counting` are the days on which units begin or count again: few, because every one is a count of the province."""

    dice: Dice
    due_on: date
    counting: list[date]

    def of(self, fate: str) -> list[tuple[str, datetime]]:
        """Acts and their moments, in order, from the beginning on."""
        days = sorted(self.dice.sample(self.counting, 2))
        acts = [("begin", self.dice.at(days[0], last_hour=10)), ("save", self._on(days[0], 11))]
        if fate == DRAFT:
            return acts
        if self.dice.happens(0.35):
            acts.append(("refresh", self.dice.at(days[1], last_hour=10)))
        acts.append(("save", self._on(days[1], 11)))
        return [*acts, *self._sending(fate)]

    def _on(self, day: date, hour: int) -> datetime:
        return self.dice.at(day, first_hour=hour)

    def _sending(self, fate: str) -> list[tuple[str, datetime]]:
        at = self._on(self.dice.choice(self._days_of_sending(fate)), 13)
        presented = [("present", at - timedelta(minutes=self.dice.randint(40, 180)))]
        if fate == PRESENTED:
            return presented
        acts = [*(presented if self.dice.happens(0.6) else []), ("submit", at)]
        if fate in (RETURNED, AGAIN):
            acts.append(("return", self.dice.after(at, 1, 2)))
        if fate == AGAIN:
            acts.append(("save", self.dice.after(acts[-1][1], 0, 1)))
            acts.append(("submit", self.dice.after(acts[-1][1], 0, 1)))
        if fate in (ACCEPTED, AGAIN, LATE):
            acts.append(("accept", self.dice.after(acts[-1][1], 1, 2 if fate == LATE else 3)))
        return acts

    def _days_of_sending(self, fate: str) -> list[date]:
        """Working days before the term; of late reports, the days right after it."""
        if fate == LATE:
            return working_days(self.due_on + timedelta(days=1), self.due_on + timedelta(days=3))
        early = fate in (RETURNED, AGAIN)
        return working_days(self.due_on - timedelta(days=14), self.due_on - timedelta(days=7 if early else 1))
