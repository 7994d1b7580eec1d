from django import forms

from documents.check_codes import canonical_code


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
