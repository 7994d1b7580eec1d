"""How many have looked back at their pledge, and how well the five commitments were kept; and the list of a unit that
is handed over to the annual rating of its people (feature S20).

The denominator is who has a signed pledge of the year and counts on the day asked about; who has sent his review by the
end of that day, and did not get it back, is the numerator. One query, whatever the number of units.
"""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import date
from typing import Any

from django.db.models import Count, F, Q

from campaigns.models import Campaign
from ledger import clock, sheets
from pledges.models import Remark, SelfReview
from pledges.reviewing import PERSONAL, SENT, counts
from pledges.states import SIGNED, with_states
from units.models import Employment, Unit
from units.queries import in_force

Kept = SelfReview.Kept
COMMITMENTS = 5
NOTHING = ((0, 0, 0),) * COMMITMENTS


@dataclass(frozen=True)
class Reviewed:
    """`kept`: for each commitment how many answered fully, mostly, not. `agreed`, `disagreed`: the heads."""

    people: int = 0
    reviewed: int = 0
    agreed: int = 0
    disagreed: int = 0
    kept: tuple[tuple[int, ...], ...] = NOTHING

    def __add__(self, other: "Reviewed") -> "Reviewed":
        kept = zip(self.kept, other.kept, strict=True)
        return Reviewed(
            self.people + other.people,
            self.reviewed + other.reviewed,
            self.agreed + other.agreed,
            self.disagreed + other.disagreed,
            tuple(tuple(map(sum, zip(mine, theirs, strict=True))) for mine, theirs in kept),
        )


def by_unit(
    *, campaign: Campaign, year: int, on: date, unit_ids: Iterable[int] | None = None
) -> dict[int, Reviewed]:
    """By the unit where people are employed that day, as the rates of pledges are."""
    rows = Employment.objects.filter(in_force(on)).counted()
    if unit_ids is not None:
        rows = rows.filter(unit_id__in=list(unit_ids))
    signed = with_states(rows, campaign=campaign, year=year, on=on).filter(state__in=SIGNED)
    found = signed.order_by().values("unit_id").annotate(**_parts(on))
    return {row["unit_id"]: _reviewed(row) for row in found}


def over(*, campaign: Campaign, year: int, on: date, unit_ids: Iterable[int] | None = None) -> Reviewed:
    found = by_unit(campaign=campaign, year=year, on=on, unit_ids=unit_ids)
    return sum(found.values(), Reviewed())


def _parts(on: date) -> dict[str, Count]:
    """Every count once a person: joined to his remarks he stands in several rows."""
    sent = Q(made__review__status__in=SENT, made__review__sent_at__lt=clock.end_of_day(on))
    remarked = sent & Q(
        made__review__remarks__party=Remark.Party.HEAD, made__review__remarks__round=F("made__review__round")
    )
    parts = {
        f"kept_{number}_{kept}": Count(
            "pk", filter=sent & Q(**{f"made__review__answers__{number}__kept": kept}), distinct=True
        )
        for number in range(COMMITMENTS)
        for kept in Kept.values
    }
    return parts | {
        "people": Count("pk", distinct=True),
        "reviewed": Count("pk", filter=sent, distinct=True),
        "agreed": Count("pk", filter=remarked & Q(made__review__remarks__agrees=True), distinct=True),
        "disagreed": Count("pk", filter=remarked & Q(made__review__remarks__agrees=False), distinct=True),
    }


def _reviewed(row: Mapping[str, Any]) -> Reviewed:
    kept = tuple(tuple(row[f"kept_{number}_{kept}"] for kept in Kept.values) for number in range(COMMITMENTS))
    return Reviewed(row["people"], row["reviewed"], row["agreed"], row["disagreed"], kept)


# --- The list of a unit


@dataclass(frozen=True)
class Line:
    """One person of a unit: his answers as counts, and what the head said to them."""

    review: SelfReview
    counts: dict[str, int]
    agrees: bool | None = None
    words: str = ""

    @property
    def remark(self) -> str:
        return "" if self.agrees is None else "Nhất trí" if self.agrees else "Không nhất trí"


def lines_of(unit: Unit, year: int, *, with_words: bool) -> list[Line]:
    """Those made to the head of this unit and sent, by name; two queries. `with_words`: the head's remark too."""
    rows = SelfReview.objects.filter(
        signing_unit=unit, pledge__year=year, pledge__kind__in=PERSONAL, status__in=SENT
    )
    reviews = list(
        rows.select_related("pledge__user", "pledge__unit").order_by("pledge__user__sort_key", "pk")
    )
    remarks = {
        row.review_id: row
        for row in Remark.objects.filter(
            review__in=[row.pk for row in reviews], party=Remark.Party.HEAD, round=F("review__round")
        )
    }
    return [_line(row, remarks.get(row.pk), with_words) for row in reviews]


def _line(review: SelfReview, remark: Remark | None, with_words: bool) -> Line:
    if remark is None or not with_words:
        return Line(review, counts(review.answers))
    return Line(review, counts(review.answers), remark.agrees, remark.words)


def sheet_of(unit: Unit, year: int, *, with_words: bool) -> sheets.Table:
    """The list as a file, for the annual rating."""
    headings = ["TT", "Mã số", "Họ và tên", "Chức vụ, chức danh", "Đơn vị", "Trạng thái", "Gửi lúc"]
    headings += [str(kept.label) for kept in Kept]
    if with_words:
        headings += ["Nhận xét của người đứng đầu", "Ý kiến"]
    rows = (
        [
            place,
            line.review.pledge.user.username,
            line.review.pledge.user.full_name,
            line.review.pledge.post_title,
            line.review.pledge.unit.name,
            line.review.get_status_display(),
            line.review.sent_at,
            *line.counts.values(),
            *([line.remark, line.words] if with_words else []),
        ]
        for place, line in enumerate(lines_of(unit, year, with_words=with_words), start=1)
    )
    widths = (6, 14, 28, 28, 36, 30, 18, 14, 14, 18, 20, 60)
    return sheets.Table(f"Tự đánh giá {year}", headings, rows, widths=widths, wrap=True)
