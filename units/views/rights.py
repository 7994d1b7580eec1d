"""Who may do what here and why; what is wrong with units and posts; what Sở Nội vụ decides for all head-counts."""

from typing import Any

from django.db.models import Sum
from django.forms import Form
from django.shortcuts import get_object_or_404
from django.urls import reverse

from ledger import clock
from ledger.views import SIGNED_IN, Page
from units import faults, rights, services
from units.forms.posts import ContractKindForm, FreezeForm, NewContractKindForm
from units.forms.units import KindNamesForm
from units.models import ContractKind, Cutoff, Unit
from units.views.acts import ActPage, without_proof


class UnitRights(Page):
    """“Ai được làm gì ở đây, và vì sao”, for those who answer for the unit."""

    permissions = {"GET": "units.view_rights"}
    model = Unit
    template_name = "units/unit_rights.html"

    def get_context(self) -> dict[str, Any]:
        on = clock.today()
        return {"on": on, "rights": rights.here(self.object, on)}


class OwnRights(Page):
    """What one's own posts let one do, and until when."""

    permissions = {"GET": SIGNED_IN}
    template_name = "units/own_rights.html"

    def get_context(self) -> dict[str, Any]:
        user = self.request.user
        return {
            "on": user.today,
            "rows": [
                {"why": rights.because(row), "unit": row.post.scope or row.post.unit, "acts": acts}
                for row, acts in rights.of(user, user.today)
            ],
        }


class FaultList(Page):
    """What waits to be put right: all of it for Sở Nội vụ, vacant posts below for a head."""

    permissions = {"GET": "units.view_faults"}
    template_name = "units/fault_list.html"

    def get_context(self) -> dict[str, Any]:
        by_kind: dict[str, list[faults.Fault]] = {}
        found = faults.for_user(self.request.user)
        for fault in found:
            by_kind.setdefault(fault.label, []).append(fault)
        return {"on": clock.today(), "count": len(found), "groups": list(by_kind.items())}


class ContractKindList(Page):
    permissions = {"GET": "units.choose_contract_kinds"}
    template_name = "units/contractkind_list.html"

    def get_context(self) -> dict[str, Any]:
        return {"kinds": ContractKind.objects.visible_to(self.request.user)}


class ContractKindAdd(ActPage):
    permissions = {"GET": "units.choose_contract_kinds", "POST": "units.choose_contract_kinds"}
    form_class = NewContractKindForm
    heading = "Thêm loại hợp đồng"
    button = "Thêm"

    def lead(self) -> str:
        return ""

    def get_form_kwargs(self) -> dict[str, Any]:
        return {}

    def act(self, form: Form) -> str:
        kind = services.add_contract_kind(by=self.request.user, **form.cleaned_data)
        self.say(f"Đã thêm loại hợp đồng {kind.name}.")
        return self.refusal_url()

    def refusal_url(self) -> str:
        return reverse("units:contractkind_list")


class ContractKindEdit(ActPage):
    """Named in the address by its code, which is chosen once and says nothing about anybody."""

    permissions = {"GET": "units.choose_contract_kinds", "POST": "units.choose_contract_kinds"}
    form_class = ContractKindForm
    heading = "Loại hợp đồng"
    button = "Ghi lại"
    consequences = ("Số người của mọi đơn vị, mọi ngày, tính lại theo lựa chọn mới; số đã chốt giữ nguyên.",)

    def get_policy_object(self) -> ContractKind:
        kinds = ContractKind.objects.visible_to(self.request.user)
        return get_object_or_404(kinds, code=self.kwargs["code"])

    def get_initial(self) -> dict[str, Any]:
        return {"name": self.object.name, "counts": self.object.counts, "pledges": self.object.pledges}

    def get_form_kwargs(self) -> dict[str, Any]:
        return {}

    def act(self, form: Form) -> str:
        services.choose_contract_kind(kind=self.object, by=self.request.user, **form.cleaned_data)
        self.say("Đã ghi lại.")
        return self.refusal_url()

    def refusal_url(self) -> str:
        return reverse("units:contractkind_list")


class KindNames(ActPage):
    """What the kinds of units are called everywhere in the portal (feature O11)."""

    permissions = {"GET": "units.name_kinds", "POST": "units.name_kinds"}
    form_class = KindNamesForm
    heading = "Tên gọi các loại đơn vị"
    button = "Ghi lại"
    consequences = (
        "Cây đơn vị, trang đơn vị và việc sắp xếp tổ chức dùng tên gọi mới; quyền, nghĩa vụ và số liệu không đổi.",
        "Tên của từng đơn vị và văn bản đã ban hành giữ nguyên.",
    )

    def lead(self) -> str:
        return "Dùng khi pháp luật đổi tên một cấp hoặc địa phương gọi khác."

    def get_form_kwargs(self) -> dict[str, Any]:
        return {}

    def act(self, form: Form) -> str:
        changed = services.name_kinds(names=form.cleaned_data, by=self.request.user)
        self.say(
            f"Đã đổi tên gọi {len(changed)} loại đơn vị." if changed else "Không có tên gọi nào thay đổi."
        )
        return self.refusal_url()

    def refusal_url(self) -> str:
        return reverse("units:unit_list")


class CutoffList(Page):
    permissions = {"GET": "units.freeze_headcounts"}
    template_name = "units/cutoff_list.html"

    def get_context(self) -> dict[str, Any]:
        rows = Cutoff.objects.visible_to(self.request.user).annotate(people=Sum("counts__people"))
        return {"cutoffs": rows.select_related("by").order_by("-taken_at")}


class CutoffTake(ActPage):
    permissions = {"GET": "units.freeze_headcounts", "POST": "units.freeze_headcounts"}
    form_class = FreezeForm
    heading = "Chốt số người"
    button = "Chốt số người"
    consequences = (
        "Số người của từng đơn vị tại ngày đã chọn được giữ lại nguyên như danh sách hiện nay.",
        "Sửa danh sách về sau không làm thay đổi số đã chốt; mỗi mã chỉ chốt một lần.",
    )

    def lead(self) -> str:
        return ""

    def get_initial(self) -> dict[str, Any]:
        return {"on": f"{clock.today():%d/%m/%Y}"}

    def act(self, form: Form) -> str:
        cutoff = services.freeze_headcounts(by=self.request.user, **without_proof(form))
        self.say(f"Đã chốt số người tại ngày {cutoff.on:%d/%m/%Y}, mã {cutoff.code}.")
        return self.refusal_url()

    def refusal_url(self) -> str:
        return reverse("units:cutoff_list")
