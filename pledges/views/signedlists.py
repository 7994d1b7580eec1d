"""Lists signed by hand: pages uploaded, names ticked beside them, recorded in one act, taken back as a whole."""

from functools import cached_property
from typing import Any

from django.contrib import messages
from django.core.paginator import Paginator
from django.forms import Form
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.urls import reverse

from documents import vault
from documents.services import PaperDamaged
from ledger.views import FormPage, Page, PortalView
from ledger.workflow import StepRefused
from pledges import entering
from pledges.forms.onpaper import EnterForm, PagesForm, SignedListForm, TicksForm, WithdrawListForm
from pledges.listing import Person, on_the_list
from pledges.models import BlankForm, Pledge, SignedList
from pledges.parties import state_of, union_on
from pledges.services import listentry, signedlists
from pledges.views.blankforms import running_campaign
from pledges.views.signedfiles import attached
from units import proof
from units.models import Unit
from units.queries import in_force

PAGE = 50
DO = {"GET": "pledges.keep_on_paper", "POST": "pledges.keep_on_paper"}
TONES = {
    SignedList.Status.DRAFT: "waiting",
    SignedList.Status.ENTERED: "done",
    SignedList.Status.WITHDRAWN: "none",
}


class SignedListList(Page):
    """Lists of the units in charge, newest first: also where Home Affairs and heads above look at a few of them."""

    permissions = {"GET": "pledges.list_on_paper"}
    template_name = "pledges/signedlist_list.html"

    def get_context(self) -> dict[str, Any]:
        user = self.request.user
        rows = SignedList.objects.visible_to(user).select_related("unit", "by").order_by("-pk")
        page = Paginator(rows, PAGE).get_page(self.request.GET.get("page"))
        units = {post.unit for post in user.acting_in("pledges").posts_of("head", "clerk")}
        if user.acting_in("pledges").works_for_home_affairs:
            tops = Unit.objects.visible_to(user).filter(in_force(user.today, "placements__"))
            units |= set(tops.filter(placements__parent__isnull=True))
        return {
            "page_obj": page,
            "rows": [(row, TONES[SignedList.Status(row.status)]) for row in page],
            "units": sorted(units, key=lambda unit: unit.sort_key),
        }


class SignedListCreate(FormPage):
    permissions = DO
    model = Unit
    form_class = SignedListForm
    template_name = "pledges/signedlist_create.html"

    @cached_property
    def blanks(self):
        user = self.request.user
        rows = BlankForm.objects.visible_to(user).filter(
            unit=self.object, year=user.today.year, status="done"
        )
        return rows.order_by("-pk")

    def get_initial(self) -> dict[str, Any]:
        asked = self.request.GET.get("ban-in", "")
        blank = self.blanks.filter(public_id=asked).first() if asked else self.blanks.first()
        return {"signed_on": self.request.user.today, "blank": blank}

    def make_form(self, data=None) -> Form:
        files = self.request.FILES if data is not None else None
        return self.form_class(data, files, initial=self.get_initial(), blanks=self.blanks)

    def refusal_url(self) -> str:
        return reverse("pledges:onpaper", args=[self.object.public_id])

    def act(self, form: Form) -> str:
        user = self.request.user
        try:
            made = signedlists.begin_list(
                unit=self.object,
                campaign=running_campaign(user),
                blank=form.cleaned_data["blank"],
                signed_on=form.cleaned_data["signed_on"],
                pages=form.pages,  # type: ignore[attr-defined]
                by=user,
            )
        except StepRefused as refusal:
            form.add_error(None, str(refusal))
            raise self.invalid(form) from refusal
        return made.get_absolute_url()


class OneList(PortalView):
    abstract = True
    model = SignedList

    def get_queryset(self):
        return super().get_queryset().select_related("unit", "campaign", "blank", "by")


class SignedListDetail(OneList, FormPage):
    """A draft is the page to tick on; afterwards the same page shows what was recorded, for who looks it over."""

    permissions = {"GET": "pledges.view_on_paper", "POST": "pledges.keep_on_paper"}
    form_class = TicksForm

    @property
    def template_name(self) -> str:  # type: ignore[override]
        is_draft = self.object.status == SignedList.Status.DRAFT
        return f"pledges/signedlist_{'tick' if is_draft and self.may_keep else 'detail'}.html"

    @cached_property
    def may_keep(self) -> bool:
        return self.request.user.has_perm("pledges.keep_on_paper", self.object)

    @cached_property
    def people(self) -> list[Person]:
        return on_the_list(self.object, self.request.user)

    def make_form(self, data=None) -> Form:
        names = [(one.user.public_id, one.user.full_name) for one in self.people if one.may_sign]
        return TicksForm(data, initial={"signed_on": self.object.signed_on}, names=names)

    def get_context(self) -> dict[str, Any]:
        made = self.object
        context = {
            "list": made,
            "tone": TONES[SignedList.Status(made.status)],
            "scans": list(made.scans.order_by("number")),
            "may_keep": self.may_keep,
        }
        if self.template_name.endswith("tick.html"):
            return context | self.ticking()
        rows = made.people.select_related("user", "pledge").order_by("user__sort_key", "user_id")
        return context | {"rows": [(row, *_state(row.pledge)) for row in rows]}

    def ticking(self) -> dict[str, Any]:
        ticked = set(self.object.people.values_list("user__public_id", flat=True))
        printed = self.object.blank.content["people"] if self.object.blank else []
        numbers = {one["id"]: number for number, one in enumerate(printed, start=1)}
        return {
            "people": [
                (one, numbers.get(one.user.public_id, ""), one.user.public_id in ticked)
                for one in self.people
            ],
            "ticked": len(ticked),
            "has_union": union_on(self.object.unit_id, self.object.signed_on).exists,
        }

    def act(self, form: Form) -> str:
        done, typed = form.cleaned_data["act"], form.cleaned_data
        everyone = [one.user.public_id for one in self.people if one.may_sign]
        people = {"all": everyone, "none": []}.get(done, typed["people"])
        made = signedlists.save_ticks(
            signed_list=self.object,
            people=people,
            head_signed=typed["head_signed"],
            union_signed=typed["union_signed"],
            signed_on=typed["signed_on"],
            seen_version=typed["version"],
            by=self.request.user,
        )
        if done == "go":
            return reverse("pledges:signedlist_enter", args=[made.public_id])
        if done == "save":
            self.say(f"Đã lưu nháp: {len(people)} người.")
        return made.get_absolute_url()


def _state(pledge: Pledge | None) -> tuple[str, str]:
    return state_of(pledge) if pledge else ("none", "Không ghi nhận")


class SignedListAddPages(OneList, FormPage):
    permissions = DO
    form_class = PagesForm
    template_name = "pledges/signedlist_pages.html"

    def make_form(self, data=None) -> Form:
        return PagesForm(data, self.request.FILES if data is not None else None)

    def act(self, form: Form) -> str:
        signedlists.add_pages(
            signed_list=self.object,
            pages=form.pages,  # type: ignore[attr-defined]
            by=self.request.user,
        )
        return self.object.get_absolute_url()


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
                "lực, trừ những bản đã được xác nhận điện tử hoặc ký lại từ đó. Từng người được báo kèm lý do."
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


class SignedListPage(OneList):
    """One page as a picture; never shown as a page of ours (rule R33)."""

    permissions = {"GET": "pledges.view_on_paper"}

    def get(self, request: HttpRequest, public_id: str, number: int) -> HttpResponse:
        scan = self.object.scans.filter(number=number).first()
        if scan is None:
            raise Http404
        try:
            body = vault.fetch(scan.path, scan.sha256)
        except PaperDamaged as damage:
            messages.error(request, str(damage))
            return redirect(self.object)
        return attached(body, f"trang-{number}.jpg", "image/jpeg")
