"""The decision itself."""

from typing import Any

from django.http import Http404

from campaigns.models import Campaign
from ledger.views import PUBLIC, Page


class CampaignDetail(Page):
    """The decision for everyone: no login, no cookie."""

    permissions = {"GET": PUBLIC}
    model = Campaign
    template_name = "campaigns/campaign_detail.html"

    def get_policy_object(self) -> Campaign:
        named = (
            super().get_policy_object()
            if "public_id" in self.kwargs
            else Campaign.objects.visible_to(self.request.user).current()
        )
        if named is None:
            raise Http404
        return named

    def get_context(self) -> dict[str, Any]:
        campaign = self.object
        tasks = list(campaign.tasks.order_by("order"))
        groups = campaign.taskgroups.order_by("order")
        return {
            "legal_bases": campaign.legalbasiss.order_by("order"),
            "categories": campaign.personcategorys.order_by("order"),
            "phases": campaign.phases.order_by("order"),
            "targets": campaign.targets.select_related("phase").order_by("order"),
            "commitments": campaign.commitments.order_by("order"),
            "groups": [(group, [task for task in tasks if task.group_id == group.pk]) for group in groups],
            "duties": [task for task in tasks if task.group_id is None],
        }
