"""What every page is built on: deny by default (R19), one transaction and one receipt a POST (R03, R04)."""

from collections.abc import Callable
from functools import cached_property
from typing import Any, ClassVar

from django.contrib import messages
from django.contrib.auth import SESSION_KEY
from django.contrib.auth.views import redirect_to_login
from django.core.exceptions import ImproperlyConfigured, PermissionDenied
from django.db import models, transaction
from django.forms import BoundField, Form, MultipleHiddenInput
from django.http import HttpRequest, HttpResponse, HttpResponseBadRequest, HttpResponseRedirect
from django.shortcuts import get_object_or_404, redirect, render
from django.views import View

from ledger import clock, idempotency
from ledger.crossing import Busy, told_when_busy
from ledger.models import Receipt
from ledger.public_id import new_public_id
from ledger.register import Register
from ledger.workflow import Correctable, SeenOld, StepRefused

PUBLIC = "public"
SIGNED_IN = "signed_in"
METHODS = ("GET", "POST")

# Asked before every page that is not PUBLIC, in the order entered; an answer instead of None ends the request there (a
# post that ended, a second factor still to give).
gates: Register[Callable[[HttpRequest, "PortalView"], HttpResponse | None]] = Register("gates")


def typed_in(request: HttpRequest) -> list[str]:
    """What a person wrote into the form that was sent, without secrets and marks of the form."""
    unseen = idempotency.UNSEEN | {name for name in request.POST if "password" in name}
    texts = [text for name in request.POST if name not in unseen for text in request.POST.getlist(name)]
    return [text for text in texts if text]


def ask_to_sign_in(request: HttpRequest, reason: str = "") -> HttpResponse:
    """A session that ended while a form was being filled in must not take the words with it: they are shown.

    `reason` is the sentence that says why it ended, where that is known.
    """
    if not request.user.is_authenticated and SESSION_KEY in request.session:
        # Its person may not come in any more: also when he may again, this session stays over.
        request.session.flush()
    if typed := typed_in(request):
        context = {"typed": typed, "reason": reason}
        return render(request, "errors/session_over.html", context, status=401)
    if reason:
        messages.warning(request, reason)
    if "HX-Request" in request.headers:
        # A fragment must not be filled with the page of login: the whole page is asked for again.
        return HttpResponse(status=204, headers={"HX-Refresh": "true"})
    return redirect_to_login(request.get_full_path())


class PortalView(View):
    """A page with a declared policy: `permissions = {"GET": "reports.view_unitreport"}`.

    A value is the name of a permission (a row of namkhong/permissions.py), SIGNED_IN or PUBLIC. A class that handles
    a method without a row does not import. What the user may not see is 404, what he may not do is 403.
    """

    abstract = True
    permissions: ClassVar[dict[str, str]] = {}
    model: ClassVar[type[models.Model] | None] = None
    template_name: ClassVar[str] = ""
    object: Any = None
    request: Any  # an HttpRequest whose user is a User wherever the policy is not PUBLIC

    def __init_subclass__(cls, **kwargs):
        super().__init_subclass__(**kwargs)
        cls.abstract = cls.__dict__.get("abstract", False)
        handled = {method for method in METHODS if hasattr(cls, method.lower())}
        if not cls.abstract and handled != set(cls.permissions):
            raise ImproperlyConfigured(
                f"{cls.__qualname__} handles {handled} but declares {set(cls.permissions)}"
            )

    def get_policy_object(self) -> Any:
        """The object the URL names, among those the user may see; None on pages without one."""
        if self.model is None or "public_id" not in self.kwargs:
            return None
        return get_object_or_404(self.get_queryset(), public_id=self.kwargs["public_id"])

    def get_queryset(self) -> models.QuerySet:
        assert self.model is not None
        return self.model.objects.visible_to(self.request.user)  # type: ignore[attr-defined]

    def dispatch(self, request: HttpRequest, *args, **kwargs):
        permission = self.permissions.get("GET" if request.method == "HEAD" else str(request.method))
        if permission is None:
            return self.http_method_not_allowed(request, *args, **kwargs)
        if permission != PUBLIC and (answer := self._stopped(request)):
            return answer
        self.object = self.get_policy_object()
        if permission not in {PUBLIC, SIGNED_IN} and not request.user.has_perm(permission, self.object):
            raise PermissionDenied
        return super().dispatch(request, *args, **kwargs)

    def _stopped(self, request: HttpRequest) -> HttpResponse | None:
        if not request.user.is_authenticated:
            return ask_to_sign_in(request)
        return next((answer for _name, gate in gates if (answer := gate(request, self))), None)

    def show(self, status: int = 200, **context: Any) -> HttpResponse:
        context = {"view": self, "object": self.object, **self.get_context(), **context}
        return render(self.request, self.template_name, context, status=status)

    def get_context(self) -> dict[str, Any]:
        return {}


class Page(PortalView):
    """A page to read."""

    abstract = True

    def get(self, request: HttpRequest, *args, **kwargs):
        return self.show()


class _FormInvalid(Exception):
    """Rolls the transaction back, the receipt's claim with it: a form error uses up no key."""

    def __init__(self, form: Form):
        self.form = form


class FormPage(PortalView):
    """A form and the one act it leads to. A POST is one transaction under an idempotency key rendered at GET.

    Subclasses give `form_class`, `template_name` and `act(form)`, which calls a service and returns the address to
    go to. Sentences for the user go through `say`, because a repeated submission gets the same ones again.
    A `StepRefused` from the service becomes a message on the page of `refusal_url`; a `Correctable` one is shown on the
    form with all that was typed, where anything was. A `ValidationError` raised by a service is shown on the form: use
    `form.add_error(None, error)` and `raise self.invalid(form)`.
    """

    abstract = True
    form_class: ClassVar[type[Form]]
    success_message: ClassVar[str] = ""

    def get_initial(self) -> dict[str, Any]:
        return {}

    def get_form_kwargs(self) -> dict[str, Any]:
        return {}

    def make_form(self, data=None) -> Form:
        # What was sent stands for itself: what the form began with is not asked for again.
        initial = self.get_initial() if data is None else {}
        return self.form_class(data, initial=initial, **self.get_form_kwargs())

    def act(self, form: Form) -> str:
        raise NotImplementedError

    def refusal_url(self) -> str:
        return self.object.get_absolute_url()

    def invalid(self, form: Form) -> Exception:
        return _FormInvalid(form)

    def say(self, text: str, level: int = messages.SUCCESS) -> None:
        self.said.append((level, text))

    def show_form(self, form: Form, status: int = 200, **context: Any) -> HttpResponse:
        return self.show(status, form=form, idempotency_key=new_public_id(), **context)

    def get(self, request: HttpRequest, *args, **kwargs):
        return self.show_form(self.make_form())

    def post(self, request: HttpRequest, *args, **kwargs):
        self.said: list[tuple[int, str]] = []
        key = request.POST.get(idempotency.FIELD, "")
        if len(key) != 26:
            return HttpResponseBadRequest("Biểu mẫu không có mã gửi một lần. Mở lại trang rồi gửi lại.")
        try:
            return self._once(self.make_form(request.POST), key)
        except _FormInvalid as error:
            return self.show_form(error.form, status=422)
        except StepRefused as refusal:
            messages.warning(request, str(refusal))
            return redirect(self.refusal_url())

    def _once(self, form: Form, key: str) -> HttpResponse:
        request = self.request
        submission: dict[str, Any] = {
            "user": request.user,
            "route": request.resolver_match.view_name,
            "key": key,
        }
        digest = idempotency.body_digest(request)
        receipt = idempotency.earlier(**submission) if idempotency.carries_proof(request) else None
        # Outside the transaction: a wrong password counts (axes) although the act is rolled back.
        if receipt is None and not form.is_valid():
            receipt = idempotency.earlier(**submission)
            if receipt is None:
                return self.show_form(form, status=422)
        if receipt is None:
            try:
                receipt = self._claim_and_do(form, submission, digest)
            except Correctable as refusal:
                # Who only has to send it again gets what he sent, whatever the page is made of.
                if not isinstance(refusal, Busy) and not _asks_for_more(form):
                    raise
                return self.show_form(self._to_put_right(form, refusal), status=422)
        if receipt.body_digest != digest:
            return self._changed_since_sent(form, receipt)
        return self._answer(receipt)

    def _claim_and_do(self, form: Form, submission: dict[str, Any], digest: str) -> Receipt:
        with told_when_busy(), transaction.atomic():
            receipt, is_new = idempotency.claim(**submission, digest=digest)
            if is_new:
                self._do(form, receipt)
        return receipt

    def _to_put_right(self, form: Form, refusal: Correctable) -> Form:
        """The form as it was sent, with the sentence at its place; its marks of what was shown are those of now."""
        if isinstance(refusal, SeenOld):
            self.look_again()
            sent: Any = self.request.POST.copy()
            for field in filter(_is_mark, self.make_form()):
                sent[field.html_name] = field.value()
            form.data = sent
        place = next((name for name in refusal.places if name in form.fields), None)
        form.add_error(place, str(refusal))
        return form

    def look_again(self) -> None:
        """Forgets what the view has read since the request began."""
        read = [name for name in vars(self) if isinstance(getattr(type(self), name, None), cached_property)]
        for name in read:
            del vars(self)[name]
        self.object = self.get_policy_object()

    def _do(self, form: Form, receipt: Receipt) -> None:
        url = self.act(form)
        if self.success_message:
            self.say(self.success_message)
        idempotency.keep(receipt, {"url": url, "said": self.said})

    def _answer(self, receipt: Receipt) -> HttpResponse:
        outcome: Any = receipt.outcome
        for level, text in outcome["said"]:
            messages.add_message(self.request, level, text)
        return HttpResponseRedirect(outcome["url"])

    def _changed_since_sent(self, form: Form, receipt: Receipt) -> HttpResponse:
        moment = clock.local(receipt.created_at)
        messages.warning(
            self.request,
            f"Biểu mẫu này đã được gửi lúc {moment:%H:%M} ngày {moment:%d/%m/%Y} với nội dung khác. "
            "Nội dung vừa nhập còn nguyên dưới đây nhưng chưa được lưu; bấm gửi lần nữa nếu vẫn muốn gửi.",
        )
        return self.show_form(form, status=409)


def _is_mark(field: BoundField) -> bool:
    """Of what was shown. Boxes that the page lays out itself are a hidden field of many values, and filled in."""
    return field.is_hidden and not isinstance(field.field.widget, MultipleHiddenInput)


def _asks_for_more(form: Form) -> bool:
    """Whether there is more to fill in than the proof."""
    return any("password" not in field.name for field in form if not _is_mark(field))


class StepForm(Form):
    """A step without anything to fill in."""


class StepView(FormPage):
    """One step of a workflow on one object: GET shows exactly what will happen, POST does it.

    Subclasses give `step_name`, `workflow`, and `take(form)`, which calls the service.
    """

    abstract = True
    form_class: ClassVar[type[Form]] = StepForm
    template_name = "includes/step_page.html"
    heading: ClassVar[str] = ""
    consequence: ClassVar[str] = ""
    button: ClassVar[str] = ""

    def get_context(self) -> dict[str, Any]:
        return {"heading": self.heading, "consequence": self.consequence, "button": self.button}

    def take(self, form: Form) -> None:
        raise NotImplementedError

    def act(self, form: Form) -> str:
        self.take(form)
        return self.object.get_absolute_url()
