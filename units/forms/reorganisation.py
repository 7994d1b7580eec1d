"""What Sở Nội vụ fills in for an act of reorganisation; units are chosen on the page before, one by one."""

from collections.abc import Sequence
from typing import Any

from django import forms

from units import kinds
from units.models import Reorganisation, Unit, User
from units.proof import ProvedForm
from units.reorganisation.orders import Heir, NewUnit, Orders
from vietnamese.forms import DayField
from vietnamese.letters import nfc

Kind = Reorganisation.Kind
NEW, STAYS = "new", "-1"
PARTS = range(1, 5)
MOST_NAMED = 300


class ChooseForm(forms.Form):
    """The search by which units are added to an act."""

    tim = forms.CharField(
        label="Tìm đơn vị", required=False, max_length=200, help_text="Gõ không dấu cũng được."
    )

    def clean_tim(self) -> str:
        return nfc(self.cleaned_data["tim"])


def _words(label: str, *, required: bool = False, most: int = 200, **kwargs: Any) -> forms.CharField:
    return forms.CharField(label=label, required=required, max_length=most, **kwargs)


class OrdersForm(forms.Form):
    """The orders of one act on the units given; which fields there are depends on its kind. `orders()` builds them."""

    on = DayField(
        label="Có hiệu lực từ ngày", help_text="Ngày/tháng/năm. Chọn ngày sau hôm nay để lên lịch trước."
    )
    decision = _words(
        "Theo văn bản", required=True, help_text="Ví dụ: Quyết định số 12/QĐ-UBND ngày 05/01/2026."
    )
    decided_on = DayField(label="Ngày văn bản", required=False)
    note = _words("Ghi chú", most=500)

    def __init__(
        self,
        *args: Any,
        kind: str,
        units: Sequence[Unit],
        destination: Unit | None,
        children: Sequence[Unit] = (),
        people: Sequence[User] = (),
        **kwargs: Any,
    ):
        super().__init__(*args, **kwargs)
        self.kinds = list(kinds.names().items())
        self.kind, self.units, self.destination = kind, units, destination
        self.children, self.people = children, people[:MOST_NAMED]
        self.unnamed = len(people) - len(self.people)
        {
            Kind.MERGER: self._ask_merger,
            Kind.RENAMING: self._ask_new_unit,
            Kind.FOUNDING: self._ask_new_unit,
            Kind.SPLIT: self._ask_split,
        }.get(Kind(kind), lambda: None)()

    def _ask_merger(self) -> None:
        choices = [(NEW, "Thành lập đơn vị mới, các đơn vị trên kết thúc")]
        choices += [(unit.public_id, f"Nhập vào {unit.name}; đơn vị này tiếp tục") for unit in self.units]
        self.fields["heir"] = forms.ChoiceField(
            label="Đơn vị tiếp nhận", choices=choices, widget=forms.RadioSelect, initial=NEW
        )
        self._ask_new_unit()

    def _ask_new_unit(self) -> None:
        like = self.units[0] if self.units else None
        self.fields["new_name"] = _words(
            "Tên đơn vị mới",
            required=self.kind != Kind.MERGER,
            help_text="Tên đầy đủ, ví dụ: UBND phường Kim Long.",
        )
        self.fields["new_kind"] = forms.ChoiceField(
            label="Loại", choices=self.kinds, initial=like.kind if like else Unit.Kind.DIVISION
        )
        self.fields["new_area_name"] = _words(
            "Địa bàn", help_text="Chỉ với Ủy ban nhân dân, ví dụ: phường Kim Long."
        )
        self.fields["new_abbr"] = _words(
            "Chữ viết tắt trên văn bản", most=30, initial=like.abbr if like else ""
        )
        self.fields["new_place"] = _words(
            "Địa danh trên văn bản", most=60, initial=like.place if like else "Huế"
        )
        self.fields["new_superior"] = _lines(
            "Cơ quan chủ quản trên văn bản", "\n".join(like.superior_lines) if like else ""
        )
        self.fields["new_header"] = _lines(
            "Tên đơn vị trên văn bản", "", "Mỗi dòng một dòng in; để trống thì in tên đầy đủ."
        )
        self.fields["head_title"] = _words(
            "Chức danh người đứng đầu", most=120, help_text="Để trống thì giữ như đơn vị trước."
        )
        self.fields["deputy_title"] = _words("Chức danh cấp phó", most=120)
        self.fields["union_name"] = _words(
            "Công đoàn cơ sở", help_text="Để trống nếu đơn vị không có công đoàn cơ sở."
        )

    def _ask_split(self) -> None:
        source = self.units[0]
        self.fields["continues"] = forms.BooleanField(
            label=f"{source.name} tiếp tục với phần còn lại (tách)", required=False
        )
        self.fields["rest_parts"] = forms.IntegerField(
            label="Phần còn lại",
            required=False,
            min_value=1,
            help_text="Cùng đơn vị đo với các phần dưới đây, ví dụ số người.",
        )
        for number in PARTS:
            self.fields[f"part{number}_name"] = _words(f"Đơn vị mới thứ {number}", required=number == 1)
            self.fields[f"part{number}_kind"] = forms.ChoiceField(
                label="Loại", choices=self.kinds, initial=source.kind, required=False
            )
            self.fields[f"part{number}_parts"] = forms.IntegerField(
                label="Phần của đơn vị này",
                required=False,
                min_value=1,
                help_text="Số liệu các năm trước được chia theo phần và ghi là ước tính.",
            )
        for kind, members in (("child", self.children), ("person", self.people)):
            for member in members:
                self.fields[f"{kind}_{member.public_id}"] = forms.ChoiceField(
                    label=str(member), choices=self._takers(), required=False
                )

    def _takers(self) -> list[tuple[str, str]]:
        return [(STAYS, "Ở lại, hoặc theo đơn vị mới thứ 1 nếu không tiếp tục")] + [
            (str(number - 1), f"Đơn vị mới thứ {number}") for number in PARTS
        ]

    def clean(self) -> dict[str, Any]:
        data = self.cleaned_data
        for name, value in data.items():
            if isinstance(value, str):
                data[name] = nfc(value)
        if self.kind == Kind.MERGER and data.get("heir") == NEW and not data.get("new_name"):
            self.add_error("new_name", "Nhập tên đơn vị mới, hoặc chọn một đơn vị tiếp tục.")
        if self.kind == Kind.SPLIT:
            self._check_parts(data)
        return data

    def _check_parts(self, data: dict[str, Any]) -> None:
        named = [number for number in PARTS if data.get(f"part{number}_name")]
        if named != list(range(1, len(named) + 1)):
            self.add_error(
                f"part{len(named) + 1}_name", "Điền các đơn vị mới liền nhau, không bỏ trống ở giữa."
            )
        if len(named) == 1 and not data.get("continues"):
            self.add_error(
                "part2_name", "Chia thành ít nhất hai đơn vị, hoặc chọn đơn vị cũ tiếp tục (tách)."
            )
        for number in named:
            if not data.get(f"part{number}_parts"):
                self.add_error(f"part{number}_parts", "Nhập phần của đơn vị này, ví dụ số người chuyển sang.")
        if data.get("continues") and not data.get("rest_parts"):
            self.add_error("rest_parts", "Nhập phần còn lại của đơn vị tiếp tục.")
        assigned = {name: value for name, value in data.items() if name.startswith(("child_", "person_"))}
        for name, value in assigned.items():
            if value not in {STAYS, ""} and int(value) >= len(named):
                self.add_error(name, "Chọn một trong các đơn vị mới đã điền tên.")

    def orders(self) -> Orders:
        data = self.cleaned_data
        return Orders(
            kind=self.kind,
            on=data["on"],
            decision=data["decision"],
            decided_on=data.get("decided_on"),
            note=data.get("note", ""),
            predecessors=tuple(
                unit.public_id for unit in self.units if unit.public_id != data.get("heir", NEW)
            ),
            heirs=self._heirs(data),
            parent=self.destination.public_id if self.destination and self.kind == Kind.MOVE else "",
            continues=bool(data.get("continues")),
            rest_parts=data.get("rest_parts") or 1,
            children=self._assigned("child_"),
            people=self._assigned("person_"),
        )

    def _heirs(self, data: dict[str, Any]) -> tuple[Heir, ...]:
        if self.kind == Kind.SPLIT:
            return self._split_heirs(data)
        if self.kind == Kind.MERGER and data["heir"] != NEW:
            return (Heir(unit=data["heir"]),)
        if self.kind in {Kind.MERGER, Kind.RENAMING, Kind.FOUNDING}:
            return (Heir(new=self._new_unit(data)),)
        if self.kind == Kind.DISSOLUTION and self.destination:
            return (Heir(unit=self.destination.public_id),)
        return ()

    def _new_unit(self, data: dict[str, Any]) -> NewUnit:
        return NewUnit(
            name=data["new_name"],
            kind=data["new_kind"],
            parent=self.destination.public_id if self.destination else "",
            area_name=data["new_area_name"],
            abbr=data["new_abbr"],
            place=data["new_place"] or "Huế",
            superior_lines=tuple(_split(data["new_superior"])),
            header_lines=tuple(_split(data["new_header"])),
            head_title=data["head_title"],
            deputy_title=data["deputy_title"],
            union_name=data["union_name"],
        )

    def _split_heirs(self, data: dict[str, Any]) -> tuple[Heir, ...]:
        source = self.units[0]
        return tuple(
            Heir(
                new=NewUnit(
                    name=data[f"part{number}_name"],
                    kind=data[f"part{number}_kind"] or source.kind,
                    place=source.place,
                    superior_lines=tuple(source.superior_lines),
                ),
                parts=data[f"part{number}_parts"],
            )
            for number in PARTS
            if data.get(f"part{number}_name")
        )

    def _assigned(self, prefix: str) -> dict[str, int]:
        chosen = {
            name.removeprefix(prefix): value
            for name, value in self.cleaned_data.items()
            if name.startswith(prefix)
        }
        return {key: int(value) for key, value in chosen.items() if value not in {"", STAYS}}


def _lines(label: str, initial: str, help_text: str = "Mỗi dòng một dòng in.") -> forms.CharField:
    return forms.CharField(
        label=label,
        required=False,
        initial=initial,
        help_text=help_text,
        widget=forms.Textarea(attrs={"rows": 2}),
    )


def _split(text: str) -> list[str]:
    return [line.strip().upper() for line in text.splitlines() if line.strip()]


class CarryOutForm(ProvedForm):
    """The word for what was shown: `digest` names the report, fresh proof says who."""

    digest = forms.CharField(widget=forms.HiddenInput)


class ReasonForm(ProvedForm):
    """Why a planned act is withdrawn."""

    reason = _words("Lý do", required=True, most=500)


class CorrectionForm(ProvedForm):
    """By which document, and why, an act is taken back."""

    decision = _words("Theo văn bản", required=True, help_text="Văn bản đính chính hoặc hủy bỏ.")
    reason = _words("Lý do", required=True, most=500)
