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
SESSION_BY = "proved_by"
BY_PASSWORD, BY_CODE = "password", "code"
TOO_OLD = "Đã quá 10 phút kể từ khi nhập mật khẩu hoặc mã xác thực. Xin nhập lại rồi làm tiếp."
HELP = "Nhập lại mật khẩu để xác nhận chính ông/bà đang thực hiện."
HELP_WITH_CODE = (
    "Nhập lại mật khẩu, hoặc 6 chữ số của ứng dụng xác thực, để xác nhận chính ông/bà đang thực hiện."
)


def is_fresh(request: HttpRequest) -> bool:
    return is_recent(request.session.get(SESSION_KEY))


def is_recent(moment: str | None) -> bool:
    """Of a moment as a session or a recorded proof keeps it: not over ten minutes ago, and not to come."""
    return moment is not None and timedelta(0) <= clock.now() - datetime.fromisoformat(moment) <= FRESH_FOR


def mark(request: HttpRequest, by: str = BY_PASSWORD) -> None:
    request.session[SESSION_KEY], request.session[SESSION_BY] = clock.now().isoformat(), by


def given(request: HttpRequest) -> dict[str, str]:
    """What an act records of its proof: {"by": "password" or "code", "at": when it was given}; empty without one."""
    at = request.session.get(SESSION_KEY)
    return {"by": request.session.get(SESSION_BY, BY_PASSWORD), "at": at} if at else {}


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
        mark(self.request, BY_CODE if by_code else BY_PASSWORD)
        return ""
