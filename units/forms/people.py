"""Forms about people: who they are, where they work, when they are away."""

from typing import Any

from django import forms
from django.core.exceptions import ValidationError

from units.models import Absence, Category, ContractKind, Employment, Post, Unit, User
from units.proof import ProvedForm
from units.services.people import FINAL_ENDINGS
from vietnamese.forms import DayField
from vietnamese.keys import search_key
from vietnamese.letters import nfc

DAY_HELP = "Ngày/tháng/năm, ví dụ 01/07/2025."
MOST_FOUND = 5


class UnitField(forms.CharField):
    """A unit by its name, typed with or without accents; the list under the field offers the names.

    Two units of one name are told apart by the unit above, which the list adds in brackets.
    """

    default_error_messages = {"required": "Nhập tên đơn vị."}

    def __init__(self, **kwargs: Any):
        kwargs.setdefault("help_text", "Gõ tên đơn vị, không dấu cũng được.")
        kwargs.setdefault("widget", forms.TextInput(attrs={"autocomplete": "off", "list": "cac-don-vi"}))
        super().__init__(max_length=200, **kwargs)

    def clean(self, value: Any) -> Unit | None:
        typed = nfc(super().clean(value) or "")
        return self._found(typed) if typed else None

    @staticmethod
    def _found(typed: str) -> Unit:
        alive = Unit.objects.filter(until__isnull=True)
        exact = list(alive.filter(name=typed)[:2])
        found = exact or list(alive.filter(search_key__contains=search_key(typed))[: MOST_FOUND + 1])
        if len(found) == 1:
            return found[0]
        if not found:
            raise ValidationError(f"Không có đơn vị nào đang hoạt động tên là “{typed}”.")
        names = "; ".join(unit.name for unit in found[:MOST_FOUND])
        raise ValidationError(f"Có nhiều đơn vị phù hợp, ghi rõ tên hơn: {names}.")


class PersonForm(forms.Form):
    """Someone new in a unit, with a post there or none."""

    full_name = forms.CharField(label="Họ và tên", max_length=120)
    username = forms.CharField(
        label="Số hiệu cán bộ",
        max_length=30,
        required=False,
        help_text="Mã trong hồ sơ nhân sự; cũng là tên đăng nhập. Để trống nếu chưa có: cổng cấp mã.",
    )
    birth_year = forms.IntegerField(
        label="Năm sinh",
        required=False,
        min_value=1930,
        max_value=2015,
        help_text="Để phân biệt người trùng tên; không công bố.",
    )
    job_title = forms.CharField(label="Chức danh", max_length=120, required=False)
    category = forms.ChoiceField(label="Đối tượng", choices=Category)
    since = DayField(label="Làm việc tại đơn vị từ ngày", help_text=DAY_HELP)
    contract = forms.ModelChoiceField(
        label="Loại hợp đồng", queryset=ContractKind.objects.all(), required=False, empty_label="Không ghi"
    )
    contract_until = DayField(label="Hợp đồng đến hết ngày", required=False)
    post_kind = forms.ChoiceField(
        label="Chức vụ trong cuộc vận động",
        required=False,
        choices=[("", "Không giữ chức vụ")] + [(kind.value, kind.label) for kind in Post.Kind],
    )

    def clean_full_name(self) -> str:
        return nfc(self.cleaned_data["full_name"])

    def clean_job_title(self) -> str:
        return nfc(self.cleaned_data["job_title"])

    def clean_username(self) -> str:
        code = nfc(self.cleaned_data["username"]).upper()
        taken = User.objects.filter(username=code).first()
        if taken:
            raise ValidationError(f"Số hiệu {code} đã là của {taken.full_name}.")
        return code


class PeopleSearchForm(forms.Form):
    """The people of a unit and of those below it."""

    q = forms.CharField(label="Họ tên hoặc số hiệu", required=False, help_text="Gõ không dấu cũng được.")
    category = forms.ChoiceField(
        label="Đối tượng", required=False, choices=[("", "Tất cả"), *Category.choices]
    )
    on = DayField(label="Tại ngày", required=False)

    def clean_q(self) -> str:
        return nfc(self.cleaned_data["q"])


class NamingForm(forms.Form):
    """What a person is called; the name is for Home Affairs alone to change."""

    full_name = forms.CharField(label="Họ và tên", max_length=120)
    job_title = forms.CharField(label="Chức danh", max_length=120, required=False)

    def __init__(self, *args, may_rename: bool, **kwargs):
        super().__init__(*args, **kwargs)
        if not may_rename:
            del self.fields["full_name"]

    def clean_full_name(self) -> str:
        return nfc(self.cleaned_data["full_name"])

    def clean_job_title(self) -> str:
        return nfc(self.cleaned_data["job_title"])


class MoveForm(ProvedForm):
    """Where a person works from a day on, and which posts in the old unit he keeps by which paper."""

    unit = UnitField(label="Đơn vị đến")
    on = DayField(label="Từ ngày", help_text=DAY_HELP)
    category = forms.ChoiceField(
        label="Đối tượng", required=False, choices=[("", "Giữ nguyên"), *Category.choices]
    )
    job_title = forms.CharField(label="Chức danh ở đơn vị mới", max_length=120, required=False)
    kept = forms.MultipleChoiceField(
        label="Chức vụ ở đơn vị cũ vẫn giữ (kiêm nhiệm)", required=False, widget=forms.CheckboxSelectMultiple
    )
    kept_because = forms.CharField(
        label="Theo văn bản", max_length=200, required=False, help_text="Số quyết định giao kiêm nhiệm."
    )

    def __init__(self, *args, posts: list, **kwargs):
        super().__init__(*args, **kwargs)
        choices = [(row.public_id, f"{row.post.title}, {row.post.unit.name}") for row in posts]
        kept: Any = self.fields["kept"]
        kept.choices = choices
        if not posts:
            del self.fields["kept"], self.fields["kept_because"]

    def clean(self) -> dict[str, Any]:
        data = super().clean() or self.cleaned_data
        if data.get("kept") and not nfc(data.get("kept_because", "")):
            self.add_error("kept_because", "Ghi số quyết định giao kiêm nhiệm.")
        return data


class SecondForm(ProvedForm):
    unit = UnitField(label="Biệt phái đến")
    since = DayField(label="Từ ngày", help_text=DAY_HELP)
    until = DayField(
        label="Về lại đơn vị từ ngày", required=False, help_text="Để trống nếu chưa định ngày về."
    )
    decision = forms.CharField(label="Theo quyết định", max_length=200)

    def clean_decision(self) -> str:
        return nfc(self.cleaned_data["decision"])


class ReturnForm(ProvedForm):
    on = DayField(label="Làm việc lại tại đơn vị cũ từ ngày", help_text=DAY_HELP)


class LeavingForm(ProvedForm):
    """The end of all employment; every post ends with it."""

    on = DayField(label="Không còn làm việc từ ngày", help_text=DAY_HELP)
    ending = forms.ChoiceField(
        label="Lý do", choices=[choice for choice in Employment.Ending.choices if choice[0] in FINAL_ENDINGS]
    )
    reason = forms.CharField(label="Theo văn bản, ghi chú", max_length=300, required=False)

    def clean_reason(self) -> str:
        return nfc(self.cleaned_data["reason"])


class AbsenceForm(forms.Form):
    kind = forms.ChoiceField(label="Loại", choices=Absence.Kind, widget=forms.RadioSelect)
    reason = forms.CharField(
        label="Lý do", max_length=300, help_text="Ví dụ: nghỉ thai sản, đi học, điều trị dài ngày."
    )
    since = DayField(label="Từ ngày", help_text=DAY_HELP)
    until = DayField(
        label="Làm việc lại từ ngày", required=False, help_text="Được miễn thì phải có ngày này."
    )

    def clean_reason(self) -> str:
        return nfc(self.cleaned_data["reason"])


class BackForm(forms.Form):
    on = DayField(label="Làm việc lại từ ngày", help_text=DAY_HELP)


class CodeOfPersonForm(forms.Form):
    """A personnel code for one who has only the portal's."""

    username = forms.CharField(label="Số hiệu cán bộ", max_length=30, help_text="Mã trong hồ sơ nhân sự.")

    def clean_username(self) -> str:
        return nfc(self.cleaned_data["username"]).upper()
