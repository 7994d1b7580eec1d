"""Acts with a reason: not to sign, to take back, to have signed again; and what a unit adds to the five commitments."""

from django import forms

from pledges.forms.signing import WARNING, TextField
from pledges.services.renewing import LONGEST_ADDITION
from units.proof import ProvedForm

LONGEST_REASON = 1000
NO_REASON = {"required": "Cần ghi lý do."}


class DeclineForm(ProvedForm):
    reason = TextField(
        rows=4,
        max_length=LONGEST_REASON,
        label="Lý do không ký",
        help_text=f"Người đứng đầu đơn vị và cấp trên đọc được lý do này. {WARNING}",
        error_messages=NO_REASON,
    )
    field_order = ["reason", "password"]


class WithdrawForm(ProvedForm):
    reason = TextField(
        rows=4,
        max_length=LONGEST_REASON,
        label="Lý do",
        help_text=f"Lý do được ghi vào lịch sử của bản cam kết. {WARNING}",
        error_messages=NO_REASON,
    )
    field_order = ["reason", "password"]


class ProvedStepForm(ProvedForm):
    """A step with weight and nothing to fill in."""


class RenewalForm(ProvedForm):
    seen_count = forms.IntegerField(widget=forms.HiddenInput, min_value=0)
    reason = TextField(
        rows=4,
        max_length=LONGEST_REASON,
        label="Lý do đề nghị ký lại",
        help_text=f"Người phải ký lại đọc được lý do này. {WARNING}",
        error_messages=NO_REASON,
    )
    field_order = ["reason", "password"]


class AdditionForm(ProvedForm):
    """Which version was on the page travels along, so that nobody writes over what another has just written."""

    seen_version = forms.IntegerField(widget=forms.HiddenInput, min_value=0)
    text = TextField(
        rows=6,
        required=False,
        max_length=LONGEST_ADDITION,
        label="Nội dung bổ sung của đơn vị",
        help_text=f"In dưới năm nội dung “không”, mỗi việc một dòng. Xóa hết để thôi bổ sung. {WARNING}",
    )
    renews = forms.BooleanField(
        required=False,
        label="Người đã ký trong năm phải ký lại",
        help_text="Không chọn: chỉ người ký từ nay mới có nội dung này.",
    )
    field_order = ["text", "renews", "password"]
