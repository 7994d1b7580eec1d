"""Which unit and which kind of contract a cell means."""

from difflib import get_close_matches

from units.rosterfile.cells import Wrong, written
from units.rosterfile.entries import Context
from units.rosterfile.grid import Value
from vietnamese.keys import search_key

# Looking for the nearest name is slow; a file with more strange names than this has them from another system.
MOST_SUGGESTIONS = 20
# `RosterFault.message` holds 500.
LONGEST = 490


class Places:
    """Lookups of one file. `unit` and `contract` are called once for each distinct cell."""

    def __init__(self, context: Context):
        self.context = context
        self.suggested = 0

    def unit(self, value: Value) -> int | Wrong:
        text = written(value)
        if isinstance(text, Wrong):
            return text
        context = self.context
        if not text:
            return context.own_unit or Wrong("required", "Thiếu đơn vị. Ghi tên hoặc mã đơn vị.")
        if found := context.units_by_key.get(text) or context.units_by_key.get(text.lower()):
            return found
        units = context.units_by_name.get(search_key(text), ())
        if len(units) > 1:
            units = [unit for unit in units if self._called(unit) == text.casefold()] or units
        if len(units) == 1:
            return units[0]
        return self._same_name(text, units) if units else self._unknown(text)

    def _called(self, unit: int) -> str:
        return self.context.unit_names.get(unit, "").casefold()

    def _same_name(self, text: str, units) -> Wrong:
        keys = {unit: key for key, unit in self.context.units_by_key.items()}
        # The key of the data files says something to people, the random one does not.
        keys |= {unit: key for key, unit in self.context.units_by_key.items() if ":" in key}
        listed = " hoặc ".join(f"“{keys.get(unit, unit)}”" for unit in list(units)[:4])
        return Wrong(
            "unit_twice", f"Có {len(units)} đơn vị tên “{text[:60]}”. Ghi mã thay cho tên: {listed}."
        )

    def _unknown(self, text: str) -> Wrong:
        near: list[str] = []
        if self.suggested < MOST_SUGGESTIONS:
            self.suggested += 1
            for name in get_close_matches(search_key(text), self.context.units_by_name, 3, 0.6):
                near += [self.context.unit_names.get(unit, "") for unit in self.context.units_by_name[name]]
        listed = " hoặc ".join(f"“{name}”" for name in [name for name in dict.fromkeys(near) if name][:3])
        question = f" Có phải là {listed} không?" if listed else " Ghi đúng tên hoặc mã đơn vị như trên cổng."
        return Wrong(
            "unit_unknown", f"Không có đơn vị “{text[:60]}” trong phạm vi của danh sách.{question}"[:LONGEST]
        )

    def contract(self, value: Value) -> int | Wrong | None:
        text = written(value)
        if isinstance(text, Wrong):
            return text
        if not text:
            return None
        if (found := self.context.contracts.get(search_key(text))) is not None:
            return found
        names = ", ".join(self.context.contract_names[:8])
        known = f" Ghi một trong các loại: {names}." if names else " Ghi đúng loại trong tệp mẫu."
        return Wrong("contract_unknown", f"Không rõ loại hợp đồng “{text[:60]}”.{known}"[:LONGEST])
