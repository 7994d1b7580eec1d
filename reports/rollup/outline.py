"""What the campaign's own data gives to the paper: the decision cited, headings, indicators, targets, recipients."""

from decimal import Decimal
from typing import Any

from campaigns.models import Campaign, Recipient
from vietnamese.dates import statutory_date

FILED = "Lưu:"
AS_ABOVE = "Như trên"


def outline(campaign: Campaign) -> dict[str, Any]:
    recipients = list(campaign.recipients.order_by("order"))
    return {
        "campaign": _campaign(campaign),
        "bases": _bases(campaign),
        "sections": [
            {"number": row.number, "title": row.title, "level": row.level}
            for row in campaign.reportsections.order_by("order")
        ],
        "groups": [row.title for row in campaign.taskgroups.order_by("order")],
        "indicators": [_indicator(row) for row in campaign.indicators.order_by("order")],
        "targets": [_target(row) for row in campaign.targets.order_by("order")],
        "categories": [
            {"code": row.code, "label": row.label} for row in campaign.personcategorys.order_by("order")
        ],
        "to": [row.text for row in recipients if row.role == Recipient.Role.TO],
        "copies": [row.text for row in recipients if row.role == Recipient.Role.COPY],
    }


def _campaign(campaign: Campaign) -> dict[str, str]:
    return {
        "code": campaign.code,
        "name": campaign.name,
        "alias": campaign.alias,
        "decision_number": campaign.decision_number,
        "decision_on": campaign.decision_on.isoformat(),
        "issuer": campaign.issuer,
    }


def _bases(campaign: Campaign) -> list[str]:
    """The decision itself, cited in full (decree 30/2020/NĐ-CP, annex I, section II, item 6).

    What the decision of 2019 rested on is not cited again: part of it has been replaced since.
    """
    subject = campaign.decision_subject
    return [
        f"Căn cứ Quyết định số {campaign.decision_number} {statutory_date(campaign.decision_on)} của {campaign.issuer} "
        f"về việc {subject[:1].lower()}{subject[1:]}"
    ]


def _indicator(row) -> dict[str, Any]:
    return {
        "code": row.code,
        "number": row.number,
        "annex": row.annex,
        "annex_title": row.annex_title,
        "clause": row.clause,
        "label": row.label,
        "unit": row.unit_of_measure,
        "kind": row.kind,
        "by_category": row.by_category,
    }


def _target(row) -> dict[str, Any]:
    return {
        "code": row.code,
        "indicator": row.indicator,
        "numerator": row.numerator,
        "denominator": row.denominator,
        "direction": row.direction,
        "floor": _plain(row.floor),
        "ceiling": _plain(row.ceiling),
        "unit": row.unit_of_change,
        "reading": row.reading,
    }


def _plain(number: Decimal | None) -> str:
    """“3”, “1.5”: the same from every database."""
    return "" if number is None else f"{number.normalize():f}"
