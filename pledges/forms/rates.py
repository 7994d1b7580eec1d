"""Of which day rates are asked, and which people of a list."""

from django import forms

from ledger import clock
from pledges.filters import FIRST_YEAR
from vietnamese.forms import DayField
from vietnamese.letters import nfc


class RateForm(forms.Form):
    """Figures of a day are of that day's year."""

    ngay = DayField(label="Tại ngày", required=False, help_text="Để trống: hôm nay.")

    def clean_ngay(self):
        day = self.cleaned_data["ngay"]
        if day and not FIRST_YEAR < day.year <= clock.today().year:
            raise forms.ValidationError(
                f"Chọn ngày từ 01/01/{FIRST_YEAR + 1} đến hôm nay hoặc trong năm nay."
            )
        return min(day, clock.today()) if day else None


class UnsignedForm(forms.Form):
    """`thu`: whom no letter reaches."""

    ten = forms.CharField(label="Họ tên hoặc số hiệu", required=False, max_length=120)
    thu = forms.ChoiceField(
        label="Thư điện tử",
        required=False,
        choices=[("", "Tất cả"), ("khong", "Chưa có địa chỉ")],
    )

    def clean_ten(self) -> str:
        return nfc(self.cleaned_data["ten"])
