from django import forms

from documents.check_codes import canonical_code
from documents.copies import LARGEST, Copy


class CheckForm(forms.Form):
    """The code from a paper, typed with or without its dashes."""

    ma = forms.CharField(
        label="Mã kiểm tra",
        help_text="20 chữ và số ở cuối bản in, viết liền hay có dấu gạch đều được.",
        max_length=60,
        error_messages={"required": "Nhập mã kiểm tra in ở cuối văn bản."},
    )

    def clean_ma(self) -> str:
        code = canonical_code(self.cleaned_data["ma"])
        if not code:
            raise forms.ValidationError(
                "Mã kiểm tra gồm 20 chữ và số, không có chữ I, L, O, U. Xem lại từng ký tự trên bản in."
            )
        return code


class CopyForm(forms.Form):
    """The PDF itself: hashed while it arrives, kept nowhere (`documents.copies`)."""

    tep = forms.FileField(
        label="Tệp PDF",
        help_text="Chọn đúng tệp đã nhận hoặc tải về, lớn nhất 20 MB. Tệp chỉ được so rồi bỏ ngay, không lưu lại.",
        widget=forms.ClearableFileInput(attrs={"accept": "application/pdf,.pdf"}),
        allow_empty_file=True,
        error_messages={"required": "Chọn tệp PDF cần kiểm tra.", "max_length": "Tên tệp quá dài."},
    )

    def clean_tep(self) -> Copy:
        copy = self.cleaned_data["tep"]
        if copy.size > LARGEST:
            raise forms.ValidationError("Tệp lớn hơn 20 MB. Tệp do hệ thống lập không bao giờ lớn như vậy.")
        if not copy.body[:1024].lstrip().startswith(b"%PDF-"):
            raise forms.ValidationError(
                "Tệp này không phải là PDF. Chọn tệp có đuôi .pdf; với ảnh chụp hoặc bản giấy, nhập mã kiểm tra."
            )
        return copy
