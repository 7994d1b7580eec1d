"""A list signed by hand is recorded in one act, and taken back as a whole."""

from typing import Any

from django.contrib import messages
from django.forms import Form
from django.http import HttpRequest
from django.shortcuts import redirect
from django.urls import reverse

from ledger.views import FormPage
from ledger.workflow import StepRefused
from pledges import entering
from pledges.forms.onpaper import EnterForm, WithdrawListForm
from pledges.models import Pledge, SignedList
from pledges.services import listentry, signedlists
from pledges.views.signedlists import DO, OneList
from units import proof


class SignedListEnter(OneList, FormPage):
    """Exactly who will be recorded, how far each pledge then is, and who will not be and why."""

    permissions = DO
    form_class = EnterForm
    template_name = "pledges/signedlist_enter.html"

    def get(self, request: HttpRequest, *args, **kwargs):
        if self.object.status != SignedList.Status.DRAFT:
            return redirect(self.object)
        try:
            self.entry = entering.prepare(self.object, self.request.user)
        except StepRefused as refusal:
            messages.warning(request, str(refusal))
            return redirect(self.object)
        return super().get(request, *args, **kwargs)

    def make_form(self, data=None) -> Form:
        return EnterForm(data, initial={"version": self.object.version}, request=self.request)

    def get_context(self) -> dict[str, Any]:
        entry = getattr(self, "entry", None) or entering.prepare(self.object, self.request.user)
        counts: dict[str, int] = {}
        for status in entry.statuses.values():
            counts[status] = counts.get(status, 0) + 1
        return {
            "list": self.object,
            "entry": entry,
            "counts": [(Pledge.Status(status).label, count) for status, count in counts.items()],
        }

    def act(self, form: Form) -> str:
        entered = listentry.enter_list(
            signed_list=self.object,
            seen_version=form.cleaned_data["version"],
            by=self.request.user,
            proof=proof.given(self.request),
        )
        self.say(f"Đã ghi nhận {len(entered.pledges)} bản cam kết ký trên giấy.")
        if entered.refused:
            self.say(f"Không ghi nhận: {'; '.join(entered.refused)}.", messages.WARNING)
        return self.object.get_absolute_url()


class SignedListWithdraw(OneList, FormPage):
    """A draft is dropped; a recorded list is taken back with a reason."""

    permissions = DO
    form_class = WithdrawListForm
    template_name = "pledges/signedlist_withdraw.html"

    @property
    def is_draft(self) -> bool:
        return self.object.status == SignedList.Status.DRAFT

    def make_form(self, data=None) -> Form:
        form = WithdrawListForm(data, request=self.request)
        return form.without_reason() if self.is_draft else form

    def get_context(self) -> dict[str, Any]:
        made = self.object
        if self.is_draft:
            consequence = "Bản nháp này được bỏ; chưa có bản cam kết nào được ghi nhận từ nó."
        else:
            consequence = (
                f"{made.people.filter(pledge__isnull=False).count()} bản cam kết ghi nhận từ danh sách này hết hiệu "
                "lực, trừ những bản đã được xác nhận điện tử hoặc ký lại từ đó. Việc đã báo không ký trước đó có hiệu "
                "lực trở lại. Từng người được báo kèm lý do."
            )
        return {"list": made, "consequence": consequence}

    def act(self, form: Form) -> str:
        if self.is_draft:
            signedlists.discard_list(signed_list=self.object, by=self.request.user)
            self.say("Đã bỏ bản nháp.")
            return reverse("pledges:onpaper", args=[self.object.unit.public_id])
        kept = signedlists.withdraw_list(
            signed_list=self.object, reason=form.cleaned_data["reason"], by=self.request.user
        )
        self.say("Đã hủy danh sách.")
        if kept:
            names = ", ".join(row.content["person"]["name"] for row in kept)
            self.say(f"Vẫn còn hiệu lực vì đã xác nhận điện tử hoặc ký lại: {names}.", messages.WARNING)
        return self.object.get_absolute_url()
