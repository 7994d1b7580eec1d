"""The one engine of all state machines (rule R10): lock, re-read, check, save the state alone, write events."""

from collections.abc import Callable, Iterable
from dataclasses import dataclass, field
from typing import Any

from django.db import models, transaction
from django.db.models import F

from ledger import clock, events
from ledger.events import EventDraft, PastAct, record_many, signature_of


class StepRefused(Exception):
    """What is asked is not possible now. `str(error)` is one sentence in Vietnamese, fit for the object's page."""


class Correctable(StepRefused):
    """What was given can be put right, or the same be sent again later: the form stays open with all that was typed.

    `places`: the fields, in the order of preference, where a form that has one of them shows the sentence.
    """

    def __init__(self, sentence: str, *places: str):
        super().__init__(sentence)
        self.places = places


class SeenOld(Correctable):
    """What the page showed is no longer so (rule R23): the page shows what is so now, beside what was typed."""


@dataclass(frozen=True)
class Step:
    """One row of a state table. `label` is the button (“Gửi báo cáo”), `done` the past (“đã gửi”)."""

    name: str
    sources: frozenset[str]
    target: str
    label: str
    done: str
    needs_reason: bool = False


@dataclass(frozen=True)
class Workflow:
    """A state machine. `kind` names the object in events (“reports.unitreport”), `noun` in sentences (“Báo cáo”).

    Rows carry `status`, `version`, `public_id` and `event_unit_id`. `other_acts` gives the words of events on the
    object that are no steps: {"save": "đã lưu"}. `related` is what is read with every row, so that events of many rows
    need no query each.
    """

    kind: str
    noun: str
    states: type[models.TextChoices]
    steps: tuple[Step, ...]
    other_acts: dict[str, str] = field(default_factory=dict)
    related: tuple[str, ...] = ()

    def step(self, name: str) -> Step:
        return next(step for step in self.steps if step.name == name)

    def possible(self, row) -> list[Step]:
        return [step for step in self.steps if row.status in step.sources]

    def done_words(self, event_kind: str) -> str:
        """“đã gửi” for the event “reports.unitreport.submit”; the event's own name when nobody gave it words."""
        name = event_kind.rpartition(".")[2]
        return next((step.done for step in self.steps if step.name == name), self.other_acts.get(name, name))

    def take(
        self,
        rows: Any,
        step_name: str,
        *,
        by,
        post=None,
        reason: str = "",
        data: dict | Callable[[Any], dict] | None = None,
        expect_version: int | None = None,
        stamps: dict[str, Any] | None = None,
    ) -> list:
        """Move one row or a set of rows; all or none. Returns them as they stand afterwards, in order of key.

        `stamps` are the moments that belong to the new state ({"sent_at": now}), written in the same statement because
        constraints tie them to it.
        Raises StepRefused when a row is not in a state this step starts from, was changed since `expect_version`
        was read, or when the step needs a reason and has none.
        """
        step = self.step(step_name)
        if step.needs_reason and not reason.strip():
            raise StepRefused("Cần ghi lý do.")
        model, keys = _model_and_keys(rows)
        with transaction.atomic():
            locked = self._locked(model, keys)
            for row in locked:
                self._check(row, step, expect_version)
            moved = model._base_manager.filter(pk__in=keys, status__in=step.sources).update(
                status=step.target, version=F("version") + 1, **(stamps or {})
            )
            if moved != len(keys) or len(locked) != len(keys):
                raise StepRefused(f"{self.noun} vừa được thay đổi ở nơi khác. Tải lại trang để xem.")
            record_many(
                [self._draft(row, step, by=by, post=post, reason=reason, data=data) for row in locked]
            )
            for row in locked:
                row.status, row.version = step.target, row.version + 1
                for name, value in (stamps or {}).items():
                    setattr(row, name, value)
        return locked

    def _locked(self, model: type[models.Model], keys: list[int]) -> list[Any]:
        """In one statement: whoever needs a row that was waited for has locked it before (`ledger.locking`), and a row
        that is lost here is refused as changed.
        """
        rows = model._base_manager.select_for_update(of=("self",), no_key=True)
        # Without names select_related would follow every key there is.
        return list(rows.select_related(*self.related or [None]).filter(pk__in=keys).order_by("pk"))

    def _check(self, row, step: Step, expect_version: int | None) -> None:
        if row.status not in step.sources or (expect_version is not None and row.version != expect_version):
            raise StepRefused(self.refusal(row, step))

    def refusal(self, row, step: Step) -> str:
        """Who did what and when, so that a late click is understood at once."""
        return self.refusals([row], step)[row.pk]

    def refusals(self, rows: Iterable[Any], step: Step) -> dict[Any, str]:
        """The same for many rows, by key; two queries whatever their number."""
        late = list(rows)
        last = events.last_acts(self.kind, [row.public_id for row in late])
        return {row.pk: self._refusal(row, step, last.get(row.public_id)) for row in late}

    def _refusal(self, row, step: Step, last: PastAct | None) -> str:
        label = self.states(row.status).label
        if last is None:
            return f"Chưa thể “{step.label}”: {self.noun.lower()} đang ở trạng thái “{label}”."
        moment = clock.local(last.at)
        who = f"{last.by} " if last.by else ""
        return (
            f"Không thể “{step.label}”: {who}{self.done_words(last.kind)} lúc {moment:%H:%M} ngày {moment:%d/%m/%Y}; "
            f"{self.noun.lower()} đang ở trạng thái “{label}”."
        )

    def _draft(self, row, step: Step, *, by, post, reason: str, data) -> EventDraft:
        return EventDraft(
            kind=f"{self.kind}.{step.name}",
            object_kind=self.kind,
            object_id=row.public_id,
            person_id=by.public_id if by else "",
            post_id=post.public_id if post else "",
            unit_id=row.event_unit_id,
            data={"from": row.status, "to": step.target, **((data(row) if callable(data) else data) or {})},
            text=signature_of(by, post, reason=reason.strip()),
        )


def _model_and_keys(rows: Any) -> tuple[type[models.Model], list[int]]:
    if isinstance(rows, models.QuerySet):
        return rows.model, list(rows.order_by("pk").values_list("pk", flat=True))
    members = list(rows) if isinstance(rows, Iterable) else [rows]
    return type(members[0]), sorted(member.pk for member in members)
