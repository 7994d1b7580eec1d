"""Forms of getting in: password, activation code, second factor. Text is brought to NFC (rule R34)."""

from django import forms
from django.contrib.auth import authenticate
from django.contrib.auth.password_validation import validate_password
from django.core.exceptions import ValidationError

from units.models import User
from units.proof import ProvedForm
from vietnamese.letters import nfc

WRONG_LOGIN = "Số hiệu cán bộ hoặc mật khẩu chưa đúng."
WRONG_FACTOR = "Mã chưa đúng, đã dùng hoặc nhập quá nhanh sau lần sai. Chờ ứng dụng hiện mã mới rồi nhập lại."
WRONG_CODE = "Số hiệu cán bộ hoặc mã kích hoạt chưa đúng, hoặc mã đã hết hạn."


class _Provable(forms.Form):
    """Base of forms that prove who somebody is; `user` is set when they do."""

    user: User | None = None

    def __init__(self, *args, request, **kwargs):
        super().__init__(*args, **kwargs)
        self.request = request

    def clean_username(self) -> str:
        return nfc(self.cleaned_data["username"]).upper()


class _OnSomeMachine(_Provable):
    """Whoever comes in says whether others use this machine too."""

    shared = forms.BooleanField(
        label="Máy dùng chung",
        required=False,
        help_text="Phiên kết thúc khi đóng trình duyệt hoặc sau 15 phút không thao tác; không lưu gì trên máy.",
    )

    def __init__(self, *args, **kwargs):
        super().__init__(*args, **kwargs)
        if self["shared"].value():
            for field in self.fields.values():
                field.widget.attrs["autocomplete"] = "off"


class LoginForm(_OnSomeMachine):
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
    field_order = ["username", "password", "shared"]

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


class ActivationForm(_TwoPasswords, _OnSomeMachine):
    username = forms.CharField(
        label="Số hiệu cán bộ", max_length=30, widget=forms.TextInput(attrs={"autocomplete": "username"})
    )
    code = forms.CharField(
        label="Mã kích hoạt",
        max_length=30,
        help_text="Gồm 12 ký tự in trên phiếu, ví dụ 7KQM-2HXR-94TB.",
        widget=forms.TextInput(attrs={"autocomplete": "one-time-code", "autocapitalize": "characters"}),
    )
    field_order = ["username", "code", "new_password1", "new_password2", "shared"]

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


class CodeForm(forms.Form):
    """A code of the second factor, from the app or from the paper with recovery codes."""

    second_factor = forms.CharField(
        label="Mã xác thực",
        max_length=30,
        help_text="6 chữ số ứng dụng đang hiện; mất điện thoại thì nhập một mã dự phòng 12 ký tự.",
        widget=forms.TextInput(attrs={"autocomplete": "one-time-code", "autofocus": True}),
    )

    def __init__(self, *args, request, **kwargs):
        super().__init__(*args, **kwargs)
        self.request = request

    def clean_second_factor(self) -> str:
        username = self.request.user.get_username()
        typed = self.cleaned_data["second_factor"]
        self.user = authenticate(self.request, username=username, second_factor=typed)
        if self.user is None:
            raise ValidationError(WRONG_FACTOR)
        return ""


class EnrolForm(ProvedForm):
    """The first code of a new device shows that the telephone has understood the secret."""

    second_factor = forms.CharField(
        label="Mã ứng dụng đang hiện",
        max_length=10,
        help_text="6 chữ số.",
        widget=forms.TextInput(attrs={"autocomplete": "one-time-code", "inputmode": "numeric"}),
    )


class FactorResetForm(ProvedForm):
    reason = forms.CharField(
        label="Lý do",
        max_length=300,
        help_text="Ví dụ: mất điện thoại ngày 12/11/2026, không còn mã dự phòng. Đã kiểm tra đúng người bằng cách nào.",
        widget=forms.Textarea(attrs={"rows": 3}),
    )

    def clean_reason(self) -> str:
        return nfc(self.cleaned_data["reason"])


class GrantForm(ProvedForm):
    """The second person says yes or no."""

    decision = forms.ChoiceField(
        label="Quyết định",
        choices=[("grant", "Đặt lại"), ("close", "Không đặt lại")],
        widget=forms.RadioSelect,
    )
