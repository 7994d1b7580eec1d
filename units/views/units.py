"""The tree of units, one unit, its duties, and the slips with one-time codes."""

from typing import Any

from django.core.paginator import Paginator
from django.forms import Form
from django.urls import reverse

from ledger import clock
from ledger.views import FormPage, Page, StepForm
from units import activation, roster, services, tree
from units.forms import DutiesForm, PersonForm, UnitSearchForm
from units.models import ActivationCode, Category, Unit, User
from units.queries import GUARDED_POSTS, in_force, subtree_ids
from vietnamese.keys import search_key

PAGE = 50


class UnitList(Page):
    permissions = {"GET": "units.view_unit"}
    template_name = "units/unit_list.html"

    def get_context(self) -> dict[str, Any]:
        form = UnitSearchForm(self.request.GET or None)
        asked = form.cleaned_data if form.is_valid() else {}
        on = asked.get("on") or clock.today()
        units = Unit.objects.visible_to(self.request.user).on(on)
        if asked.get("q"):
            units = units.filter(search_key__contains=search_key(asked["q"]))
        page = Paginator(units.order_by("kind", "sort_key"), PAGE).get_page(self.request.GET.get("page"))
        above = tree.parents(on)
        totals = roster.climb(roster.headcounts(on), above)
        parents = Unit.objects.visible_to(self.request.user).in_bulk(
            {key for unit in page if (key := above.get(unit.pk)) is not None}
        )
        rows = [
            {
                "unit": unit,
                "parent": parents.get(above.get(unit.pk)),
                "people": sum(totals.get(unit.pk, {}).values()),
            }
            for unit in page
        ]
        return {"form": form, "page_obj": page, "rows": rows, "on": on}


class UnitDetail(Page):
    permissions = {"GET": "units.view_unit"}
    model = Unit
    template_name = "units/unit_detail.html"

    def get_context(self) -> dict[str, Any]:
        on = clock.today()
        standing = tree.load(on)
        row = standing.placements.get(self.object.pk)
        totals = roster.climb(roster.headcounts(on), standing.parents)
        own = totals.get(self.object.pk, {})
        return {
            "on": on,
            "placement": row,
            "path": [standing.placements[key].unit for key in reversed(standing.path(self.object.pk))][:-1],
            "children": standing.children(self.object.pk),
            "people": [(category.label, own.get(category.value, 0)) for category in Category],
            "people_total": sum(own.values()),
            "posts": roster.posts_with_holders(self.object, on),
            "union": self.object.unions.on(on).first(),
            "may_choose": bool(row and row.parent_id and standing.branch(self.object.pk) != self.object.pk)
            and self.request.user.has_perm("units.choose_duties", self.object),
            "may_add": self.request.user.has_perm("units.add_person", self.object),
            "may_issue": self.request.user.has_perm("units.issue_codes", self.object),
        }


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


class UnitCodes(FormPage):
    """Slips with one-time codes for the people of a unit and of all units below it."""

    permissions = {"GET": "units.issue_codes", "POST": "units.issue_codes"}
    model = Unit
    form_class = StepForm
    template_name = "units/unit_codes.html"

    def _people(self) -> list[User]:
        on = clock.today()
        units = subtree_ids([self.object.pk], on)
        people = User.objects.visible_to(self.request.user).filter(
            in_force(on, "employments__"), employments__unit_id__in=units, is_active=True
        )
        if not self.request.user.works_for_home_affairs:
            people = people.without_posts(*GUARDED_POSTS, on=on)
        return list(people.select_related("activation").order_by("sort_key"))

    def get_context(self) -> dict[str, Any]:
        people = [user for user in self._people() if not user.has_usable_password()]
        slips = [
            {
                "user": user,
                "code": activation.code_of(user.public_id, row.nonce),
                "expires_at": row.expires_at,
            }
            for user in people
            if (row := self._live_code(user))
        ]
        return {
            "waiting": len(people) - len(slips),
            "slips": slips,
            "address": self.request.build_absolute_uri("/"),
        }

    @staticmethod
    def _live_code(user: User) -> ActivationCode | None:
        row = getattr(user, "activation", None)
        return row if row and row.expires_at > clock.now() else None

    def act(self, form: Form) -> str:
        fresh = [user for user in self._people() if not self._live_code(user)]
        count = services.issue_codes(users=fresh, unit=self.object, by=self.request.user)
        self.say(f"Đã cấp mã kích hoạt cho {count} người.")
        return reverse("units:unit_codes", args=[self.object.public_id])


class RenewCode(FormPage):
    """A lost password: the old one stops working at once and a new slip is printed."""

    permissions = {"GET": "units.renew_code", "POST": "units.renew_code"}
    model = User
    form_class = StepForm
    template_name = "units/user_renew_code.html"

    def act(self, form: Form) -> str:
        employment = services.renew_code(user=self.object, by=self.request.user)
        self.say(f"Đã cấp mã kích hoạt mới cho {self.object.full_name}.")
        return reverse("units:unit_codes", args=[employment.unit.public_id])

    def refusal_url(self) -> str:
        return reverse("home")


class AddPerson(FormPage):
    """One person at a time; whole rosters come by import."""

    permissions = {"GET": "units.add_person", "POST": "units.add_person"}
    model = Unit
    form_class = PersonForm
    template_name = "units/person_add.html"

    def act(self, form: Form) -> str:
        user = services.add_person(unit=self.object, by=self.request.user, **form.cleaned_data)
        self.say(f"Đã thêm {user.full_name}. Cấp mã kích hoạt ở trang phiếu của đơn vị.")
        return self.object.get_absolute_url()
