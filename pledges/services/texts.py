"""The frame of the pledge, from the decision's file (`[[pledge_text]]`)."""

from typing import Any

from campaigns.loader import Fault, Rule, checked_rows
from campaigns.models import Campaign, CampaignPart, Commitment
from pledges.models import Pledge, PledgeText

TABLE = "pledge_text"
KEPT = ("subject", "intro", "own_words_label", "leader_clause", "closing")
RULES = {
    "version": Rule(int),
    "title": Rule(str, required=False),
    "subject": Rule(str, longest=300),
    "clause": Rule(str, required=False),
    "intro": Rule(str),
    "own_words_label": Rule(str, longest=200),
    "closing": Rule(str),
    "leader_clause": Rule(str, required=False),
    "leader_quote": Rule(str, required=False),
    "source": Rule(str, required=False),
}


def load_pledge_texts(campaign: Campaign, data: dict[str, Any]) -> list[str]:
    """Adds versions that are new. Raises Fault where a loaded one reads differently: a change is a new version."""
    present = {text.version: text for text in PledgeText.objects.filter(campaign=campaign)}
    added = []
    for index, row in enumerate(checked_rows(data, TABLE, RULES)):
        wording = {name: row.get(name, "") for name in KEPT}
        known = present.get(row["version"])
        if known is None:
            present[row["version"]] = PledgeText.objects.create(
                campaign=campaign, version=row["version"], **wording
            )
            added.append(f"thêm mẫu bản cam kết {row['version']}")
        elif differing := [name for name in KEPT if getattr(known, name) != wording[name]]:
            sentence = f"mẫu bản cam kết {row['version']} đã có với lời khác; không sửa được, hãy thêm “version” mới."
            raise Fault(TABLE, index, differing[0], sentence)
    return added


def rests_on(part: CampaignPart) -> bool:
    """Whether somebody has signed this wording: the five commitments stand in every pledge of the campaign."""
    return isinstance(part, Commitment) and Pledge.objects.filter(campaign_id=part.campaign_id).exists()
