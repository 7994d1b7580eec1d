"""Which of the pledges read are confirmed: the ticked boxes, each with the digest of what was shown (rule R23)."""

import re

from django import forms

from pledges.services.bulk import MOST, NOTHING_CHOSEN, TOO_MANY
from units.proof import ProvedForm

CHOSEN = "ban"
SEEN = re.compile(r"[0-9a-z]{26}:[0-9a-f]{64}", re.ASCII)
LOST = "Trang thiếu mã của nội dung đã đọc. Xin mở lại trang rồi làm lại."


class SeenField(forms.Field):
    """The boxes are laid out by the page; what comes is {public id: digest}."""

    widget = forms.MultipleHiddenInput

    def to_python(self, value: list[str] | None) -> dict[str, str]:
        sent = value or []
        if len(sent) > MOST:
            raise forms.ValidationError(TOO_MANY)
        if not all(SEEN.fullmatch(one) for one in sent):
            raise forms.ValidationError(LOST)
        return dict(one.split(":") for one in sent)


class BulkForm(ProvedForm):
    ban = SeenField(label="Các bản được xác nhận", error_messages={"required": NOTHING_CHOSEN})
