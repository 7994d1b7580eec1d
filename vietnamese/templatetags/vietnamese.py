"""Template filters; a missing value prints nothing."""

from datetime import date, datetime, timedelta

from django import template

from vietnamese import dates, numbers

register = template.Library()


@register.filter
def statutory_date(day: date | None) -> str:
    return dates.statutory_date(day) if day else ""


@register.filter
def short_date(day: date | None) -> str:
    return dates.short_date(day) if day else ""


@register.filter
def last_day(until: date | None) -> date | None:
    """The last day of a half-open period, as people say it."""
    return until - timedelta(days=1) if until else None


@register.filter
def moment(at: datetime | None) -> str:
    return dates.moment(at) if at else ""


@register.filter
def grouped(n: int | None) -> str:
    return "" if n is None else numbers.grouped(n)


@register.filter
def share(part: int | None, whole: int | None) -> str:
    return "" if part is None or whole is None else numbers.share(part, whole)
