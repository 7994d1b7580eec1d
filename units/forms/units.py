"""Forms about units."""

from django import forms

from units.models import Placement
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


class UnitDayForm(forms.Form):
    """The day on which a unit's page is read."""

    on = DayField(label="Xem tại ngày", required=False)
