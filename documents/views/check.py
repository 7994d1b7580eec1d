"""The public page that answers for a paper. The bytes themselves are served by the app that owns the object."""

from django.http import HttpRequest, HttpResponse

from documents.check_codes import look_up
from documents.forms import CheckForm
from ledger.views import PUBLIC, PortalView


class Check(PortalView):
    """Anybody, without cookies: is this code on a paper of the portal, and does that paper still count?

    A code has 100 random bits, so guessing meets nothing; an unknown one is 404, equal for every reason.
    """

    permissions = {"GET": PUBLIC}
    template_name = "documents/check.html"

    def get(self, request: HttpRequest, code: str = "") -> HttpResponse:
        typed = code or request.GET.get("ma")
        if typed is None:
            return self.show(form=CheckForm())
        form = CheckForm({"ma": typed})
        if not form.is_valid():
            return self.show(404 if code else 422, form=form)
        answer = look_up(form.cleaned_data["ma"])
        return self.show(200 if answer else 404, form=form, answer=answer, code=form.cleaned_data["ma"])
