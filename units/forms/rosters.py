"""Forms about rosters that come as files."""

from typing import Any

from django import forms

from units.models import RosterUpload
from units.proof import ProvedForm
from units.rosterfile.columns import COLUMNS, missing
from units.services.rosters import LARGEST
from vietnamese.forms import DayField
from vietnamese.letters import nfc


class RosterUploadForm(forms.Form):
    """A file, the day on which it is true, and whether it names everybody."""

    file = forms.FileField(
        label="Tệp danh sách",
        help_text="Tệp .xlsx hoặc .csv, nhẹ hơn 5 MB. Xuất từ phần mềm nhân sự cũng được.",
        widget=forms.FileInput(attrs={"accept": ".xlsx,.csv"}),
    )
    on = DayField(label="Danh sách đúng tại ngày", help_text="Ngày/tháng/năm, ví dụ 01/11/2026.")
    complete = forms.BooleanField(
        label="Là danh sách đầy đủ",
        required=False,
        help_text="Chọn khi tệp có tất cả mọi người của đơn vị và các đơn vị trực thuộc: ai không có trong "
        "tệp sẽ được báo "
        "là không còn làm việc tại đây.",
    )

    def clean_file(self):
        file = self.cleaned_data["file"]
        if file.size > LARGEST:
            raise forms.ValidationError("Tệp lớn hơn 5 MB. Chia danh sách theo đơn vị rồi tải lên từng tệp.")
        return file


class ColumnsForm(forms.Form):
    """Which column of the file is which of ours: one choice for each of ours."""

    def __init__(self, *args, upload: RosterUpload, one_unit: bool, **kwargs):
        super().__init__(*args, **kwargs)
        self.one_unit = one_unit
        known, samples = upload.columns.get("map", {}), upload.columns.get("samples", [])
        choices = [("", "Không có trong tệp")]
        for at, heading in enumerate(upload.columns.get("headings", [])):
            shown = ", ".join(samples[at]) if at < len(samples) else ""
            choices.append((str(at), f"{heading or f'Cột thứ {at + 1}'}{f' ({shown})' if shown else ''}"))
        for column in COLUMNS:
            needed = column.field in ("code", "category") or (column.field == "unit" and not one_unit)
            self.fields[column.field] = forms.ChoiceField(
                label=column.heading,
                required=needed,
                choices=choices,
                initial=str(known.get(column.field, "")),
            )

    def clean(self) -> dict[str, Any]:
        columns = {name: int(at) for name, at in self.cleaned_data.items() if at}
        if lacking := missing(columns, one_unit=self.one_unit):
            raise forms.ValidationError(f"Còn thiếu cột: {', '.join(lacking)}.")
        taken: dict[int, str] = {}
        for name, at in columns.items():
            if at in taken:
                self.add_error(name, f"Cột này đã được chọn cho “{self.fields[taken[at]].label}”.")
            taken[at] = name
        return {"columns": columns}


class RosterRowsForm(forms.Form):
    q = forms.CharField(label="Họ tên hoặc số hiệu", required=False, help_text="Gõ không dấu cũng được.")

    def clean_q(self) -> str:
        return nfc(self.cleaned_data["q"])


class ApplyForm(ProvedForm):
    """The word for what was shown: `digest` names the preview, fresh proof says who."""

    digest = forms.CharField(widget=forms.HiddenInput)
