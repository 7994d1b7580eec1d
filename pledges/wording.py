"""What exactly stands in a pledge: the record that is shown, hashed and confirmed (rule R26).

The record is plain JSON. `shown_record` is what the page shows before the act, `signed_record` adds the person's own
words and the moment; the digest of the latter is what all parties confirm. A change of its shape raises FORM: form 2
has what the unit adds, the channel and the key of the head's post.
"""

import json
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, datetime
from functools import cached_property
from typing import Any

from django.db.models import OuterRef, Subquery

from campaigns.models import Campaign, Commitment
from ledger.canonical import canonical_json, digest
from ledger.prepared import Prepared
from ledger.workflow import StepRefused
from pledges.models import Pledge, PledgeText, UnitAddition
from units import roster
from units.models import BaseUnion, Category, Employment, Post, Unit, User
from units.queries import in_force
from units.rules import occupied

FORM = 2

NOT_EMPLOYED = (
    "Chưa ghi nhận ông/bà đang công tác tại đơn vị nào nên chưa ký được bản cam kết. "
    "Xin báo cán bộ đầu mối của đơn vị."
)
NOBODY_ABOVE = (
    "Trên hệ thống không có người đứng đầu cấp trên của ông/bà để xác nhận. Bản cam kết được lập và ký trên giấy với "
    "cấp có thẩm quyền; Sở Nội vụ ghi nhận bản giấy vào hệ thống."
)
RELIEVED = "Hiện ông/bà không phải ký: đang nghỉ dài ngày, được miễn, hoặc theo loại hợp đồng. Muốn ký thì vẫn ký được."
NO_COLLECTIVE = "Mẫu bản cam kết chưa có lời của bản cam kết tập thể nên chưa ký được. Xin báo Sở Nội vụ."
NOT_ITS_HEAD = "Bản cam kết tập thể do người đứng đầu đang giữ chức vụ của đơn vị ký."
NO_PAPERS = (
    "Đơn vị này không ban hành văn bản riêng nên không có bản cam kết tập thể; đơn vị cấp trên ký chung."
)
NO_TEXT = "Cuộc vận động chưa có mẫu bản cam kết nên chưa ký được. Xin báo Sở Nội vụ."

_COMMITMENTS = Prepared(
    lambda *, campaign: Commitment.objects.filter(campaign=campaign).values_list("text", flat=True)
)
_TEXT = Prepared(lambda *, campaign: PledgeText.objects.filter(campaign=campaign).order_by("-version")[:1])
_ADDITION = Prepared(
    lambda *, campaign, unit: UnitAddition.objects.filter(campaign=campaign, unit=unit).order_by("-version")[
        :1
    ]
)
_ADDRESSEES = Prepared(
    lambda *, unit, on: (
        Unit.objects.filter(pk=unit)
        .only("name")
        .annotate(
            head_title=Subquery(
                Post.objects.filter(unit=OuterRef("pk"), kind=Post.Kind.HEAD).values("title")[:1]
            ),
            union_name=Subquery(
                BaseUnion.objects.filter(in_force(on), unit=OuterRef("pk")).order_by("pk").values("name")[:1]
            ),
        )
    )
)


@dataclass(frozen=True)
class Proposal:
    """What the person would sign on that day. `post` is the head's post he holds, None for everybody else; `unit` is
    where he works, or the unit whose collective pledge it is.
    """

    user: User
    campaign: Campaign
    year: int
    text: PledgeText
    addition: UnitAddition | None
    employment: Employment
    unit: Unit
    signing_unit: Unit
    post: Post | None
    shown: dict[str, Any]

    @cached_property
    def sha256(self) -> str:
        """Digest of what is shown: what a form carries and the service compares."""
        return digest(self.shown)

    @property
    def kind(self) -> str:
        return self.shown["kind"]


def shown_record(
    *,
    campaign: Campaign,
    text: PledgeText,
    commitments: Sequence[str],
    year: int,
    kind: str,
    person: User,
    post_title: str,
    category: str,
    unit: Unit,
    signing_unit: Unit,
    addressed_to: Sequence[str],
    addition: UnitAddition | None = None,
    post: Post | None = None,
    channel: str = Pledge.Channel.PORTAL,
) -> dict[str, Any]:
    """The record as a page shows it. A leader's has the extra clause (clause IV.4), others an empty one."""
    return {
        "form": FORM,
        "campaign": campaign.code,
        "year": year,
        "kind": str(kind),
        "channel": str(channel),
        "text": _words(text, commitments, year, kind),
        "addition": _added(addition),
        "person": {
            "code": person.username,
            "name": person.full_name,
            "post": post_title,
            "post_id": post.public_id if post else "",
            "category": str(category),
        },
        "unit": {"id": unit.public_id, "name": unit.name},
        "signing_unit": {"id": signing_unit.public_id, "name": signing_unit.name},
        "addressed_to": list(addressed_to),
    }


def _words(text: PledgeText, commitments: Sequence[str], year: int, kind: str) -> dict[str, Any]:
    collective = kind == Pledge.Kind.COLLECTIVE
    return {
        "version": text.version,
        "subject": text.subject.replace("{year}", str(year)),
        "intro": text.collective_intro if collective else text.intro,
        "commitments": list(commitments),
        "own_words_label": text.own_words_label,
        # The head answers for the unit: his clause stands in its pledge too.
        "leader_clause": "" if kind == Pledge.Kind.INDIVIDUAL else text.leader_clause,
        "closing": text.closing,
    }


def _added(addition: UnitAddition | None) -> dict[str, Any] | None:
    """What the unit asks below the five commitments (feature S1); None where it asks nothing."""
    if addition is None or not addition.text:
        return None
    return {"id": addition.public_id, "version": addition.version, "text": addition.text}


def signed_record(shown: dict[str, Any], *, own_words: str, signed_at: datetime) -> dict[str, Any]:
    """The whole record, as plain JSON that hashes the same after any number of trips through a database."""
    return json.loads(canonical_json({**shown, "own_words": own_words, "signed_at": signed_at}))


def titled(title: str, unit_name: str) -> str:
    """“Giám đốc Sở Du lịch”; words at the seam are said once: “Chủ tịch UBND phường” of “UBND phường Kim Long”."""
    words, name = title.split(), unit_name.split()
    for shared in range(min(len(words), len(name)), 0, -1):
        if [word.lower() for word in words[-shared:]] == [word.lower() for word in name[:shared]]:
            return " ".join([*words, *name[shared:]])
    return " ".join([*words, *name])


def title_of(user: User, category: str) -> str:
    """What the person is: post as head or deputy, else the title of the work, else the category."""
    leading = occupied(user, Post.Kind.HEAD) or occupied(user, Post.Kind.DEPUTY)
    return leading[0].title if leading else user.job_title or str(Category(category).label)


def category_label(record: dict[str, Any]) -> str:
    """“Viên chức”: the record keeps the code."""
    return str(Category(record["person"]["category"]).label)


def addressees(signing_unit: Unit, on: date) -> list[str]:
    """“Kính gửi”: the head of the unit and, where there is one that day, the committee of its base union."""
    found = _ADDRESSEES.all(unit=signing_unit.pk, on=on)[0]
    lines = [titled(found.head_title or "Người đứng đầu", signing_unit.name)]
    return [*lines, f"Ban Chấp hành {found.union_name}"] if found.union_name else lines


def propose(
    *, user: User, campaign: Campaign, year: int, on: date, channel: str = Pledge.Channel.PORTAL
) -> Proposal:
    """Raises StepRefused with the sentence for the page when there is nothing this person can sign that day."""
    employment = _employment(user, year, on)
    own_unit, signing_unit = roster.paper_units_from(user, employment.unit_id, on)
    if signing_unit is None:
        raise StepRefused(NOBODY_ABOVE)
    text = current_text(campaign)
    addition = addition_in_force(campaign, own_unit) if own_unit else None
    post = next(iter(occupied(user, Post.Kind.HEAD)), None)
    shown = shown_record(
        campaign=campaign,
        text=text,
        commitments=_COMMITMENTS.all(campaign=campaign.pk),
        year=year,
        kind=kind_of(user),
        person=user,
        post_title=title_of(user, employment.category),
        category=employment.category,
        unit=employment.unit,
        signing_unit=signing_unit,
        addressed_to=addressees(signing_unit, on),
        addition=addition,
        post=post,
        channel=channel,
    )
    return Proposal(
        user, campaign, year, text, addition, employment, employment.unit, signing_unit, post, shown
    )


def propose_collective(*, user: User, unit: Unit, campaign: Campaign, year: int, on: date) -> Proposal:
    """The pledge of a whole unit to the head above it, signed by its head. Raises StepRefused."""
    employment = _employment(user, year, on)
    post = next((held for held in occupied(user, Post.Kind.HEAD) if held.unit_id == unit.pk), None)
    if post is None:
        raise StepRefused(NOT_ITS_HEAD)
    own_unit, signing_unit = roster.paper_units_from(user, unit.pk, on)
    if own_unit != unit:
        raise StepRefused(NO_PAPERS)
    if signing_unit is None:
        raise StepRefused(NOBODY_ABOVE)
    text = current_text(campaign)
    if not text.collective_intro:
        raise StepRefused(NO_COLLECTIVE)
    shown = shown_record(
        campaign=campaign,
        text=text,
        commitments=_COMMITMENTS.all(campaign=campaign.pk),
        year=year,
        kind=Pledge.Kind.COLLECTIVE,
        person=user,
        post_title=post.title,
        category=employment.category,
        unit=unit,
        signing_unit=signing_unit,
        addressed_to=addressees(signing_unit, on)[:1],
        post=post,
    )
    return Proposal(user, campaign, year, text, None, employment, unit, signing_unit, post, shown)


def _employment(user: User, year: int, on: date) -> Employment:
    if year != on.year:
        raise StepRefused(f"Hôm nay chỉ ký được bản cam kết của năm {on.year}.")
    employment = roster.employment_of(user, on)
    if employment is None:
        raise StepRefused(NOT_EMPLOYED)
    return employment


def current_text(campaign: Campaign) -> PledgeText:
    text = _TEXT.first(campaign=campaign.pk)
    if text is None:
        raise StepRefused(NO_TEXT)
    return text


def addition_in_force(campaign: Campaign, unit: Unit) -> UnitAddition | None:
    """The latest version of what the unit adds; None where it never did or has ended it."""
    latest = _ADDITION.first(campaign=campaign.pk, unit=unit.pk)
    return latest if latest and latest.text else None


def kind_of(user: User) -> str:
    """A leader's pledge carries the clause on the responsibility of heads (clause IV.4). Who signs by order or by
    authority of a head is none.
    """
    return Pledge.Kind.LEADER if occupied(user, Post.Kind.HEAD) else Pledge.Kind.INDIVIDUAL
