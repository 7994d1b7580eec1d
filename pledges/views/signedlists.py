"""Lists signed by hand: pages uploaded, names ticked beside them. What is then recorded: `pledges.views.listentry`."""

from collections.abc import Collection
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
from ledger.workflow import SeenOld
from pledges.entering import signers_in_stead
from pledges.forms.onpaper import PagesForm, SignedListForm, TicksForm
from pledges.listing import NOT_TICKED, Person, expected_on, on_the_list, printed_numbers
from pledges.models import BlankForm, Pledge, SignedList
from pledges.parties import state_of, union_on
from pledges.services import signedlists
from pledges.views.blankforms import running_campaign
from pledges.views.signedfiles import attached
from units.models import Unit
from units.queries import in_force

PAGE = 50
OTHER_DAY = "Người kia ghi ngày ký {0:%d/%m/%Y}; giữ ngày nào thì ghi ngày ấy."
WHO_SIGNED = "Ngày ký đã đổi thành {0:%d/%m/%Y}: xem lại ai ký ở chỗ người đứng đầu rồi bấm tiếp."
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
        years = signedlists.open_years(user.today)
        rows = BlankForm.objects.visible_to(user).filter(unit=self.object, year__in=years, status="done")
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
        made = signedlists.begin_list(
            unit=self.object,
            campaign=running_campaign(user),
            blank=form.cleaned_data["blank"],
            signed_on=form.cleaned_data["signed_on"],
            pages=form.pages,  # type: ignore[attr-defined]
            by=user,
        )
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
    # Somebody else has saved since the page was opened: what both have ticked stands together.
    shows_both = False

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

    @cached_property
    def in_stead(self) -> list[tuple[str, str]]:
        """Who may have signed for the head that day; who is noted and may not have, so that he is not lost unseen."""
        found, noted = signers_in_stead(self.object), self.object.head_signer
        if noted and noted.public_id not in dict(found):
            found.append((noted.public_id, f"{noted.full_name} (ngày này không được giao)"))
        return found

    def make_form(self, data=None) -> Form:
        names = [(one.user.public_id, one.user.full_name) for one in self.people if one.may_sign]
        initial = {"signed_on": self.object.signed_on, "version": self.object.version}
        return TicksForm(data, initial=initial, names=names, in_stead=self.in_stead)

    def get_context(self) -> dict[str, Any]:
        made = self.object
        context = {
            "list": made,
            "tone": TONES[SignedList.Status(made.status)],
            "scans": list(made.scans.order_by("number")),
            "may_keep": self.may_keep,
        }
        if self.template_name.endswith("tick.html"):
            return context
        rows = made.people.select_related("user", "pledge").order_by("user__sort_key", "user_id")
        return context | {"rows": [(row, *_state(row.pledge)) for row in rows]}

    def ticking(self, form: Form) -> dict[str, Any]:
        """What is ticked: as it was sent, where it could not be saved; else as it is saved."""
        made = self.object
        ticked = set(made.people.values_list("user__public_id", flat=True))
        signer = made.head_signer.public_id if made.head_signer else ""
        marks = {"head_signed": made.head_signed, "union_signed": made.union_signed, "head_signer": signer}
        if form.is_bound:
            sent = set(form["people"].data)
            ticked = ticked | sent if self.shows_both else sent
            marks = {name: form[name].data or (self.shows_both and marks[name]) or "" for name in marks}
        numbers = printed_numbers(made)
        return {
            "people": [
                (one, numbers.get(one.user.public_id, ""), one.user.public_id in ticked)
                for one in self.people
            ],
            "ticked": len(ticked),
            "in_stead": self.in_stead,
            "has_union": union_on(made.unit_id, made.signed_on).exists,
            **marks,
        }

    def show_form(self, form: Form, status: int = 200, **context: Any) -> HttpResponse:
        if not self.template_name.endswith("tick.html"):
            return super().show_form(form, status, **context)
        if self.shows_both and form.cleaned_data["signed_on"] != self.object.signed_on:
            form.add_error("signed_on", OTHER_DAY.format(self.object.signed_on))
        return super().show_form(form, status, **self.ticking(form), **context)

    def act(self, form: Form) -> str:
        done, typed = form.cleaned_data["act"], form.cleaned_data
        everyone = {one.user.public_id for one in expected_on(self.object, self.people)}
        people = {"all": everyone.union(typed["people"]), "none": set()}.get(done, typed["people"])
        made = self.save(form, people)
        if made.head_signed and self.others_signed(made):
            self.say(WHO_SIGNED.format(made.signed_on), messages.WARNING)
            return made.get_absolute_url()
        if done == "go":
            return reverse("pledges:signedlist_enter", args=[made.public_id])
        if done == "save":
            self.say(f"Đã lưu nháp: {len(people)} người.")
        if done == "all" and (left := sum(one.may_sign for one in self.people) - len(people)):
            self.say(NOT_TICKED.format(left), messages.WARNING)
        return made.get_absolute_url()

    def others_signed(self, made: SignedList) -> bool:
        """Whether on the new day others may have signed for the head than the page offered."""
        is_moved = made.signed_on != self.object.signed_on
        return is_moved and signers_in_stead(made) != signers_in_stead(self.object)

    def save(self, form: Form, people: Collection[str]) -> SignedList:
        typed = form.cleaned_data
        try:
            return signedlists.save_ticks(
                signed_list=self.object,
                people=people,
                head_signed=typed["head_signed"],
                head_signer=typed["head_signer"],
                union_signed=typed["union_signed"],
                signed_on=typed["signed_on"],
                seen_version=typed["version"],
                by=self.request.user,
            )
        except SeenOld:
            self.shows_both = True
            raise


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
