"""Shape of what is typed. The digest of what was shown travels in a hidden field (rules R23, R26)."""

from django import forms

from pledges.services.signing import LONGEST_OWN_WORDS
from units.proof import ProvedForm
from vietnamese.letters import looks_legacy, nfc_lines

LEGACY = "Nội dung dùng bảng mã cũ (TCVN3 hoặc VNI). Gõ lại bằng Unicode."
WARNING = "Không ghi tên người tố cáo, bí mật nhà nước hay thông tin riêng của người khác."
LOST_DIGEST = "Trang thiếu mã của nội dung đã đọc. Xin mở lại trang rồi làm lại."


class TextField(forms.CharField):
    """Several lines of Vietnamese: NFC, look-alike letters replaced (rule R34); old encodings refused."""

    def __init__(self, *, rows: int, **kwargs):
        super().__init__(widget=forms.Textarea(attrs={"rows": rows}), **kwargs)

    def to_python(self, value):
        return nfc_lines(super().to_python(value) or "")

    def validate(self, value):
        super().validate(value)
        if looks_legacy(value):
            raise forms.ValidationError(LEGACY)


class SeenForm(ProvedForm):
    """An act on a text that the page showed."""

    seen_sha256 = forms.CharField(widget=forms.HiddenInput, error_messages={"required": LOST_DIGEST})


class SignForm(SeenForm):
    own_words = TextField(
        rows=5,
        required=False,
        max_length=LONGEST_OWN_WORDS,
        label="Nội dung cụ thể",
        help_text=f"Việc ông/bà hứa làm trong nhiệm vụ được giao, mỗi việc một dòng. {WARNING}",
    )
    field_order = ["own_words", "password"]


class ConfirmForm(SeenForm):
    pass


class ReturnForm(SeenForm):
    reason = TextField(
        rows=4,
        max_length=1000,
        label="Lý do trả lại",
        help_text=f"Người cam kết đọc được lý do này. {WARNING}",
        error_messages={"required": "Cần ghi lý do."},
    )
    field_order = ["reason", "password"]
