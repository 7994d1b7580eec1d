"""What waits for a person about self-reviews, on “Việc cần làm”."""

from django.db.models import Q
from django.urls import reverse

from campaigns.models import Campaign
from ledger.prepared import Prepared
from pledges.models import SelfReview
from pledges.reviewing import RETURNED_FIRST, TO_SEND_AGAIN, is_to_send_again, pledge_of, term
from units.duties import Duty
from units.models import User

_WRITTEN = Prepared(
    lambda *, user, year: (
        SelfReview.objects.filter(
            Q(status=SelfReview.Status.DRAFT, pledge__year=year) | TO_SEND_AGAIN, pledge__user=user
        )
        .select_related("pledge")
        .order_by(RETURNED_FIRST, "-pk")[:1]
    )
)


def of(user: User) -> list[Duty]:
    """One's own while it is open, or returned; those that wait for one's remark. Five queries at most."""
    return [*_own(user), *_waiting(user)]


def _own(user: User) -> list[Duty]:
    year, url = user.today.year, reverse("pledges:selfreview_write")
    review = _WRITTEN.first(user=user.pk, year=year)
    if review and is_to_send_again(review):
        return [
            Duty(
                "Bản tự đánh giá bị trả lại",
                review.get_absolute_url(),
                "Đọc lý do, sửa rồi gửi lại.",
                tone="late",
                action="Sửa và gửi lại",
            )
        ]
    campaign = Campaign.objects.current()
    found = term(campaign, year) if campaign else None
    if campaign is None or found is None or not found.is_open(user.today):
        return []
    pledge = pledge_of(user, campaign, year)
    if pledge is None or (review is None and SelfReview.objects.filter(pledge=pledge).exists()):
        return []
    return [
        Duty(
            f"Tự đánh giá năm {year}",
            url,
            "Đối chiếu năm nội dung đã cam kết, chừng năm phút.",
            due_on=found.due_on,
            tone="late" if user.today > found.due_on else "waiting",
            action="Viết tiếp" if review else "Tự đánh giá",
        )
    ]


def _waiting(user: User) -> list[Duty]:
    count = SelfReview.objects.waiting_for(user).count()
    if not count:
        return []
    url = reverse("pledges:selfreview_waiting")
    return [Duty("bản tự đánh giá chờ ông/bà nhận xét", url, count=count, action="Xem và nhận xét")]
