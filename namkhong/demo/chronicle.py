"""The log of the demo province: the events its acts would have left, in the order of time."""

from dataclasses import dataclass, field
from datetime import datetime
from typing import Any

from ledger.events import salted_digest, signature_of
from ledger.models import Event, EventText
from namkhong.demo.dice import Dice
from namkhong.demo.nodes import Person
from namkhong.demo.writing import insert
from units.models import Post


@dataclass(frozen=True)
class By:
    """Who acted, in which post, and in what quality he signs where it is not simply the post's."""

    person: Person
    post: Post | None = None
    quality: str = ""


@dataclass
class Act:
    """A step on the way of a plan or report. `number` is that of the version it speaks of, whose hash comes later;
    `version` is the row's after the step."""

    name: str
    at: datetime
    by: By
    data: dict[str, Any] = field(default_factory=dict)
    reason: str = ""
    number: int = 0
    version: int = 0


class Chronicle:
    """Collects events and writes them once. Salts come from the dice, so that the log too repeats itself."""

    def __init__(self, dice: Dice) -> None:
        self.dice = dice
        self.acts: list[tuple[datetime, int, Event, dict[str, str]]] = []

    def tell(
        self,
        kind: str,
        at: datetime,
        *,
        object_id: str,
        object_kind: str = "",
        by: By | None = None,
        unit_id: str = "",
        data: dict[str, Any] | None = None,
        reason: str = "",
    ) -> None:
        user, post = (by.person.user, by.post) if by else (None, None)
        event = Event(
            kind=kind,
            at=at,
            person_id=user.public_id if user else "",
            post_id=post.public_id if post else "",
            unit_id=unit_id,
            object_kind=object_kind or kind.rpartition(".")[0],
            object_id=object_id,
            data=data or {},
        )
        self.acts.append((at, len(self.acts), event, signature_of(user, post, reason=reason)))

    def tell_acts(self, kind: str, object_id: str, unit_id: str, acts: list[Act]) -> None:
        for act in acts:
            self.tell(
                f"{kind}.{act.name}",
                act.at,
                object_id=object_id,
                by=act.by,
                unit_id=unit_id,
                data=act.data,
                reason=act.reason,
            )

    def write(self) -> int:
        """Returns the number of events."""
        self.acts.sort(key=lambda act: act[:2])
        said: list[tuple[Event, str, dict[str, str]]] = []
        for _, _, event, text in self.acts:
            salt = self.dice.salt() if text else ""
            if salt:
                event.text_digest = salted_digest(salt, text)
                said.append((event, salt, text))
        insert([event for _, _, event, _ in self.acts])
        texts = [EventText(event_id=event.pk, salt=salt, text=text) for event, salt, text in said]
        insert(texts)
        return len(self.acts)
