"""Rounds, and the board of Sở Nội vụ."""

from typing import Any, ClassVar

from django.core.exceptions import ValidationError
from django.db.models import Count, Q
from django.urls import reverse

from campaigns.models import Campaign
from ledger import clock
from ledger.views import FormPage, Page
from reports import board, deadlines, figures, services
from reports.forms import RoundForm, usual_terms
from reports.models import ReportingRound, Rollup, UnitReport


class RoundList(Page):
    permissions = {"GET": "reports.view_board"}
    template_name = "reports/round_list.html"

    def get_context(self) -> dict[str, Any]:
        sent = Count("reports", filter=Q(reports__status__in=board.SENT))
        accepted = Count("reports", filter=Q(reports__status=UnitReport.Status.ACCEPTED))
        rounds = ReportingRound.objects.visible_to(self.request.user).annotate(sent=sent, accepted=accepted)
        on = clock.today()
        return {
            "rows": [
                {"round": row, "due_day": deadlines.due_day(row), "countdown": deadlines.countdown(row, on)}
                for row in rounds.order_by("-due_on", "code")
            ],
            "may_open": self.request.user.has_perm("reports.open_round"),
        }


class RoundCreate(FormPage):
    permissions: ClassVar[dict[str, str]] = {"GET": "reports.open_round", "POST": "reports.open_round"}
    form_class = RoundForm
    template_name = "reports/round_create.html"

    def _campaign(self) -> Campaign:
        return Campaign.objects.visible_to(self.request.user).latest("decision_on")

    def get_initial(self) -> dict[str, Any]:
        last = (
            ReportingRound.objects.visible_to(self.request.user)
            .filter(kind="annual")
            .order_by("-year")
            .first()
        )
        return usual_terms(max(clock.today().year, last.year + 1 if last else 0))

    def act(self, form: RoundForm) -> str:  # type: ignore[override]
        try:
            opened = services.open_round(by=self.request.user, campaign=self._campaign(), **form.terms())
        except ValidationError as error:
            form.show_errors(error)
            raise self.invalid(form) from error
        self.say(f"Đã mở {opened.name}. Các đơn vị phải báo cáo đã được báo.")
        return opened.get_absolute_url()

    def refusal_url(self) -> str:
        return reverse("reports:round_list")


class RoundBoard(Page):
    """One screen: how long there is, who stands where, what waits longest, and the roll-ups."""

    permissions = {"GET": "reports.view_board"}
    model = ReportingRound
    template_name = "reports/round_board.html"

    def get_context(self) -> dict[str, Any]:
        on, user = clock.today(), self.request.user
        standings = board.standing(self.object, on)
        visible = UnitReport.objects.visible_to(user).filter(round=self.object)
        waiting = (
            visible.filter(status=UnitReport.Status.SUBMITTED).select_related("unit").order_by("sent_at")
        )
        return {
            "due_day": deadlines.due_day(self.object),
            "countdown": deadlines.countdown(self.object, on),
            "overdue": deadlines.days_overdue(self.object, on),
            "tally": board.tally(standings),
            "strips": board.strips(standings),
            "legend": board.legend(standings),
            "strips_title": f"Tình hình gửi báo cáo của {len(standings)} đơn vị",
            "queue": [
                {"report": row, "days": (on - clock.local(row.sent_at).date()).days} for row in waiting
            ],
            "rollups": Rollup.objects.visible_to(user).filter(round=self.object).order_by("-created_at"),
            "may_compile": user.has_perm("reports.compile_rollup"),
            "may_excuse": user.has_perm("reports.excuse_unit"),
            "waivers": [row.waiver for row in standings if row.is_excused],
            "ended": board.ended(self.object, on),
            "frozen": figures.frozen(self.object),
        }
