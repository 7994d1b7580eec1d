"""What the units wrote: the same sentence of several units stands once, with all its sources."""

import re
from collections.abc import Mapping
from typing import Any

from reports.models import Narrative
from reports.rollup.sources import Counted
from vietnamese.letters import nfc

# Headings whose text goes into the roll-up in the units' own words; of the others only how many wrote under them.
QUOTED = ("III.1", "III.2", "III.3", "III.4", "V")
_MARK = re.compile(r"^(?:[-+*•–]|\d{1,2}[.)]|[a-zđ][.)])\s+")
_NOTHING = re.compile(
    r"^(không( có)?( kiến nghị| đề xuất| ý kiến)?|không có kiến nghị, đề xuất|chưa có|…|\.+|-+)[.]?$", re.I
)


def gather_words(counted: Counted) -> dict[str, Any]:
    """{"written": {section: reports that say something}, "quoted": {section: [{"text", "units"}]}}.

    Sentences come in the order of the first unit that wrote them, units in the paper's order.
    """
    texts = _texts(counted)
    written: dict[str, int] = {}
    quoted: dict[str, dict[str, list[str]]] = {number: {} for number in QUOTED}
    for row in counted.standings:
        for number, text in texts.get(row.unit.pk, {}).items():
            lines = sentences(text)
            written[number] = written.get(number, 0) + bool(lines)
            if number in quoted:
                for line in lines:
                    said_by = quoted[number].setdefault(line, [])
                    if row.unit.source_key not in said_by:
                        said_by.append(row.unit.source_key)
    return {
        "written": written,
        "quoted": {
            number: [{"text": text, "units": units} for text, units in said.items()]
            for number, said in quoted.items()
        },
    }


def sentences(text: str) -> list[str]:
    """One for each line with something in it; the writer's bullets and numbers are taken off, “Không.” is nothing."""
    lines = (_MARK.sub("", nfc(line)).rstrip(" ;") for line in text.splitlines())
    return [line for line in lines if line and not _NOTHING.match(line)]


def _texts(counted: Counted) -> Mapping[int, dict[str, str]]:
    """Text by unit and section number."""
    owner = {version.pk: unit_id for unit_id, version in counted.versions.items()}
    rows = Narrative.objects.filter(version__in=list(owner)).values_list(
        "version_id", "section__number", "text"
    )
    found: dict[int, dict[str, str]] = {}
    for version_id, number, text in rows:
        found.setdefault(owner[version_id], {})[number] = text
    return found
