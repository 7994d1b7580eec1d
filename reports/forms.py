"""What people fill in about rounds and reports. The sheet of figures is read and shown by loops, not by form fields
(46 fields through crispy cost twenty times a hand-written loop)."""

import re
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date, timedelta
from typing import Any

from django import forms

from campaigns.models import Indicator
from reports import figures, outline, sheet
from reports.models import ReportingRound, UnitReport
from reports.services import Entry
from reports.workflow import WRITABLE
from units.models import Unit
from units.proof import ProvedForm
from vietnamese.dates import parse_date
from vietnamese.forms import DayField
from vietnamese.letters import nfc, nfc_lines

_GROUPED = re.compile(r"[0-9]{1,3}([. ][0-9]{3})+|[0-9]+")
_MOST_DIGITS = 9
_LONGEST_TEXT = 10_000
_LONGEST_NOTE = 300
NOTE = "ghi-chu-"


def read_count(text: str) -> int | None:
    """ "1.234", "1 234" or "1234"; ValueError holds a sentence for the user."""
    typed = nfc(text)
    if not typed:
        return None
    if not _GROUPED.fullmatch(typed):
        raise ValueError(f"“{typed}” không phải là số đếm. Viết bằng chữ số, ví dụ 48 hoặc 1.234.")
    digits = re.sub(r"\D", "", typed)
    if len(digits) > _MOST_DIGITS:
        raise ValueError(f"Số {typed} quá lớn. Xem lại số chữ số.")
    return int(digits)


def read_entry(indicator: Indicator, text: str, note: str) -> Entry:
    """What was typed for one figure; ValueError holds a sentence for the user."""
    note = nfc(note)[:_LONGEST_NOTE]
    if indicator.kind == Indicator.Kind.DATE:
        return Entry(day=parse_date(text) if text.strip() else None, note=note)
    if indicator.kind == Indicator.Kind.YES_NO and text not in {"", "0", "1"}:
        raise ValueError("Chọn “Có” hoặc “Không”.")
    return Entry(typed=read_count(text), note=note)


@dataclass(frozen=True)
class Remark:
    """A sentence about one place of the form, with its anchor."""

    name: str
    sentence: str


class ReportForm(forms.Form):
    """The whole report on one page. A bound form shows everything as it was typed, right or wrong.

    `wrong` are the places that could not be read, `contradictions` those that hinder sending though not saving.
    """

    expect_version = forms.IntegerField(widget=forms.HiddenInput)

    def __init__(self, data: Mapping | None = None, *, report: UnitReport, initial: dict | None = None):
        super().__init__(data, initial=initial)
        self.report = report
        version = report.current()
        rows = sheet.figures_of(version)
        self.annexes = sheet.annexes(rows, sheet.figures_of(sheet.year_before(report)))
        self.passages = outline.passages(version, report.round)
        self.entries: dict[sheet.Key, Entry] = {}
        self.texts: dict[str, str] = {}
        self.wrong: list[Remark] = []
        self.contradictions: list[Remark] = []
        self.clashing = False
        if data is None:
            self._contradict(rows)
        else:
            self._take_over(data)

    @property
    def is_closed(self) -> bool:
        return self.report.status not in WRITABLE

    @property
    def version_shown(self) -> int:
        """The one that was open while this was typed; the stored one where it stands beside it, or none was sent."""
        sent = None if self.clashing or not self.is_bound else self.cleaned_data.get("expect_version")
        return sent if sent is not None else self.report.version

    def rows(self) -> list[sheet.Row]:
        return [row for annex in self.annexes for row in annex.rows]

    def cells(self) -> list[sheet.Cell]:
        return [cell for row in self.rows() for cell in row.cells]

    def _contradict(self, stored) -> None:
        sentences = {fault.name: fault.sentence for fault in figures.faults(stored)}
        self.contradictions = [Remark(name, sentence) for name, sentence in sentences.items()]
        places: list[sheet.Cell | sheet.Row] = [*self.cells(), *self.rows()]
        for place in places:
            if place.name in sentences:
                place.errors.append(sentences.pop(place.name))

    def _take_over(self, data: Mapping) -> None:
        for cell in self.cells():
            cell.raw = data.get(cell.name, cell.raw)
            cell.note = data.get(NOTE + cell.name, cell.note)
        for passage in self.passages:
            passage.raw = data.get(passage.name, passage.raw)

    def clean(self) -> dict[str, Any]:
        for cell in self.cells():
            self._read_cell(cell)
        for passage in self.passages:
            self._read_passage(passage)
        if self.wrong:
            raise forms.ValidationError("Chưa lưu: có chỗ chưa đọc được. Nội dung vừa nhập còn nguyên.")
        if "expect_version" not in self.cleaned_data:
            raise forms.ValidationError("Chưa lưu: trang này không trọn vẹn. Bấm “Lưu” lần nữa.")
        return self.cleaned_data

    def _read_cell(self, cell: sheet.Cell) -> None:
        try:
            self.entries[cell.key] = read_entry(cell.indicator, cell.raw, cell.note)
        except ValueError as error:
            cell.errors.append(str(error))
            self.wrong.append(Remark(cell.name, f"Ô {cell.indicator.number}: {error}"))

    def _read_passage(self, passage: outline.Passage) -> None:
        if not passage.is_free:
            return
        text = nfc_lines(passage.raw)
        if len(text) > _LONGEST_TEXT:
            error = f"Dài {len(text)} ký tự, nhiều nhất là {_LONGEST_TEXT}. Rút gọn đoạn này."
            passage.errors.append(error)
            self.wrong.append(Remark(passage.name, f"Mục {passage.section.number}: {error}"))
        self.texts[passage.section.number] = text

    def clash(self, sentence: str) -> None:
        """Somebody else saved meanwhile: what was typed stays, and beside it what is stored now."""
        self.clashing = True
        self.add_error(None, f"{sentence} Nội dung vừa nhập còn nguyên dưới đây nhưng chưa được lưu.")
        for cell in self.cells():
            stored = sheet.typed_text(cell.figure)
            if nfc(cell.raw) != stored:
                cell.theirs = cell.value or "để trống"
        for passage in self.passages:
            if passage.is_free and nfc_lines(passage.raw) != passage.text:
                passage.theirs = passage.text or "(để trống)"


class BeginForm(forms.Form):
    """For which of one's own units."""

    unit = forms.ModelChoiceField(label="Đơn vị", queryset=Unit.objects.none(), empty_label=None)

    def __init__(self, *args, units, **kwargs):
        super().__init__(*args, **kwargs)
        self.fields["unit"].queryset = units  # type: ignore[attr-defined]


class RoundForm(forms.Form):
    """Terms of a round. The last day of the data is typed as people say it; stored is the day after."""

    name = forms.CharField(label="Tên kỳ báo cáo", max_length=200)
    code = forms.SlugField(
        label="Mã kỳ",
        max_length=20,
        help_text="Chữ không dấu, số, gạch nối; dùng trong lệnh và tên tệp. Ví dụ: BC2026.",
        error_messages={"invalid": "Mã kỳ chỉ gồm chữ không dấu, số và gạch nối. Ví dụ: BC2026."},
    )
    kind = forms.ChoiceField(label="Loại", choices=ReportingRound.Kind, widget=forms.RadioSelect)
    year = forms.IntegerField(label="Năm báo cáo", min_value=2019, max_value=2100)
    data_since = DayField(label="Số liệu từ ngày")
    data_last = DayField(label="Số liệu đến hết ngày", help_text="Không phụ thuộc vào hạn gửi.")
    opens_on = DayField(label="Đơn vị bắt đầu lập báo cáo từ ngày")
    due_on = DayField(label="Hạn gửi", help_text="Đến hết ngày này, giờ Việt Nam.")
    moves_to_working_day = forms.BooleanField(
        label="Nếu hạn gửi là thứ Bảy, Chủ nhật thì lùi đến ngày làm việc tiếp theo", required=False
    )

    def clean_name(self) -> str:
        return nfc(self.cleaned_data["name"])

    def terms(self) -> dict[str, Any]:
        """Fields of ReportingRound; the data window becomes half-open."""
        terms = dict(self.cleaned_data)
        terms["data_until"] = terms.pop("data_last") + timedelta(days=1)
        return terms

    def show_errors(self, error: forms.ValidationError) -> None:
        """Errors of the service, under the names of this form's fields."""
        for name, sentences in error.message_dict.items():
            self.add_error("data_last" if name == "data_until" else name, sentences)


def usual_terms(year: int) -> dict[str, Any]:
    """Due on 15 November (clause V.5); a year of data up to the day before."""
    return {
        "name": f"Báo cáo năm {year}",
        "code": f"BC{year}",
        "kind": ReportingRound.Kind.ANNUAL,
        "year": year,
        "data_since": date(year - 1, 11, 15),
        "data_last": date(year, 11, 14),
        "opens_on": date(year, 10, 15),
        "due_on": date(year, 11, 15),
    }


class WaiverForm(forms.Form):
    """Which unit owes no report in a round, and why."""

    unit = forms.ModelChoiceField(label="Đơn vị", queryset=Unit.objects.none(), empty_label="Chọn đơn vị")
    reason = forms.CharField(
        label="Lý do",
        max_length=300,
        help_text="Hiện trên bảng theo dõi và đơn vị đọc được. Ví dụ: mới thành lập ngày 01/11/2026.",
        error_messages={"required": "Cần ghi lý do."},
    )

    def __init__(self, *args, units, **kwargs):
        super().__init__(*args, **kwargs)
        self.fields["unit"].queryset = units  # type: ignore[attr-defined]

    def clean_reason(self) -> str:
        return nfc(self.cleaned_data["reason"])


class VersionForm(forms.Form):
    """A step that names the version of the page it was taken on."""

    expect_version = forms.IntegerField(widget=forms.HiddenInput)


class SubmitForm(ProvedForm, VersionForm):
    """Sending: what was shown is what is sent (rule R26)."""


class ReviewForm(ProvedForm):
    """The reviewer's decision names the version he read (rule R23)."""

    seen_sha256 = forms.CharField(max_length=64, widget=forms.HiddenInput)


class ReturnForm(ReviewForm):
    reason = forms.CharField(
        label="Lý do trả lại",
        max_length=2000,
        help_text="Nói rõ ô hoặc mục nào cần sửa và sửa thế nào. Không nhập thông tin người tố cáo, bí mật nhà nước.",
        widget=forms.Textarea(attrs={"rows": 5}),
        error_messages={"required": "Cần ghi lý do."},
    )
    field_order = ["reason", "password"]

    def clean_reason(self) -> str:
        return nfc_lines(self.cleaned_data["reason"])


class YearsForm(forms.Form):
    """Which round's figures, which of them, on which tree. What the address does not name, or names wrongly, is taken
    from the newest round, the first annex, the tree of then."""

    ky = forms.ChoiceField(label="Kỳ báo cáo")
    so_lieu = forms.ChoiceField(label="Số liệu")
    cay = forms.ChoiceField(
        label="Xếp theo", choices=[("khi-do", "Đơn vị khi đó"), ("hom-nay", "Đơn vị hôm nay")]
    )

    def __init__(self, data: Mapping, *, chosen: ReportingRound, rounds, indicators):
        titles = {row.annex: row.annex_title for row in indicators}
        said = {"ky": chosen.code, "so_lieu": data.get("so_lieu"), "cay": data.get("cay")}
        said["so_lieu"] = said["so_lieu"] if said["so_lieu"] in titles else next(iter(titles), "")
        said["cay"] = said["cay"] if said["cay"] == "hom-nay" else "khi-do"
        super().__init__(said)
        self.fields["ky"].choices = [(row.code, row.name) for row in rounds]  # type: ignore[attr-defined]
        self.fields["so_lieu"].choices = list(titles.items())  # type: ignore[attr-defined]
        self.annex = said["so_lieu"]
        self.is_now = said["cay"] == "hom-nay"
