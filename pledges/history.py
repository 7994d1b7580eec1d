"""What happened to a pledge, from its events; why it is to be signed again; what stands of who confirmed it."""

from datetime import date
from typing import Any

from django.db.models import Exists, OuterRef

from ledger import events
from ledger.clock import local
from ledger.prepared import Prepared
from pledges.models import Pledge, PledgeText, Signature, UnitAddition
from pledges.workflow import PLEDGE, RENEWAL_KIND
from units.models import Appointment
from units.queries import in_force

NEW_TEXT = "Mẫu cam kết đã thay đổi (mẫu số {version}). Xin đọc lại và ký lại; lần ký trước vẫn được lưu."
NEW_ADDITION = "Nội dung bổ sung của đơn vị đã thay đổi. Xin đọc lại và ký lại; lần ký trước vẫn được lưu."
NEW_HEAD = "{post} {name} đề nghị ký lại: {reason}"
ENDING = ("return", "withdraw", "revoke")


def timeline(pledge: Pledge, why: str = "") -> list[dict[str, Any]]:
    """Newest first, as includes/_timeline.html shows it; two queries. `why`: the reason of a pledge that is stale."""
    past = events.history(PLEDGE.kind, pledge.public_id)
    found: list[dict[str, Any]] = [
        {
            "what": PLEDGE.done_words(act.kind).capitalize(),
            "who": act.by,
            "post": act.post,
            "at": act.at,
            "why": act.reason,
        }
        for act in past
    ]
    if pledge.stale_since is not None:
        found.append({"what": "Phải ký lại", "who": "", "post": "", "at": pledge.stale_since, "why": why})
    found.sort(key=lambda row: row["at"])
    return found[::-1]


def ended_by(pledge: Pledge) -> events.PastAct | None:
    """Who returned it or took it back, when and why, while it stands so."""
    if pledge.status not in {Pledge.Status.RETURNED, Pledge.Status.WITHDRAWN}:
        return None
    past = events.history(PLEDGE.kind, pledge.public_id)
    return next((act for act in reversed(past) if act.kind.rpartition(".")[2] in ENDING), None)


def ended_words(act: events.PastAct | None) -> str:
    """“đã trả lại”; empty for none."""
    return PLEDGE.done_words(act.kind) if act else ""


def why_again(pledge: Pledge) -> str:
    """Why a pledge that is stale is to be signed again, in a sentence; empty for another. Four queries at most."""
    if pledge.stale_since is None:
        return ""
    newer = PledgeText.objects.filter(
        campaign_id=pledge.campaign_id, version__gt=pledge.content["text"]["version"], renews=True
    )
    if version := newer.order_by("-version").values_list("version", flat=True).first():
        return NEW_TEXT.format(version=version)
    asked = _request_of(pledge)
    return NEW_HEAD.format(post=asked.post, name=asked.by, reason=asked.reason) if asked else NEW_ADDITION


def _request_of(pledge: Pledge) -> events.PastAct | None:
    """The head's request that made it stale. It carries the moment of the request; one that was marked a moment after
    it, as all once were, is known by the last request before, unless an addition that renews came between.
    """
    since = pledge.stale_since
    assert since is not None
    acts = events.history(RENEWAL_KIND, pledge.signing_unit.public_id)
    last = max(
        (act for act in acts if pledge.signed_at <= act.at <= since), key=lambda act: act.at, default=None
    )
    if last is None or last.at == since:
        return last
    added = UnitAddition.objects.filter(
        campaign_id=pledge.campaign_id,
        unit__in=[pledge.unit_id, pledge.signing_unit_id],
        renews=True,
        at__gt=last.at,
        at__lte=since,
    )
    return None if added.exists() else last


_FORMER = Prepared(
    lambda *, pledge, round_, on: (
        Signature.objects.filter(pledge=pledge, round=round_, post__isnull=False)
        .exclude(party=Signature.Party.OFFICIAL)
        .exclude(
            Exists(Appointment.objects.filter(in_force(on), post=OuterRef("post"), user=OuterRef("user")))
        )
        .order_by("at")
    )
)


def what_stands(pledge: Pledge, on: date) -> list[str]:
    """Of who confirmed in a post that he no longer holds: that it stays valid. One query."""
    if pledge.stale_since is not None:
        return []
    return [
        f"{row.name} xác nhận ngày {local(row.at):%d/%m/%Y} khi là {row.post_title}, nay không còn giữ chức vụ đó. "
        "Xác nhận vẫn có giá trị."
        for row in _FORMER.all(pledge=pledge.pk, round_=pledge.round, on=on)
    ]
