"""A version's figures as people read them: annexes, rows, cells; the computed value, the typed one, last year's."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import date
from itertools import groupby

from campaigns.models import Indicator
from reports.models import Figure, ReportVersion, UnitReport
from units.models import Category
from vietnamese.dates import short_date
from vietnamese.numbers import grouped

Key = tuple[str, str]  # code of the indicator, category or ""
Value = int | date | None

CATEGORY_ORDER = {category: place for place, category in enumerate(["", *Category.values])}
REVIEWS = "bản tự đánh giá"
SOURCES = {
    "headcount": "danh sách CBCCVC",
    "pledged": "bản cam kết",
    "leaders": "danh sách chức vụ",
    "leaders_pledged": "bản cam kết",
    "new_unpledged": "bản cam kết",
    "plan_sent": "kế hoạch đã gửi",
    "reviewed": REVIEWS,
    **{f"{name}_{number}": REVIEWS for name in ("kept", "not_kept") for number in range(1, 6)},
}
BY_THE_UNIT = "đơn vị nhập"


def words(indicator: Indicator, value: Value) -> str:
    """ "1.234", "Có", "15/11/2026"; nothing for what is not known."""
    if value is None:
        return ""
    if isinstance(value, date):
        return short_date(value)
    if indicator.kind == Indicator.Kind.YES_NO:
        return "Có" if value else "Không"
    return grouped(value)


def value_of(figure: Figure | None) -> Value:
    if figure is None:
        return None
    return figure.day if figure.indicator.kind == Indicator.Kind.DATE else figure.value


def typed_text(figure: Figure) -> str:
    """What stands in the input: only what the unit typed."""
    if figure.indicator.kind == Indicator.Kind.DATE:
        return short_date(figure.day) if figure.day else ""
    if figure.typed is None:
        return ""
    return str(figure.typed) if figure.indicator.kind == Indicator.Kind.YES_NO else grouped(figure.typed)


@dataclass
class Cell:
    """One figure on a page. `raw`, `note` and `errors` follow what is typed; `theirs` is what another person saved."""

    figure: Figure
    last: Figure | None = None
    raw: str = ""
    note: str = ""
    errors: list[str] = field(default_factory=list)
    theirs: str = ""

    @property
    def indicator(self) -> Indicator:
        return self.figure.indicator

    @property
    def key(self) -> Key:
        return (self.indicator.code, self.figure.category)

    @property
    def name(self) -> str:
        """Name and id of the input, and the anchor a sentence links to."""
        return anchor(*self.key)

    @property
    def label(self) -> str:
        return str(Category(self.figure.category).label) if self.figure.category else self.indicator.label

    @property
    def computed(self) -> str:
        return words(self.indicator, self.figure.computed)

    @property
    def value(self) -> str:
        return words(self.indicator, value_of(self.figure))

    @property
    def last_year(self) -> str:
        return words(self.indicator, value_of(self.last))


@dataclass
class Row:
    """An indicator with its cells: one, or one for each category of people."""

    indicator: Indicator
    cells: list[Cell]
    errors: list[str] = field(default_factory=list)

    @property
    def is_split(self) -> bool:
        return self.indicator.by_category

    @property
    def source(self) -> str:
        return SOURCES.get(self.indicator.live, BY_THE_UNIT)

    @property
    def name(self) -> str:
        return anchor(self.indicator.code)

    @property
    def total(self) -> str:
        return words(self.indicator, total(cell.figure for cell in self.cells))

    @property
    def computed_total(self) -> str:
        known = [cell.figure.computed for cell in self.cells if cell.figure.computed is not None]
        return words(self.indicator, sum(known)) if known else ""

    @property
    def last_total(self) -> str:
        return words(self.indicator, total(cell.last for cell in self.cells))

    @property
    def is_typed(self) -> bool:
        return any(cell.figure.is_typed for cell in self.cells)


@dataclass
class Annex:
    number: str
    title: str
    rows: list[Row]


def anchor(code: str, category: str = "") -> str:
    return f"o-{code}-{category}" if category else f"o-{code}"


def total(figures) -> int | None:
    """Sum of what is known; None when nothing is."""
    known = [value for figure in figures if isinstance(value := value_of(figure), int)]
    return sum(known) if known else None


def figures_of(version: ReportVersion | None) -> list[Figure]:
    """In the order of the annexes; one query."""
    if version is None:
        return []
    rows = Figure.objects.filter(version=version).select_related("indicator")
    return sorted(rows, key=lambda row: (row.indicator.order, CATEGORY_ORDER[row.category]))


def values_of(figures: list[Figure]) -> Mapping[Key, Value]:
    return {(row.indicator.code, row.category): value_of(row) for row in figures}


def annexes(figures: list[Figure], last: list[Figure] | None = None) -> list[Annex]:
    """`figures` as `figures_of` gives them; `last` are those of the year before."""
    before = {(row.indicator.code, row.category): row for row in last or []}
    found: list[Annex] = []
    for indicator, group in groupby(figures, key=lambda row: row.indicator):
        cells = [
            Cell(row, before.get((indicator.code, row.category)), typed_text(row), row.note) for row in group
        ]
        if not found or found[-1].number != indicator.annex:
            found.append(Annex(indicator.annex, indicator.annex_title, []))
        found[-1].rows.append(Row(indicator, cells))
    return found


def year_before(report: UnitReport) -> ReportVersion | None:
    """What the same unit last sent in the yearly round of the year before."""
    rows = ReportVersion.objects.filter(
        report__unit_id=report.unit_id,
        report__round__campaign_id=report.round.campaign_id,
        report__round__kind="annual",
        report__round__year=report.round.year - 1,
        report__status__in=["submitted", "accepted"],
        sealed_at__isnull=False,
    )
    return rows.order_by("-number").first()
