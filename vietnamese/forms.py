"""Form fields that read what people here type."""

from datetime import date
from typing import Any

from django import forms

from vietnamese.dates import parse_date


class DayField(forms.DateField):
    """A day typed as d/m/Y; never month first. A wrong one is answered by the sentence of `parse_date`."""

    default_error_messages = {"required": "Nhập ngày theo thứ tự ngày/tháng/năm, ví dụ 15/11/2026."}

    def __init__(self, **kwargs: Any):
        kwargs.setdefault("widget", forms.DateInput(attrs={"inputmode": "numeric", "autocomplete": "off"}))
        super().__init__(**kwargs)

    def to_python(self, value: Any) -> date | None:
        if value in self.empty_values or isinstance(value, date):
            return value or None
        try:
            return parse_date(str(value))
        except ValueError as error:
            raise forms.ValidationError(str(error)) from error
