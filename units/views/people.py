"""The people of a unit, and one person through time."""

from typing import Any

from django.core.paginator import Paginator
from django.urls import reverse

from ledger import clock
from ledger.views import Page
from units import factors
from units.forms.people import PeopleSearchForm
from units.models import Absence, Employment, Unit, User
from units.queries import subtree_ids
from units.services.returns import is_to_leave, lasting
from vietnamese.keys import search_key

PAGE = 50
CONTRACT_OVER = "het-han"


class UnitPeople(Page):
    """Everyone employed in a unit and below it on a day."""

    permissions = {"GET": "units.list_people"}
    model = Unit
    template_name = "units/unit_people.html"

    def get_context(self) -> dict[str, Any]:
        form = PeopleSearchForm(self.request.GET or None)
        asked = form.cleaned_data if form.is_valid() else {}
        on = asked.get("on") or clock.today()
        rows = self._rows(on, asked)
        page = Paginator(rows, PAGE).get_page(self.request.GET.get("page"))
        return {"form": form, "on": on, "page_obj": page, "rows": page.object_list}

    def _rows(self, on, asked: dict[str, Any]):
        # Past members too: the day asked about may lie before some left, whom a list of people of today leaves out.
        units = subtree_ids([self.object.pk], on) or {self.object.pk}
        rows = Employment.objects.visible_to(self.request.user).on(on).filter(unit_id__in=units)
        if asked.get("category"):
            rows = rows.filter(category=asked["category"])
        if asked.get("q"):
            rows = rows.named(asked["q"], search_key(asked["q"]))
        if self.request.GET.get("hop_dong") == CONTRACT_OVER:
            rows = rows.filter(contract_until__lt=on)
        return rows.select_related("user", "unit", "payroll_unit", "contract").order_by(
            "user__sort_key", "pk"
        )


class PersonDetail(Page):
    """One's own page is open to everyone; another's to who keeps the rosters of his unit."""

    permissions = {"GET": "units.view_person"}
    model = User
    template_name = "units/person_detail.html"

    def get_context(self) -> dict[str, Any]:
        person, on = self.object, self.request.user.today
        history = list(
            person.employments.select_related("unit", "payroll_unit", "contract").order_by("-since", "-pk")
        )
        current = next((row for row in history if row.holds(on)), None)
        held = person.appointments.select_related("post__unit", "given_by__user").order_by("-since", "-pk")
        absences = list(Absence.objects.visible_to(self.request.user).filter(user=person).order_by("-since"))
        return {
            "on": on,
            "current": current,
            "history": history,
            "posts": [row for row in held if row.holds(on)],
            "earlier_posts": [row for row in held if not row.holds(on)],
            "absences": absences,
            "away": next((row for row in absences if row.holds(on)), None),
            "links": self._links(current, history, any(not row.until or row.until > on for row in absences)),
        }

    def _has_factor(self) -> bool:
        may = self.request.user.has_perm("units.ask_factor_reset", self.object)
        return may and factors.device_of(self.object) is not None

    def _links(
        self, current: Employment | None, history: list[Employment], may_be_back: bool
    ) -> list[tuple[str, str]]:
        user, person = self.request.user, self.object
        seconded = bool(current and current.payroll_unit_id)
        coming = lasting(history, user.today)
        leaves = is_to_leave(coming)
        possible = [
            ("units.retitle_person", "units:person_rename", "Sửa họ tên, chức danh", True),
            ("units.retitle_person", "units:person_email", "Thư điện tử", True),
            ("units.change_person", "units:person_move", "Chuyển công tác", bool(current)),
            ("units.change_person", "units:person_second", "Biệt phái", bool(current) and not seconded),
            ("units.change_person", "units:person_return", "Hết biệt phái", seconded),
            ("units.change_person", "units:person_absent", "Nghỉ dài ngày, miễn ký", bool(current)),
            ("units.change_person", "units:person_back", "Làm việc lại", may_be_back),
            ("units.change_person", "units:person_end", "Nghỉ hưu, thôi việc", bool(current)),
            ("units.change_person", "units:person_stay", "Bỏ ghi nghỉ hưu, thôi việc", leaves),
            ("units.reemploy_person", "units:person_reemploy", "Tiếp nhận lại", leaves or not coming),
            ("units.give_code", "units:person_code", "Ghi mã số cán bộ", person.code_from_portal),
            ("units.renew_code", "units:user_renew_code", "Cấp lại mã kích hoạt", bool(current)),
            ("units.ask_factor_reset", "factor_reset_ask", "Đặt lại xác thực hai bước", self._has_factor()),
        ]
        return [
            (reverse(route, args=[person.public_id]), label)
            for permission, route, label, fits in possible
            if fits and user.has_perm(permission, person)
        ]
