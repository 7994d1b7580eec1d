"""What waits for a person (“Việc cần làm”): each app says its own, the home page puts them together."""

from dataclasses import dataclass
from datetime import date


@dataclass(frozen=True)
class Duty:
    """One card. `tone` is one of done, waiting, late, none; `count` how many objects wait; `due_on` the day, if any."""

    title: str
    url: str
    detail: str = ""
    count: int | None = None
    due_on: date | None = None
    tone: str = "waiting"
    action: str = "Mở"
