"""The second factor: giving it, setting it up, its recovery codes, and its reset by two people of Sở Nội vụ."""

from typing import Any, ClassVar

from django.contrib import messages
from django.contrib.auth import update_session_auth_hash
from django.core.exceptions import ValidationError
from django.forms import Form
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse

from ledger.models import Receipt
from ledger.qr import qr_code
from ledger.views import SIGNED_IN, FormPage, Page, PortalView
from units import factors, sessions
from units.forms.accounts import CodeForm, EnrolForm, FactorResetForm, GrantForm
from units.models import FactorReset, User
from units.proof import ProvedForm
from units.services import factors as services
from units.views.accounts import safe_next

PENDING = "pending_factor"


class CodesShownOnce(FormPage):
    """An act that gives out recovery codes: the answer itself shows them, and nothing keeps them."""

    abstract = True
    form_class: ClassVar[type[Form]] = ProvedForm
    codes: list[str] | None = None

    def get_form_kwargs(self) -> dict[str, Any]:
        return {"request": self.request}

    def refusal_url(self) -> str:
        return reverse("factor_detail")

    def _answer(self, receipt: Receipt) -> HttpResponse:
        if self.codes is None:
            return super()._answer(receipt)
        context = {"view": self, "codes": self.codes, **self.get_context()}
        return render(self.request, "units/factor_codes.html", context)


class FactorCheck(PortalView):
    """After the password. Exempt from idempotency keys like login: giving a code twice does nothing twice."""

    permissions = {"GET": SIGNED_IN, "POST": SIGNED_IN}
    template_name = "units/factor_check.html"
    before_factor = True

    def get_context(self) -> dict[str, Any]:
        return {"next": safe_next(self.request)}

    def get(self, request: HttpRequest) -> HttpResponse:
        if sessions.has_given_factor(request.session):
            return redirect(safe_next(request) or reverse("home"))
        if factors.device_of(request.user) is None:  # type: ignore[arg-type]
            return redirect(f"{reverse('factor_enrol')}?{request.GET.urlencode()}")
        return self.show(form=CodeForm(request=request))

    def post(self, request: HttpRequest) -> HttpResponse:
        form = CodeForm(request.POST, request=request)
        if not form.is_valid():
            return self.show(status=422, form=form)
        sessions.mark_factor(request.session, vars(form.user)["accepted_by"])
        self._warn_of_few_codes()
        return redirect(safe_next(request) or reverse("home"))

    def _warn_of_few_codes(self) -> None:
        if factors.has_few_codes(self.request.user):
            left = factors.codes_left(self.request.user)
            text = f"Chỉ còn {left} mã dự phòng. Tạo bộ mã mới ở trang Xác thực hai bước."
            messages.warning(self.request, text)


class FactorDetail(Page):
    permissions = {"GET": SIGNED_IN}
    template_name = "units/factor_detail.html"

    def get_context(self) -> dict[str, Any]:
        user = self.request.user
        return {
            "device": factors.device_of(user),
            "left": factors.codes_left(user),
            "few": factors.has_few_codes(user),
            "is_required": user.works_for_home_affairs,
        }


class FactorEnrol(CodesShownOnce):
    """A first device, or another in place of the one used now. The secret waits in the session until it is proved."""

    permissions = {"GET": SIGNED_IN, "POST": SIGNED_IN}
    template_name = "units/factor_enrol.html"
    form_class = EnrolForm
    before_factor = True

    def dispatch(self, request: HttpRequest, *args, **kwargs):
        known = request.user.is_authenticated and not sessions.has_given_factor(request.session)
        if known and factors.device_of(request.user) is not None:  # type: ignore[arg-type]
            # Otherwise a password alone would put another telephone in the place of his.
            return redirect("factor_check")
        return super().dispatch(request, *args, **kwargs)

    def _secret(self) -> str:
        session = self.request.session
        if PENDING not in session:
            session[PENDING] = factors.new_secret()
        return session[PENDING]

    def get_context(self) -> dict[str, Any]:
        if self.codes is not None:
            return {"next": safe_next(self.request)}
        secret = self._secret()
        return {
            "next": safe_next(self.request),
            "qr": qr_code(factors.otpauth_address(self.request.user, secret)),
            "secret": factors.typed_secret(secret),
            "replaces": sessions.has_given_factor(self.request.session),
            "is_required": self.request.user.works_for_home_affairs,
        }

    def act(self, form: Form) -> str:
        user, typed = self.request.user, form.cleaned_data["second_factor"]
        try:
            device, self.codes = services.enrol_factor(user=user, secret=self._secret(), code=typed, by=user)
        except ValidationError as error:
            form.add_error("second_factor", error)
            raise self.invalid(form) from error
        update_session_auth_hash(self.request, user)
        sessions.mark_factor(self.request.session, device)
        del self.request.session[PENDING]
        return reverse("factor_detail")


class FactorCodes(CodesShownOnce):
    permissions = {"GET": SIGNED_IN, "POST": SIGNED_IN}
    template_name = "units/factor_renew_codes.html"

    def get_context(self) -> dict[str, Any]:
        return {"left": factors.codes_left(self.request.user)}

    def act(self, form: Form) -> str:
        self.codes = services.renew_recovery_codes(user=self.request.user, by=self.request.user)
        return reverse("factor_detail")


class FactorRemove(FormPage):
    permissions = {"GET": SIGNED_IN, "POST": SIGNED_IN}
    template_name = "units/factor_remove.html"
    form_class = ProvedForm
    success_message = "Đã tắt xác thực hai bước."

    def get_form_kwargs(self) -> dict[str, Any]:
        return {"request": self.request}

    def refusal_url(self) -> str:
        return reverse("factor_detail")

    def act(self, form: Form) -> str:
        user = self.request.user
        services.remove_factor(user=user, by=user)
        update_session_auth_hash(self.request, user)
        sessions.forget_factor(self.request.session)
        return reverse("factor_detail")


class FactorResetAsk(FormPage):
    """The first of two people: says why, and that he has made sure who asks."""

    permissions = {"GET": "units.ask_factor_reset", "POST": "units.ask_factor_reset"}
    model = User
    template_name = "units/factorreset_ask.html"
    form_class = FactorResetForm
    success_message = "Đã ghi đề nghị. Một người khác của Sở Nội vụ sẽ quyết định."

    def get_form_kwargs(self) -> dict[str, Any]:
        return {"request": self.request}

    def refusal_url(self) -> str:
        return reverse("home")

    def act(self, form: Form) -> str:
        services.ask_factor_reset(user=self.object, reason=form.cleaned_data["reason"], by=self.request.user)
        return reverse("home")


class FactorResetGrant(FormPage):
    """The second of two people decides; the first may only take it back."""

    permissions = {"GET": "units.decide_factor_reset", "POST": "units.decide_factor_reset"}
    model = FactorReset
    template_name = "units/factorreset_grant.html"
    form_class = GrantForm

    def get_form_kwargs(self) -> dict[str, Any]:
        return {"request": self.request}

    def make_form(self, data=None) -> Form:
        form = super().make_form(data)
        if self.object.asked_by_id == self.request.user.pk:
            form.fields["decision"].choices = [("close", "Rút lại đề nghị")]  # type: ignore[attr-defined]
        return form

    def refusal_url(self) -> str:
        return reverse("home")

    def act(self, form: Form) -> str:
        if form.cleaned_data["decision"] == "grant":
            reset = services.grant_factor_reset(reset=self.object, by=self.request.user)
            self.say(
                f"Đã đặt lại xác thực hai bước của {reset.user.full_name}. Lần đăng nhập tới sẽ cài lại."
            )
        else:
            services.close_factor_reset(reset=self.object, by=self.request.user)
            self.say("Đã khép lại đề nghị; xác thực hai bước giữ nguyên.")
        return reverse("home")
