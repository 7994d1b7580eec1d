"""Forms about units."""

from typing import Any

from django import forms

from units import kinds
from units.models import Placement, Unit
from vietnamese.forms import DayField
from vietnamese.letters import nfc


class DutiesForm(forms.Form):
    """Which duties a unit below bears itself, from which day."""

    plan_duty = forms.ChoiceField(label="Kế hoạch", choices=Placement.Duty, widget=forms.RadioSelect)
    report_duty = forms.ChoiceField(label="Báo cáo", choices=Placement.Duty, widget=forms.RadioSelect)
    since = DayField(label="Từ ngày", help_text="Ngày/tháng/năm, ví dụ 01/01/2027.")


class UnitSearchForm(forms.Form):
    q = forms.CharField(label="Tên đơn vị", required=False, help_text="Gõ không dấu cũng được.")
    on = DayField(label="Tại ngày", required=False)

    def clean_q(self) -> str:
        return nfc(self.cleaned_data["q"])


class KindNamesForm(forms.Form):
    """A field for each kind, named by its code."""

    def __init__(self, *args: Any, **kwargs: Any):
        super().__init__(*args, **kwargs)
        for kind, name in kinds.names().items():
            self.fields[kind] = forms.CharField(
                label=Unit.Kind(kind).label,
                max_length=80,
                initial=name,
                error_messages={"required": "Nhập tên gọi."},
            )

    def clean(self) -> dict[str, Any]:
        data = {kind: nfc(name) for kind, name in (super().clean() or self.cleaned_data).items()}
        for kind, name in data.items():
            if list(data.values()).count(name) > 1:
                self.add_error(kind, "Hai loại đơn vị không thể cùng tên gọi.")
        return data


class UnitDayForm(forms.Form):
    """The day on which a unit's page is read."""

    on = DayField(label="Xem tại ngày", required=False)
