"""“Theo ngành”: what a professional superior reads of the units in its line."""

from typing import Any

from ledger.views import Page
from reports.lines import line
from reports.models import ReportingRound, UnitReport


class LineTotals(Page):
    """Units of the line with their report of the newest round, people and pledges. No step starts here."""

    permissions = {"GET": "reports.view_line"}
    template_name = "reports/line_totals.html"

    def get_context(self) -> dict[str, Any]:
        user = self.request.user.acting_in("reports")
        rounds = ReportingRound.objects.visible_to(user).filter(opens_on__lte=user.today)
        asked = rounds.order_by("-due_on", "code").first()
        found = line(user, asked)
        authorities = {
            post.unit.name for post in user.posts_of("head", "clerk") if vars(post)["at_authority"]
        }
        seen = set(
            UnitReport.objects.visible_to(user).filter(round=asked).values_list("pk", flat=True)
            if asked
            else []
        )
        return {"asked": asked, "line": found, "authority": ", ".join(sorted(authorities)), "seen": seen}
