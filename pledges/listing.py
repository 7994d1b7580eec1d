"""Who may stand on a unit's list of signatures: whose pledges are made to its head, on the day of signing."""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date

from django.db.models import BooleanField, Case, Exists, OuterRef, Q, Value, When

from campaigns.models import Campaign
from ledger import clock
from pledges.models import Pledge, Refusal, SignedList
from pledges.rounds import is_open_again
from pledges.standing import Place, places, units_of_papers
from pledges.states import owes_that_day
from pledges.wording import kind_of, title_of
from units.models import Appointment, Employment, Post, Succession, Unit, User
from units.queries import in_force, subtree_ids

NOT_TICKED = (
    "Chưa đánh dấu {0} người: không thuộc diện phải ký, đã báo không ký hoặc không có tên trên danh sách in từ cổng. "
    "Trên giấy có chữ ký của ai trong số này thì đánh dấu người đó."
)


@dataclass(frozen=True)
class Person:
    """`user` knows the posts of the day asked about; `pledge` is the year's, if any; `has_refused`: he has said that he
    does not sign; `is_top`: nobody stands above him in the portal, so that his own signature is all there is.
    """

    user: User
    employment: Employment
    owes: bool
    pledge: Pledge | None
    may_sign: bool
    has_refused: bool
    is_top: bool

    @property
    def title(self) -> str:
        return title_of(self.user, self.employment.category)

    @property
    def kind(self) -> str:
        return kind_of(self.user)

    @property
    def note(self) -> str:
        """Why he cannot be ticked, or what to know before he is."""
        if self.pledge and not self.may_sign:
            how = Pledge.Channel(self.pledge.channel).label.lower()
            return f"đã ký ngày {clock.local(self.pledge.signed_at):%d/%m/%Y} ({how})"
        return "đã báo không ký" if self.has_refused else ""

    @property
    def is_expected(self) -> bool:
        """Whose signature is awaited; who owes none or has refused may have signed all the same."""
        return self.may_sign and self.owes and not self.has_refused


def people_of(unit: Unit, *, campaign: Campaign, year: int, on: date, with_top: bool = False) -> list[Person]:
    """In Vietnamese order of names; nine queries whatever the number of people, one more a generation of units before.

    `with_top`: also who has nobody above (the chairman of the province), on the list of the highest unit.
    """
    units = {unit.pk, *forerunners(unit.pk, on)}
    rows = _candidates(units, on).annotate(has_refused=_refused(campaign, year))
    found = places(rows.values("user_id"), on)
    chosen = [row for row in rows if _belongs(found.get(row.user_id), units, with_top)]
    _give_posts([row.user for row in chosen], on)
    keys = [row.user_id for row in chosen]
    made = Pledge.objects.personal().filter(campaign=campaign, year=year, user__in=keys)
    pledges = {pledge.user_id: pledge for pledge in made}
    return [_person(row, found[row.user_id], pledges.get(row.user_id), unit) for row in chosen]


def on_the_list(signed_list: SignedList, by: User) -> list[Person]:
    """Whom it may name, in the order of the printed list, then the others by name."""
    home_affairs = by.acting_in("pledges").works_for_home_affairs
    people = people_of(
        signed_list.unit,
        campaign=signed_list.campaign,
        year=signed_list.year,
        on=signed_list.signed_on,
        with_top=home_affairs,
    )
    order = printed_numbers(signed_list)
    return sorted(people, key=lambda one: order.get(one.user.public_id, len(order) + 1))


def printed_numbers(signed_list: SignedList) -> dict[str, int]:
    """By public id, the number before each name on the list that the portal printed; none for another list."""
    printed = signed_list.blank.content["people"] if signed_list.blank else []
    return {one["id"]: number for number, one in enumerate(printed, start=1)}


def expected_on(signed_list: SignedList, people: Iterable[Person]) -> list[Person]:
    """Whom “Chọn tất cả” ticks: who is expected to sign and, on a printed list, has a line there to sign on."""
    printed = printed_numbers(signed_list)
    expected = [one for one in people if one.is_expected]
    return [one for one in expected if signed_list.blank is None or one.user.public_id in printed]


def forerunners(unit_id: int, on: date) -> set[int]:
    """Units that stood that day and in whose place this one stands today; a list signed before a merger is theirs."""
    known: set[int] = set()
    reached = {unit_id}
    while reached:
        earlier = Succession.objects.filter(successor__in=reached, annulled=False)
        reached = set(earlier.values_list("predecessor_id", flat=True)) - known
        known |= reached
    standing = Unit.objects.filter(in_force(on), pk__in=known) if known else Unit.objects.none()
    return set(standing.values_list("pk", flat=True))


def _candidates(units: Iterable[int], on: date):
    """Who works where these units' papers reach, and all heads below: who of them pledges here, `places` says."""
    reached = {key for unit_id in units for key in units_of_papers(unit_id, on)}
    heads = Appointment.objects.filter(
        in_force(on),
        post__kind=Post.Kind.HEAD,
        post__unit__in=subtree_ids(units, on),
        manner__in=Appointment.OCCUPYING,
    )
    rows = Employment.objects.filter(in_force(on)).counted()
    rows = rows.filter(Q(unit__in=reached) | Q(user__in=heads.values("user_id")))
    owes = Case(When(owes_that_day(on), then=Value(True)), default=Value(False), output_field=BooleanField())
    return rows.annotate(owes=owes).select_related("user", "unit").order_by("user__sort_key", "user_id")


def _refused(campaign: Campaign, year: int) -> Exists:
    said = Refusal.objects.filter(campaign=campaign, year=year, user=OuterRef("user"))
    return Exists(said.filter(ended_at__isnull=True))


def _belongs(place: Place | None, units: set[int], with_top: bool) -> bool:
    if place is None:
        return False
    if place.signing_unit_id is None:
        return with_top and place.paper_unit_id in units
    return place.signing_unit_id in units


def _give_posts(users: list[User], on: date) -> None:
    """What `User.posts_today` would read one by one, of the day asked about."""
    held: dict[int, list[Post]] = {}
    rows = Appointment.objects.filter(in_force(on), user__in=[user.pk for user in users])
    for row in rows.select_related("post__unit").order_by("post_id", "pk"):
        vars(row.post).update(manner=row.manner, functions=row.functions, appointment_id=row.pk)
        held.setdefault(row.user_id, []).append(row.post)
    for user in users:
        user.__dict__["today"], user.__dict__["posts_today"] = on, held.get(user.pk, [])


def _person(row: Employment, place: Place, pledge: Pledge | None, unit: Unit) -> Person:
    may = pledge is None or is_open_again(pledge, unit, kind_of(row.user))
    owes: bool = row.owes  # type: ignore[attr-defined]
    refused: bool = row.has_refused  # type: ignore[attr-defined]
    return Person(row.user, row, owes, pledge, may, refused, place.signing_unit_id is None)
