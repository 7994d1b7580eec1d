"""Fresh proof (rule R26): an act with weight asks anew for password or code when the last proof is over ten
minutes old."""

from datetime import datetime, timedelta

from django import forms
from django.contrib.auth import authenticate
from django.http import HttpRequest

from ledger import clock
from units import sessions
from units.factors import is_app_code

FRESH_FOR = timedelta(minutes=10)
SESSION_KEY = "proved_at"
HELP = "Nhập lại mật khẩu để xác nhận chính ông/bà đang thực hiện."
HELP_WITH_CODE = (
    "Nhập lại mật khẩu, hoặc 6 chữ số của ứng dụng xác thực, để xác nhận chính ông/bà đang thực hiện."
)


def is_fresh(request: HttpRequest) -> bool:
    said: str | None = request.session.get(SESSION_KEY)
    return said is not None and timedelta(0) <= clock.now() - datetime.fromisoformat(said) <= FRESH_FOR


def mark(request: HttpRequest) -> None:
    request.session[SESSION_KEY] = clock.now().isoformat()


class ProvedForm(forms.Form):
    """Base of forms of acts with weight. Takes `request=`; has a `password` field only when the proof is stale.

    Who has given the second factor in this session may type a code of his app instead of the password.
    """

    def __init__(self, *args, request: HttpRequest, **kwargs):
        super().__init__(*args, **kwargs)
        self.request = request
        self.takes_code = sessions.has_given_factor(request.session)
        if not is_fresh(request):
            self.fields["password"] = forms.CharField(
                label="Mật khẩu hoặc mã xác thực" if self.takes_code else "Mật khẩu",
                strip=False,
                widget=forms.PasswordInput(attrs={"autocomplete": "current-password"}),
                help_text=HELP_WITH_CODE if self.takes_code else HELP,
            )

    def clean_password(self) -> str:
        typed = self.cleaned_data["password"]
        by_code = self.takes_code and is_app_code(typed)
        credentials = {"second_factor" if by_code else "password": typed}
        username = self.request.user.get_username()
        if authenticate(self.request, username=username, **credentials) is None:
            raise forms.ValidationError(
                "Mật khẩu hoặc mã xác thực chưa đúng." if self.takes_code else "Mật khẩu chưa đúng."
            )
        mark(self.request)
        return ""
