"""The content of a report, version by version: what is sealed at sending, and what the next version starts from."""

from typing import Any

from ledger.canonical import digest
from reports import outline, sheet
from reports.models import Figure, Narrative, ReportVersion, UnitReport
from units.models import Unit


def content(version: ReportVersion) -> dict[str, Any]:
    """The canonical record whose digest is the version's hash: figures as they count, and words."""
    report = version.report
    return {
        "round": report.round.code,
        "unit": author(version).source_key,
        "number": version.number,
        "figures": [
            {
                "code": row.indicator.code,
                "category": row.category,
                "computed": row.computed,
                "typed": row.typed,
                "day": row.day,
                "note": row.note,
            }
            for row in sheet.figures_of(version)
        ],
        "texts": outline.texts_of(version),
    }


def author(version: ReportVersion) -> Unit:
    """Who sealed it: the giver of the first handover since; where there was none, the unit whose report it is."""
    report = version.report
    if version.sealed_at is None:
        return report.unit
    since = report.handovers.filter(at__gt=version.sealed_at).select_related("giver").first()
    return since.giver if since else report.unit


def sha256(version: ReportVersion) -> str:
    return digest(content(version))


def open_next(report: UnitReport) -> ReportVersion:
    """A new open version with the figures and words of the last one, which stays as it was sent."""
    last = report.current()
    fresh = ReportVersion.objects.create(report=report, number=last.number + 1)
    figures = list(last.figures.all())
    narratives = list(last.narratives.all())
    copies: list[Figure | Narrative] = [*figures, *narratives]
    for row in copies:
        row.pk, row.version = None, fresh
    Figure.objects.bulk_create(figures)
    Narrative.objects.bulk_create(narratives)
    return fresh
