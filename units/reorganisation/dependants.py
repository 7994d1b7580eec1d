"""What stands on an act by now, so that it can no longer be taken back as if it had never been."""

from collections.abc import Iterable
from typing import Any

from django.db import models
from django.db.models import F, Q

from ledger.workflow import StepRefused
from units.models import (
    Appointment,
    BaseUnion,
    Employment,
    Placement,
    Post,
    ProfessionalLine,
    Reorganisation,
    RosterRow,
    RosterUpload,
    Succession,
    Unit,
)
from units.reorganisation.checking import check_tree
from units.reorganisation.journal import Journal
from vietnamese.dates import short_date

NAMED = 3
# What a row of each kind is called in a sentence, and the path to who or what it is of.
NOUNS: dict[type[models.Model], tuple[str, str]] = {
    Unit: ("đơn vị", "name"),
    Placement: ("lần đổi cơ quan chủ quản hoặc nghĩa vụ", "unit__name"),
    Employment: ("lần tiếp nhận, chuyển hoặc nghỉ việc", "user__full_name"),
    Appointment: ("lần bổ nhiệm hoặc thôi giữ chức vụ", "user__full_name"),
    BaseUnion: ("công đoàn cơ sở", "name"),
    ProfessionalLine: ("quan hệ theo ngành", "unit__name"),
    Post: ("chức vụ phụ trách đơn vị mới đã giao cho người giữ", "title"),
    RosterUpload: ("danh sách nhập vào", ""),
    RosterRow: ("dòng của danh sách nhập vào", ""),
}
OTHER = "hồ sơ đã lập tại đơn vị mới"
RESTS_ON: tuple[tuple[Any, str], ...] = (
    (ProfessionalLine, "authority"),
    (Employment, "payroll_unit"),
    (Appointment, "post__scope"),
)
# A post without a holder and a line of succession of this act itself depend on nothing.
IGNORED = (Post, Succession)


def refuse_later_acts(act: Reorganisation) -> None:
    """Acts done after this one on the same units are to be corrected first, the last one first."""
    units = set(act.journal.get("units", ()))
    later = Reorganisation.objects.filter(status=Reorganisation.Status.DONE, done_at__gte=act.done_at)
    later = later.exclude(pk=act.pk).exclude(kind=Reorganisation.Kind.CORRECTION)
    standing_on = [
        f"“{subject}” từ {short_date(on)}"
        for subject, on, theirs in later.order_by("done_at", "pk").values_list(
            "subject", "on", "journal__units"
        )
        if units & set(theirs or ())
    ]
    if standing_on:
        raise StepRefused(
            f"Không thể đính chính vì sau đó các đơn vị này còn được sắp xếp: {_some(standing_on)}. "
            "Hãy đính chính việc sau trước."
        )


def refuse_changes(journal: Journal) -> None:
    """Rows the act wrote that somebody has changed since, and rows others put into the units it founded."""
    found: dict[type[models.Model], set[int]] = {
        model: set(pks) for model, pks in journal.touched_since().items() if model not in IGNORED
    }
    founded = journal.pks(Unit, "open")
    if founded:
        for model, pks in _rows_in(founded, journal):
            found.setdefault(model, set()).update(pks)
    if sentences := [_tell(model, pks) for model, pks in found.items() if pks]:
        raise StepRefused(f"Không thể đính chính vì từ đó đến nay đã có: {'; '.join(sentences)}.")


def refuse_dangling(act: Reorganisation, journal: Journal) -> None:
    """After taking back: what was opened again must not rest on a unit that has ended meanwhile by another act."""
    check_tree(act.on, act.journal["units"])
    for model, path in RESTS_ON:
        again = model._base_manager.filter(
            Q(until__isnull=True) | Q(until__gt=F(f"{path}__until")), pk__in=journal.pks(model, "change")
        )
        gone = again.exclude(until=F("since")).filter(**{f"{path}__until__isnull": False})
        if (name := gone.order_by("pk").values_list(f"{path}__name", flat=True).first()) is not None:
            raise StepRefused(
                f"Không thể đính chính vì {name}, có liên quan đến việc này, đã kết thúc từ đó đến nay."
            )


def _rows_in(founded: set[int], journal: Journal) -> Iterable[tuple[type[models.Model], list[int]]]:
    """Every row anywhere on the tower that names a founded unit (or a post of one) and is not the act's own."""
    for relation in Unit._meta.related_objects:
        model: Any = relation.related_model
        if model not in IGNORED:
            yield model, _others(model, {f"{relation.field.name}__in": founded}, journal)
    yield Appointment, _others(Appointment, {"post__unit__in": founded}, journal)
    yield Post, _reaching(founded, journal)


def _reaching(founded: set[int], journal: Journal) -> list[int]:
    """Posts of other units that reach over a founded one and were given to somebody since; whose scope the act itself
    changed gets the old one back.
    """
    posts = Post.objects.filter(scope__in=founded).exclude(unit__in=founded)
    posts = posts.exclude(pk__in=journal.pks(Post, "change"))
    given = Appointment.objects.filter(pk__in=_others(Appointment, {"post__in": posts}, journal))
    return sorted(set(given.values_list("post_id", flat=True)))


def _others(model: Any, naming: dict[str, Any], journal: Journal) -> list[int]:
    rows = model._base_manager.filter(**naming).exclude(pk__in=journal.pks(model))
    if {"since", "until"} <= {field.name for field in model._meta.concrete_fields}:
        rows = rows.exclude(until=F("since"))
    return list(rows.order_by("pk").values_list("pk", flat=True))


def _tell(model: Any, pks: set[int]) -> str:
    noun, path = NOUNS.get(model, (OTHER, ""))
    if not path:
        return f"{len(pks)} {noun}"
    names = model._base_manager.filter(pk__in=pks).order_by("pk").values_list(path, flat=True)
    return f"{len(pks)} {noun} ({_some(list(names[: NAMED + 1]))})"


def _some(names: list[str]) -> str:
    return ", ".join(names[:NAMED]) + ("…" if len(names) > NAMED else "")
