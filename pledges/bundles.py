"""Pledges read one after another: the words that many have in common are shown once, each person's own below them.

What is common is everything in the record except what is the person's; so nothing that differs can hide in a bundle.
"""

from collections.abc import Iterable
from dataclasses import dataclass, field
from typing import Any

from ledger.canonical import digest
from pledges.findings import found_in
from pledges.models import Pledge, SignedFile

PERSONAL = frozenset({"person", "unit", "own_words", "signed_at", "channel"})
TITLES: dict[str, str] = {
    Pledge.Kind.INDIVIDUAL: "Bản cam kết của cá nhân",
    Pledge.Kind.LEADER: "Bản cam kết của người đứng đầu",
    Pledge.Kind.COLLECTIVE: "Bản cam kết tập thể",
}


@dataclass(frozen=True)
class Read:
    """One pledge on the page. `value` is what its box sends: which pledge, and the digest of what is shown of it."""

    pledge: Pledge
    ticked: bool
    # What a reader must not miss about the file it was signed in.
    warnings: tuple[str, ...] = ()

    @property
    def value(self) -> str:
        return seen_value(self.pledge)

    @property
    def record(self) -> dict[str, Any]:
        return self.pledge.content


@dataclass
class Bundle:
    """`record` is one of theirs: its common words are those of all."""

    title: str
    record: dict[str, Any]
    rows: list[Read] = field(default_factory=list)


def seen_value(pledge: Pledge) -> str:
    return f"{pledge.public_id}:{pledge.sha256}"


def of(pledges: Iterable[Pledge], ticked: set[str] | None = None) -> list[Bundle]:
    """The largest first. `ticked`: the values whose boxes are ticked; None for all."""
    pledges = list(pledges)
    warnings = _warnings(pledges)
    found: dict[str, Bundle] = {}
    for pledge in pledges:
        common = {name: part for name, part in pledge.content.items() if name not in PERSONAL}
        bundle = found.setdefault(digest(common), Bundle(TITLES[pledge.kind], pledge.content))
        is_ticked = ticked is None or seen_value(pledge) in ticked
        bundle.rows.append(Read(pledge, is_ticked, warnings.get(pledge.pk, ())))
    return sorted(found.values(), key=lambda bundle: -len(bundle.rows))


def _warnings(pledges: list[Pledge]) -> dict[int, tuple[str, ...]]:
    """By key of a pledge signed with a personal certificate; one query, none where there is no such pledge."""
    names = {
        row.pk: row.content["person"]["name"] for row in pledges if row.channel == Pledge.Channel.SIGNED_FILE
    }
    if not names:
        return {}
    files = SignedFile.objects.that_count().filter(pledge__in=names)
    return {
        file.pledge_id: tuple(found_in(file, names[file.pledge_id]).warnings)
        for file in files
        if file.pledge_id
    }
