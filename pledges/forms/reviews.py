"""Shape of what is typed in a self-review and in remarks on it."""

from typing import Any

from django import forms

from pledges.forms.signing import WARNING, SeenForm, TextField
from pledges.models import SelfReview
from pledges.services.remarks import WORDS_MISSING
from pledges.services.reviews import LONGEST_WORDS
from units.proof import ProvedForm

Kept = SelfReview.Kept
WORDS_HELP = "Việc cụ thể, vướng mắc, hướng khắc phục. Chọn “Thực hiện tốt” thì không bắt buộc ghi."


class WriteForm(forms.Form):
    """The draft: nothing is required, so that half of it can be kept; what lacks is said before it is sent."""

    version = forms.IntegerField(widget=forms.HiddenInput, required=False)

    def __init__(self, *args, commitments: list[str], answers: list[dict[str, str]], words: str, **kwargs):
        super().__init__(*args, **kwargs)
        self.commitments = commitments
        for number, answer in enumerate(answers, start=1):
            self.fields[f"kept_{number}"] = forms.ChoiceField(
                label="Mức độ thực hiện",
                choices=Kept.choices,
                required=False,
                initial=answer["kept"],
                widget=forms.RadioSelect,
            )
            self.fields[f"words_{number}"] = TextField(
                rows=3,
                label="Nội dung",
                required=False,
                initial=answer["words"],
                max_length=LONGEST_WORDS,
                help_text=WORDS_HELP,
            )
        self.fields["words"] = TextField(
            rows=4,
            label="Tự đánh giá chung",
            required=False,
            initial=words,
            max_length=LONGEST_WORDS,
            help_text=f"Kết quả nổi bật, hạn chế, việc sẽ làm năm sau. {WARNING}",
        )

    def rows(self) -> list[dict[str, Any]]:
        """Each commitment with its two fields, as the page goes through them."""
        return [
            {
                "number": number,
                "commitment": commitment,
                "kept": self[f"kept_{number}"],
                "words": self[f"words_{number}"],
            }
            for number, commitment in enumerate(self.commitments, start=1)
        ]

    def answers(self) -> list[dict[str, str]]:
        said = self.cleaned_data
        return [
            {"kept": said[f"kept_{number}"], "words": said[f"words_{number}"]}
            for number in range(1, len(self.commitments) + 1)
        ]


class SendForm(SeenForm):
    pass


class RemarkForm(SeenForm):
    agrees = forms.TypedChoiceField(
        label="Nhận xét",
        choices=[("yes", "Nhất trí với tự đánh giá"), ("no", "Không nhất trí")],
        coerce=lambda value: value == "yes",
        widget=forms.RadioSelect,
        error_messages={"required": "Chọn nhất trí hoặc không nhất trí."},
    )
    words = TextField(
        rows=4,
        required=False,
        max_length=LONGEST_WORDS,
        label="Ý kiến",
        help_text=f"Không nhất trí thì cần ghi rõ. Người tự đánh giá đọc được. {WARNING}",
    )
    field_order = ["agrees", "words", "password"]

    def clean(self):
        said = super().clean() or {}
        if said.get("agrees") is False and not said.get("words") and "words" not in self.errors:
            self.add_error("words", WORDS_MISSING)
        return said


class AgreeForm(ProvedForm):
    """Ticked lines of the list: `review` is “public id:digest”, once for each."""

    def __init__(self, *args, **kwargs):
        super().__init__(*args, **kwargs)
        self.ticked = self.data.getlist("review") if hasattr(self.data, "getlist") else []

    def clean(self):
        if not self.ticked:
            raise forms.ValidationError(
                "Chưa chọn bản tự đánh giá nào. Đánh dấu ít nhất một dòng rồi bấm lại."
            )
        return super().clean()

    def seen(self) -> dict[str, str]:
        """Public id → digest that the list showed."""
        pairs = (line.partition(":") for line in self.ticked)
        return {public_id: sha256 for public_id, _, sha256 in pairs}
