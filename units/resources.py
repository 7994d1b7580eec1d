"""The columns of a roster as django-import-export declares them: one place for headings, template and export.

What comes in goes through the staging table instead (units.rosterfile), because it is compared and applied as sets.
"""

from datetime import date
from typing import Any

from import_export.fields import Field
from import_export.resources import ModelResource
from tablib import Dataset

from units.models import ContractKind, Employment, Unit
from units.queries import subtree_ids
from units.rosterfile.columns import HEADINGS
from units.rosterfile.format import SafeCSV, SafeXLSX
from units.rosterfile.template import FIELDS, names_or_keys, template

FORMATS = {"xlsx": SafeXLSX, "csv": SafeCSV}


class RosterResource(ModelResource):
    """People of a unit and of those below it, one row each, in the columns and words of the template."""

    code = Field("user__username", HEADINGS["code"])
    full_name = Field("user__full_name", HEADINGS["full_name"])
    birth = Field("user__birth_year", HEADINGS["birth"])
    job_title = Field("user__job_title", HEADINGS["job_title"])
    category = Field("category", HEADINGS["category"])
    unit = Field("unit_id", HEADINGS["unit"])
    contract = Field("contract__name", HEADINGS["contract"])
    contract_until = Field("contract_until", HEADINGS["contract_until"])
    since = Field("since", HEADINGS["since"])

    class Meta:
        model = Employment
        fields = FIELDS
        export_order = FIELDS

    def __init__(self, units: dict[int, str], **kwargs: Any):
        """`units`: what the column of units says for each."""
        super().__init__(**kwargs)
        self.units = units

    def dehydrate_category(self, row: Employment) -> str:
        return row.get_category_display()

    def dehydrate_unit(self, row: Employment) -> str:
        return self.units.get(row.unit_id, "")

    def dehydrate_birth(self, row: Employment) -> int | None:
        return row.user.birth_year

    def dehydrate_contract_until(self, row: Employment) -> date | None:
        return row.contract_until

    def dehydrate_since(self, row: Employment) -> date | None:
        return row.since


def branch(unit: Unit, on: date) -> list[Unit]:
    found = Unit.objects.filter(pk__in=subtree_ids([unit.pk], on))
    return sorted(found, key=lambda row: (row.pk != unit.pk, row.sort_key))


def unit_words(units: list[Unit]) -> dict[int, str]:
    words = names_or_keys((row.name, row.source_key) for row in units)
    return {row.pk: word for row, word in zip(units, words, strict=True)}


def people_of(units: list[Unit], people: Any, on: date) -> Dataset:
    """Those of `people` (a queryset of User) who work in these units on that day."""
    rows = (
        Employment.objects.on(on).filter(unit__in=units, user__in=people).select_related("user", "contract")
    )
    return RosterResource(unit_words(units)).export(
        queryset=rows.order_by("unit__sort_key", "user__sort_key")
    )


def people_file(unit: Unit, people: Any, on: date, kind: str) -> bytes:
    """`kind` is a key of FORMATS."""
    return FORMATS[kind]().export_data(people_of(branch(unit, on), people, on))


def template_file(unit: Unit, people: Any, on: date) -> bytes:
    """A roster to fill in: notes, lists to choose from, and the present people where asked for."""
    units = branch(unit, on)
    present = people_of(units, people, on)
    return template(
        units=[(row.name, row.source_key) for row in units],
        contracts=list(ContractKind.objects.values_list("name", flat=True)),
        people=[present[at] for at in range(present.height)],
    )
