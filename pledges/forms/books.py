"""Which unit, which year, in which form a year's pledges are read or bound."""

from datetime import date

from django import forms

from pledges.filters import FIRST_YEAR
from pledges.models import BookJob
from units.models import Unit


class YearOfUnitForm(forms.Form):
    """Which unit's year is read; only units given may be asked for."""

    def __init__(self, *args, units: list[Unit], today: date, **kwargs):
        super().__init__(*args, **kwargs)
        years = [(str(year), str(year)) for year in range(today.year, FIRST_YEAR - 1, -1)]
        named = [(unit.public_id, unit.name) for unit in units]
        none = [("", "Chọn đơn vị")] if len(units) > 1 else []
        self.fields["nam"] = forms.ChoiceField(label="Năm", required=False, choices=years)
        self.fields["don_vi"] = forms.ChoiceField(label="Đơn vị", required=False, choices=[*none, *named])


class BookForm(forms.Form):
    """The button pressed says the form."""

    form = forms.ChoiceField(
        choices=BookJob.Form.choices, error_messages={"required": "Chọn sổ PDF hoặc tệp nén."}
    )


class UnitNameForm(forms.Form):
    q = forms.CharField(label="Tên đơn vị", required=False, max_length=200)
