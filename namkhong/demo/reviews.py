"""A few year-end reviews of the demo province: some units' people look back, their heads and unions remark (S20)."""

from dataclasses import dataclass, field
from datetime import datetime

from ledger import clock
from ledger.canonical import digest
from namkhong.demo import places
from namkhong.demo.chronicle import By
from namkhong.demo.nodes import Node, Person
from namkhong.demo.story import Story
from namkhong.demo.writing import insert
from pledges.models import Pledge, Remark, SelfReview, SentReview
from pledges.parties import HEAD, UNION
from pledges.reviewing import PERSONAL, Term, sent_record, shown_record, term
from pledges.workflow import REVIEW, review_facts
from units.models import Post
from units.proof import BY_PASSWORD

# So many units besides the ward of the accounts, and so many people of each.
UNITS, PEOPLE = 5, 60
WRITES, REMARKED, DISAGREES = 0.8, 0.75, 0.03
KEPT = {"fully": 0.86, "mostly": 0.13, "not": 0.01}
WHY = {
    "mostly": (
        "Có lúc còn để người dân chờ lâu vào đầu tuần; đã xếp lại lịch trực.",
        "Một vài việc trả lời chậm hơn hẹn; từ quý IV báo trước khi chậm.",
        "Chưa chủ động góp ý khi thấy đồng nghiệp làm chưa đúng.",
    ),
    "not": ("Chưa công khai đủ hồ sơ theo kế hoạch; sẽ hoàn thành trong quý I năm sau.",),
}
OVERALL = (
    "",
    "",
    "Thực hiện đúng cam kết, không có phản ánh của người dân.",
    "Giữ được nền nếp tiếp dân đúng giờ; năm sau rút ngắn thời gian trả lời.",
)
NOT_AGREED = "Nội dung 2 tự đánh giá cao hơn thực tế: còn hai lượt phản ánh về việc chậm trả lời."


@dataclass
class Told:
    """Rows until they are written; keys come with the writing."""

    reviews: list[SelfReview] = field(default_factory=list)
    sendings: list[tuple[SelfReview, SentReview]] = field(default_factory=list)
    remarks: list[tuple[SelfReview, Remark]] = field(default_factory=list)

    def write(self) -> int:
        insert(self.reviews)
        for review, sent in self.sendings:
            sent.review_id = review.pk
        for review, remark in self.remarks:
            remark.review_id = review.pk
        insert([row for _, row in self.sendings])
        insert([row for _, row in self.remarks])
        return len(self.reviews)


@dataclass
class Looking:
    story: Story
    told: Told = field(default_factory=Told)

    def __post_init__(self) -> None:
        self.dice = self.story.dice("reviews")
        self.nodes = {node.unit.pk: node for node in self.story.units.nodes.values()}
        self.people = {
            person.user.pk: person for node in self.story.units.nodes.values() for person in node.people
        }

    def back(self) -> int:
        """Returns the number of reviews; a query a year."""
        chosen = self._units()
        for year in self.story.years.all:
            found = term(self.story.campaign, year)
            if clock.end_of_day(found.opens_on) < self.story.years.end:
                for pledge in self._pledges(chosen, year):
                    self._person(pledge, found)
        return self.told.write()

    def _units(self) -> list[int]:
        keys = sorted(key for key, node in self.story.units.nodes.items() if node.own_papers)
        asked = [places.WARD, *self.dice.some(keys, UNITS, UNITS)]
        return [self.story.units.nodes[key].unit.pk for key in asked]

    def _pledges(self, unit_ids: list[int], year: int) -> list[Pledge]:
        rows = Pledge.objects.filter(
            campaign=self.story.campaign,
            year=year,
            signing_unit__in=unit_ids,
            status=Pledge.Status.COMPLETE,
            kind__in=PERSONAL,
            stale_since__isnull=True,
        )
        found: dict[int, list[Pledge]] = {}
        for pledge in rows.select_related("user", "unit", "signing_unit").order_by("pk"):
            found.setdefault(pledge.signing_unit_id, []).append(pledge)
        return [pledge for unit_id in sorted(found) for pledge in found[unit_id][:PEOPLE]]

    def _person(self, pledge: Pledge, found: Term) -> None:
        person, signing = self.people.get(pledge.user_id), self.nodes[pledge.signing_unit_id]
        at = self.dice.at(self.dice.day(found.opens_on, found.due_on))
        still_here = person and person.job_on(clock.local(at).date())
        if not self.dice.happens(WRITES) or at >= self.story.years.end or not still_here:
            return
        assert person is not None
        review = self._send(pledge, person, at)
        self._remark(review, person, signing, self.dice.after(at, 1, 12))

    def _send(self, pledge: Pledge, person: Person, at: datetime) -> SelfReview:
        review = SelfReview(
            public_id=self.dice.public_id(),
            pledge=pledge,
            signing_unit=pledge.signing_unit,
            answers=[self._answer() for _ in pledge.content["text"]["commitments"]],
            words=self.dice.choice(OVERALL),
            status=SelfReview.Status.AWAITING_HEAD,
            version=2,
            sent_at=at,
        )
        record = sent_record(shown_record(review, pledge.signing_unit), at)
        review.sha256 = digest(record)
        sent = SentReview(round=1, content=record, sha256=review.sha256, at=at, proof=_proof(at))
        self.told.reviews.append(review)
        self.told.sendings.append((review, sent))
        self._tell(review, "send", at, By(person), "draft")
        return review

    def _answer(self) -> dict[str, str]:
        kept = self.dice.weighted(KEPT)
        return {"kept": kept, "words": self.dice.choice(WHY[kept]) if kept in WHY else ""}

    def _remark(self, review: SelfReview, person: Person, signing: Node, at: datetime) -> None:
        day = clock.local(at).date()
        found = signing.holder(Post.Kind.HEAD, day)
        late = at >= self.story.years.end
        if late or found is None or found[1] is person or not self.dice.happens(REMARKED):
            return
        head = By(found[1], found[0], signing.quality(Post.Kind.HEAD, day))
        chair = self._chair(signing, person, head, at)
        agrees = not self.dice.happens(DISAGREES)
        self._put(review, HEAD, head, at, agrees=agrees)
        self._move(review, "remark" if chair else "remark_complete", at, head)
        then = self.dice.after(at, 1, 8)
        if chair and then < self.story.years.end:
            self._put(review, UNION, chair, then, agrees=True)
            self._move(review, "remark_union", then, chair)

    def _chair(self, signing: Node, person: Person, head: By, at: datetime) -> By | None:
        day = clock.local(at).date()
        found = signing.holder(Post.Kind.UNION_CHAIR, day) if signing.union_on(day) else None
        return None if found is None or found[1] in (person, head.person) else By(found[1], found[0])

    def _put(self, review: SelfReview, party: str, by: By, at: datetime, *, agrees: bool) -> None:
        assert by.post is not None
        row = Remark(
            party=party,
            agrees=agrees,
            words="" if agrees else NOT_AGREED,
            user=by.person.user,
            post=by.post,
            name=by.person.user.full_name,
            post_title=by.quality or by.post.title,
            sha256=review.sha256,
            at=at,
            round=1,
            proof=_proof(at),
        )
        self.told.remarks.append((review, row))

    def _move(self, review: SelfReview, step: str, at: datetime, by: By) -> None:
        before = str(review.status)
        review.status, review.version = REVIEW.step(step).target, review.version + 1
        self._tell(review, step, at, by, before)

    def _tell(self, review: SelfReview, act: str, at: datetime, by: By, before: str) -> None:
        self.story.chronicle.tell(
            f"{REVIEW.kind}.{act}",
            at,
            object_id=review.public_id,
            by=by,
            unit_id=review.event_unit_id,
            data={"from": before, "to": str(review.status), **review_facts(review)},
        )


def _proof(at: datetime) -> dict[str, str]:
    return {"by": BY_PASSWORD, "at": at.isoformat()}
