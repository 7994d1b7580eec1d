"""The home page: what waits for the person who is signed in, put together from all apps."""

from typing import Any

from campaigns import duties as of_plans
from ledger.views import SIGNED_IN, Page
from notices.models import Notice
from pledges import duties as of_pledges
from pledges import reviewduties as of_reviews
from pledges.services import reminders
from reports import duties as of_reports
from units import duties as of_units
from units import faults
from units.models import User
from units.queries import remembering


class Home(Page):
    permissions = {"GET": SIGNED_IN}
    template_name = "home.html"

    def get_context(self) -> dict[str, Any]:
        user = self.request.user
        reminders.nudge()
        with remembering():
            return self._what_waits(user)

    @staticmethod
    def _what_waits(user: User) -> dict[str, Any]:
        return {
            "duties": [
                *of_pledges.of(user),
                *of_reviews.of(user),
                *of_plans.of(user),
                *of_reports.of(user),
                *of_units.of(user),
                *faults.duties(user),
            ],
            "pledge": of_pledges.card(user),
            "notices": Notice.objects.visible_to(user).unread().order_by("-created_at")[:10],
            "posts": user.posts_today,
        }
