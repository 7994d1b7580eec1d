"""The notices that the acts of the demo province would have sent; old ones have been read."""

from collections.abc import Iterable
from datetime import datetime, timedelta

from namkhong.demo.dice import Dice
from namkhong.demo.years import Years
from notices.models import Notice
from pledges.models import Pledge
from pledges.workflow import PLEDGE
from units.models import User

BATCH = 2000
READ_AFTER = timedelta(days=10)


class Letters:
    def __init__(self, dice: Dice, years: Years) -> None:
        self.dice, self.years = dice, years
        self.rows: dict[tuple[int, str], Notice] = {}

    def tell(self, users: Iterable[User], effect: str, text: str, url: str, at: datetime) -> None:
        """Once to each person, as `notices.services.tell`."""
        for user in users:
            read = at + timedelta(hours=self.dice.randint(1, 30)) if at + READ_AFTER < self.years.end else None
            notice = Notice(
                public_id=self.dice.public_id(),
                user=user,
                effect=effect,
                text=text[:500],
                url=url,
                created_at=at,
                read_at=read,
            )
            self.rows.setdefault((user.pk, effect), notice)

    def write(self) -> None:
        Notice.objects.bulk_create(self.rows.values(), batch_size=BATCH)

    def pledge_returned(self, pledge: Pledge, at: datetime) -> None:
        effect = f"{PLEDGE.kind}.return:{pledge.public_id}:{pledge.round}"
        text = f"Bản cam kết năm {pledge.year} bị trả lại. Xem lý do và ký lại."
        self.tell([pledge.user], effect, text, pledge.get_absolute_url(), at)

    def pledge_complete(self, pledge: Pledge, at: datetime) -> None:
        effect = f"{PLEDGE.kind}.complete:{pledge.public_id}"
        text = f"Bản cam kết năm {pledge.year} đã đủ xác nhận."
        self.tell([pledge.user], effect, text, pledge.get_absolute_url(), at)
