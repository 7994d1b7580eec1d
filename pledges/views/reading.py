"""Lists of pledges, and one pledge."""

from typing import Any

from django.http import Http404
from django.urls import reverse
from django_tables2 import RequestConfig

from campaigns.models import Campaign
from ledger.views import Page, PortalView
from pledges import coverage, desks, duties, ownpledges
from pledges.bodies import stood_for
from pledges.filters import PledgeFilter
from pledges.history import ended_by, ended_words, timeline, what_stands, why_again
from pledges.models import Pledge, Refusal
from pledges.parties import is_on_its_way, open_steps, state_of, stops, what_waits
from pledges.rounds import must_sign_again, signed_again_at
from pledges.rules import answers_for
from pledges.services.paper import has_paper
from pledges.tables import PledgeTable
from pledges.wording import category_label
from units import renaming
from vietnamese.dates import short_date
from vietnamese.numbers import grouped, share

PAGE = 50
EVIDENCE = "minh-chung"


class PledgeList(Page):
    permissions = {"GET": "pledges.list_pledges"}
    template_name = "pledges/pledge_list.html"

    def get_context(self) -> dict[str, Any]:
        user = self.request.user
        pledges = Pledge.objects.visible_to(user)
        narrowed = PledgeFilter(self.request.GET, user=user, queryset=pledges.select_related("user", "unit"))
        table = PledgeTable(narrowed.qs)
        RequestConfig(self.request, paginate={"per_page": PAGE}).configure(table)
        year = narrowed.asked_year
        campaign = Campaign.objects.visible_to(user).current()
        found = campaign and coverage.of(user=user, campaign=campaign, year=year, today=user.today)
        return {
            "form": narrowed.form,
            "table": table,
            "count": table.paginator.count,
            "year": year,
            "coverage": found,
            "figures": figures(found) if found else [],
            "denominator": denominator(found) if found else "",
            "waiting": pledges.waiting_for(user).count(),
            "may_rates": user.has_perm("pledges.view_rates"),
            "may_set_drive": user.has_perm("pledges.set_drive"),
            "keeps": user.has_perm("pledges.list_books"),
            "waiting_url": reverse("pledges:bulkconfirmation_choose"),
            "refusals": self.refusals(user),
            "headed": headed(user),
        }

    def refusals(self, user) -> int:
        """Who does not sign is counted apart; only for those who read the reasons."""
        if not user.has_perm("pledges.list_refusals"):
            return 0
        rows = Refusal.objects.visible_to(user).filter(year=user.today.year, ended_at__isnull=True)
        return rows.count()


def headed(user) -> list[dict[str, Any]]:
    """For a head: each unit he heads, and the pledge of this year that it made to the head above, under this name or an
    earlier one. One query, two where a unit that ended made one.
    """
    acting = user.acting_in("pledges")
    units = {post.unit_id: post.unit for post in acting.posts_of("head")}
    if not units:
        return []
    rows = Pledge.objects.visible_to(user).filter(
        kind=Pledge.Kind.COLLECTIVE, year=user.today.year, unit_id__in=stood_for(units, user.today)
    )
    made = {row.unit_id: row for row in rows}
    former = renaming.former(user.today) if made.keys() - units.keys() else {}
    found = {}
    for key in units:
        named = (made[name] for name in renaming.names(key, former) if name in made)
        found[key] = next(named, None)
    return [{"unit": unit, "pledge": found[key], **_state(found[key])} for key, unit in units.items()]


def _state(pledge: Pledge | None) -> dict[str, str]:
    tone, word = state_of(pledge) if pledge else ("none", "Chưa ký")
    return {"tone": tone, "word": word}


def figures(found: coverage.Coverage) -> list[dict[str, str]]:
    rows = [("Đã ký cam kết", found.signed), ("Đã đủ xác nhận", found.complete)]
    return [{"label": label, "value": share(part, found.people)} for label, part in rows]


def denominator(found: coverage.Coverage) -> str:
    """Both numbers: who owes a pledge, and who counts and owes none."""
    assert found.on is not None
    said = f"Tính trên {grouped(found.people)} người phải ký có mặt ngày {short_date(found.on)}"
    relieved = f"; được miễn, nghỉ dài ngày: {grouped(found.relieved)}" if found.relieved else ""
    return f"{said}{relieved}. Bản bị trả lại, đã rút hoặc phải ký lại không tính là đã ký."


class PledgePage(PortalView):
    """What pages of one pledge share."""

    abstract = True
    model = Pledge

    def get_queryset(self):
        return super().get_queryset().select_related("user", "unit", "signing_unit", "paper", "evidence")

    def get_policy_object(self) -> Any:
        user, public_id = self.request.user, self.kwargs["public_id"]
        if not ownpledges.sees_only_his_own(user):
            return super().get_policy_object()
        if (own := ownpledges.one(user, public_id)) is None:
            raise Http404
        return own


class PledgeDetail(PledgePage, Page):
    permissions = {"GET": "pledges.view_pledge"}
    template_name = "pledges/pledge_detail.html"

    def get_context(self) -> dict[str, Any]:
        pledge, user = self.object, self.request.user
        line = stops(pledge, user.today)
        tone, word = state_of(pledge)
        is_own = pledge.user_id == user.pk
        why, ended = why_again(pledge), ended_by(pledge)
        return {
            "pledge": pledge,
            "record": pledge.content,
            "category": category_label(pledge.content),
            "tone": tone,
            "word": word,
            "stops": line,
            "next": what_waits(pledge, line, user.today),
            "is_own": is_own,
            "receipt": f"Đã ký cam kết năm {pledge.year}",
            "why_again": why,
            "stands": what_stands(pledge, user.today),
            "ended": ended,
            "ended_words": ended_words(ended),
            "sign_url": sign_url(pledge, user),
            "file": file_of(pledge),
            "job": None if has_paper(pledge) else ownpledges.latest_job(pledge),
            "earlier": pledge.earlier_records.order_by("-round") if pledge.round > 1 else [],
            "past": ownpledges.other_years(pledge) if is_own else [],
            "events": timeline(pledge, why),
            "may": open_steps(pledge, user, user.today),
            "may_hand_over": is_on_its_way(pledge) and user.has_perm("pledges.hand_over_pledge", pledge),
            "following": self.following(pledge, user),
        }

    def following(self, pledge: Pledge, user) -> Pledge | None:
        """For who confirms: the pledge that has waited longest for him, beside this one."""
        if not desks.of(user):
            return None
        waiting = Pledge.objects.visible_to(user).waiting_for(user).exclude(pk=pledge.pk)
        return waiting.select_related("user").order_by("signed_at", "pk").first()


def file_of(pledge: Pledge) -> dict[str, str]:
    """The file that the portal made of a pledge, and the code by which anybody checks it; `url` is empty before.

    One signed by hand has no file but its evidence, so no other code; one signed in a file has its code in that file.
    """
    url = reverse("pledges:pledge_paper", args=[pledge.public_id]) if has_paper(pledge) else ""
    if pledge.channel == Pledge.Channel.PORTAL:
        return {"url": url, "label": "Mở bản PDF", "code": pledge.check_code}
    on_paper = pledge.channel == Pledge.Channel.PAPER
    evidenced = pledge.evidence.check_code or "" if pledge.evidence else ""
    return {
        "url": url and f"{url}?trang={EVIDENCE}",
        "label": "Trang minh chứng (PDF)",
        "code": evidenced if on_paper else pledge.check_code,
    }


def sign_url(pledge: Pledge, user) -> str:
    """Where who answers for this pledge signs it again; empty for others and when it stands."""
    if not answers_for(user, pledge) or not must_sign_again(pledge, user, user.today):
        return ""
    if pledge.kind == Pledge.Kind.COLLECTIVE:
        unit = signed_again_at([pledge], user).get(pledge.pk)
        return reverse("pledges:collective_sign", args=[unit.public_id]) if unit else ""
    return reverse("pledges:pledge_sign")


class PledgeMine(Page):
    """One's own pledge of this year on one page: where it stands, its history, the PDF, other years, one button."""

    permissions = {"GET": "pledges.sign_pledge"}
    template_name = "pledges/pledge_mine.html"

    def get_context(self) -> dict[str, Any]:
        user = self.request.user
        card = duties.card(user)
        return {
            "card": card,
            "events": timeline(card.pledge, card.note) if card.pledge else [],
        }
