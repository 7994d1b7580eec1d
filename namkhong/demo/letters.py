"""The notices that the acts of the demo province would have sent in the last weeks; older ones are of no use to anybody."""

from collections.abc import Iterable
from datetime import datetime, timedelta
from typing import Any

from namkhong.demo.dice import Dice
from namkhong.demo.writing import insert
from namkhong.demo.years import Years
from notices.models import Notice
from units.models import User

KEPT_FOR, READ_AFTER = timedelta(days=60), timedelta(days=10)


class Letters:
    def __init__(self, dice: Dice, years: Years) -> None:
        self.dice, self.years = dice, years
        self.rows: dict[tuple[int, str], Notice] = {}

    def tell(self, users: Iterable[User], effect: str, text: str, about: Any, at: datetime) -> None:
        """Once to each person, as `notices.services.tell`."""
        if at + KEPT_FOR < self.years.end:
            return
        url = about.get_absolute_url()
        for user in users:
            read = (
                at + timedelta(hours=self.dice.randint(1, 30)) if at + READ_AFTER < self.years.end else None
            )
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
        insert(list(self.rows.values()))
