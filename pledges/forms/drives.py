"""The days of a year's drive to pledge, as Sở Nội vụ types them."""

import re

from django import forms

from pledges.drivedays import FARTHEST, MOST_RUNGS, ladder_of
from units.proof import ProvedForm
from vietnamese.forms import DayField

DAY_HELP = "Ngày/tháng/năm, ví dụ 31/03/2026."
BETWEEN = re.compile(r"[,;\s]+")


class LadderField(forms.CharField):
    """Numbers of days with commas between; empty: none."""

    def clean(self, value) -> list[int]:
        words = [word for word in BETWEEN.split(super().clean(value).strip()) if word]
        wrong = [word for word in words if not (word.isascii() and word.isdigit() and int(word) <= FARTHEST)]
        if wrong:
            raise forms.ValidationError(
                f"“{wrong[0]}” không phải là số ngày từ 0 đến {FARTHEST}. Ví dụ viết đúng: 14, 3."
            )
        return [int(word) for word in words]


class DriveForm(ProvedForm):
    opens_on = DayField(label="Bắt đầu từ ngày", help_text=DAY_HELP)
    due_on = DayField(
        label="Hạn ký, hết ngày",
        help_text=f"{DAY_HELP} Rơi vào ngày nghỉ thì chuyển sang ngày làm việc kế tiếp.",
    )
    days_before = LadderField(
        label="Nhắc trước hạn (ngày)",
        required=False,
        max_length=120,
        help_text="Các số cách nhau bằng dấu phẩy, ví dụ 30, 14, 3.",
    )
    days_after = LadderField(
        label="Nhắc từ ngày đến hạn trở đi (ngày)",
        required=False,
        max_length=120,
        help_text="0 là đúng ngày đến hạn, ví dụ 0, 7, 14, 30.",
    )
    escalate_after = forms.IntegerField(
        label="Báo người đứng đầu cấp trên sau (ngày)",
        min_value=1,
        max_value=FARTHEST,
        help_text="Gấp đôi số ngày này thì báo cả Sở Nội vụ.",
    )
    version = forms.IntegerField(widget=forms.HiddenInput)

    def clean(self):
        data = super().clean() or self.cleaned_data
        before, after = data.get("days_before"), data.get("days_after")
        if before is not None and after is not None:
            data["ladder"] = ladder_of([*(-days for days in before), *after])
            if len(data["ladder"]) > MOST_RUNGS:
                self.add_error("days_before", f"Nhiều nhất {MOST_RUNGS} ngày nhắc.")
        return data
