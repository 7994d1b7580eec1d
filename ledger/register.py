"""How an act on a lower floor reaches the floors above without importing them.

A lower app publishes a Register; upper apps enter their functions in `apps.py`; they run in tower order
(the order of INSTALLED_APPS) inside the act's transaction.
"""

from collections.abc import Iterator
from typing import Generic, TypeVar

Entry = TypeVar("Entry")


class Register(Generic[Entry]):
    def __init__(self, name: str):
        self.name = name
        self._entries: dict[str, Entry] = {}

    def enter(self, key: str, entry: Entry) -> None:
        """`key` names the entry (“reports.rollup”); entering it again replaces it, so a reload does not double it."""
        self._entries[key] = entry

    def __getitem__(self, key: str) -> Entry:
        return self._entries[key]

    def __iter__(self) -> Iterator[tuple[str, Entry]]:
        return iter(self._entries.items())
