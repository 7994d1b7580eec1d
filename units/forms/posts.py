"""Forms about posts, who holds them and who stands in; and about what stands beside the tree."""

from typing import Any

from django import forms
from django.core.exceptions import ValidationError

from units.forms.people import DAY_HELP, MOST_FOUND, UnitField
from units.models import Appointment, ContractKind, Post, User
from units.proof import ProvedForm
from units.services.posts import FUNCTIONS, SUBSTITUTES
from vietnamese.forms import DayField
from vietnamese.keys import search_key
from vietnamese.letters import nfc

Manner = Appointment.Manner


class PersonField(forms.CharField):
    """A person by code or by name, typed with or without accents; namesakes are told apart by their codes.

    Only those in `seen` are found by name, anyone else by the whole code alone (rule R18).
    """

    default_error_messages = {"required": "Nhập số hiệu hoặc họ tên."}

    def __init__(self, **kwargs: Any):
        kwargs.setdefault("help_text", "Gõ số hiệu cán bộ, hoặc họ tên không cần dấu.")
        super().__init__(max_length=120, **kwargs)
        self.seen = User.objects.none()

    def clean(self, value: Any) -> User | None:
        typed = nfc(super().clean(value) or "")
        return self._found(typed) if typed else None

    def _found(self, typed: str) -> User:
        by_code = User.objects.filter(username=typed.upper()).first()
        if by_code:
            return by_code
        found = list(self.seen.filter(search_key__contains=search_key(typed))[: MOST_FOUND + 1])
        if len(found) == 1:
            return found[0]
        if not found:
            raise ValidationError(
                f"Không có ai tên hoặc số hiệu là “{typed}”. Người ngoài phạm vi phụ trách: nhập đúng số hiệu."
            )
        names = "; ".join(f"{user.full_name} ({user.username})" for user in found[:MOST_FOUND])
        raise ValidationError(f"Có nhiều người phù hợp, ghi số hiệu: {names}.")


class AppointForm(ProvedForm):
    """Who holds or stands in for a post, in what manner, by which paper, for how long."""

    user = PersonField(label="Giao cho")
    manner = forms.ChoiceField(label="Hình thức", choices=Manner, widget=forms.RadioSelect)
    since = DayField(label="Từ ngày", help_text=DAY_HELP)
    until = DayField(
        label="Đến trước ngày",
        required=False,
        help_text="Để trống nếu không có thời hạn; ai đã ghi ngày nghỉ hay ngày chuyển đi thì kết thúc theo ngày đó. "
        "TUQ. phải có ngày này.",
    )
    document = forms.CharField(
        label="Theo văn bản",
        max_length=200,
        required=False,
        help_text="Ví dụ: Quyết định số 12/QĐ-UBND ngày 01/07/2026.",
    )
    covers = forms.CharField(label="Phạm vi công việc", max_length=300, required=False)
    functions = forms.MultipleChoiceField(
        label="Chỉ trong các việc",
        choices=list(FUNCTIONS.items()),
        required=False,
        widget=forms.CheckboxSelectMultiple,
        help_text="Không chọn: mọi việc của chức vụ này trên cổng.",
    )

    def __init__(self, *args, post: Post, may_give: bool, **kwargs):
        super().__init__(*args, **kwargs)
        user: Any = self.fields["user"]
        user.seen = User.objects.visible_to(self.request.user)
        offered = [choice for choice in Manner.choices if self._fits(choice[0], post, may_give)]
        manner: Any = self.fields["manner"]
        manner.choices = offered
        if len(offered) == 1:
            manner.widget = forms.HiddenInput()
            manner.initial = offered[0][0]
        if post.kind != Post.Kind.HEAD:
            del self.fields["covers"], self.fields["functions"]

    @staticmethod
    def _fits(manner: str, post: Post, may_give: bool) -> bool:
        """Substitutes stand in for heads alone; who may only name his substitute puts nobody into the post."""
        if manner in SUBSTITUTES:
            return post.kind == Post.Kind.HEAD
        return may_give and (manner == Manner.HOLDER or post.kind in (Post.Kind.HEAD, Post.Kind.UNION_CHAIR))

    def clean_document(self) -> str:
        return nfc(self.cleaned_data["document"])

    def clean_covers(self) -> str:
        return nfc(self.cleaned_data["covers"])


class EndAppointmentForm(ProvedForm):
    on = DayField(
        label="Không còn giữ chức vụ từ ngày",
        help_text="Chọn hôm nay: quyền hết ngay ở lần bấm tiếp theo.",
    )
    reason = forms.CharField(label="Theo văn bản, lý do", max_length=300, required=False)

    def clean_reason(self) -> str:
        return nfc(self.cleaned_data["reason"])


class PostForm(forms.Form):
    kind = forms.ChoiceField(label="Loại", choices=Post.Kind)
    title = forms.CharField(
        label="Tên chức vụ", max_length=120, help_text="Như ghi trên văn bản: Phó Giám đốc, Hiệu trưởng."
    )

    def clean_title(self) -> str:
        return nfc(self.cleaned_data["title"])


class PostTitleForm(forms.Form):
    title = forms.CharField(label="Tên chức vụ", max_length=120)

    def clean_title(self) -> str:
        return nfc(self.cleaned_data["title"])


class UnionForm(ProvedForm):
    on = DayField(label="Từ ngày", help_text=DAY_HELP)
    decision = forms.CharField(label="Theo quyết định", max_length=200)

    def clean_decision(self) -> str:
        return nfc(self.cleaned_data["decision"])


class LineForm(forms.Form):
    """The professional superior from a day on; left empty, the unit belongs to no line from that day."""

    authority = UnitField(label="Cơ quan quản lý ngành", required=False)
    on = DayField(label="Từ ngày", help_text=DAY_HELP)
    decision = forms.CharField(label="Theo văn bản", max_length=200, required=False)

    def clean_decision(self) -> str:
        return nfc(self.cleaned_data["decision"])


class ContractKindForm(forms.Form):
    name = forms.CharField(label="Tên", max_length=120)
    counts = forms.BooleanField(label="Tính vào số người của đơn vị", required=False)
    pledges = forms.BooleanField(label="Phải ký cam kết", required=False)

    def clean_name(self) -> str:
        return nfc(self.cleaned_data["name"])

    def clean(self) -> dict[str, Any]:
        data = super().clean() or self.cleaned_data
        if data.get("pledges") and not data.get("counts"):
            self.add_error("counts", "Ai phải ký cam kết thì cũng được tính vào số người.")
        return data


class NewContractKindForm(ContractKindForm):
    code = forms.SlugField(
        label="Mã", max_length=30, help_text="Chữ không dấu, số và gạch nối, ví dụ duoi-12-thang."
    )
    field_order = ["code", "name", "counts", "pledges"]

    def clean_code(self) -> str:
        code: str = self.cleaned_data["code"]
        if ContractKind.objects.filter(code=code).exists():
            raise ValidationError(f"Đã có loại hợp đồng mã “{code}”.")
        return code


class FreezeForm(ProvedForm):
    code = forms.SlugField(label="Mã lần chốt", max_length=60, help_text="Ví dụ bao-cao-2026.")
    on = DayField(label="Số người tại ngày", help_text=DAY_HELP)
