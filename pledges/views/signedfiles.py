"""Signing with one's own certificate: the PDF to sign, the file that comes back, and what was found in it."""

from typing import Any

from django.contrib import messages
from django.forms import Form
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils.http import content_disposition_header

from documents.services import PaperDamaged
from ledger.views import FormPage, PortalView
from ledger.workflow import StepRefused
from pledges import ownpledges
from pledges.findings import found_in
from pledges.forms.signedfiles import DraftForm, SignedFileForm
from pledges.models import Pledge, SigningDraft
from pledges.services import signedfiles
from pledges.views.signing import SignPage
from pledges.wording import Proposal, propose
from units import proof

SHOWN = 3


class SigningDraftCreate(SignPage):
    """The words as they will stand in the file; then one button. Whoever has signed this year is led to that pledge."""

    permissions = {"GET": "pledges.sign_pledge", "POST": "pledges.sign_pledge"}
    form_class = DraftForm  # type: ignore[assignment]
    template_name = "pledges/signingdraft_create.html"
    heading = "Ký bằng chứng thư số của ông/bà"

    def get_form_kwargs(self) -> dict[str, Any]:
        return {}

    def propose(self) -> Proposal:
        user = self.request.user
        return propose(
            user=user,
            campaign=self.campaign(),
            year=user.today.year,
            on=user.today,
            channel=Pledge.Channel.SIGNED_FILE,
        )

    def find_earlier(self) -> Pledge | None:
        return ownpledges.of_this_year(self.request.user)

    def sign(self, **words: Any) -> SigningDraft:  # type: ignore[override]
        words.pop("proof")
        return signedfiles.order_draft(**words)


class SigningDraftDetail(FormPage):
    """How far the file is; then the file, and the form for the one that comes back signed, with what was found."""

    permissions = {"GET": "pledges.sign_pledge", "POST": "pledges.sign_pledge"}
    model = SigningDraft
    form_class = SignedFileForm
    template_name = "pledges/signingdraft_detail.html"

    def get(self, request: HttpRequest, *args, **kwargs):
        if request.htmx:  # type: ignore[attr-defined]
            response = render(request, "includes/_progress.html", self.get_context())
            if self.object.is_over:
                response["HX-Refresh"] = "true"
            return response
        return super().get(request, *args, **kwargs)

    def make_form(self, data=None) -> Form:
        files = self.request.FILES if data is not None else None
        return self.form_class(data, files, request=self.request, draft=self.object)

    def get_context(self) -> dict[str, Any]:
        draft = self.object
        files = draft.returned.select_related("pledge").order_by("-pk")[:SHOWN]
        name = draft.shown["person"]["name"]
        found = [found_in(file, name) for file in files]
        return {
            "draft": draft,
            "job": draft,
            "title": "Lập tệp để ký số",
            "latest": found[0] if found else None,
            "earlier": found[1:],
            "pledge": next((file.pledge for file in files if file.pledge), None),
        }

    def act(self, form: Form) -> str:
        file = signedfiles.receive_signed_file(
            draft=self.object,
            body=form.body,  # type: ignore[attr-defined]
            found=form.found,  # type: ignore[attr-defined]
            by=self.request.user,
            proof=proof.given(self.request),
        )
        found = found_in(file, self.request.user.full_name)
        level = messages.SUCCESS if file.pledge else messages.WARNING
        self.say(f"{found.title}.", level)
        return self.object.get_absolute_url()


class SigningDraftFile(PortalView):
    permissions = {"GET": "pledges.sign_pledge"}
    model = SigningDraft

    def get(self, request: HttpRequest, public_id: str) -> HttpResponse:
        try:
            body = signedfiles.draft_bytes(self.object)
        except (StepRefused, PaperDamaged) as error:
            messages.warning(request, str(error))
            return redirect(self.object)
        return attached(body, f"ban-cam-ket-{self.object.year}-de-ky.pdf")


class PledgeSignedFile(PortalView):
    """The file as it came, for whoever may see the pledge."""

    permissions = {"GET": "pledges.view_pledge"}
    model = Pledge

    def get(self, request: HttpRequest, public_id: str) -> HttpResponse:
        file = signedfiles.signed_file_of(self.object)
        if file is None:
            raise Http404
        try:
            body = signedfiles.signed_file_bytes(file)
        except PaperDamaged as damage:
            messages.error(request, str(damage))
            return redirect(self.object)
        return attached(body, f"ban-cam-ket-{self.object.year}-{self.object.user.username}-da-ky.pdf")


def attached(body: bytes, filename: str, kind: str = "application/pdf") -> HttpResponse:
    """Bytes that a person made are never shown in our pages (rule R33)."""
    response = HttpResponse(body, content_type=kind)
    response["Content-Disposition"] = str(content_disposition_header(True, filename))
    response["Content-Security-Policy"] = "sandbox; default-src 'none'"
    response["X-Content-Type-Options"] = "nosniff"
    return response
