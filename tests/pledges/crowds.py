"""Hundreds of people of one unit with signed pledges: the rows that signing one by one would leave, at once."""

from collections import Counter
from collections.abc import Iterable

from campaigns.models import Campaign
from documents.services import new_check_code
from ledger import clock, jobs
from ledger.canonical import digest
from pledges.models import BulkConfirmation, Pledge, Signature
from pledges.services import bulk
from pledges.wording import Proposal, propose, signed_record
from tests.factories import SINCE, _hashed_password, _numbers
from units.models import Employment, Unit, User

FAMILY = ("Nguyễn", "Trần", "Lê", "Phạm", "Hồ", "Tôn Nữ", "Đặng", "Võ")
GIVEN = ("An", "Bình", "Châu", "Dung", "Ẩn", "Giang", "Hiền", "Ưng", "Khánh", "Lan", "Minh")
WORDS = "Trả lời hồ sơ của người dân trong {} ngày làm việc, không hẹn lại quá một lần."


def crowd(unit: Unit, number: int, campaign: Campaign) -> list[Pledge]:
    """As many officials of the unit, each with a pledge of this year that waits for the head; every third has words
    of his own.
    """
    people = _people(unit, number)
    today = clock.today()
    first = propose(user=User.objects.get(pk=people[0].pk), campaign=campaign, year=today.year, on=today)
    pledges = Pledge.objects.bulk_create(
        [
            _pledge(first, one, WORDS.format(at % 9 + 2) if at % 3 == 0 else "")
            for at, one in enumerate(people)
        ]
    )
    Signature.objects.bulk_create(
        [
            Signature(pledge=row, party="official", user=row.user, name=row.user.full_name, sha256=row.sha256)
            for row in pledges
        ]
    )
    return pledges


def _people(unit: Unit, number: int) -> list[User]:
    people = [
        User(
            username=f"D{next(_numbers):05d}",
            full_name=f"{FAMILY[at % len(FAMILY)]} Văn {GIVEN[at % len(GIVEN)]} {at + 1}",
            password=_hashed_password(),
        ).fill_keys()
        for at in range(number)
    ]
    User.objects.bulk_create(people)
    Employment.objects.bulk_create(
        [Employment(user=one, unit=unit, category="vien_chuc", since=SINCE) for one in people]
    )
    return people


def _pledge(first: Proposal, user: User, own_words: str) -> Pledge:
    person = first.shown["person"] | {"code": user.username, "name": user.full_name}
    moment = clock.now()
    record = signed_record({**first.shown, "person": person}, own_words=own_words, signed_at=moment)
    return Pledge(
        campaign=first.campaign,
        year=first.year,
        user=user,
        unit=first.employment.unit,
        signing_unit=first.signing_unit,
        category=first.employment.category,
        post_title=person["post"],
        text=first.text,
        own_words=own_words,
        content=record,
        sha256=digest(record),
        signed_at=moment,
        check_code=new_check_code(),
    )


def fresh_proof() -> dict[str, str]:
    return {"by": "password", "at": clock.now().isoformat()}


def read(pledges: Iterable[Pledge]) -> dict[str, str]:
    """What the page of reading would send for these pledges, as they are in the database now."""
    keys = [row.pk for row in pledges]
    return dict(Pledge.objects.filter(pk__in=keys).values_list("public_id", "sha256"))


def ordered(by: User, unit: Unit, pledges: Iterable[Pledge], party: str = "head") -> BulkConfirmation:
    person = User.objects.get(pk=by.pk)
    return bulk.order_bulk(by=person, unit=unit, party=party, seen=read(pledges), proof=fresh_proof())


def worked(order: BulkConfirmation) -> BulkConfirmation:
    """The worker takes it up and ends it."""
    jobs.run(bulk.KIND, order.pk)
    order.refresh_from_db()
    return order


def outcomes(order: BulkConfirmation) -> dict[str, int]:
    return dict(Counter(order.items.values_list("outcome", flat=True)))
