"""What waits for a person (“Việc cần làm”): each app says its own, the home page puts them together."""

from dataclasses import dataclass
from datetime import date

from units.models import FactorReset, User
from vietnamese.dates import moment


@dataclass(frozen=True)
class Duty:
    """One card. `tone`: done, waiting, late or none; `word` says it (“quá hạn 3 ngày”); `count`: how many wait."""

    title: str
    url: str
    detail: str = ""
    count: int | None = None
    due_on: date | None = None
    tone: str = "waiting"
    word: str = ""
    action: str = "Mở"


def of(user: User) -> list[Duty]:
    """A second factor that another official of Home Affairs asks to reset. One query, for Home Affairs alone."""
    if not user.works_for_home_affairs:
        return []
    waiting = FactorReset.objects.visible_to(user).open().exclude(asked_by=user)
    return [
        Duty(
            title=f"Đặt lại xác thực hai bước của {reset.user.full_name}",
            url=reset.get_absolute_url(),
            detail=f"{reset.asked_by.full_name} đề nghị {moment(reset.asked_at)}: {reset.reason}",
            action="Quyết định",
        )
        for reset in waiting.select_related("user", "asked_by").order_by("asked_at")
    ]
