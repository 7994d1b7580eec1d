"""The orders of an act of reorganisation: choosing the kind and the units, then writing what is to be done."""

from functools import cached_property
from typing import Any

from django.forms import Form
from django.http import Http404
from django.shortcuts import redirect
from django.urls import reverse
from django.utils.http import urlencode

from ledger import clock
from ledger.views import FormPage, Page
from units import services, tree
from units.forms.reorganisation import ChooseForm, OrdersForm
from units.models import Reorganisation, Unit, User
from units.queries import in_force
from vietnamese.keys import search_key

Kind = Reorganisation.Kind
FOUND = 30

# How many units an act starts from, and what else must be chosen with them.
STARTS_FROM = {
    Kind.MERGER: "Chọn các đơn vị được hợp nhất, sáp nhập (từ hai đơn vị).",
    Kind.SPLIT: "Chọn đơn vị được chia, tách.",
    Kind.MOVE: "Chọn các đơn vị được chuyển và cơ quan chủ quản mới.",
    Kind.RENAMING: "Chọn đơn vị được đổi tên.",
    Kind.DISSOLUTION: "Chọn đơn vị giải thể; chọn đơn vị nhận người và đơn vị trực thuộc nếu còn.",
    Kind.FOUNDING: "Chọn cơ quan chủ quản của đơn vị mới.",
}
DESTINATIONS = {
    Kind.MOVE: "Cơ quan chủ quản mới",
    Kind.FOUNDING: "Cơ quan chủ quản",
    Kind.DISSOLUTION: "Đơn vị nhận người, đơn vị trực thuộc",
    Kind.MERGER: "Cơ quan chủ quản của đơn vị mới",
    Kind.RENAMING: "Cơ quan chủ quản mới",
}
MUST_HAVE_DESTINATION = {Kind.MOVE, Kind.FOUNDING}
# Usually the new unit stays below the superior of the old one: another is chosen only when asked for.
SELDOM_HAS_DESTINATION = {Kind.MERGER, Kind.RENAMING}
ONE_UNIT = {Kind.SPLIT, Kind.RENAMING, Kind.DISSOLUTION}


class _Chosen:
    """What the address says was chosen so far: the kind, the units, the destination."""

    def __init__(self, request):
        self.params = request.GET
        kind = self.params.get("loai", "")
        self.kind = Kind(kind) if kind in STARTS_FROM else None
        living = Unit.objects.visible_to(request.user).on(clock.today())
        wanted = self.params.getlist("don_vi")
        found = {unit.public_id: unit for unit in living.filter(public_id__in=wanted)}
        self.units = [found[public_id] for public_id in wanted if public_id in found]
        self.destination = living.filter(public_id=self.params.get("den", "")).first()
        self.elsewhere = bool(self.params.get("noi_khac") or self.destination)

    @property
    def is_ready(self) -> bool:
        if self.kind is None or (self.kind in MUST_HAVE_DESTINATION and not self.destination):
            return False
        fewest = {Kind.MERGER: 2, Kind.FOUNDING: 0}.get(self.kind, 1)
        return len(self.units) >= fewest and not (self.kind in ONE_UNIT and len(self.units) > 1)

    @property
    def destination_label(self) -> str:
        """What the destination is called; empty where none is asked for."""
        if self.kind is None or (self.kind in SELDOM_HAS_DESTINATION and not self.elsewhere):
            return ""
        return DESTINATIONS.get(self.kind, "")

    @property
    def may_go_elsewhere(self) -> bool:
        return self.kind in SELDOM_HAS_DESTINATION and not self.elsewhere

    def query(self, **changes: Any) -> str:
        """The address of the same choice with `add`, `drop` or `den` changed."""
        ids = [unit.public_id for unit in self.units]
        if add := changes.get("add"):
            ids = [add] if self.kind in ONE_UNIT else [*ids, add]
        ids = [public_id for public_id in dict.fromkeys(ids) if public_id != changes.get("drop")]
        parts: list[tuple[str, str]] = [("loai", str(self.kind or ""))] + [("don_vi", one) for one in ids]
        den = changes.get("den", self.destination.public_id if self.destination else "")
        if self.elsewhere or changes.get("elsewhere"):
            parts.append(("noi_khac", "1"))
        return "?" + urlencode(parts + ([("den", den)] if den else []))


class ReorganisationChoose(Page):
    """Which act, and on which units: every choice is a link, so it needs no JavaScript and can be sent on."""

    permissions = {"GET": "units.reorganise"}
    template_name = "units/reorganisation_choose.html"

    def get_context(self) -> dict[str, Any]:
        chosen = _Chosen(self.request)
        form = ChooseForm(self.request.GET)
        words = form.cleaned_data["tim"] if form.is_valid() else ""
        return {
            "chosen": chosen,
            "kinds": [(kind.value, kind.label) for kind in STARTS_FROM],
            "instruction": STARTS_FROM.get(chosen.kind, "") if chosen.kind else "",
            "elsewhere": chosen.query(elsewhere=True),
            "takes_units": chosen.kind not in {None, Kind.FOUNDING},
            "form": form,
            "picked": [(unit, chosen.query(drop=unit.public_id)) for unit in chosen.units],
            "without_destination": chosen.query(den=""),
            "found": self._found(words, chosen) if words and chosen.kind else None,
            "next_url": reverse("units:reorganisation_write") + chosen.query(),
        }

    def _found(self, words: str, chosen: _Chosen) -> list[dict[str, Any]]:
        today = clock.today()
        units = Unit.objects.visible_to(self.request.user).on(today)
        found = units.filter(search_key__contains=search_key(words)).order_by("kind", "sort_key")[:FOUND]
        standing = tree.load(today)
        return [
            {
                "unit": unit,
                "path": [standing.placements[key].unit for key in reversed(standing.path(unit.pk)[1:])],
                "add": chosen.query(add=unit.public_id),
                "den": chosen.query(den=unit.public_id) if chosen.destination_label else "",
            }
            for unit in found
        ]


class ReorganisationWrite(FormPage):
    """The orders. What is written is kept as a draft and shown with all its effects before anything is done."""

    permissions = {"GET": "units.reorganise", "POST": "units.reorganise"}
    form_class = OrdersForm
    template_name = "units/reorganisation_write.html"

    @cached_property
    def chosen(self) -> _Chosen:
        return _Chosen(self.request)

    def get(self, request, *args, **kwargs):
        if not self.chosen.is_ready:
            return redirect(reverse("units:reorganisation_choose") + self.chosen.query())
        return super().get(request, *args, **kwargs)

    def get_form_kwargs(self) -> dict[str, Any]:
        if not self.chosen.is_ready:
            raise Http404
        chosen = self.chosen
        source = chosen.units[0] if chosen.kind == Kind.SPLIT else None
        return {
            "kind": chosen.kind,
            "units": chosen.units,
            "destination": chosen.destination,
            "children": tree.load(clock.today()).children(source.pk) if source else [],
            "people": self._people(source) if source else [],
        }

    def _people(self, unit: Unit) -> list[User]:
        people = User.objects.visible_to(self.request.user).filter(
            in_force(clock.today(), "employments__"), employments__unit=unit
        )
        return list(people.order_by("sort_key"))

    def get_context(self) -> dict[str, Any]:
        return {"chosen": self.chosen, "back": reverse("units:reorganisation_choose") + self.chosen.query()}

    def act(self, form: Form) -> str:
        assert isinstance(form, OrdersForm)
        act = services.draft_reorganisation(orders=form.orders(), by=self.request.user)
        return reverse("units:reorganisation_carry_out", args=[act.public_id])

    def refusal_url(self) -> str:
        return self.request.get_full_path()
