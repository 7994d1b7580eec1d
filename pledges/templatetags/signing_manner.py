"""How a pledge was signed when not in the portal: on paper, or in a personally signed file."""

from typing import Any

from django import template

from pledges.findings import found_in
from pledges.models import Pledge
from pledges.services.signedfiles import signed_file_of

register = template.Library()


@register.inclusion_tag("pledges/_manner.html")
def signing_manner(pledge: Pledge) -> dict[str, Any]:
    """Nothing for a pledge confirmed in the portal, and no query."""
    if pledge.channel == Pledge.Channel.SIGNED_FILE:
        file = signed_file_of(pledge)
        found = found_in(file, pledge.content["person"]["name"]) if file else None
        return {"pledge": pledge, "file": file, "found": found}
    if pledge.channel == Pledge.Channel.PAPER:
        listed = (
            pledge.on_lists.select_related("signed_list__by", "signed_list__unit").order_by("-pk").first()
        )
        return {"pledge": pledge, "listed": listed}
    return {}
