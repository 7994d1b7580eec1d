"""One line of rates a unit, as a page shows it."""

from dataclasses import dataclass

import django_tables2 as tables
from django.utils.html import format_html

from pledges.coverage import Coverage
from units.models import Unit
from vietnamese.numbers import grouped, share

OWN = "Riêng đơn vị này"


def _number(value) -> str:
    """Nothing is not shown on a phone, where each figure takes a line."""
    return "num nil" if value == 0 else "num"


NUMBER = {"th": {"class": "num"}, "td": {"class": _number}}


@dataclass(frozen=True)
class Line:
    """`found`: the figures; `rate` and `done`: shares by which lines are sorted, -1 where nobody is to sign."""

    label: str
    sort_key: tuple[str, str]
    url: str
    found: Coverage
    last: Coverage | None

    @property
    def rate(self) -> float:
        return self.found.signed / self.found.people if self.found.people else -1.0

    @property
    def done(self) -> float:
        return self.found.complete / self.found.people if self.found.people else -1.0

    @property
    def last_rate(self) -> float:
        return self.last.signed / self.last.people if self.last and self.last.people else -1.0

    @property
    def again(self) -> int:
        return self.found.returned + self.found.withdrawn + self.found.stale


def line(unit: Unit | None, found: Coverage, last: Coverage | None, url: str, label: str = "") -> Line:
    """Without a unit: the people of the page's unit itself, or a category."""
    if unit is None:
        return Line(label or OWN, ("", ""), url, found, last)
    return Line(unit.name, (unit.kind, unit.sort_key), url, found, last)


def _count(label: str, name: str) -> tables.Column:
    return tables.Column(label, accessor=f"found__{name}", attrs=NUMBER)


class RateTable(tables.Table):
    caption = "Tỷ lệ ký cam kết của các đơn vị trực tiếp bên dưới, mỗi đơn vị gồm cả các đơn vị của mình"

    label = tables.Column("Đơn vị", order_by="sort_key")
    people = _count("Phải ký", "people")
    signed = tables.Column("Đã ký", accessor="rate", attrs=NUMBER)
    complete = tables.Column("Đủ xác nhận", accessor="done", attrs=NUMBER)
    at_head = _count("Chờ người đứng đầu", "at_head")
    at_union = _count("Chờ công đoàn", "at_union")
    none = _count("Chưa ký lần nào", "none")
    again = tables.Column("Trả lại, rút, phải ký lại", accessor="again", attrs=NUMBER)
    refused = _count("Không ký", "refused")
    on_paper = _count("Bản giấy", "on_paper")
    in_file = _count("Tệp ký số", "in_file")
    relieved = _count("Được miễn, nghỉ", "relieved")
    last = tables.Column("Đã ký, năm trước", accessor="last_rate", attrs=NUMBER)

    class Meta:
        order_by = "label"
        empty_text = "Không có đơn vị nào bên dưới"

    def render_label(self, record: Line) -> str:
        return format_html('<a href="{}">{}</a>', record.url, record.label) if record.url else record.label

    def render_signed(self, record: Line) -> str:
        return share(record.found.signed, record.found.people)

    def render_complete(self, record: Line) -> str:
        return share(record.found.complete, record.found.people)

    def render_last(self, record: Line) -> str:
        return share(record.last.signed, record.last.people) if record.last else "–"

    def render_people(self, value: int) -> str:
        return grouped(value)

    render_at_head = render_at_union = render_none = render_again = render_refused = render_people
    render_on_paper = render_in_file = render_relieved = render_people
