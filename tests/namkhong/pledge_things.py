"""What stands around pledges in each of the five places: bulk confirmations, books, forms, lists, files, reviews."""

from typing import Any

from campaigns.models import Campaign
from documents import vault
from ledger import clock
from ledger.canonical import digest
from pledges.models import (
    BlankForm,
    BookJob,
    BulkConfirmation,
    Pledge,
    Scan,
    SelfReview,
    SentReview,
    SignedList,
    SigningDraft,
)
from pledges.reviewing import sent_record, shown_record
from tests.pledges.acts import proved
from tests.pledges.looking_back import WELL
from units.models import Unit, User

PICTURE = b"\xff\xd8 a page \xff\xd9"


def around_pledges(
    campaign: Campaign,
    units: dict[str, Unit],
    keepers: dict[str, User],
    heads: dict[str, User],
    pledges: dict[str, Pledge],
) -> dict[type, dict[str, Any]]:
    year = clock.today().year
    what = {"campaign": campaign, "year": year}
    return {
        BulkConfirmation: {
            place: BulkConfirmation.objects.create(unit=units[place], by=head, party="head")
            for place, head in heads.items()
        },
        BookJob: {
            place: BookJob.objects.create(**what, unit=unit, by=keepers[place], form="book")
            for place, unit in units.items()
        },
        BlankForm: {
            place: BlankForm.objects.create(**what, unit=unit, by=keepers[place], form="list")
            for place, unit in units.items()
        },
        SignedList: {place: _list(unit, keepers[place], campaign, place) for place, unit in units.items()},
        SigningDraft: {
            place: SigningDraft.objects.create(
                **what,
                user=pledge.user,
                by=pledge.user,
                shown=pledge.content,
                sha256=pledge.sha256,
                check_code=f"THU-{place}",
            )
            for place, pledge in pledges.items()
        },
        SelfReview: {place: _review(pledge) for place, pledge in pledges.items()},
    }


def _review(pledge: Pledge) -> SelfReview:
    """Sent, whatever the day is."""
    at = clock.now()
    review = SelfReview(
        pledge=pledge,
        signing_unit=pledge.signing_unit,
        answers=WELL,
        status=SelfReview.Status.AWAITING_HEAD,
        sent_at=at,
    )
    record = sent_record(shown_record(review, pledge.signing_unit), at)
    review.sha256 = digest(record)
    review.save()
    SentReview.objects.create(
        review=review, round=review.round, content=record, sha256=review.sha256, at=at, proof=proved()
    )
    return review


def _list(unit: Unit, by: User, campaign: Campaign, place: str) -> SignedList:
    """A draft with one page."""
    today = clock.today()
    made = SignedList.objects.create(campaign=campaign, year=today.year, unit=unit, signed_on=today, by=by)
    body = PICTURE + place.encode()
    Scan.objects.create(
        signed_list=made,
        number=1,
        filename="trang.jpg",
        width=1654,
        height=2339,
        sha256=vault.sha256_of(body),
        path=vault.keep(body, "jpg"),
        size=len(body),
    )
    return made
