"""Forms about lists and sheets signed by hand."""

from typing import Any

from django import forms

from documents.pictures import PagePicture, PicturesRefused, Sent, read_pages
from pledges.forms.signing import WARNING, TextField
from pledges.models import BlankForm
from units.proof import ProvedForm
from vietnamese.dates import short_date
from vietnamese.forms import DayField
from vietnamese.numbers import grouped

FILES_HELP = (
    "Một tệp PDF nhiều trang, hoặc nhiều ảnh JPEG, PNG (mỗi trang một ảnh). Quét màu từ 200 dpi; chụp thì cạnh dài ít "
    "nhất 2.300 điểm ảnh. Mỗi tệp nhẹ hơn 20 MB, tất cả không quá 40 trang."
)


class ManyFiles(forms.FileInput):
    allow_multiple_selected = True


class FilesField(forms.FileField):
    """Several files, in the order chosen."""

    def __init__(self, **kwargs):
        super().__init__(widget=ManyFiles(attrs={"accept": ".pdf,.jpg,.jpeg,.png"}), **kwargs)

    def clean(self, data, initial=None):
        files = data if isinstance(data, list | tuple) else [data]
        return [super(FilesField, self).clean(file, initial) for file in files]


class PagesForm(forms.Form):
    """Pages are read here, before the transaction of the act begins: they take seconds."""

    files = FilesField(  # type: ignore[assignment]
        label="Bản đã ký tay, quét hoặc chụp",
        help_text=FILES_HELP,
        error_messages={
            "required": "Chọn tệp quét hoặc ảnh chụp.",
            "empty": "Có tệp rỗng. Chọn lại.",
        },
    )
    pages: list[PagePicture] = []

    def clean(self) -> dict[str, Any]:
        cleaned = super().clean() or {}
        if not self.errors:
            try:
                self.pages = read_pages([Sent(file.name, file.read()) for file in cleaned["files"]])
            except PicturesRefused as refused:
                self.add_error("files", str(refused))
        return cleaned


class SignedListForm(PagesForm):
    signed_on = DayField(label="Ngày ký ghi trên danh sách", help_text="Ngày/tháng/năm, ví dụ 15/11/2026.")
    blank = forms.ModelChoiceField(
        label="In từ cổng",
        queryset=BlankForm.objects.none(),
        required=False,
        empty_label="Không in từ cổng",
        help_text="Mã ở chân mỗi trang. Tên người khi đó hiện theo đúng thứ tự trên giấy.",
    )
    field_order = ["files", "blank", "signed_on"]

    def __init__(self, *args, blanks, **kwargs):
        super().__init__(*args, **kwargs)
        self.fields["blank"].queryset = blanks  # type: ignore[attr-defined]
        self.fields["blank"].label_from_instance = _said  # type: ignore[attr-defined]


def _said(blank: BlankForm) -> str:
    code = f"{blank.public_id[:4]}-{blank.public_id[4:8]}".upper()
    return (
        f"{code}, {blank.get_form_display()}, {grouped(blank.people)} người, {short_date(blank.created_at)}"
    )


class BlankOrderForm(forms.Form):
    form = forms.ChoiceField(
        label="In dạng nào",
        choices=[
            (BlankForm.Form.LIST, "Danh sách ký chung: mọi người ký trên một danh sách"),
            (BlankForm.Form.SHEETS, "Bản in sẵn tên: mỗi người ký một tờ"),
        ],
        widget=forms.RadioSelect,
        initial=BlankForm.Form.LIST,
    )


class TicksForm(forms.Form):
    """Names are checkboxes; what they may be is checked against the list by the service."""

    people = forms.MultipleChoiceField(required=False)
    head_signed = forms.BooleanField(label="Có chữ ký người đứng đầu", required=False)
    head_signer = forms.ChoiceField(label="Ai ký ở chỗ người đứng đầu", required=False)
    union_signed = forms.BooleanField(label="Có chữ ký công đoàn cơ sở", required=False)
    signed_on = DayField(label="Ngày ký ghi trên danh sách")
    version = forms.IntegerField(widget=forms.HiddenInput)
    act = forms.ChoiceField(choices=[(word, word) for word in ("save", "all", "none", "go")], initial="save")

    def __init__(self, *args, names: list[tuple[str, str]], in_stead: list[tuple[str, str]], **kwargs):
        super().__init__(*args, **kwargs)
        self.fields["head_signer"].choices = [("", "Người đứng đầu"), *in_stead]  # type: ignore[attr-defined]
        self.fields["people"].choices = names  # type: ignore[attr-defined]


class EnterForm(ProvedForm):
    version = forms.IntegerField(widget=forms.HiddenInput)


class WithdrawListForm(ProvedForm):
    reason = TextField(
        rows=3,
        max_length=1000,
        label="Lý do hủy",
        help_text=f"Những người trong danh sách đọc được lý do này. {WARNING}",
        error_messages={"required": "Cần ghi lý do."},
    )
    field_order = ["reason", "password"]

    def without_reason(self) -> "WithdrawListForm":
        """A draft counts for nothing yet."""
        del self.fields["reason"]
        return self
