"""The tree of units on any day, one unit, and its duties."""

from collections.abc import Iterable
from datetime import date, timedelta
from itertools import groupby
from typing import Any

from django.core.paginator import Paginator
from django.forms import Form
from django.urls import reverse

from ledger import clock
from ledger.views import FormPage, Page
from units import faults, kinds, pedigree, roster, services, succession, tree
from units.forms import DutiesForm, PersonForm, UnitDayForm, UnitSearchForm
from units.models import Category, Unit
from units.queries import remembering
from units.views.acts import without_proof
from vietnamese.dates import short_date
from vietnamese.keys import search_key

PAGE = 50


def _day_query(on: date) -> str:
    """What links add to keep the day that was chosen; nothing for today."""
    return "" if on == clock.today() else f"?on={short_date(on)}"


def _sums(totals: roster.Headcounts) -> dict[int, int]:
    return {unit_id: sum(counts.values()) for unit_id, counts in totals.items()}


class UnitList(Page):
    """The whole tree to open branch by branch; what was searched for as a list with the path to each."""

    permissions = {"GET": "units.view_unit"}
    template_name = "units/unit_list.html"

    def get_context(self) -> dict[str, Any]:
        form = UnitSearchForm(self.request.GET or None)
        asked = form.cleaned_data if form.is_valid() else {}
        on = asked.get("on") or clock.today()
        standing = tree.load(on)
        people = _sums(roster.climb(roster.headcounts(on), standing.parents))
        shown = self._found(asked["q"], standing, people) if asked.get("q") else self._tree(standing, people)
        return {
            "form": form,
            "on": on,
            "is_today": on == clock.today(),
            "day_query": _day_query(on),
            "unit_count": len(standing.placements),
            "links": self._links(),
            **shown,
        }

    def _links(self) -> list[tuple[str, str]]:
        """What else there is to see or do about the organisation as a whole."""
        possible = [
            ("units.view_unit", "units:reorganisation_list", "Sắp xếp tổ chức"),
            ("units.view_faults", "units:fault_list", "Cần xử lý về tổ chức"),
            ("units.freeze_headcounts", "units:cutoff_list", "Chốt số người"),
            ("units.choose_contract_kinds", "units:contractkind_list", "Loại hợp đồng"),
            ("units.name_kinds", "units:kind_names", "Tên gọi các loại đơn vị"),
        ]
        return [
            (reverse(route), label)
            for permission, route, label in possible
            if self.request.user.has_perm(permission)
        ]

    @staticmethod
    def _tree(standing: tree.Tree, people: dict[int, int]) -> dict[str, Any]:
        root = tree.branches(standing, people)
        groups = [
            {
                "label": label,
                "branches": members,
                "people": sum(branch.people for branch in members),
            }
            for label, members in _by_kind(root.below if root else ())
        ]
        return {"root": root, "groups": groups}

    def _found(self, words: str, standing: tree.Tree, people: dict[int, int]) -> dict[str, Any]:
        units = Unit.objects.visible_to(self.request.user).on(standing.on)
        units = units.filter(search_key__contains=search_key(words)).order_by("kind", "sort_key")
        names = kinds.names()
        page = Paginator(units, PAGE).get_page(self.request.GET.get("page"))
        rows = [
            {
                "unit": unit,
                "kind": names[unit.kind],
                "path": _path(standing, unit.pk),
                "people": people.get(unit.pk, 0),
            }
            for unit in page
        ]
        return {"searched": True, "page_obj": page, "rows": rows}


def _by_kind(members: Iterable[tree.Branch]) -> list[tuple[str, list[tree.Branch]]]:
    names = kinds.names()
    return [
        (names[kind], list(group)) for kind, group in groupby(members, key=lambda branch: branch.unit.kind)
    ]


def _path(standing: tree.Tree, unit_id: int) -> list[Unit]:
    """From the root down to the parent."""
    return [standing.placements[key].unit for key in reversed(standing.path(unit_id)[1:])]


class UnitDetail(Page):
    permissions = {"GET": "units.view_unit"}
    model = Unit
    template_name = "units/unit_detail.html"

    def get_context(self) -> dict[str, Any]:
        form = UnitDayForm(self.request.GET or None)
        asked = form.cleaned_data.get("on") if form.is_valid() else None
        on = asked or self._usual_day()
        standing = tree.load(on)
        totals = roster.climb(roster.headcounts(on), standing.parents)
        return {
            "form": form,
            "on": on,
            "is_today": on == clock.today(),
            "day_query": _day_query(on),
            "kind": kinds.names()[self.object.kind],
            "placement": standing.placements.get(self.object.pk),
            "path": _path(standing, self.object.pk),
            "children": [
                {"unit": unit, "people": _sums(totals).get(unit.pk, 0)}
                for unit in standing.children(self.object.pk)
            ],
            "posts": roster.posts_with_holders(self.object, on),
            "union": self.object.unions.on(on).first(),
            "line": self.object.professional_lines.on(on).select_related("authority").first(),
            **self._lineage(),
            "past": self.object.placements.select_related("parent").order_by("since"),
            **self._people(totals),
            **self._answers(standing),
        }

    def _answers(self, standing: tree.Tree) -> dict[str, Any]:
        """What depends on who is asking: many permissions, and each asks the tree."""
        with remembering():
            return {
                "links": self._links(standing),
                "faults": self._faults() if standing.on == clock.today() else [],
            }

    def _faults(self) -> list[faults.Fault]:
        """For those who answer for the unit."""
        may = self.request.user.has_perm("units.view_rights", self.object)
        return faults.of_unit(self.object, clock.today()) if may else []

    def _lineage(self) -> dict[str, Any]:
        """The line of succession as a picture and, saying the same, as rows."""
        line = succession.line(self.object)
        units = {unit.pk: unit for layer in line.layers for unit in layer}
        return {
            "pedigree": pedigree.draw(list(units.values()), line.edges, self.object),
            "successions": [
                {"before": units[row.predecessor_id], "after": units.get(row.successor_id or 0), "row": row}
                for row in line.edges
            ],
        }

    def _usual_day(self) -> date:
        """Today, or the nearest day on which the unit was there."""
        today = clock.today()
        if self.object.until is not None and self.object.until <= today:
            return max(self.object.until - timedelta(days=1), self.object.since)
        return max(today, self.object.since)

    def _people(self, totals: roster.Headcounts) -> dict[str, Any]:
        own = totals.get(self.object.pk, {})
        return {
            "people": [(category.label, own.get(category.value, 0)) for category in Category],
            "people_total": sum(own.values()),
        }

    def _links(self, standing: tree.Tree) -> list[tuple[str, str]]:
        """What the person may go on to do with this unit, the usual first."""
        user, unit = self.request.user, self.object
        row = standing.placements.get(unit.pk)
        below_first_level = bool(row and row.parent_id and standing.branch(unit.pk) != unit.pk)
        possible = [
            ("units.list_people", "units:unit_people", "Người làm việc", True),
            ("units.import_roster", "units:rosterupload_list", "Danh sách từ tệp", True),
            ("units.issue_codes", "units:unit_codes", "Phiếu kích hoạt tài khoản", True),
            ("units.add_person", "units:person_add", "Thêm người", True),
            ("units.view_unit", "units:unit_posts", "Chức vụ và quá trình", True),
            ("units.view_rights", "units:unit_rights", "Ai được làm gì", True),
            (
                "units.choose_duties",
                "units:unit_duties",
                "Chọn nghĩa vụ",
                unit.until is None and below_first_level,
            ),
            ("units.choose_lines", "units:unit_union", "Công đoàn cơ sở", True),
            ("units.choose_lines", "units:unit_line", "Cơ quan quản lý ngành", True),
        ]
        return [
            (reverse(route, args=[unit.public_id]), label)
            for permission, route, label, fits in possible
            if fits and user.has_perm(permission, unit)
        ]


class UnitDuties(FormPage):
    """Below the first level the parent says who plans and reports on his own."""

    permissions = {"GET": "units.choose_duties", "POST": "units.choose_duties"}
    model = Unit
    form_class = DutiesForm
    template_name = "units/unit_duties.html"
    success_message = "Đã ghi nghĩa vụ của đơn vị."

    def get_initial(self) -> dict[str, Any]:
        row = self.object.placements.on(clock.today()).first()
        return (
            {"plan_duty": row.plan_duty, "report_duty": row.report_duty, "since": clock.today()}
            if row
            else {}
        )

    def act(self, form: Form) -> str:
        services.choose_duties(unit=self.object, by=self.request.user, **form.cleaned_data)
        return self.object.get_absolute_url()


class AddPerson(FormPage):
    """One person at a time; whole rosters come by import."""

    permissions = {"GET": "units.add_person", "POST": "units.add_person"}
    model = Unit
    form_class = PersonForm
    template_name = "units/person_add.html"

    def get_form_kwargs(self) -> dict[str, Any]:
        return {"request": self.request}

    def act(self, form: Form) -> str:
        user = services.add_person(unit=self.object, by=self.request.user, **without_proof(form))
        self.say(f"Đã thêm {user.full_name}. Cấp mã kích hoạt ở trang phiếu của đơn vị.")
        return self.object.get_absolute_url()
