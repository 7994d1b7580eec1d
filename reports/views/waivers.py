"""Excusing a unit from a round."""

from typing import Any, ClassVar

from django.db.models import QuerySet
from django.forms import Form

from ledger.views import FormPage, StepView
from reports import board, services
from reports.forms import WaiverForm
from reports.models import ReportingRound, Waiver
from units.models import Unit


class WaiverGrant(FormPage):
    permissions: ClassVar[dict[str, str]] = {"GET": "reports.excuse_unit", "POST": "reports.excuse_unit"}
    model = ReportingRound
    form_class = WaiverForm
    template_name = "reports/waiver_grant.html"

    def get_form_kwargs(self) -> dict[str, Any]:
        user = self.request.user
        own = {post.unit_id for post in user.posts_today}
        open_ones = [row.unit.pk for row in board.standing(self.object, user.today) if row.is_missing]
        units: QuerySet[Unit] = Unit.objects.visible_to(user)
        return {"units": units.filter(pk__in=set(open_ones) - own).order_by("sort_key")}

    def act(self, form: Form) -> str:
        given = form.cleaned_data
        services.excuse_unit(
            reporting_round=self.object, unit=given["unit"], reason=given["reason"], by=self.request.user
        )
        self.say(f"Đã miễn báo cáo cho {given['unit']}.")
        return self.object.get_absolute_url()


class WaiverWithdraw(StepView):
    permissions: ClassVar[dict[str, str]] = {"GET": "reports.excuse_unit", "POST": "reports.excuse_unit"}
    model = Waiver
    heading = "Bỏ miễn báo cáo"
    consequence = "Đơn vị lại phải gửi báo cáo của kỳ này và được báo."
    button = "Bỏ miễn báo cáo"
    success_message = "Đã bỏ miễn báo cáo."

    def get_queryset(self) -> QuerySet[Waiver]:
        return super().get_queryset().select_related("unit", "round")

    def get_context(self) -> dict[str, Any]:
        waiver = self.object
        facts = [
            {"label": "Đơn vị", "value": waiver.unit.name},
            {"label": "Kỳ báo cáo", "value": waiver.round.name},
            {"label": "Lý do miễn", "value": waiver.reason},
        ]
        return super().get_context() | {"facts": facts}

    def take(self, form: Form) -> None:
        services.withdraw_waiver(waiver=self.object, by=self.request.user)
