"""Taking a decision's file into the database, whole or not at all."""

from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

from django.db import models, transaction

from campaigns import datafile, loader
from campaigns.datafile import DataFile, Fault
from campaigns.loader import PARTS, REPORTING_FIELDS, Part
from campaigns.models import Campaign, CampaignPart
from ledger import events

# Words about a part rather than of it: they may change even when plans, pledges or reports rest on the part.
ABOUT = {"help", "note", "source", "order"}
NAMED_ONE_BY_ONE = 3


@dataclass
class Loaded:
    """What a load did: one sentence a change, none when the database already said the same."""

    campaign: Campaign
    changes: list[str] = field(default_factory=list)

    def __str__(self):
        if self.changes:
            return "\n".join(
                [f"Đã nạp {self.campaign.decision_number}:", *(f"  {one}" for one in self.changes)]
            )
        counts = ", ".join(f"{_rows(part, self.campaign).count()} {part.noun}" for part in PARTS)
        return f"Không có gì thay đổi: {self.campaign.decision_number} đã có đủ {counts}."


@transaction.atomic
def load_campaign(*, path: Path, by=None) -> Loaded:
    """Loads the file, or changes what it changed. Raises campaigns.datafile.BrokenFile and then nothing is loaded.

    Parts that plans, pledges or reports rest on are never rewritten: that is refused like any other fault.
    """
    file = datafile.read(path)
    content = loader.checked(file)
    loaded = _load_campaign_itself(content)
    try:
        for part in PARTS:
            loaded.changes += _load_part(loaded.campaign, part, content[part.table])
        for part in reversed(PARTS):
            loaded.changes += _remove_what_left(loaded.campaign, part, content[part.table])
        for _, load in loader.parts:
            loaded.changes += load(loaded.campaign, content)
    except Fault as fault:
        raise file.broken([fault]) from fault
    if loaded.changes:
        _record(loaded, file, by)
    return loaded


def _record(loaded: Loaded, file: DataFile, by) -> None:
    events.record(
        "campaigns.campaign.load",
        by=by,
        object_kind="campaigns.campaign",
        object_id=loaded.campaign.public_id,
        data={"sha256": file.sha256, "changes": len(loaded.changes)},
        reason=file.name,
    )


def _load_campaign_itself(content: dict[str, Any]) -> Loaded:
    values = content["campaign"] | {
        REPORTING_FIELDS[key]: value for key, value in content["reporting"].items()
    }
    campaign = Campaign.objects.select_for_update(no_key=True).filter(code=values["code"]).first()
    if campaign is None:
        campaign = Campaign.objects.create(**values)
        return Loaded(campaign, [f"thêm {campaign.name}"])
    differing = _change(campaign, values)
    return Loaded(campaign, [f"sửa cuộc vận động: {', '.join(differing)}"] if differing else [])


def _rows(part: Part, campaign: Campaign) -> models.QuerySet:
    return part.model._base_manager.filter(campaign=campaign)


def _key(part: Part, row: Any) -> tuple:
    return tuple(row[name] if isinstance(row, dict) else getattr(row, name) for name in part.key)


def _load_part(campaign: Campaign, part: Part, tables: list[dict[str, Any]]) -> list[str]:
    present = {_key(part, row): row for row in _rows(part, campaign)}
    added, changed = [], []
    for index, table in enumerate(tables):
        values = _values(campaign, part, table)
        row = present.get(_key(part, table))
        if row is None:
            part.model._base_manager.create(campaign=campaign, **values)
            added.append(part.name(table))
            continue
        differing = _differing(row, values)
        if set(differing) - ABOUT and is_in_use(row):
            sentence = (
                f"{part.name(table)} đã được dùng trong kế hoạch, cam kết hoặc báo cáo nên không sửa được."
            )
            raise Fault(part.table, index, differing[0], f"{sentence} Giữ nguyên lời cũ.")
        if _change(row, values):
            changed.append(f"sửa {part.name(table)}: {', '.join(differing)}")
    if len(added) > NAMED_ONE_BY_ONE:
        return [f"thêm {len(added)} {part.noun}", *changed]
    return [*(f"thêm {name}" for name in added), *changed]


def _values(campaign: Campaign, part: Part, table: dict[str, Any]) -> dict[str, Any]:
    """The row the file describes, what it leaves out included, rows it points to found."""
    values: dict[str, Any] = {}
    for one in part.model._meta.concrete_fields:
        if one.name in {"id", "campaign"}:
            continue
        value = table.get(one.name, one.get_default())
        if isinstance(one, models.ForeignKey) and value is not None:
            key = part.pointers[one.name].key
            value = one.related_model._base_manager.get(campaign=campaign, **{key: value})
        values[one.name] = value
    return values


def _differing(row: models.Model, values: dict[str, Any]) -> list[str]:
    return [name for name, value in values.items() if getattr(row, name) != value]


def _change(row: models.Model, values: dict[str, Any]) -> list[str]:
    differing = _differing(row, values)
    for name in differing:
        setattr(row, name, values[name])
    if differing:
        row.save(update_fields=differing)
    return differing


def _remove_what_left(campaign: Campaign, part: Part, tables: list[dict[str, Any]]) -> list[str]:
    staying = {_key(part, table) for table in tables}
    removed = []
    for row in _rows(part, campaign):
        if _key(part, row) in staying:
            continue
        if is_in_use(row):
            sentence = f"thiếu {part.name(row)}, đã được dùng trong kế hoạch, cam kết hoặc báo cáo nên không bỏ được."
            raise Fault(part.table, 0, "", sentence)
        row.delete()
        removed.append(f"bỏ {part.name(row)}")
    return removed


def is_in_use(part: CampaignPart) -> bool:
    """Whether a plan, pledge or report rests on this part: a row of theirs points to it, or a floor above says so."""
    for relation in part._meta.get_fields(include_hidden=True):
        if not isinstance(relation, models.ManyToOneRel) or issubclass(relation.related_model, CampaignPart):
            continue
        if relation.related_model._base_manager.filter(**{relation.field.name: part}).exists():
            return True
    return any(rests_on(part) for _, rests_on in loader.uses)
