"""Forms of the units' plans. Text is brought to NFC at the boundary, days are d/m/Y (rule R34)."""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from datetime import date
from typing import Any

from django import forms
from django.core.exceptions import ValidationError

from campaigns.models import PlannedTask, TaskGroup, UnitPlan
from campaigns.services import PlannedRow
from units.models import Unit
from units.proof import ProvedForm
from vietnamese.dates import parse_date, short_date
from vietnamese.letters import looks_legacy, nfc, nfc_lines

BLANK_ROWS = 2
MOST_ROWS = 100
WORDS = ("text", "lead", "support", "product", "due_on")
LEGACY = "Chữ có vẻ được gõ bằng bảng mã cũ (TCVN3, VNI). Đổi sang Unicode rồi dán lại."


class Line(forms.CharField):
    """One line of Vietnamese."""

    def to_python(self, value: Any) -> str:
        return self.readable(nfc(str(value or "")))

    def readable(self, text: str) -> str:
        if looks_legacy(text):
            raise ValidationError(LEGACY)
        return text


class Lines(Line):
    """Several lines of Vietnamese."""

    widget = forms.Textarea

    def to_python(self, value: Any) -> str:
        return self.readable(nfc_lines(str(value or "")))


class Day(forms.CharField):
    """A day typed as d/m/Y; the error says what is wrong with it."""

    def to_python(self, value: Any) -> date | None:  # type: ignore[override]
        try:
            return parse_date(value) if nfc(str(value or "")) else None
        except ValueError as error:
            raise ValidationError(str(error)) from error


@dataclass(frozen=True)
class Cell:
    """One field of one line, as the page's loop writes it (widgets would take ten times as long)."""

    name: str
    id: str
    label: str
    value: str
    errors: list[str]
    longest: int | None


class PlannedTaskForm(forms.Form):
    """One line of the plan. `key` names the line it replaces; a new line that stays empty is no line."""

    key = forms.IntegerField(required=False, widget=forms.HiddenInput)
    text = Lines(
        label="Nhiệm vụ",
        max_length=4000,
        error_messages={"required": "Chưa ghi nội dung nhiệm vụ. Nếu không làm việc này, đánh dấu “Bỏ”."},
    )
    lead = Line(label="Chủ trì", max_length=200, required=False)
    support = Line(label="Phối hợp", max_length=200, required=False)
    product = Line(label="Sản phẩm", max_length=300, required=False)
    due_on = Day(label="Thời hạn", required=False)
    remove = forms.BooleanField(label="Bỏ", required=False)

    def __init__(self, *args, plan: UnitPlan, group: TaskGroup, clauses: Mapping[str, str], **kwargs):
        super().__init__(*args, **kwargs)
        self.plan, self.group = plan, group
        self.clause = clauses.get(str(self["key"].value()), "")

    @property
    def is_kept(self) -> bool:
        filled = any(nfc(str(self[name].value() or "")) for name in ("key", *WORDS))
        return filled and not self["remove"].value()

    @property
    def faults(self) -> dict[str, list[str]]:
        """Errors by field; none of a line that is dropped or empty."""
        if not (self.is_bound and self.is_kept):
            return {}
        return {name: [str(error) for error in errors] for name, errors in self.errors.items()}

    def cell(self, name: str) -> Cell:
        bound, value = self[name], self[name].value()
        text = "" if value is None else str(value)
        errors = self.faults.get(name, [])
        return Cell(
            bound.html_name,
            bound.auto_id,
            str(bound.label),
            text,
            errors,
            getattr(bound.field, "max_length", None),
        )

    @property
    def words(self) -> Cell:
        return self.cell("text")

    @property
    def lines(self) -> list[Cell]:
        return [self.cell(name) for name in WORDS[1:]]

    def clean_due_on(self) -> date | None:
        day = self.cleaned_data["due_on"]
        if day and day.year < self.plan.year:
            raise ValidationError(f"Thời hạn {day:%d/%m/%Y} ở trước năm của kế hoạch ({self.plan.year}).")
        return day

    def row(self) -> PlannedRow:
        words = {name: self.cleaned_data[name] for name in WORDS}
        return PlannedRow(group=self.group, key=self.cleaned_data["key"], **words)


@dataclass(frozen=True)
class GroupOfRows:
    """A task group on the page, its lines, and the name of the field that says how many lines were sent."""

    group: TaskGroup
    rows: list[PlannedTaskForm]

    @property
    def count_name(self) -> str:
        return count_name(self.group)


def count_name(group: TaskGroup) -> str:
    return f"nhom{group.order}-rows"


class PlanForm(forms.Form):
    """A whole plan: words around six groups of lines.

    Built from the plan, from what was sent (`data`), or from what was typed so far and is not to be checked yet
    (`typed`), then with one more line in the group `adding`.
    """

    aims = Lines(label="Mục đích, yêu cầu", required=False, max_length=10_000)
    arrangements = Lines(label="Tổ chức thực hiện", required=False, max_length=10_000)
    version = forms.IntegerField(widget=forms.HiddenInput)

    def __init__(self, data: Any = None, *, plan: UnitPlan, typed: Any = None, adding: int = 0):
        shown = typed or {"aims": plan.aims, "arrangements": plan.arrangements, "version": plan.version}
        super().__init__(data, initial={name: shown.get(name) for name in self.base_fields})
        self.plan = plan
        self.task_groups = list(plan.campaign.taskgroups.order_by("order"))
        rows = self._saved_rows()
        if typed is not None:
            rows = self._typed_rows(typed, adding)
        self.groups = [self._group(one, rows[one.pk]) for one in self.task_groups]

    def _saved_rows(self) -> dict[int, list[dict[str, Any]]]:
        """Lines of the plan by group, each group closed by a few empty ones while there is room."""
        rows = list(self.plan.rows.select_related("master").order_by("order"))
        self.clauses = {str(row.pk): row.master.clause if row.master else "" for row in rows}
        blank = BLANK_ROWS if len(rows) + BLANK_ROWS * len(self.task_groups) <= MOST_ROWS else 0
        found: dict[int, list[dict[str, Any]]] = {one.pk: [] for one in self.task_groups}
        for row in rows:
            found[row.group_id].append(_saved_row(row))
        return {key: [*given, *({} for _ in range(blank))] for key, given in found.items()}

    def _typed_rows(self, typed: Mapping[str, Any], adding: int) -> dict[int, list[dict[str, Any]]]:
        found = {}
        for one in self.task_groups:
            count = _count(typed, one) + (one.order == adding)
            found[one.pk] = [_typed_row(typed, one, place) for place in range(count)]
        return found

    def _group(self, group: TaskGroup, rows: list[dict[str, Any]]) -> GroupOfRows:
        if self.is_bound:
            bound = [self._row(group, place, data=self.data) for place in range(_count(self.data, group))]
            return GroupOfRows(group, bound)
        return GroupOfRows(group, [self._row(group, place, initial=row) for place, row in enumerate(rows)])

    def _row(self, group: TaskGroup, place: int, **given: Any) -> PlannedTaskForm:
        prefix = f"nhom{group.order}-{place}"
        return PlannedTaskForm(prefix=prefix, plan=self.plan, group=group, clauses=self.clauses, **given)

    def kept_rows(self) -> Iterator[PlannedTaskForm]:
        return (row for one in self.groups for row in one.rows if row.is_kept)

    def is_valid(self) -> bool:
        rows_fine = [row.is_valid() for row in self.kept_rows()]
        return super().is_valid() and all(rows_fine)

    def row_faults(self) -> list[dict[str, str]]:
        """Where and what, for the summary on top of the page."""
        return [
            {
                "at": row[name].auto_id,
                "said": f"Nhóm {one.group.order}, dòng {place}, {row[name].label}: {error}",
            }
            for one in self.groups
            for place, row in enumerate(one.rows, 1)
            for name, errors in row.faults.items()
            for error in errors
        ]

    def rows(self) -> list[PlannedRow]:
        return [row.row() for row in self.kept_rows()]


def _count(data: Mapping[str, Any], group: TaskGroup) -> int:
    said = str(data.get(count_name(group), ""))
    return min(int(said), MOST_ROWS) if said.isdecimal() else 0


def _saved_row(row: PlannedTask) -> dict[str, Any]:
    words = {name: getattr(row, name) for name in WORDS}
    return {"key": row.pk, **words, "due_on": short_date(row.due_on) if row.due_on else ""}


def _typed_row(typed: Mapping[str, Any], group: TaskGroup, place: int) -> dict[str, Any]:
    return {name: typed.get(f"nhom{group.order}-{place}-{name}") for name in PlannedTaskForm.base_fields}


class BeginForm(forms.Form):
    def __init__(self, *args, units: list[Unit], years: list[int], **kwargs):
        super().__init__(*args, **kwargs)
        self.units = {unit.public_id: unit for unit in units}
        named = [(unit.public_id, unit.name) for unit in units]
        self.fields["unit"] = forms.ChoiceField(label="Đơn vị", choices=named)
        self.fields["year"] = forms.TypedChoiceField(
            label="Năm", coerce=int, choices=[(one, one) for one in years]
        )

    def clean_unit(self) -> Unit:
        return self.units[self.cleaned_data["unit"]]


class DecisionForm(ProvedForm):
    """An act on exactly the content that was shown: `seen` is its hash (rules R23, R26)."""

    seen = forms.CharField(widget=forms.HiddenInput, max_length=64)


class ReturnForm(DecisionForm):
    reason = Lines(
        label="Lý do trả lại",
        max_length=2000,
        help_text="Ghi rõ mục cần sửa và sửa thế nào; đơn vị đọc được lý do này.",
        widget=forms.Textarea(attrs={"rows": 6}),
    )
    field_order = ["reason", "password", "seen"]
