"""Forms about a pledge signed with one's own certificate."""

from typing import Any

from django import forms

from documents.signed import Examined
from pledges.forms.signing import LOST_DIGEST, WARNING, TextField
from pledges.models import SigningDraft
from pledges.services.signedfiles import LARGEST, look_into
from pledges.services.signing import LONGEST_OWN_WORDS
from units.proof import ProvedForm


class DraftForm(forms.Form):
    """Nothing is signed yet, so no proof is asked for."""

    own_words = TextField(
        rows=5,
        required=False,
        max_length=LONGEST_OWN_WORDS,
        label="Nội dung cụ thể",
        help_text=f"Việc ông/bà hứa làm trong nhiệm vụ được giao, mỗi việc một dòng; được in vào tệp. {WARNING}",
    )
    seen_sha256 = forms.CharField(widget=forms.HiddenInput, error_messages={"required": LOST_DIGEST})


class SignedFileForm(ProvedForm):
    """The file that came back. It is looked into here, before the transaction of the act begins."""

    file = forms.FileField(
        label="Tệp PDF đã ký số",
        help_text="Tệp .pdf vừa ký, nhẹ hơn 10 MB.",
        widget=forms.FileInput(attrs={"accept": ".pdf,application/pdf"}),
        error_messages={"required": "Chọn tệp PDF đã ký.", "empty": "Tệp rỗng. Chọn lại tệp đã ký."},
    )
    field_order = ["file", "password"]
    body: bytes = b""
    found: Examined | None = None

    def __init__(self, *args, draft: SigningDraft, **kwargs):
        super().__init__(*args, **kwargs)
        self.draft = draft

    def clean_file(self):
        file = self.cleaned_data["file"]
        if file.size > LARGEST:
            raise forms.ValidationError("Tệp nặng quá 10 MB. Ký lại từ bản để ký, với hình chữ ký nhỏ.")
        return file

    def clean(self) -> dict[str, Any]:
        cleaned = super().clean() or {}
        if not self.errors:
            self.body = cleaned["file"].read()
            self.found = look_into(self.draft, self.body)
        return cleaned
