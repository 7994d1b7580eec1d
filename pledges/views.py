"""Pages of pledges: signing, one's own and others' pledges, confirming, returning, the paper."""

from typing import Any

from django.contrib import messages
from django.core.exceptions import ValidationError
from django.forms import Form
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django_tables2 import RequestConfig

from campaigns.models import Campaign
from documents.services import PaperDamaged, paper_response
from ledger.views import FormPage, Page, StepForm
from ledger.workflow import StepRefused
from pledges import coverage, services
from pledges.filters import WAITING_FOR_ME, PledgeFilter
from pledges.forms import ConfirmForm, ReturnForm, SignForm
from pledges.models import PaperJob, Pledge
from pledges.parties import TONES, returned_by, stops, timeline, what_waits
from pledges.tables import PledgeTable
from pledges.wording import NO_TEXT, Proposal, category_label, goes_elsewhere, propose
from pledges.workflow import PLEDGE

PAGE = 50


def own_pledge(user, year: int) -> Pledge | None:
    return Pledge.objects.visible_to(user).filter(user=user, year=year).order_by("-pk").first()


class PledgeList(Page):
    permissions = {"GET": "pledges.list_pledges"}
    template_name = "pledges/pledge_list.html"

    def get_context(self) -> dict[str, Any]:
        user = self.request.user
        pledges = Pledge.objects.visible_to(user)
        narrowed = PledgeFilter(
            self.request.GET, user=user, queryset=pledges.select_related("user", "unit")
        )
        table = PledgeTable(narrowed.qs)
        RequestConfig(self.request, paginate={"per_page": PAGE}).configure(table)
        year = narrowed.asked_year
        campaign = Campaign.objects.visible_to(user).current()
        return {
            "form": narrowed.form,
            "table": table,
            "count": table.paginator.count,
            "year": year,
            "coverage": campaign
            and coverage.of(user=user, campaign=campaign, year=year, today=user.today),
            "waiting": pledges.waiting_for(user).count(),
            "waiting_url": f"{reverse('pledges:pledge_list')}?status={WAITING_FOR_ME}",
        }


class PledgeSign(FormPage):
    """The five commitments as they will be recorded, and one button. What cannot be signed says why instead."""

    permissions = {"GET": "pledges.sign_pledge", "POST": "pledges.sign_pledge"}
    form_class = SignForm
    template_name = "pledges/pledge_sign.html"

    def proposal(self) -> Proposal:
        user = self.request.user
        campaign = Campaign.objects.visible_to(user).current()
        if campaign is None:
            raise StepRefused(NO_TEXT)
        return propose(user=user, campaign=campaign, year=user.today.year, on=user.today)

    def get(self, request: HttpRequest, *args, **kwargs):
        pledge = own_pledge(request.user, request.user.today.year)
        try:
            proposal = self.proposal()
        except StepRefused as refusal:
            return redirect(pledge) if pledge else self.show(refusal=str(refusal))
        if pledge and pledge.status != Pledge.Status.RETURNED and not goes_elsewhere(pledge, proposal):
            return redirect(pledge)
        return super().get(request, *args, **kwargs)

    def get_initial(self) -> dict[str, Any]:
        pledge = own_pledge(self.request.user, self.request.user.today.year)
        return {"own_words": pledge.own_words if pledge else ""}

    def get_form_kwargs(self) -> dict[str, Any]:
        return {"request": self.request}

    def show_form(self, form: Form, status: int = 200, **context: Any) -> HttpResponse:
        """The text and its digest are always today's, whatever the sent form carried."""
        proposal = self.proposal()
        pledge = own_pledge(self.request.user, proposal.year)
        returned = pledge and pledge.status == Pledge.Status.RETURNED and returned_by(pledge)
        form.fields["own_words"].label = proposal.text.own_words_label
        context |= {
            "record": proposal.shown,
            "category": category_label(proposal.shown),
            "sha256": proposal.sha256,
            "earlier": pledge,
            "returned": returned,
        }
        return super().show_form(form, status, **context)

    def act(self, form: Form) -> str:
        user = self.request.user
        campaign = Campaign.objects.visible_to(user).current()
        if campaign is None:
            raise StepRefused(NO_TEXT)
        try:
            pledge = services.sign_pledge(
                by=user,
                campaign=campaign,
                year=user.today.year,
                own_words=form.cleaned_data["own_words"],
                seen_sha256=form.cleaned_data["seen_sha256"],
            )
        except (services.TextChanged, ValidationError) as error:
            # On this page, with what was typed, under the text as it is now.
            form.add_error(None, error if isinstance(error, ValidationError) else str(error))
            raise self.invalid(form) from error
        self.say(f"Đã ký cam kết năm {pledge.year}.")
        return pledge.get_absolute_url()

    def refusal_url(self) -> str:
        """Where the reason can be read again: the pledge itself, or the page that says why there is none."""
        pledge = own_pledge(self.request.user, self.request.user.today.year)
        return pledge.get_absolute_url() if pledge else reverse("pledges:pledge_sign")


class PledgePage:
    """What pages of one pledge share."""

    model = Pledge

    def get_queryset(self):
        return super().get_queryset().select_related("user", "unit", "signing_unit", "paper")


class PledgeDetail(PledgePage, Page):
    permissions = {"GET": "pledges.view_pledge"}
    template_name = "pledges/pledge_detail.html"

    def get_context(self) -> dict[str, Any]:
        pledge, user = self.object, self.request.user
        line = stops(pledge, user.today)
        is_own = pledge.user_id == user.pk
        own = Pledge.objects.visible_to(user).filter(user=user)
        return {
            "pledge": pledge,
            "record": pledge.content,
            "category": category_label(pledge.content),
            "tone": TONES[pledge.status],
            "stops": line,
            "next": what_waits(pledge, line),
            "is_own": is_own,
            "job": None if pledge.paper else latest_job(pledge),
            "past": own.exclude(pk=pledge.pk).order_by("-year") if is_own else [],
            "events": timeline(pledge),
            **self.acts(pledge, user),
        }

    def acts(self, pledge: Pledge, user) -> dict[str, Any]:
        """What this person may do with the pledge now; and, for who confirms, the one that waits next."""
        awaits_head = pledge.status == Pledge.Status.AWAITING_HEAD
        awaits_union = pledge.status == Pledge.Status.AWAITING_UNION
        as_head = user.has_perm("pledges.countersign_pledge", pledge)
        as_union = user.has_perm("pledges.countersign_union", pledge)
        waiting = Pledge.objects.visible_to(user).waiting_for(user)
        mine = (as_head or as_union) and waiting.filter(pk=pledge.pk).exists()
        following = waiting.exclude(pk=pledge.pk).order_by("signed_at", "pk")
        return {
            "may_countersign": mine and awaits_head and as_head,
            "may_countersign_union": mine and awaits_union and as_union,
            "may_complete": mine and awaits_union and as_head and not as_union,
            "may_return": mine and (as_head if awaits_head else as_union),
            "following": following.first() if as_head or as_union else None,
        }


def latest_job(pledge: Pledge) -> PaperJob | None:
    return pledge.paper_jobs.order_by("-pk").first()


class StepOnPledge(PledgePage, FormPage):
    """One step on a pledge, with the whole text on the page and its digest in the form (rules R23, R26)."""

    abstract = True
    step_name = ""
    heading = ""
    danger = False

    def get(self, request: HttpRequest, *args, **kwargs):
        step = PLEDGE.step(self.step_name)
        if self.object.status not in step.sources:
            messages.warning(request, PLEDGE.refusal(self.object, step))
            return redirect(self.object)
        return super().get(request, *args, **kwargs)

    def get_form_kwargs(self) -> dict[str, Any]:
        return {"request": self.request}

    def get_context(self) -> dict[str, Any]:
        return {
            "pledge": self.object,
            "record": self.object.content,
            "category": category_label(self.object.content),
            "stops": stops(self.object, self.request.user.today),
            "heading": self.heading,
            "button": PLEDGE.step(self.step_name).label,
            "consequence": self.consequence(),
            "danger": self.danger,
        }

    def consequence(self) -> str:
        raise NotImplementedError


class PledgeCountersign(StepOnPledge):
    permissions = {"GET": "pledges.countersign_pledge", "POST": "pledges.countersign_pledge"}
    form_class = ConfirmForm
    template_name = "pledges/pledge_confirm.html"
    step_name = "countersign"
    heading = "Xác nhận bản cam kết"

    def consequence(self) -> str:
        return (
            "Cổng ghi xác nhận điện tử của ông/bà, với tư cách người đứng đầu, cho đúng nội dung trên đây. "
            "Xác nhận rồi thì không rút lại được."
        )

    def act(self, form: Form) -> str:
        services.countersign(
            pledge=self.object, by=self.request.user, seen_sha256=form.cleaned_data["seen_sha256"]
        )
        self.say(f"Đã xác nhận bản cam kết của {self.object.user.full_name}.")
        return self.object.get_absolute_url()


class PledgeCountersignUnion(StepOnPledge):
    permissions = {"GET": "pledges.countersign_union", "POST": "pledges.countersign_union"}
    form_class = ConfirmForm
    template_name = "pledges/pledge_confirm.html"
    step_name = "countersign_union"
    heading = "Công đoàn cơ sở xác nhận bản cam kết"

    def consequence(self) -> str:
        return (
            "Cổng ghi xác nhận điện tử của ông/bà, thay mặt Ban Chấp hành công đoàn cơ sở, cho đúng nội dung trên đây. "
            "Bản cam kết khi đó đủ xác nhận."
        )

    def act(self, form: Form) -> str:
        services.countersign_for_union(
            pledge=self.object, by=self.request.user, seen_sha256=form.cleaned_data["seen_sha256"]
        )
        self.say(f"Đã xác nhận bản cam kết của {self.object.user.full_name}.")
        return self.object.get_absolute_url()


class PledgeReturn(StepOnPledge):
    permissions = {"GET": "pledges.return_pledge", "POST": "pledges.return_pledge"}
    form_class = ReturnForm
    template_name = "pledges/pledge_confirm.html"
    step_name = "return"
    heading = "Trả lại bản cam kết"
    danger = True

    def consequence(self) -> str:
        return f"Bản cam kết trở về {self.object.user.full_name} kèm lý do để ký lại; lần ký này vẫn được lưu."

    def act(self, form: Form) -> str:
        services.return_pledge(
            pledge=self.object,
            by=self.request.user,
            reason=form.cleaned_data["reason"],
            seen_sha256=form.cleaned_data["seen_sha256"],
        )
        self.say(f"Đã trả lại bản cam kết của {self.object.user.full_name}.")
        return self.object.get_absolute_url()


class PledgeComplete(StepOnPledge):
    """The union that was waited for takes no part any more: the head closes with two confirmations."""

    permissions = {"GET": "pledges.countersign_pledge", "POST": "pledges.countersign_pledge"}
    form_class = StepForm
    template_name = "pledges/pledge_confirm.html"
    step_name = "complete_without_union"
    heading = "Hoàn tất với hai xác nhận"

    def get_form_kwargs(self) -> dict[str, Any]:
        return {}

    def consequence(self) -> str:
        return (
            f"Công đoàn cơ sở của {self.object.signing_unit.name} không còn tham gia xác nhận. Bản này và các bản khác "
            "của đơn vị đang chờ công đoàn được hoàn tất với hai xác nhận đã có."
        )

    def act(self, form: Form) -> str:
        done = services.complete_without_union(pledge=self.object, by=self.request.user)
        self.say(f"Đã hoàn tất {len(done)} bản cam kết với hai xác nhận.")
        return self.object.get_absolute_url()


class PledgePaper(PledgePage, FormPage):
    """The PDF; before it is there, how far it is, and for a complete pledge without an order the button to order it."""

    permissions = {"GET": "pledges.view_pledge", "POST": "pledges.order_paper"}
    form_class = StepForm
    template_name = "pledges/pledge_paper.html"

    def get(self, request: HttpRequest, *args, **kwargs):
        pledge = self.object
        if request.htmx:
            return self.fragment()
        if pledge.paper:
            try:
                return paper_response(pledge.paper, f"ban-cam-ket-{pledge.year}-{pledge.user.username}.pdf")
            except PaperDamaged as damage:
                messages.error(request, str(damage))
                return redirect(pledge)
        if pledge.status != Pledge.Status.COMPLETE:
            messages.warning(request, services.TOO_EARLY)
            return redirect(pledge)
        return super().get(request, *args, **kwargs)

    def fragment(self) -> HttpResponse:
        context = self.get_context()
        response = render(self.request, "includes/_progress.html", context)
        if context["job"] is None or context["job"].is_over:
            response["HX-Refresh"] = "true"
        return response

    def get_context(self) -> dict[str, Any]:
        return {"pledge": self.object, "job": latest_job(self.object), "title": "Lập bản PDF"}

    def act(self, form: Form) -> str:
        services.order_paper(pledge=self.object, by=self.request.user)
        return reverse("pledges:pledge_paper", args=[self.object.public_id])
