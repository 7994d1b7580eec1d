"""What waits for a person (“Việc cần làm”): each app says its own, the home page puts them together."""

from dataclasses import dataclass
from datetime import date


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
