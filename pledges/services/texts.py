"""The frame of the pledge, from the decision's file (`[[pledge_text]]`)."""

from typing import Any

from campaigns.loader import Fault, Rule, checked_rows
from campaigns.models import Campaign, CampaignPart, Commitment
from ledger import clock, events
from pledges.book import close_the_book
from pledges.models import Pledge, PledgeText
from pledges.services.renewing import renew_for_text
from pledges.workflow import TEXT_KIND

TABLE = "pledge_text"
KEPT = ("subject", "intro", "own_words_label", "leader_clause", "closing", "collective_intro")
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
    "collective_intro": Rule(str, required=False),
    "renews": Rule(bool, required=False),
    "source": Rule(str, required=False),
}


def load_pledge_texts(campaign: Campaign, data: dict[str, Any]) -> list[str]:
    """Adds versions that are new; one that `renews` (as all do unless the file says no) has this year's pledges signed
    again. Raises Fault where a loaded one reads differently: a change is a new version.
    """
    present = {text.version: text for text in PledgeText.objects.filter(campaign=campaign)}
    published_at = clock.now() if present else None
    added = []
    for index, row in enumerate(checked_rows(data, TABLE, RULES)):
        wording = {name: row.get(name, "") for name in KEPT} | {"renews": row.get("renews", True)}
        known = present.get(row["version"])
        if known is None:
            text = PledgeText(campaign=campaign, version=row["version"], published_at=published_at, **wording)
            present[row["version"]] = text
            added.append(_add(text))
        elif differing := [name for name in wording if getattr(known, name) != wording[name]]:
            sentence = f"mẫu bản cam kết {row['version']} đã có với lời khác; không sửa được, hãy thêm “version” mới."
            raise Fault(TABLE, index, differing[0], sentence)
    return added


def _add(text: PledgeText) -> str:
    close_the_book()
    text.save()
    said = f"thêm mẫu bản cam kết {text.version}"
    count = renew_for_text(text) if text.renews else 0
    events.record(
        f"{TEXT_KIND}.publish",
        by=None,
        object_kind=TEXT_KIND,
        object_id=text.campaign.public_id,
        data={"version": text.version, "renews": text.renews, "stale": count},
    )
    return f"{said}; {count} bản đã ký năm nay phải ký lại" if count else said


def rests_on(part: CampaignPart) -> bool:
    """Whether somebody has signed this wording: the five commitments stand in every pledge of the campaign."""
    return isinstance(part, Commitment) and Pledge.objects.filter(campaign_id=part.campaign_id).exists()
