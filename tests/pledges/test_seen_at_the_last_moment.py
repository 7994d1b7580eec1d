"""What the page showed changes between the reading of what was sent and the act: by another connection."""

from concurrent.futures import ThreadPoolExecutor

import pytest
from django.db import connection
from django.urls import reverse

from pledges import services
from pledges.models import SelfReview
from pledges.services import reviews
from tests.cast import make_cast
from tests.factories import make_campaign
from tests.marks import mark
from tests.pledges.acts import confirm, send_back, sign
from tests.pledges.looking_back import MIXED, OPEN_DAY, write

pytestmark = [pytest.mark.postgres, pytest.mark.django_db(transaction=True)]
REASON = "Việc cụ thể ghi chưa rõ."


@pytest.fixture
def cast(transactional_db):
    return make_cast()


@pytest.fixture
def campaign(transactional_db):
    return make_campaign()


@pytest.fixture
def just_before(monkeypatch):
    """`just_before(module, "service", act)`: another connection commits `act` when the service is called."""

    def arrange(module, name: str, act) -> None:
        service = getattr(module, name)

        def elsewhere() -> None:
            try:
                act()
            finally:
                connection.close()

        def late(**given):
            monkeypatch.setattr(module, name, service)
            with ThreadPoolExecutor(1) as other:
                other.submit(elsewhere).result()
            return service(**given)

        monkeypatch.setattr(module, name, late)

    return arrange


def test_the_pledge_on_the_page_is_the_one_signed_again(cast, campaign, client_of, post_form, just_before):
    pledge = sign(cast.official, campaign)
    client, url = client_of(cast.head), reverse("pledges:pledge_return", args=[pledge.public_id])
    seen = mark(client.get(url), "seen_sha256")

    def sign_again() -> None:
        send_back(pledge, cast.head)
        sign(cast.official, campaign, "Nội dung mới hẳn.")

    just_before(services, "return_pledge", sign_again)
    answer = post_form(client, url, {"seen_sha256": seen, "reason": REASON})
    page = answer.content.decode()
    assert answer.status_code == 422 and REASON in page and "Nội dung mới hẳn." in page
    assert mark(answer, "seen_sha256") != seen
    again = {"seen_sha256": mark(answer, "seen_sha256"), "reason": REASON}
    assert post_form(client, url, again).status_code == 302


@pytest.fixture
def review(cast, campaign, on_day) -> SelfReview:
    on_day(OPEN_DAY)
    complete = confirm(sign(cast.official, campaign), cast.head)
    return write(complete, MIXED, "Bản đầu")


def test_the_version_on_the_page_is_that_of_the_draft_saved_elsewhere(
    cast, review, client_of, post_form, just_before
):
    def elsewhere() -> None:
        write(review.pledge, MIXED, "Bản kia", version=review.version)

    just_before(reviews, "save_review", elsewhere)
    typed = {"ban": review.pledge.public_id, "version": review.version, "words": "Bản này"}
    answer = post_form(client_of(cast.official), reverse("pledges:selfreview_write"), typed)
    assert answer.status_code == 422 and "Bản này" in answer.content.decode()
    assert mark(answer, "version") == str(SelfReview.objects.get().version) != str(review.version)
