"""What a decision's file must hold, and its content once checked; writing is `services.decision`.

Rules for each table follow from the models: what may be empty, how long, which words. `parts` and `uses` are where the
floors above enter what they keep in the same file and what they would not see changed.
"""

import re
from collections.abc import Callable, Iterator
from dataclasses import dataclass, field
from datetime import date, datetime
from decimal import Decimal
from typing import Any

from django.db import models

from campaigns.datafile import BrokenFile, DataFile, Fault
from campaigns.models import (
    Campaign,
    CampaignPart,
    Commitment,
    Indicator,
    LegalBasis,
    PersonCategory,
    Phase,
    Recipient,
    ReportSection,
    Target,
    Task,
    TaskGroup,
)
from ledger.register import Register

__all__ = ["BrokenFile", "Fault", "Rule", "checked_rows", "parts", "uses"]

# Table of the file → function(campaign, data of the whole file) → sentences on what changed. It raises Fault.
parts: Register[Callable[[Campaign, dict[str, Any]], list[str]]] = Register("campaigns.loader.parts")
# Name → function(part) → whether something already said or signed rests on the part's wording, beyond foreign keys.
uses: Register[Callable[[CampaignPart], bool]] = Register("campaigns.loader.uses")

LARGEST = 9999
CODE = re.compile(r"[A-Za-z0-9_-]+")


@dataclass(frozen=True)
class Rule:
    """What one key of a table may hold."""

    type: type
    required: bool = True
    longest: int | None = None
    words: tuple[str, ...] = ()
    is_code: bool = False

    def fault(self, value: Any) -> str:
        """What is wrong with the value, or nothing."""
        if not self._has_type(value):
            return f"phải là {TYPE_WORDS[self.type]}"
        if self.type in (int, Decimal):
            return self._out_of_range(Decimal(value))
        return self._misspelt(value) if self.type is str else ""

    def _misspelt(self, value: str) -> str:
        if self.required and not value.strip():
            return "để trống"
        if self.longest and len(value) > self.longest:
            return f"dài {len(value)} ký tự, nhiều nhất là {self.longest}"
        if self.words and value not in self.words:
            return f"“{value}” không thuộc: {', '.join(self.words)}"
        if self.is_code and not CODE.fullmatch(value):
            return f"“{value}” chỉ được gồm chữ không dấu, chữ số, dấu gạch"
        return ""

    def _out_of_range(self, value: Decimal) -> str:
        if not value.is_finite() or not 0 <= value <= LARGEST:
            return f"phải từ 0 đến {LARGEST}"
        return "" if value == round(value, 2) else "có nhiều hơn hai chữ số thập phân"

    def _has_type(self, value: Any) -> bool:
        if self.type is Decimal:
            return isinstance(value, int | Decimal) and not isinstance(value, bool)
        # A bool is an int and a moment is a date in Python; in the file they are different things.
        return isinstance(value, self.type) and (self.type is bool or not isinstance(value, bool | datetime))


TYPE_WORDS = {
    str: "chữ, đặt trong dấu nháy",
    int: "số nguyên, không có dấu nháy",
    bool: "true hoặc false",
    date: "ngày, viết 2019-10-23 và không có dấu nháy",
    Decimal: "số, không có dấu nháy",
}


@dataclass(frozen=True)
class Pointer:
    """A key whose value names a row of another table by that table's key, or one of a few words."""

    table: str
    key: str
    words: tuple[str, ...] = ()


@dataclass(frozen=True)
class Part:
    """A [[table]] of the file and the model that keeps it. `key` tells its rows apart; `noun` stands in sentences."""

    table: str
    model: type[CampaignPart]
    key: tuple[str, ...]
    noun: str
    pointers: dict[str, Pointer] = field(default_factory=dict)
    derived: tuple[str, ...] = ()

    @property
    def rules(self) -> dict[str, Rule]:
        unread = {"id", "campaign", *self.derived}
        return {one.name: rule_of(one) for one in self.model._meta.fields if one.name not in unread}

    def name(self, row: Any) -> str:
        """“nhiệm vụ IV.1.2”; `row` is a row of the file or of the database."""
        values = [row[key] if isinstance(row, dict) else getattr(row, key) for key in self.key]
        return f"{self.noun} {' '.join(str(value) for value in values)}"


def rule_of(one: models.Field) -> Rule:
    required = not (one.blank or one.null or one.has_default())
    kinds: list[tuple[type[models.Field], type]] = [
        (models.BooleanField, bool),
        (models.DateField, date),
        (models.DecimalField, Decimal),
        (models.IntegerField, int),
        (models.ForeignKey, int),
    ]
    kind = next((kind for model_field, kind in kinds if isinstance(one, model_field)), str)
    words = tuple(str(value) for value, _ in one.choices or ())
    return Rule(kind, required, one.max_length, words, isinstance(one, models.SlugField))


GROUP = Pointer("task_groups", "order")
PARTS = (
    Part("legal_bases", LegalBasis, ("order",), "căn cứ"),
    Part("categories", PersonCategory, ("code",), "đối tượng"),
    Part("phases", Phase, ("number",), "giai đoạn"),
    Part(
        "targets",
        Target,
        ("code",),
        "chỉ tiêu",
        {
            "phase": Pointer("phases", "number"),
            "numerator": Pointer("indicators", "code"),
            "denominator": Pointer("indicators", "code", ("units",)),
        },
    ),
    Part("commitments", Commitment, ("order",), "nội dung cam kết"),
    Part("task_groups", TaskGroup, ("order",), "nhóm nhiệm vụ"),
    Part("tasks", Task, ("clause",), "nhiệm vụ", {"group": GROUP}),
    Part("recipients", Recipient, ("role", "order"), "nơi nhận"),
    Part(
        "indicators",
        Indicator,
        ("code",),
        "số liệu báo cáo",
        {
            "annex": Pointer("annexes", "number"),
            "at_most": Pointer("indicators", "code"),
            "target": Pointer("targets", "code"),
        },
        derived=("annex_title",),
    ),
    Part("sections", ReportSection, ("number",), "đề mục báo cáo", {"group": GROUP}),
)
ANNEX_RULES = {
    "order": Rule(int),
    "number": Rule(str),
    "title": Rule(str),
    "source": Rule(str, required=False),
}
REPORTING_RULES = {"clause": Rule(str), "due_month": Rule(int), "due_day": Rule(int), "text": Rule(str)}
REPORTING_FIELDS = {key: f"report_{key}" for key in REPORTING_RULES}
CAMPAIGN_RULES = {
    one.name: rule_of(one)
    for one in Campaign._meta.fields
    if one.name not in {"id", "public_id", *REPORTING_FIELDS.values()}
}


def checked(file: DataFile) -> dict[str, Any]:
    """The file's tables, every one of them sound. Raises BrokenFile with all that is wrong."""
    faults = [*_table_faults(file.data)]
    if not faults:
        faults = [*_row_faults(file.data)] or [*_pointer_faults(file.data), *_sense_faults(file.data)]
    if faults:
        raise file.broken(faults)
    titles = {annex["number"]: annex["title"] for annex in file.data["annexes"]}
    content = dict(file.data)
    content["indicators"] = [{**row, "annex_title": titles[row["annex"]]} for row in file.data["indicators"]]
    return content


def checked_rows(data: dict[str, Any], table: str, rules: dict[str, Rule]) -> list[dict[str, Any]]:
    """Rows of one [[table]], for entries of `parts`. Raises the first Fault: unknown or missing key, wrong value."""
    for fault in _rows_against(data, table, rules):
        raise fault
    return data[table]


def _table_faults(data: dict[str, Any]) -> Iterator[Fault]:
    headings = {name: f"[[{name}]]" for name in ("annexes", *(part.table for part in PARTS), *dict(parts))}
    headings |= {"campaign": "[campaign]", "reporting": "[reporting]"}
    for name in data.keys() - headings.keys():
        yield Fault(name, 0, "", f"không có bảng nào tên “{name}”. Các bảng: {', '.join(headings)}.")
    for name, heading in headings.items():
        if name not in data:
            yield Fault(name, 0, "", f"thiếu bảng {heading}.")
        elif not _is_written_as(data[name], heading):
            yield Fault(name, 0, "", f"“{name}” phải viết thành bảng {heading}.")


def _is_written_as(value: Any, heading: str) -> bool:
    if not heading.startswith("[["):
        return isinstance(value, dict)
    return isinstance(value, list) and bool(value) and all(isinstance(row, dict) for row in value)


def _row_faults(data: dict[str, Any]) -> Iterator[Fault]:
    singles = {"campaign": [data["campaign"]], "reporting": [data["reporting"]]}
    yield from _rows_against(singles, "campaign", CAMPAIGN_RULES)
    yield from _rows_against(singles, "reporting", REPORTING_RULES)
    yield from _rows_against(data, "annexes", ANNEX_RULES)
    for part in PARTS:
        yield from _rows_against(data, part.table, part.rules)


def _rows_against(data: dict[str, Any], table: str, rules: dict[str, Rule]) -> Iterator[Fault]:
    for index, row in enumerate(data[table]):
        for key, value in row.items():
            if key not in rules:
                yield Fault(
                    table, index, key, f"bảng “{table}” không có mục “{key}”. Các mục: {', '.join(rules)}."
                )
            elif wrong := rules[key].fault(value):
                yield Fault(table, index, key, f"“{key}” {wrong}.")
        for key, rule in rules.items():
            if rule.required and key not in row:
                yield Fault(table, index, "", f"bảng “{table}” thiếu mục “{key}”.")


def _pointer_faults(data: dict[str, Any]) -> Iterator[Fault]:
    for part in PARTS:
        for key, pointer in part.pointers.items():
            known = {row[pointer.key] for row in data[pointer.table]} | set(pointer.words)
            for index, row in enumerate(data[part.table]):
                if key in row and row[key] not in known:
                    told = f"“{key}” trỏ tới “{row[key]}”, không có trong bảng “{pointer.table}”."
                    yield Fault(part.table, index, key, told)


def _sense_faults(data: dict[str, Any]) -> Iterator[Fault]:
    keys = {"annexes": ("number",), **{part.table: part.key for part in PARTS}}
    for table, key in keys.items():
        yield from _repeats(data[table], table, key)
    for index, phase in enumerate(data["phases"]):
        if phase.get("until", date.max) <= phase["since"]:
            yield Fault("phases", index, "until", "“until” phải sau “since”.")
    for index, target in enumerate(data["targets"]):
        if "floor" in target and "ceiling" in target and target["ceiling"] < target["floor"]:
            yield Fault("targets", index, "ceiling", "“ceiling” nhỏ hơn “floor”.")
    try:
        date(2024, data["reporting"]["due_month"], data["reporting"]["due_day"])
    except ValueError:
        yield Fault("reporting", 0, "due_day", "“due_month” và “due_day” không phải một ngày trong năm.")


def _repeats(rows: list[dict[str, Any]], table: str, key: tuple[str, ...]) -> Iterator[Fault]:
    seen: set[tuple] = set()
    for index, row in enumerate(rows):
        value = tuple(row[name] for name in key)
        if value in seen:
            said = " ".join(str(one) for one in value)
            yield Fault(
                table, index, key[-1], f"{' và '.join(key)} “{said}” đã dùng ở một bảng “{table}” phía trên."
            )
        seen.add(value)
