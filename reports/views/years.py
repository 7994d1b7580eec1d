"""Figures of earlier rounds, under the tree of then or on today's."""

from functools import cached_property
from typing import Any

from ledger.views import Page
from reports import years
from reports.forms import YearsForm
from reports.models import ReportingRound


class YearFigures(Page):
    """One round, one group of indicators, one of the two trees; both show the same totals."""

    permissions = {"GET": "reports.view_board"}
    template_name = "reports/year_figures.html"

    @cached_property
    def rounds(self) -> list[ReportingRound]:
        rounds = ReportingRound.objects.visible_to(self.request.user).filter(
            due_on__lte=self.request.user.today
        )
        return list(rounds.order_by("-due_on", "code"))

    def get_context(self) -> dict[str, Any]:
        asked = self.request.GET.get("ky", "")
        chosen = next((row for row in self.rounds if row.code == asked), next(iter(self.rounds), None))
        if chosen is None:
            return {"chosen": None}
        indicators = years.indicators(chosen)
        form = YearsForm(self.request.GET, chosen=chosen, rounds=self.rounds, indicators=indicators)
        shown = [row for row in indicators if row.annex == form.annex]
        found = years.read(chosen, [row.code for row in shown])
        today = self.request.user.today
        table = years.now(found, today) if form.is_now else years.then(found)
        return {
            "chosen": chosen,
            "form": form,
            "indicators": shown,
            "table": table,
            "is_now": form.is_now,
            "rows": [(row, list(zip(shown, row.cells, strict=True))) for row in table.rows],
            "gone": [(row, list(zip(shown, row.cells, strict=True))) for row in table.gone],
            "totals": list(zip(shown, table.totals, strict=True)),
        }
