"""Fresh proof (rule R26): an act with weight asks for the password when the last proof is over ten minutes old."""

from datetime import datetime, timedelta

from django import forms
from django.contrib.auth import authenticate
from django.http import HttpRequest

from ledger import clock

FRESH_FOR = timedelta(minutes=10)
SESSION_KEY = "proved_at"


def is_fresh(request: HttpRequest) -> bool:
    said: str | None = request.session.get(SESSION_KEY)
    return said is not None and timedelta(0) <= clock.now() - datetime.fromisoformat(said) <= FRESH_FOR


def mark(request: HttpRequest) -> None:
    request.session[SESSION_KEY] = clock.now().isoformat()


class ProvedForm(forms.Form):
    """Base of forms of acts with weight. Takes `request=`; has a `password` field only when the proof is stale."""

    def __init__(self, *args, request: HttpRequest, **kwargs):
        super().__init__(*args, **kwargs)
        self.request = request
        if not is_fresh(request):
            self.fields["password"] = forms.CharField(
                label="Mật khẩu",
                strip=False,
                widget=forms.PasswordInput(attrs={"autocomplete": "current-password"}),
                help_text="Nhập lại mật khẩu để xác nhận chính ông/bà đang thực hiện.",
            )

    def clean_password(self) -> str:
        typed = self.cleaned_data["password"]
        if authenticate(self.request, username=self.request.user.get_username(), password=typed) is None:
            raise forms.ValidationError("Mật khẩu chưa đúng.")
        mark(self.request)
        return ""
