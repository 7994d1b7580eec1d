"""The public page that answers for a paper. The bytes themselves are served by the app that owns the object."""

from typing import Any

from django.http import HttpRequest, HttpResponse
from django.utils.decorators import method_decorator
from django.views.decorators.csrf import csrf_exempt

from documents.check_codes import look_up, look_up_copy
from documents.copies import LARGEST, Copy, Reception
from documents.forms import CheckForm, CopyForm
from ledger.views import PUBLIC, PortalView

# What a browser adds around one file.
ENVELOPE = 64 * 1024


# Exempt: the page gives nobody a cookie, and the token needs one. Its POST changes nothing and reads no session: who
# forges it only asks in another's name what anybody may ask.
@method_decorator(csrf_exempt, name="dispatch")
class Check(PortalView):
    """Anybody, without cookies: is this code, or this very file, a paper of the portal, and does it still count?

    A code has 100 random bits, so guessing meets nothing; an unknown one is 404, equal for every reason.
    """

    permissions = {"GET": PUBLIC, "POST": PUBLIC}
    template_name = "documents/check.html"

    def get(self, request: HttpRequest, code: str = "") -> HttpResponse:
        typed = code or request.GET.get("ma")
        if typed is None:
            return self.show()
        form = CheckForm({"ma": typed})
        if not form.is_valid():
            return self.show(404 if code else 422, form=form)
        answer = look_up(form.cleaned_data["ma"])
        return self.show(200 if answer else 404, form=form, answer=answer, code=form.cleaned_data["ma"])

    def post(self, request: HttpRequest, code: str = "") -> HttpResponse:
        """A file. Neither it nor its name is kept or logged."""
        request.upload_handlers = [Reception(request)]
        if int(request.META.get("CONTENT_LENGTH") or 0) > LARGEST + ENVELOPE:
            # Told before a byte of it is read.
            return self.show(413, copy_form=_too_large())
        form = CopyForm(request.POST, request.FILES)
        if not form.is_valid():
            return self.show(422, copy_form=form)
        copy = form.cleaned_data["tep"]
        return self.show(answer=look_up_copy(copy), copy=copy)

    def get_context(self) -> dict[str, Any]:
        return {"form": CheckForm(), "copy_form": CopyForm()}

    def show(self, status: int = 200, **context: Any) -> HttpResponse:
        response = super().show(status, **context)
        response["Cache-Control"] = "no-store"
        return response


def _too_large() -> CopyForm:
    files: Any = {"tep": Copy("", b"", "", LARGEST + 1)}
    return CopyForm({}, files)
