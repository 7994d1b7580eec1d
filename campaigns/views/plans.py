"""Lists of plans, one plan, and writing it."""

from typing import Any

from django.contrib import messages
from django.core.exceptions import ValidationError
from django.db.models import QuerySet
from django.forms import Form
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.urls import reverse
from django_tables2 import RequestConfig

from campaigns import coverage, services
from campaigns.content import content_of, for_reading, repeated_elsewhere
from campaigns.filters import UnitPlanFilter
from campaigns.forms import MOST_ROWS, BeginForm, PlanForm
from campaigns.models import Campaign, UnitPlan
from campaigns.tables import TONES, UnitPlanTable
from campaigns.workflow import EDITABLE, PLAN
from ledger import events
from ledger.views import FormPage, Page, PortalView
from ledger.workflow import SeenOld, StepRefused
from units import tree
from units.models import Post, Unit, User

PAGE = 50
TYPED_STAYS = (
    "Nội dung vừa nhập còn nguyên dưới đây, chưa lưu; bấm “Lưu kế hoạch” lần nữa thì thay nội dung đang lưu."
)
AUTHORS = (Post.Kind.HEAD, Post.Kind.CLERK)


class UnitPlanList(Page):
    permissions = {"GET": "campaigns.list_unitplans"}
    template_name = "campaigns/unitplan_list.html"

    def get_context(self) -> dict[str, Any]:
        user = self.request.user
        asked = self.request.GET.copy()
        asked.setdefault("year", str(user.today.year))
        plans = UnitPlan.objects.visible_to(user).select_related("unit")
        narrowed = UnitPlanFilter(asked, queryset=plans)
        table = UnitPlanTable(narrowed.qs)
        if user.has_perm("campaigns.begin_unitplan"):
            table.offer_beginning()
        RequestConfig(self.request, paginate={"per_page": PAGE}).configure(table)
        year = narrowed.asked_year or user.today.year
        return {
            "form": narrowed.form,
            "table": table,
            "year": year,
            "coverage": self._coverage(user, year),
            "may_begin": user.has_perm("campaigns.begin_unitplan"),
        }

    def _coverage(self, user: User, year: int) -> coverage.Coverage | None:
        """Over the whole province for who watches it, over one's own branch for heads and clerks."""
        user = user.acting_in("campaigns")
        standing = tree.load(coverage.day_for(year, user.today))
        if user.works_for_home_affairs or user.posts_of(Post.Kind.LEADERSHIP, Post.Kind.STANDING_COMMITTEE):
            return coverage.of(year, standing)
        if user.posts_of(*AUTHORS):
            return coverage.of(year, standing, user.units_in_charge())
        return None


class UnitPlanBegin(FormPage):
    permissions = {"GET": "campaigns.begin_unitplan", "POST": "campaigns.begin_unitplan"}
    form_class = BeginForm
    template_name = "campaigns/unitplan_begin.html"

    def units(self) -> list[Unit]:
        user = self.request.user.acting_in("campaigns")
        standing = tree.load(user.today)
        own = {post.unit_id: post.unit for post in user.posts_of(*AUTHORS)}
        return [unit for key, unit in own.items() if standing.owes(key, "plan_duty")]

    def get_form_kwargs(self) -> dict[str, Any]:
        year = self.request.user.today.year
        return {"units": self.units(), "years": [year, year + 1]}

    def act(self, form: Form) -> str:
        campaign = Campaign.objects.visible_to(self.request.user).current()
        if campaign is None:
            raise StepRefused("Chưa có quyết định nào để lập kế hoạch theo.")
        plan = services.begin_plan(by=self.request.user, campaign=campaign, **form.cleaned_data)
        self.say("Đã lập bản soạn từ các nhiệm vụ của quyết định. Sửa, bỏ bớt, thêm việc của đơn vị rồi gửi.")
        return reverse("campaigns:unitplan_edit", args=[plan.public_id])

    def refusal_url(self) -> str:
        return reverse("campaigns:unitplan_list")


class PlanPage(PortalView):
    """What pages of one plan share."""

    abstract = True
    model = UnitPlan

    def get_queryset(self) -> QuerySet:
        return super().get_queryset().select_related("unit", "campaign")

    def late(self, sentence: str) -> HttpResponse:
        """Back to the plan's own page: a late click is no error page."""
        messages.warning(self.request, sentence)
        return redirect(self.object.get_absolute_url())


class UnitPlanDetail(PlanPage, Page):
    permissions = {"GET": "campaigns.view_unitplan"}
    template_name = "campaigns/unitplan_detail.html"

    def get_context(self) -> dict[str, Any]:
        plan, user = self.object, self.request.user
        writes = user.has_perm("campaigns.write_unitplan", plan)
        sent = plan.versions.order_by("number").last()
        content = content_of(plan) if writes or sent is None else sent.content
        reviews = plan.status == UnitPlan.Status.SUBMITTED and user.has_perm(
            "campaigns.review_unitplan", plan
        )
        past = events.history(PLAN.kind, plan.public_id)
        return {
            "plan": plan,
            "tone": TONES[plan.status],
            "content": for_reading(content),
            "sent": sent,
            "writes": writes,
            "may_edit": writes and plan.status in EDITABLE,
            "may_submit": plan.status in EDITABLE and user.has_perm("campaigns.submit_unitplan", plan),
            "reviews": reviews,
            "repeated": repeated_elsewhere(plan, content) if reviews else None,
            "returned": next((one for one in reversed(past) if one.kind == f"{PLAN.kind}.return"), None),
            "next": [
                "Cấp tiếp nhận đọc và tiếp nhận, hoặc trả lại kèm lý do.",
                "Kết quả hiện ở mục Việc cần làm.",
            ],
            "events": timeline(past),
        }


def timeline(past: list[events.PastAct]) -> list[dict[str, Any]]:
    """Newest first; that a draft was saved once more is in the log and no news here."""
    return [
        {
            "what": PLAN.done_words(one.kind).capitalize(),
            "who": one.by,
            "post": one.post,
            "at": one.at,
            "why": one.reason,
        }
        for one in reversed(past)
        if one.kind != f"{PLAN.kind}.save"
    ]


class UnitPlanEdit(PlanPage, FormPage):
    """The whole plan on one page. “Thêm dòng” shows it again with one more line, with all that was typed."""

    permissions = {"GET": "campaigns.write_unitplan", "POST": "campaigns.write_unitplan"}
    template_name = "campaigns/unitplan_edit.html"
    success_message = "Đã lưu kế hoạch."

    def make_form(self, data=None) -> PlanForm:
        return PlanForm(data, plan=self.object)

    def get(self, request: HttpRequest, *args, **kwargs):
        if self.object.status not in EDITABLE:
            return self.late(PLAN.refusal(self.object, PLAN.step("save")))
        return super().get(request, *args, **kwargs)

    def post(self, request: HttpRequest, *args, **kwargs):
        adding = request.POST.get("add", "")
        if not adding.isdecimal():
            return super().post(request, *args, **kwargs)
        form = PlanForm(plan=self.object, typed=request.POST, adding=int(adding))
        if sum(len(one.rows) for one in form.groups) > MOST_ROWS:
            messages.warning(
                request, f"Kế hoạch có nhiều nhất {MOST_ROWS} dòng. Bỏ bớt dòng, lưu lại rồi thêm."
            )
            form = PlanForm(plan=self.object, typed=request.POST)
        return self.show_form(form)

    def act(self, form: Form) -> str:
        assert isinstance(form, PlanForm)
        try:
            services.save_plan(
                by=self.request.user,
                plan=self.object,
                aims=form.cleaned_data["aims"],
                arrangements=form.cleaned_data["arrangements"],
                rows=form.rows(),
                expect_version=form.cleaned_data["version"],
            )
        except SeenOld as refusal:
            raise self.invalid(self.over_what_is_saved(str(refusal))) from refusal
        except (StepRefused, ValidationError) as refusal:
            # On this page, not on the plan's: what was typed must not be lost.
            form.add_error(None, refusal if isinstance(refusal, ValidationError) else str(refusal))
            raise self.invalid(form) from refusal
        return self.object.get_absolute_url()

    def over_what_is_saved(self, sentence: str) -> PlanForm:
        """What was typed, to be saved in the place of what another saved meanwhile; lines that he dropped are new."""
        self.object.refresh_from_db()
        saved = {str(key) for key in self.object.rows.values_list("pk", flat=True)}
        data = self.request.POST.copy()
        for name in [name for name in data if name.endswith("-key")]:
            data[name] = data[name] if data[name] in saved else ""
        data["version"] = str(self.object.version)
        form = PlanForm(data, plan=self.object)
        form.is_valid()
        form.add_error(None, f"{sentence} {TYPED_STAYS}")
        return form
