"""When a pledge is open to a new round: for whom and where it is signed again."""

from collections.abc import Callable, Sequence
from datetime import date

from ledger import clock
from pledges.bodies import standing_for
from pledges.models import Pledge
from pledges.queries import PledgeQuerySet, heading
from pledges.wording import kind_of
from units import renaming, roster
from units.models import Post, Unit, User
from units.rules import occupied


def is_open_again(pledge: Pledge, signing_unit: Unit | None, kind: str) -> bool:
    """Whether the person signs anew: the pledge was returned or withdrawn, its words are no longer those to sign, or it
    still waits for the head and since then the person moved or became a head, so that somebody else confirms it or the
    clause of the leader belongs in it. A unit's that waits: its head has changed since and may now be the head above.
    """
    if pledge.stale_since is not None:
        return True
    waits = pledge.status == Pledge.Status.AWAITING_HEAD
    if waits and pledge.kind == Pledge.Kind.COLLECTIVE and not its_head_signed(pledge):
        return True
    if waits and signing_unit is not None:
        return (pledge.signing_unit_id, pledge.kind) != (signing_unit.pk, kind)
    return pledge.status in {Pledge.Status.RETURNED, Pledge.Status.WITHDRAWN}


def must_sign_again(pledge: Pledge, user: User, on: date) -> bool:
    """The same for a page that has no proposal; false for other years."""
    if pledge.year != on.year:
        return False
    if pledge.kind == Pledge.Kind.COLLECTIVE:
        return is_open_again(pledge, None, pledge.kind)
    return is_open_again(pledge, roster.signing_unit(user, on), kind_of(user))


def its_head_signed(pledge: Pledge) -> bool:
    """Of a unit's pledge: whether who signed it heads the unit today, or the one that stands in its place; one of
    several is enough, else two heads would sign over each other for ever.
    """
    today = clock.today()
    unit_id = standing_for([pledge.unit], today).get(pledge.unit_id)
    return heading(today, post__unit=unit_id, user=pledge.user_id).exists() if unit_id else False


def of_body(
    rows: PledgeQuerySet, unit: Unit, on: date, *, read: Callable[[PledgeQuerySet], list[Pledge]] = list
) -> Pledge | None:
    """The one among these pledges of units that the unit made, under this name or an earlier one: a unit that only took
    a new name is the same body (decision 0010). `read` takes the rows from the database.
    """
    names = renaming.names(unit.pk, renaming.former(on))
    made = {row.unit_id: row for row in read(rows.filter(unit__in=names))}
    return next((made[key] for key in names if key in made), None)


def signed_again_at(pledges: Sequence[Pledge], user: User) -> dict[int, Unit]:
    """By key of a unit's pledge, the unit for which this head signs it again. Absent where he heads none, and where the
    heir has pledged by itself. No query while none of the units has ended, else two.
    """
    headed = {post.unit_id: post.unit for post in occupied(user, Post.Kind.HEAD)}
    heirs = standing_for([row.unit for row in pledges], user.today)
    passed_on = {heirs.get(row.unit_id) for row in pledges} - {row.unit_id for row in pledges}
    own: set[tuple[int, int]] = set()
    if passed_on:
        rows = Pledge.objects.filter(kind=Pledge.Kind.COLLECTIVE, unit__in=passed_on & headed.keys())
        own = set(rows.values_list("unit_id", "year"))
    found = {row.pk: (heirs.get(row.unit_id), row) for row in pledges}
    return {
        key: headed[heir]
        for key, (heir, row) in found.items()
        if heir in headed and (heir == row.unit_id or (heir, row.year) not in own)
    }
