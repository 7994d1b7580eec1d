"""Forms about people: who they are, where they work, when they are away."""

from typing import Any

from django import forms
from django.core.exceptions import ValidationError
from django.db.models import Q, Value
from django.db.models.functions import Concat
from django.utils.html import format_html

from ledger import clock
from units.models import Absence, Category, ContractKind, Employment, Placement, Post, Unit, User
from units.proof import ProvedForm
from vietnamese.forms import DayField
from vietnamese.keys import search_key
from vietnamese.letters import nfc

DAY_HELP = "Ngày/tháng/năm, ví dụ 01/07/2025."
MOST_FOUND = 5
# Two names of units and the brackets.
LONGEST = 410


class WordsField(forms.CharField):
    """Vietnamese words in one way of writing their letters, whatever keyboard they were typed on."""

    def to_python(self, value: Any) -> str:
        return nfc(super().to_python(value) or "")


class UnitField(forms.CharField):
    """A unit by its name, typed with or without accents.

    Two units of one name are told apart by the unit above, added in brackets: the error offers it so, to be copied.
    """

    default_error_messages = {"required": "Nhập tên đơn vị."}

    def __init__(self, **kwargs: Any):
        kwargs.setdefault(
            "help_text", "Gõ tên đơn vị, không dấu cũng được. Trùng tên: “tên (đơn vị cấp trên)”."
        )
        kwargs.setdefault("widget", forms.TextInput(attrs={"autocomplete": "off"}))
        super().__init__(max_length=LONGEST, **kwargs)

    def clean(self, value: Any) -> Unit | None:
        typed = nfc(super().clean(value) or "")
        return self._found(typed) if typed else None

    @staticmethod
    def _found(typed: str) -> Unit:
        alive = Unit.objects.filter(until__isnull=True)
        found: list[Unit] = []
        for meant in (Q(name=typed), _below_the_named(typed), Q(search_key__contains=search_key(typed))):
            found = found or list(alive.filter(meant).order_by("sort_key", "pk")[: MOST_FOUND + 1])
        if len(found) == 1:
            return found[0]
        if not found:
            raise ValidationError(f"Không có đơn vị nào đang hoạt động tên là “{typed}”.")
        names = "; ".join(_with_parents(found[:MOST_FOUND]))
        raise ValidationError(f"Có nhiều đơn vị phù hợp, ghi rõ tên hơn: {names}.")


def _below_the_named(typed: str) -> Q:
    """Units that “name (name of the unit above)” means today."""
    placed = Placement.objects.on(clock.today()).filter(parent__isnull=False)
    called = placed.annotate(called=Concat("unit__name", Value(" ("), "parent__name", Value(")")))
    return Q(pk__in=called.filter(called=typed).values("unit_id"))


def _with_parents(units: list[Unit]) -> list[str]:
    """Each as it can be typed to be told apart from its namesakes; one query."""
    rows = Placement.objects.on(clock.today()).filter(unit__in=units, parent__isnull=False)
    parents = dict(rows.values_list("unit_id", "parent__name"))
    return [f"{unit.name} ({parents[unit.pk]})" if unit.pk in parents else unit.name for unit in units]


# A member of an inspection team needs a decision and a term: given on the page of the unit's posts.
WITHOUT_DECISION = [(kind.value, kind.label) for kind in Post.Kind if kind != Post.Kind.INSPECTOR]


class PersonForm(ProvedForm):
    """Someone new in a unit, with a post there or none; a post is given with fresh proof, as everywhere."""

    full_name = WordsField(label="Họ và tên", max_length=120)
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
    job_title = WordsField(label="Chức danh", max_length=120, required=False)
    category = forms.ChoiceField(label="Đối tượng", choices=Category)
    since = DayField(label="Làm việc tại đơn vị từ ngày", help_text=DAY_HELP)
    contract = forms.ModelChoiceField(
        label="Loại hợp đồng", queryset=ContractKind.objects.all(), required=False, empty_label="Không ghi"
    )
    contract_until = DayField(label="Hợp đồng đến hết ngày", required=False)
    post_kind = forms.ChoiceField(
        label="Chức vụ trong cuộc vận động",
        required=False,
        choices=[("", "Không giữ chức vụ"), *WITHOUT_DECISION],
    )

    def clean_username(self) -> str:
        code = nfc(self.cleaned_data["username"]).upper()
        taken = User.objects.knowing_who_left(clock.today()).filter(username=code).first()
        if taken:
            raise ValidationError(_taken(taken))
        return code


def _taken(person: User) -> str:
    """Who left and comes back is the same person: his page is where that is written down."""
    sentence = f"Số hiệu {person.username} đã là của {person.full_name}."
    if not vars(person)["has_left"]:
        return sentence
    page = format_html('<a href="{}">trang của người này</a>', person.get_absolute_url())
    return format_html("{} Nếu trở lại làm việc thì bấm “Tiếp nhận lại” ở {}.", sentence, page)


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

    full_name = WordsField(label="Họ và tên", max_length=120)
    job_title = WordsField(label="Chức danh", max_length=120, required=False)

    def __init__(self, *args, may_rename: bool, **kwargs):
        super().__init__(*args, **kwargs)
        if not may_rename:
            del self.fields["full_name"]


class MoveForm(ProvedForm):
    """Where a person works from a day on, and which posts in the old unit he keeps by which paper."""

    unit = UnitField(label="Đơn vị đến")
    on = DayField(label="Từ ngày", help_text=DAY_HELP)
    category = forms.ChoiceField(
        label="Đối tượng", required=False, choices=[("", "Giữ nguyên"), *Category.choices]
    )
    job_title = WordsField(label="Chức danh ở đơn vị mới", max_length=120, required=False)
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
    decision = WordsField(label="Theo quyết định", max_length=200)


class ReturnForm(ProvedForm):
    on = DayField(label="Làm việc lại tại đơn vị cũ từ ngày", help_text=DAY_HELP)


class LeavingForm(ProvedForm):
    """The end of all employment; every post ends with it."""

    on = DayField(label="Không còn làm việc từ ngày", help_text=DAY_HELP)
    ending = forms.ChoiceField(
        label="Lý do",
        choices=[choice for choice in Employment.Ending.choices if choice[0] in Employment.FINAL],
    )
    reason = WordsField(label="Theo văn bản, ghi chú", max_length=300, required=False)


class ReemployForm(ProvedForm):
    """Where somebody who had left works again."""

    unit = UnitField(label="Làm việc tại")
    since = DayField(label="Từ ngày", help_text=DAY_HELP)
    category = forms.ChoiceField(label="Đối tượng", choices=Category)
    job_title = WordsField(label="Chức danh", max_length=120, required=False)
    contract = forms.ModelChoiceField(
        label="Loại hợp đồng", queryset=ContractKind.objects.all(), required=False, empty_label="Không ghi"
    )
    contract_until = DayField(label="Hợp đồng đến hết ngày", required=False)
    reason = WordsField(label="Theo văn bản, ghi chú", max_length=300, required=False)


class StayingForm(ProvedForm):
    reason = WordsField(label="Theo văn bản, ghi chú", max_length=300, required=False)


class AbsenceForm(forms.Form):
    kind = forms.ChoiceField(label="Loại", choices=Absence.Kind, widget=forms.RadioSelect)
    reason = WordsField(
        label="Lý do", max_length=300, help_text="Ví dụ: nghỉ thai sản, đi học, điều trị dài ngày."
    )
    since = DayField(label="Từ ngày", help_text=DAY_HELP)
    until = DayField(
        label="Làm việc lại từ ngày", required=False, help_text="Được miễn thì phải có ngày này."
    )


class BackForm(forms.Form):
    on = DayField(label="Làm việc lại từ ngày", help_text=DAY_HELP)


class CodeOfPersonForm(forms.Form):
    """A personnel code for one who has only the portal's."""

    username = forms.CharField(label="Số hiệu cán bộ", max_length=30, help_text="Mã trong hồ sơ nhân sự.")

    def clean_username(self) -> str:
        return nfc(self.cleaned_data["username"]).upper()
