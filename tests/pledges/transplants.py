"""What belongs to one pledge is sent with another: the digest of another person, year, text, addition, unit, post,
kind, channel or time; another pledge's digest under a confirmation; another's whole form; swapped rows in the database.

`try_all` sends `count` of them from a seed and counts those that were refused. A world is made once: whatever is
refused writes nothing, so that the next attempt finds it as it was.
"""

import random
from collections import Counter
from collections.abc import Callable
from dataclasses import dataclass, field
from datetime import timedelta
from typing import Any

from django.db import transaction
from django.test import Client
from django.urls import reverse

from campaigns.models import Campaign
from ledger import clock
from ledger.canonical import digest
from ledger.models import Event, Receipt
from ledger.public_id import new_public_id
from ledger.workflow import StepRefused
from pledges import services
from pledges.models import EarlierRecord, Pledge, Refusal, Signature
from tests.cast import Cast
from tests.factories import person
from tests.pledges.acts import add, afresh, proposal, proved, sign
from units import proof
from units.models import User

SIGN = "pledges:pledge_sign"
CHANGED = "đã thay đổi từ khi mở trang"
NOT_READ = "đã được ký lại với nội dung khác từ khi mở trang"
TAMPERED = "không khớp mã nội dung đã ký"
FORGED = ("0" * 64, "f" * 64, "", "'; --", "0" * 63)


@dataclass
class World:
    """People who have not signed, with what they would be shown; pledges that wait, each with the head it waits for."""

    campaign: Campaign
    people: list[User]
    waiting: list[tuple[Pledge, User]]
    client_of: Callable[[User], Client]
    clients: dict[int, Client] = field(default_factory=dict)

    def client(self, user: User) -> Client:
        """Signed in a moment ago: a long run must not end in stale proofs."""
        known = self.clients.get(user.pk) or self.clients.setdefault(user.pk, self.client_of(user))
        session = known.session
        session[proof.SESSION_KEY] = clock.now().isoformat()
        session.save()
        return known

    def shown(self, user: User) -> dict[str, Any]:
        return proposal(user, self.campaign).shown


def make_world(cast: Cast, campaign: Campaign, client_of) -> World:
    add(cast.head, cast.ward, campaign, "Trả hồ sơ đúng hẹn.")
    heads = {cast.ward: cast.head, cast.school: cast.school_head, cast.other_ward: cast.other_head}
    waiting = []
    for unit, head in heads.items():
        made = [sign(person(f"{name} {unit.pk}", unit), campaign) for name in ("Lê Một", "Trần Hai", "Võ Ba")]
        waiting += [(pledge, head) for pledge in made]
    people = [
        cast.official,
        cast.clerk,
        cast.school_official,
        cast.union_chair,
        cast.school_head,
        cast.stranger,
    ]
    return World(campaign, people, waiting, client_of)


def try_all(world: World, count: int, seed: int) -> Counter[str]:
    """How many of each kind were refused without a row written; raises AssertionError for the first that was not."""
    dice = random.Random(seed)
    refused: Counter[str] = Counter()
    kinds = list(KINDS)
    for number in range(count):
        name = kinds[number % len(kinds)]
        before = _rows()
        said = KINDS[name](world, dice)
        assert any(sentence in said for sentence in SENTENCES), f"{name} ({seed}, {number}): {said[:500]}"
        assert _rows() == before, f"{name} ({seed}, {number}) wrote something"
        refused[name] += 1
    return refused


SENTENCES = (
    CHANGED,
    NOT_READ,
    TAMPERED,
    "Đã quá 10 phút",
    "Chỉ người giữ chức vụ",
    "Mật khẩu",
    "thiếu mã của nội dung",
)


def _rows() -> tuple[Any, ...]:
    """All that an act on pledges writes."""
    states = tuple(Pledge.objects.order_by("pk").values_list("pk", "status", "round", "sha256", "version"))
    counted = (Signature, EarlierRecord, Refusal, Event, Receipt)
    return states, tuple(model.objects.count() for model in counted)


def post_signing(world: World, user: User, seen: str, **extra: str) -> str:
    data = {"idempotency_key": new_public_id(), "own_words": "", "seen_sha256": seen, **extra}
    return world.client(user).post(reverse(SIGN), data, follow=True).content.decode()


def post_confirming(world: World, pledge: Pledge, head: User, seen: str) -> str:
    data = {"idempotency_key": new_public_id(), "seen_sha256": seen}
    url = reverse("pledges:pledge_countersign", args=[pledge.public_id])
    return world.client(head).post(url, data, follow=True).content.decode()


def _altered(
    change: Callable[[dict[str, Any], World, random.Random], None],
) -> Callable[[World, random.Random], str]:
    """Signing under the digest of what was shown with one thing of another in it."""

    def attempt(world: World, dice: random.Random) -> str:
        user = dice.choice(world.people)
        shown = world.shown(user)
        own = digest(shown)
        change(shown, world, dice)
        assert digest(shown) != own, "the transplant changes nothing"
        return post_signing(world, user, digest(shown))

    return attempt


def _other(world: World, dice: random.Random, shown: dict[str, Any], *names: str) -> dict[str, Any]:
    """What another person is shown, different in the parts named."""
    found = [world.shown(user) for user in world.people]
    return dice.choice([record for record in found if any(record[name] != shown[name] for name in names)])


def _of_person(world: World, dice: random.Random) -> str:
    user, other = dice.sample(world.people, 2)
    return post_signing(world, user, digest(world.shown(other)))


def _of_year(shown: dict[str, Any], world: World, dice: random.Random) -> None:
    year = dice.choice([year for year in range(2019, 2036) if year != shown["year"]])
    shown["text"]["subject"] = shown["text"]["subject"].replace(str(shown["year"]), str(year))
    shown["year"] = year


def _of_text(shown: dict[str, Any], world: World, dice: random.Random) -> None:
    if dice.random() < 0.5:
        shown["text"]["version"] += dice.randint(1, 9)
    else:
        name = dice.choice(["intro", "closing", "subject", "own_words_label"])
        shown["text"][name] += dice.choice([" ", ".", "\u0301", " không"])


def _of_commitments(shown: dict[str, Any], world: World, dice: random.Random) -> None:
    lines = shown["text"]["commitments"]
    if dice.random() < 0.5:
        lines.pop(dice.randrange(len(lines)))
    else:
        first, second = dice.sample(range(len(lines)), 2)
        lines[first], lines[second] = lines[second], lines[first]


def _of_addition(shown: dict[str, Any], world: World, dice: random.Random) -> None:
    theirs = _other(world, dice, shown, "addition")["addition"]
    altered = {"id": new_public_id(), "version": dice.randint(2, 9), "text": "Không thu phí ngoài quy định."}
    shown["addition"] = dice.choice([theirs, altered])


def _of_unit(shown: dict[str, Any], world: World, dice: random.Random) -> None:
    theirs = _other(world, dice, shown, "unit", "signing_unit")
    for name in ("unit", "signing_unit", "addressed_to"):
        shown[name] = theirs[name]


def _of_addressee(shown: dict[str, Any], world: World, dice: random.Random) -> None:
    theirs = _other(world, dice, shown, "signing_unit")
    shown["signing_unit"] = theirs["signing_unit"]


def _of_post(shown: dict[str, Any], world: World, dice: random.Random) -> None:
    shown["person"]["post"] = dice.choice(["Hiệu trưởng", "Phó Chủ tịch UBND phường", "Giám đốc", "Kế toán"])
    shown["person"]["post_id"] = dice.choice([new_public_id(), ""])


def _of_kind(shown: dict[str, Any], world: World, dice: random.Random) -> None:
    kinds = ["individual", "leader", "collective"]
    shown["kind"] = dice.choice([kind for kind in kinds if kind != shown["kind"]])


def _of_channel(shown: dict[str, Any], world: World, dice: random.Random) -> None:
    shown["channel"] = dice.choice(["paper", "signed_file"])


def _forged(world: World, dice: random.Random) -> str:
    return post_signing(world, dice.choice(world.people), dice.choice(FORGED))


def _of_form(world: World, dice: random.Random) -> str:
    """The whole form that another has open, its key with it."""
    user, other = dice.sample(world.people, 2)
    page = world.client(other).get(reverse(SIGN)).content.decode()
    key = page.partition('name="idempotency_key" value="')[2][:26]
    seen = page.partition('name="seen_sha256" value="')[2][:64]
    return post_signing(world, user, seen, idempotency_key=key)


def _of_old_proof(world: World, dice: random.Random) -> str:
    """A password of another hour: the form asks for it anew, and the service would not take it either."""
    user = dice.choice(world.people)
    shown = proposal(user, world.campaign)
    given = proved() | {"at": (clock.now() - timedelta(minutes=dice.randint(11, 5000))).isoformat()}
    try:
        with transaction.atomic():
            services.sign_pledge(
                by=afresh(user),
                campaign=world.campaign,
                year=shown.year,
                own_words="",
                seen_sha256=shown.sha256,
                proof=given,
            )
    except StepRefused as refusal:
        return str(refusal)
    return "done"


def _of_pledge(world: World, dice: random.Random) -> str:
    (pledge, head), (other, _) = dice.sample(world.waiting, 2)
    return post_confirming(world, pledge, head, other.sha256)


def _of_moment(world: World, dice: random.Random) -> str:
    """What the person signed at another time: the same words, another moment."""
    pledge, head = dice.choice(world.waiting)
    moment = pledge.signed_at - timedelta(seconds=dice.randint(1, 10**7))
    return post_confirming(world, pledge, head, digest({**pledge.content, "signed_at": moment}))


def _of_own_words(world: World, dice: random.Random) -> str:
    pledge, head = dice.choice(world.waiting)
    return post_confirming(
        world, pledge, head, digest({**pledge.content, "own_words": dice.choice([" ", "Hứa."])})
    )


def _of_row(world: World, dice: random.Random) -> str:
    """The record of another pledge put into the row: what is stored is no longer what was signed."""
    (pledge, head), (other, _) = dice.sample(world.waiting, 2)
    with transaction.atomic():
        Pledge.objects.filter(pk=pledge.pk).update(content=other.content)
        said = post_confirming(world, pledge, head, pledge.sha256)
        transaction.set_rollback(True)
    return said


def _of_head(world: World, dice: random.Random) -> str:
    """A head confirms what was made to another, past the page that would not be there for him."""
    pledge, head = dice.choice(world.waiting)
    other = dice.choice([one for _, one in world.waiting if one != head])
    try:
        services.countersign(pledge=pledge, by=afresh(other), seen_sha256=pledge.sha256, proof=proved())
    except StepRefused as refusal:
        return str(refusal)
    return "done"


KINDS: dict[str, Callable[[World, random.Random], str]] = {
    "person": _of_person,
    "year": _altered(_of_year),
    "text": _altered(_of_text),
    "commitments": _altered(_of_commitments),
    "addition": _altered(_of_addition),
    "unit": _altered(_of_unit),
    "addressee": _altered(_of_addressee),
    "post": _altered(_of_post),
    "kind": _altered(_of_kind),
    "channel": _altered(_of_channel),
    "forged digest": _forged,
    "form": _of_form,
    "old proof": _of_old_proof,
    "pledge": _of_pledge,
    "moment": _of_moment,
    "own words": _of_own_words,
    "row": _of_row,
    "head": _of_head,
}
