"""Logging in and out, activation, one's own password. Exempt from idempotency keys: each is harmless when repeated."""

from typing import Any, ClassVar

from django.conf import settings
from django.contrib import messages
from django.contrib.auth import login, logout, update_session_auth_hash
from django.forms import Form
from django.http import HttpRequest
from django.shortcuts import redirect
from django.urls import reverse
from django.utils.http import url_has_allowed_host_and_scheme

from ledger.views import PUBLIC, SIGNED_IN, FormPage, PortalView
from ledger.workflow import StepRefused
from units import proof, services, sessions
from units.forms.accounts import ActivationForm, LoginForm, PasswordChangeForm
from units.views.gates import leave_nothing

BACKEND = "namkhong.authentication.PasswordBackend"


def safe_next(request: HttpRequest) -> str:
    """The page of this site that was asked for before; empty for another site's."""
    asked = request.POST.get("next") or request.GET.get("next", "")
    safe = url_has_allowed_host_and_scheme(asked, {request.get_host()}, require_https=request.is_secure())
    return asked if safe else ""


class _PublicForm(PortalView):
    """A form for people who are not known yet: no idempotency key, which would need a user."""

    abstract = True
    form_class: ClassVar[Any]

    def get(self, request: HttpRequest):
        return self.show(form=self.form_class(request=request))

    def post(self, request: HttpRequest):
        form = self.form_class(request.POST, request=request)
        if not form.is_valid():
            return self.show(status=422, form=form)
        return self.act(form)

    def act(self, form: Any):
        raise NotImplementedError

    def enter(self, user, *, shared: bool = False) -> None:
        login(self.request, user, backend=BACKEND)
        proof.mark(self.request)
        sessions.begin(self.request.session, user, shared=shared)


class Login(_PublicForm):
    permissions = {"GET": PUBLIC, "POST": PUBLIC}
    template_name = "units/login.html"
    form_class = LoginForm

    def get_context(self) -> dict[str, Any]:
        return {"next": safe_next(self.request)}

    def get(self, request: HttpRequest):
        # A public room's browser may start at /dang-nhap/?may=chung.
        return self.show(
            form=LoginForm(request=request, initial={"shared": request.GET.get("may") == "chung"})
        )

    def act(self, form: LoginForm):
        self.enter(form.user, shared=form.cleaned_data["shared"])
        return redirect(safe_next(self.request) or reverse("home"))


class Activate(_PublicForm):
    permissions = {"GET": PUBLIC, "POST": PUBLIC}
    template_name = "units/activate.html"
    form_class = ActivationForm

    def act(self, form: ActivationForm):
        assert form.user is not None
        try:
            user = services.activate(user=form.user, password=form.cleaned_data["new_password1"])
        except StepRefused as refusal:
            form.add_error(None, str(refusal))
            return self.show(status=422, form=form)
        self.enter(user, shared=form.cleaned_data["shared"])
        messages.success(self.request, "Tài khoản đã được kích hoạt.")
        return redirect("home")


class Logout(PortalView):
    permissions = {"POST": PUBLIC}

    def post(self, request: HttpRequest):
        logout(request)
        response = redirect("login")
        response.delete_cookie(settings.CSRF_COOKIE_NAME)
        return leave_nothing(response)


class PasswordChange(FormPage):
    permissions = {"GET": SIGNED_IN, "POST": SIGNED_IN}
    template_name = "units/password_change.html"
    form_class = PasswordChangeForm
    success_message = "Đã đổi mật khẩu."

    def get_form_kwargs(self) -> dict[str, Any]:
        return {"request": self.request}

    def refusal_url(self) -> str:
        return reverse("password_change")

    def act(self, form: Form) -> str:
        user = services.change_password(
            user=self.request.user, password=form.cleaned_data["new_password1"], by=self.request.user
        )
        update_session_auth_hash(self.request, user)
        return reverse("home")
