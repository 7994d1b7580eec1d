"""What stands above a signer's name (decree 30/2020/NĐ-CP, article 13 and annex I, ô 7a): TM., KT., Q., TL., TUQ.

`block(unit, user, on, function)` reads from the posts of that day in what quality a person signs a unit's papers:

    mark = signing.block(report.unit, by, by.today, "reports")
    Signature(mark.lines, mark.name)      ô 7 of a paper: “TM. ỦY BAN NHÂN DÂN”, “KT. CHỦ TỊCH”, “PHÓ CHỦ TỊCH”, name
    mark.said                             on screens and beside a confirmation: “KT. Chủ tịch, Phó Chủ tịch”
    asdict(mark)                          for a manifest: a paper is composed of what was true when it was made

With `user=None` the block is of whoever occupies the head's post that day; with nobody there, of the post alone.
`vietnamese.signing.signing_lines` is the rule itself, without the database, for a manifest that holds titles.
"""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date

from units.models import Appointment, Post, Unit, User
from units.queries import in_force
from vietnamese.signing import FOR_THE_HEAD, SigningMode, signing_lines

Manner, Kind = Appointment.Manner, Unit.Kind
COLLECTIVE = "Ủy ban nhân dân"
# Bodies that decide together: their head signs on behalf of all members (article 13.2). A sở works under its head.
COLLECTIVES = frozenset(
    {
        Kind.PROVINCE,
        Kind.OLD_PROVINCE,
        Kind.CITY,
        Kind.DISTRICT_URBAN,
        Kind.TOWN_DISTRICT,
        Kind.DISTRICT,
        Kind.WARD,
        Kind.COMMUNE,
        Kind.TOWNSHIP,
    }
)
# The agency stands in the paper's head; article 13 and annex I name the post alone.
AGENCY_WORDS = (" UBND", " Ủy ban nhân dân", " Uỷ ban nhân dân")


# A deputy in charge of a vacant post signs as one who signs for the head (article 13.1).
MODES: dict[str, SigningMode] = {
    Manner.HOLDER: SigningMode.HEAD,
    Manner.ACTING: SigningMode.ACTING,
    Manner.IN_CHARGE: SigningMode.DEPUTY,
    Manner.DEPUTISES: SigningMode.DEPUTY,
    Manner.BY_ORDER: SigningMode.BY_ORDER,
    Manner.BY_AUTHORITY: SigningMode.AUTHORISED,
}
ORDER = list(MODES)
IN_CHARGE_HERE = "Người phụ trách"


@dataclass(frozen=True)
class SignatureBlock:
    """Ô 7a and 7b: `authority` are the lines above the signer's own `position`, all in capitals; `said` in words."""

    authority: list[str]
    position: str
    name: str
    said: str = ""

    @property
    def lines(self) -> tuple[str, ...]:
        return (*self.authority, self.position)


def block(unit: Unit, user: User | None, on: date, function: str) -> SignatureBlock:
    """How `user` signs the papers of `unit` that day in `function` (“reports”, “campaigns”, “pledges”); two queries.

    A substitute's appointment that does not reach the function is not looked at. Who holds no post that signs for the
    unit gets his own title alone: whether he may sign is a question for the permissions.
    """
    if user is None:
        user = _occupant(unit, on)
    title = Post.objects.filter(unit=unit, kind=Post.Kind.HEAD).values_list("title", flat=True).first()
    head_post = bare_title(title or Post.Kind.HEAD.label, unit)
    if user is None:
        return _made(SigningMode.HEAD, head_post, head_post, unit, "")
    held = [row for row in _held(user, on) if _reaches(row, function)]
    mode = mode_of(held, unit.pk)
    if mode in {SigningMode.HEAD, SigningMode.ACTING}:
        return _made(mode, head_post, head_post, unit, user.full_name)
    own = own_title(held, unit) or user.job_title
    if mode is None:
        return SignatureBlock([], own.upper(), user.full_name, own)
    if not own and mode == SigningMode.DEPUTY:
        own = IN_CHARGE_HERE
    return _made(mode, own, head_post, unit, user.full_name)


def substitutes(unit: Unit, on: date, function: str) -> list[Appointment]:
    """Who signs the unit's papers in its head's stead that day, by an appointment that reaches the function."""
    rows = Appointment.objects.filter(in_force(on), post__unit=unit, post__kind=Post.Kind.HEAD)
    rows = rows.exclude(manner__in=Appointment.OCCUPYING).select_related("user", "post")
    return [row for row in rows.order_by("since", "pk") if _reaches(row, function)]


def mode_of(held: Iterable[Appointment], unit_id: int) -> SigningMode | None:
    """The strongest quality in which these appointments sign for the unit; None: in none."""
    here = [row for row in held if row.post.unit_id == unit_id]
    as_head = [row.manner for row in here if row.post.kind == Post.Kind.HEAD]
    if as_head:
        return MODES[min(as_head, key=ORDER.index)]
    deputy = {Post.Kind.DEPUTY, Post.Kind.LEADERSHIP}
    return SigningMode.DEPUTY if any(row.post.kind in deputy for row in here) else None


def own_title(held: Iterable[Appointment], unit: Unit) -> str:
    """The signer's own post: a deputy's of the unit first, else the one he holds elsewhere; empty for none."""
    rank: dict[str, int] = {Post.Kind.DEPUTY: 0, Post.Kind.LEADERSHIP: 1, Post.Kind.HEAD: 2}
    own = [row for row in held if row.manner in Appointment.OCCUPYING]
    own = [row for row in own if not (row.post.unit_id == unit.pk and row.post.kind == Post.Kind.HEAD)]
    best = min(
        own, key=lambda row: (row.post.unit_id != unit.pk, rank.get(row.post.kind, 3), row.pk), default=None
    )
    return bare_title(best.post.title, best.post.unit) if best else ""


def bare_title(title: str, unit: Unit) -> str:
    """The post without its agency: “Phó Chủ tịch UBND phường” → “Phó Chủ tịch”, “Giám đốc Sở Nội vụ” → “Giám đốc”."""
    for words in (f" {unit.name}", *AGENCY_WORDS):
        title = title.partition(words)[0]
    return title


def _made(mode: SigningMode, own: str, head_post: str, unit: Unit, name: str) -> SignatureBlock:
    collective = COLLECTIVE if unit.kind in COLLECTIVES else ""
    lines = signing_lines(own, mode=mode, head_post=head_post, collective=collective)
    said = f"{mode} {head_post}, {own}" if mode in FOR_THE_HEAD else f"{mode} {own}".strip()
    return SignatureBlock(list(lines[:-1]), lines[-1], name, said)


def _held(user: User, on: date) -> list[Appointment]:
    rows = Appointment.objects.filter(in_force(on), user=user)
    return list(rows.select_related("post__unit").order_by("since", "pk"))


def _reaches(row: Appointment, function: str) -> bool:
    return not row.functions or function in row.functions


def _occupant(unit: Unit, on: date) -> User | None:
    rows = Appointment.objects.filter(
        in_force(on), post__unit=unit, post__kind=Post.Kind.HEAD, manner__in=Appointment.OCCUPYING
    )
    found = rows.select_related("user").order_by("since", "pk").first()
    return found.user if found else None
