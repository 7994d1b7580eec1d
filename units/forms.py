"""Forms about people and units. Text is brought to NFC at the boundary (rule R34)."""

from django import forms
from django.contrib.auth import authenticate
from django.contrib.auth.password_validation import validate_password
from django.core.exceptions import ValidationError

from units.models import Category, Placement, Post, User
from vietnamese.forms import DayField
from vietnamese.letters import nfc

WRONG_LOGIN = "Số hiệu cán bộ hoặc mật khẩu chưa đúng."
WRONG_CODE = "Số hiệu cán bộ hoặc mã kích hoạt chưa đúng, hoặc mã đã hết hạn."


class _Provable(forms.Form):
    """Base of forms that prove who somebody is; `user` is set when they do."""

    user: User | None = None

    def __init__(self, *args, request, **kwargs):
        super().__init__(*args, **kwargs)
        self.request = request

    def clean_username(self) -> str:
        return nfc(self.cleaned_data["username"]).upper()


class LoginForm(_Provable):
    username = forms.CharField(
        label="Số hiệu cán bộ",
        max_length=30,
        widget=forms.TextInput(
            attrs={"autocomplete": "username", "autocapitalize": "characters", "autofocus": True}
        ),
    )
    password = forms.CharField(
        label="Mật khẩu", strip=False, widget=forms.PasswordInput(attrs={"autocomplete": "current-password"})
    )

    def clean(self):
        data = self.cleaned_data
        if "username" in data and "password" in data:
            self.user = authenticate(self.request, username=data["username"], password=data["password"])
            if self.user is None:
                raise ValidationError(WRONG_LOGIN)
        return data


class _TwoPasswords(forms.Form):
    new_password1 = forms.CharField(
        label="Mật khẩu mới", strip=False, widget=forms.PasswordInput(attrs={"autocomplete": "new-password"})
    )
    new_password2 = forms.CharField(
        label="Nhập lại mật khẩu mới",
        strip=False,
        widget=forms.PasswordInput(attrs={"autocomplete": "new-password"}),
    )

    def check_pair(self, user: User | None) -> None:
        first, second = self.cleaned_data.get("new_password1"), self.cleaned_data.get("new_password2")
        if first and second and first != second:
            self.add_error("new_password2", "Hai lần nhập không giống nhau.")
        elif first and second:
            try:
                validate_password(first, user)
            except ValidationError as error:
                self.add_error("new_password1", error)


class ActivationForm(_TwoPasswords, _Provable):
    username = forms.CharField(
        label="Số hiệu cán bộ", max_length=30, widget=forms.TextInput(attrs={"autocomplete": "username"})
    )
    code = forms.CharField(
        label="Mã kích hoạt",
        max_length=30,
        help_text="Gồm 12 ký tự in trên phiếu, ví dụ 7KQM-2HXR-94TB.",
        widget=forms.TextInput(attrs={"autocomplete": "one-time-code", "autocapitalize": "characters"}),
    )
    field_order = ["username", "code", "new_password1", "new_password2"]

    def clean(self):
        data = self.cleaned_data
        if "username" in data and "code" in data:
            self.user = authenticate(self.request, username=data["username"], activation_code=data["code"])
            if self.user is None:
                raise ValidationError(WRONG_CODE)
        self.check_pair(self.user)
        return data


class PasswordChangeForm(_TwoPasswords):
    old_password = forms.CharField(
        label="Mật khẩu hiện nay",
        strip=False,
        widget=forms.PasswordInput(attrs={"autocomplete": "current-password"}),
    )
    field_order = ["old_password", "new_password1", "new_password2"]

    def __init__(self, *args, request, **kwargs):
        super().__init__(*args, **kwargs)
        self.request = request

    def clean_old_password(self) -> str:
        typed = self.cleaned_data["old_password"]
        if authenticate(self.request, username=self.request.user.username, password=typed) is None:
            raise ValidationError("Mật khẩu hiện nay chưa đúng.")
        return ""

    def clean(self):
        self.check_pair(self.request.user)
        return self.cleaned_data


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


class PersonForm(forms.Form):
    """Someone new in a unit, with a post there or none."""

    full_name = forms.CharField(label="Họ và tên", max_length=120)
    username = forms.CharField(
        label="Số hiệu cán bộ", max_length=30, help_text="Mã trong hồ sơ nhân sự; cũng là tên đăng nhập."
    )
    job_title = forms.CharField(label="Chức danh", max_length=120, required=False)
    category = forms.ChoiceField(label="Đối tượng", choices=Category)
    since = DayField(label="Làm việc tại đơn vị từ ngày", help_text="Ngày/tháng/năm, ví dụ 01/07/2025.")
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
