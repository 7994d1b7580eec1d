"""A morning's orders: one run of the worker makes what waits beside its own, each order stays its own (R06, R09)."""

import io
from datetime import timedelta

import pikepdf
import pytest

from documents.models import Paper
from documents.press import PressRefused
from documents.seal import SealFailed, read_seal
from documents.services import read_paper
from ledger import clock, jobs
from pledges.models import PaperJob, Pledge
from pledges.parties import signatures_of
from pledges.services import paper
from pledges.services.paper import CHANGED, KIND, order_missing_papers
from pledges.sheet import evidence_of
from tests.pledges.acts import confirm, sign
from tests.pledges.crowds import crowd
from tests.pledges.test_paper import text_of

NO_ANSWER = "Máy chủ cấp dấu thời gian không trả lời."


@pytest.fixture(autouse=True)
def own_vault(settings, tmp_path):
    settings.MEDIA_ROOT = tmp_path / "papers"


@pytest.fixture
def orders(cast, campaign):
    """`orders(n)`: n complete pledges of the ward's people, each with its order."""

    def make(number: int) -> list[PaperJob]:
        for pledge in crowd(cast.ward, number, campaign):
            confirm(pledge, cast.head)
        return list(PaperJob.objects.order_by("pk"))

    return make


def states() -> list[str]:
    return list(PaperJob.objects.order_by("pk").values_list("status", flat=True))


def test_one_run_makes_all_that_wait_each_its_own_paper(orders):
    first, *_ = orders(4)
    assert jobs.run(KIND, first.pk)
    assert states() == ["done"] * 4
    papers = [pledge.paper for pledge in Pledge.objects.select_related("paper")]
    assert len({one.sha256 for one in papers}) == 4
    for pledge in Pledge.objects.select_related("paper", "user"):
        body = read_paper(pledge.paper)
        assert read_seal(body).is_ours
        assert f"Tôi tên là: {pledge.user.full_name}" in text_of(body)
        assert pledge.paper.check_code == pledge.check_code


def test_pokes_for_orders_already_made_do_nothing(orders):
    first, *others = orders(3)
    jobs.run(KIND, first.pk)
    assert [jobs.run(KIND, job.pk) for job in others] == [False, False]
    assert Paper.objects.count() == 3


def test_a_run_takes_no_more_than_its_measure(orders, monkeypatch):
    monkeypatch.setattr(paper, "MOST", 2)
    first, *_ = orders(3)
    jobs.run(KIND, first.pk)
    assert states() == ["done", "done", "queued"]


@pytest.mark.parametrize("counted", [(1, 18), (3, 45)])
def test_each_paper_costs_the_same_queries_however_many_are_made(
    orders, counted, django_assert_num_queries, monkeypatch
):
    number, queries = counted
    monkeypatch.setattr(paper, "render_all", _once(paper.render_all))
    first, *_ = orders(number)
    PaperJob.objects.filter(pk=first.pk).update(status="running", token="t", attempts=1)
    PaperJob.objects.filter(pk=first.pk).update(lease_until=clock.now() + timedelta(minutes=1))
    first.refresh_from_db()
    with django_assert_num_queries(queries):
        paper._print_all([*paper._beside(first, "t"), first], "t")
    assert states() == ["done"] * number


def _once(render):
    """The first rendering answers for the others: what is counted is the database."""
    return lambda sheets: render(sheets[:1]) * len(sheets)


def test_one_paper_that_cannot_be_made_fails_alone(orders, monkeypatch):
    real = paper.render_all

    def refuse_the_second(sheets):
        if any("Văn Bình 2" in sheet.title for sheet in sheets):
            raise PressRefused("Văn bản quá dài để in thành một bản PDF.")
        return real(sheets)

    monkeypatch.setattr(paper, "render_all", refuse_the_second)
    first, *_ = orders(3)
    jobs.run(KIND, first.pk)
    assert states() == ["done", "failed", "done"]
    assert "quá dài" in PaperJob.objects.get(status="failed").error


def test_an_order_lost_to_another_worker_publishes_nothing_and_the_others_do(orders, monkeypatch):
    real, stolen = paper.seal, []

    def steal(body, **how):
        if not stolen:
            stolen.append(PaperJob.objects.order_by("pk")[1].pk)
            PaperJob.objects.filter(pk=stolen[0]).update(token="another worker")
        return real(body, **how)

    monkeypatch.setattr(paper, "seal", steal)
    first, *_ = orders(3)
    jobs.run(KIND, first.pk)
    assert states() == ["done", "running", "done"]
    pledge = PaperJob.objects.get(pk=stolen[0]).pledge
    assert pledge.paper is None
    assert Paper.objects.count() == 2, "the paper of the late worker is rolled back with its order"


def test_an_order_that_was_tried_before_is_made_alone(orders):
    first, *_ = orders(3)
    PaperJob.objects.filter(pk=first.pk).update(attempts=1)
    jobs.run(KIND, first.pk)
    assert states() == ["done", "queued", "queued"]


def test_a_pledge_sent_back_meanwhile_gets_no_paper(orders, monkeypatch):
    real = paper.render_all

    def send_back(sheets):
        Pledge.objects.filter(pk=first.pledge_id).update(status="returned")
        return real(sheets)

    monkeypatch.setattr(paper, "render_all", send_back)
    first, *_ = orders(2)
    jobs.run(KIND, first.pk)
    assert states() == ["failed", "done"]
    assert PaperJob.objects.get(pk=first.pk).error == CHANGED
    assert Paper.objects.count() == 1


@pytest.fixture
def deaf_service(monkeypatch):
    """The timestamp service does not answer; how often it was asked."""
    asked = []

    def fail(body, **how):
        asked.append(body)
        raise SealFailed(NO_ANSWER)

    with monkeypatch.context() as patch:
        patch.setattr(paper, "seal", fail)
        yield asked


def test_without_its_seal_no_paper_is_stored_and_the_service_is_asked_once(orders, deaf_service):
    first, *_ = orders(3)
    jobs.run(KIND, first.pk)
    assert states() == ["failed"] * 3
    assert set(PaperJob.objects.values_list("error", flat=True)) == {NO_ANSWER}
    assert not Paper.objects.exists() and len(deaf_service) == 1


def test_what_failed_is_ordered_again_after_ten_minutes_once(cast, orders, monkeypatch, deaf_service):
    first, *_ = orders(2)
    jobs.run(KIND, first.pk)
    assert order_missing_papers() == 0, "a moment ago"
    monkeypatch.setenv(clock.OFFSET_VARIABLE, "660")
    assert order_missing_papers() == 2
    assert order_missing_papers() == 0, "under way"
    assert PaperJob.objects.filter(status="queued", by=None).count() == 2


def test_what_has_its_paper_or_is_not_complete_is_never_ordered_again(orders, monkeypatch):
    first, *_ = orders(2)
    jobs.run(KIND, first.pk)
    Pledge.objects.filter(pk=first.pledge_id).update(status="withdrawn", paper=None)
    monkeypatch.setenv(clock.OFFSET_VARIABLE, "660")
    assert order_missing_papers() == 0


def test_what_nobody_ordered_is_left_alone(orders, monkeypatch):
    """Fifty thousand pledges that the demo made up are not printed one by one."""
    orders(2)
    PaperJob.objects.all().delete()
    monkeypatch.setenv(clock.OFFSET_VARIABLE, "660")
    assert order_missing_papers() == 0


def test_the_last_page_says_who_confirmed_which_words_when_and_by_which_proof(cast, campaign):
    confirm(sign(cast.official, campaign), cast.head)
    at = clock.local(clock.now())
    jobs.run(KIND, PaperJob.objects.get().pk)
    pledge = Pledge.objects.select_related("paper").get()
    with pikepdf.open(io.BytesIO(read_paper(pledge.paper))) as pdf:
        assert len(pdf.pages) == pledge.paper.pages == 2
    text = text_of(read_paper(pledge.paper)).partition("TRANG MINH CHỨNG XÁC NHẬN ĐIỆN TỬ")[2]
    for words in (
        f"Lời cam kết năm {pledge.year}, phiên bản 1",
        f"1. Người cam kết: {cast.official.full_name}",
        f"2. Thủ trưởng đơn vị: {cast.head.full_name}",
        f"ngày {at:%d/%m/%Y} (giờ Việt Nam, +07:00)",
        "Hình thức: Xác nhận điện tử trên hệ thống",
        "nhập mật khẩu của mình lúc",
        pledge.sha256,
        "chữ ký số của hệ thống (xác nhận toàn vẹn)",
    ):
        assert words in text
    assert text.count(pledge.sha256) == 3, "the record, and each of the two who confirmed it"


def test_a_proof_is_told_in_words_and_one_that_was_not_kept_is_not_made_up(cast, complete):
    at = "2026-11-15T03:24:05+00:00"
    rows = signatures_of(complete)
    rows["official"].proof, rows["head"].proof = {"by": "code", "at": at}, {}
    told = evidence_of(complete, rows).parties
    assert told[0].proof == "nhập mã từ ứng dụng xác thực lúc 10:24:05 ngày 15/11/2026 (giờ Việt Nam, +07:00)"
    assert told[1].proof == ""
