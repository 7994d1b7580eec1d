"""A unit's year as one book or one archive: what stands in it, who may have it, how long it is kept (feature S22)."""

import csv
import hashlib
import io
import subprocess
import zipfile
from datetime import timedelta

import pikepdf
import pytest
from django.urls import reverse

from documents.services import read_paper
from ledger import clock, events, jobs
from ledger.jobs import Hold, LeaseLost
from ledger.workflow import StepRefused
from pledges import archive, bookbinding, books, bookshelf
from pledges.models import BookJob, PaperJob, Pledge
from pledges.services import books as services
from pledges.services.paper import KIND as PAPER_KIND
from tests import factories
from tests.factories import make_unit, person
from tests.pledges.acts import afresh, confirm, sign, sign_for_unit
from units.models import Appointment, Placement

BOOK, ARCHIVE = BookJob.Form.BOOK, BookJob.Form.ARCHIVE


@pytest.fixture(autouse=True)
def own_shelf(settings, tmp_path):
    settings.MEDIA_ROOT = tmp_path / "papers"


@pytest.fixture
def three(cast, campaign):
    """Three complete pledges of the ward: two of its own people, one of the school's headmistress."""
    return [
        confirm(sign(user, campaign), cast.head) for user in (cast.official, cast.clerk, cast.school_head)
    ]


def order(cast, campaign, form=BOOK, *, by=None, unit=None) -> BookJob:
    by = afresh(by or cast.head)
    return services.order_book(
        unit=unit or cast.ward, campaign=campaign, year=by.today.year, form=form, by=by
    )


def made(job: BookJob) -> BookJob:
    assert jobs.run(services.KIND, job.pk)
    return BookJob.objects.get(pk=job.pk)


def file_of(job: BookJob) -> bytes:
    place = bookshelf.find(job.path, job.sha256)
    assert place is not None
    return place.read_bytes()


def pages_of(body: bytes) -> list[str]:
    said = subprocess.run(["pdftotext", "-layout", "-", "-"], input=body, capture_output=True, check=True)
    return [" ".join(page.split()) for page in said.stdout.decode().split("\f")]


# --- The book


def test_the_book_has_a_cover_an_index_and_every_pledge(cast, campaign, three, monkeypatch):
    monkeypatch.setattr(books, "A_PIECE", 2)
    sign(person("Lê Chưa Xác Nhận", cast.ward), campaign)
    job = made(order(cast, campaign))
    assert (job.status, job.pledges) == ("done", 3)
    pages = pages_of(file_of(job))
    assert "SỔ BẢN CAM KẾT" in pages[0] and "UBND phường Kim Long" in pages[0]
    # The chairman, the clerk, the new one, the official of the division, three of the school: four have signed.
    assert "Đã ký cam kết 4/7" in pages[0] and "Đã đủ xác nhận 3/7" in pages[0]
    assert "Chưa ký 3 người" in pages[0] and "Số bản trong sổ 3 bản" in pages[0]
    assert "Chứng cứ là từng bản PDF riêng" in pages[0]
    for place, pledge in enumerate(books.pledges_of(cast.ward, campaign, job.year, clock.today()), start=1):
        assert pledge.check_code in pages[1].replace(" ", "") or pledge.check_code[:11] in pages[1]
        assert f"Tôi tên là: {pledge.user.full_name}" in pages[1 + place]
        assert pages[1 + place].startswith(str(place)), "pages of pledges are counted through the pieces"
    assert "Lê Chưa Xác Nhận" not in " ".join(pages)


def test_the_tags_of_all_pieces_are_one_tree(cast, campaign, three, monkeypatch, tmp_path):
    monkeypatch.setattr(books, "A_PIECE", 1)
    book = tmp_path / "book.pdf"
    book.write_bytes(file_of(made(order(cast, campaign))))
    subprocess.run(["qpdf", "--check", book], check=True, capture_output=True)
    with pikepdf.open(book) as pdf:
        root = pdf.Root.StructTreeRoot
        leads = dict(bookbinding._leaves(root.ParentTree))
        for page in pdf.pages:
            tags = leads[int(page.obj.StructParents)]
            assert {tag.Pg.objgen for tag in tags if "/Pg" in tag} == {page.obj.objgen}
        assert [page.label for page in pdf.pages] == ["i", "ii", "1", "2", "3"]
        assert pdf.Root.MarkInfo.Marked and pdf.Root.Lang == "vi"
    lines = bookbinding.marks(book)
    assert [line.title for line in lines[:2]] == ["Bìa", "Danh mục"]
    assert [line.page for line in lines] == [0, 1, 2, 3, 4]


def test_a_year_without_complete_pledges_makes_no_book(cast, campaign, signed):
    with pytest.raises(StepRefused, match="chưa có bản cam kết nào đủ xác nhận"):
        order(cast, campaign)


def test_too_many_for_a_book_still_make_an_archive(cast, campaign, three, monkeypatch):
    monkeypatch.setattr(books, "MOST_IN_A_BOOK", 2)
    with pytest.raises(StepRefused, match="Có 3 bản, nhiều hơn 2 bản của một sổ"):
        order(cast, campaign)
    assert order(cast, campaign, ARCHIVE).status == "queued"


def test_the_same_order_twice_is_one(cast, campaign, three):
    assert order(cast, campaign) == order(cast, campaign)
    assert order(cast, campaign, by=cast.clerk) != order(cast, campaign)


def test_a_unit_s_people_stand_together_its_head_among_them_and_units_of_one_name_apart(cast, campaign):
    first, second = (make_unit("Trường Tiểu học", kind="school") for _ in range(2))
    for unit in (first, second):
        factories.place(unit, cast.ward, own=False)
    people = [
        person("Lê An", second),
        person("Lê Bình", first, post=("head", "Hiệu trưởng")),
        person("Lê Chi", second, post=("head", "Hiệu trưởng")),
        person("Lê Dũng", first),
    ]
    for user in people:
        confirm(sign(user, campaign), cast.head)
    today = clock.today()
    found = books.pledges_of(cast.ward, campaign, today.year, today)
    assert [(row.unit, row.user.full_name) for row in found] == [
        (first, "Lê Bình"),
        (first, "Lê Dũng"),
        (second, "Lê An"),
        (second, "Lê Chi"),
    ]


@pytest.fixture
def of_the_school(cast, campaign, three) -> Pledge:
    return confirm(sign_for_unit(cast.school_head, cast.school, campaign), cast.head)


def test_what_a_unit_pledged_stands_first_under_its_name_in_book_and_archive(cast, campaign, of_the_school):
    today = clock.today()
    found = list(books.pledges_of(cast.ward, campaign, today.year, today))
    assert found[0] == of_the_school
    name = [cast.school.name, "Cam kết của tập thể"]
    assert books.index_row(1, found[0])[1:3] == name
    front = books.front_of(order(cast, campaign), found, today)
    html = books.front_html(front, found, dict.fromkeys([row.pk for row in found], 1))
    assert f'<th scope="row">{name[0]}</th><td>{name[1]}</td>' in html


def test_the_cover_counts_who_owes_a_pledge_in_units_within_the_scope_alone(cast, campaign, three):
    Placement.objects.filter(unit=cast.school).update(in_scope=False)
    pages = pages_of(file_of(made(order(cast, campaign))))
    # The headmistress and two of her teachers are followed by nobody; what she signed is bound all the same.
    assert "Đã ký cam kết 2/3" in pages[0] and "Số bản trong sổ 3 bản" in pages[0]


# --- The archive


@pytest.fixture
def printed(three):
    for job in PaperJob.objects.active():
        jobs.run(PAPER_KIND, job.pk)
    return list(Pledge.objects.select_related("paper").order_by("pk"))


def test_the_archive_holds_the_sealed_files_untouched(cast, campaign, printed):
    body = file_of(made(order(cast, campaign, ARCHIVE)))
    with zipfile.ZipFile(io.BytesIO(body)) as archive:
        assert archive.testzip() is None
        names = archive.namelist()
        for pledge in printed:
            name = next(name for name in names if pledge.user.username.lower() in name)
            assert name.isascii()
            assert archive.read(name) == read_paper(pledge.paper)
        sums = dict(reversed(line.split("  ")) for line in archive.read("SHA256SUMS").decode().splitlines())
        assert set(sums) == set(names) - {"SHA256SUMS"}
        assert all(hashlib.sha256(archive.read(name)).hexdigest() == sums[name] for name in sums)


def test_the_index_names_every_pledge_and_its_file(cast, campaign, printed):
    with zipfile.ZipFile(io.BytesIO(file_of(made(order(cast, campaign, ARCHIVE))))) as archive:
        rows = list(csv.reader(io.StringIO(archive.read("DANH-MUC.csv").decode("utf-8-sig")), delimiter=";"))
        assert archive.read("DANH-MUC.xlsx").startswith(b"PK")
        assert {row[8] for row in rows[1:]} <= set(archive.namelist())
    assert rows[0][:3] == ["TT", "Họ và tên", "Chức vụ, chức danh"]
    assert {row[7] for row in rows[1:]} == {pledge.check_code for pledge in printed}


def test_a_name_that_is_a_formula_is_text(cast, campaign):
    evil = person('=HYPERLINK("http://x")', cast.ward)
    confirm(sign(evil, campaign), cast.head)
    with zipfile.ZipFile(io.BytesIO(file_of(made(order(cast, campaign, ARCHIVE))))) as archive:
        assert "'=HYPERLINK" in archive.read("DANH-MUC.csv").decode("utf-8-sig")
        assert all(name.isascii() and ".." not in name for name in archive.namelist())


def test_what_has_no_file_yet_and_what_is_damaged_is_said(cast, campaign, printed, settings):
    late = confirm(sign(person("Lê Chưa In", cast.ward), campaign), cast.head)
    (settings.MEDIA_ROOT / printed[0].paper.path).write_bytes(b"%PDF-1.7 something else")
    job = made(order(cast, campaign, ARCHIVE))
    assert "1 tệp lưu không còn nguyên vẹn" in job.message
    with zipfile.ZipFile(io.BytesIO(file_of(job))) as archive:
        rows = csv.reader(io.StringIO(archive.read("DANH-MUC.csv").decode("utf-8-sig")), delimiter=";")
        notes = {row[7]: row[10] for row in rows}
    assert notes[late.check_code] == "chưa lập bản PDF"
    assert notes[printed[0].check_code] == "tệp lưu không còn nguyên vẹn"
    assert notes[printed[1].check_code] == ""


# --- Who, and how long


@pytest.mark.parametrize(
    ("role", "status"),
    [
        ("head", 200),
        ("clerk", 200),
        ("home_affairs", 200),
        ("school_head", 403),
        ("official", 403),
        ("other_head", 403),
        ("leadership", 403),
        ("stranger", 403),
    ],
)
def test_who_orders_the_book_of_a_ward(cast, three, client_of, role, status):
    url = reverse("pledges:bookjob_order", args=[cast.ward.public_id])
    assert client_of(cast.people[role]).get(url).status_code == status


@pytest.mark.parametrize("role", ["school_head", "official", "other_head", "stranger"])
def test_anothers_book_is_not_there(cast, campaign, three, client_of, role):
    job = made(order(cast, campaign, ARCHIVE))
    for name in ("bookjob_detail", "bookjob_file", "bookjob_cancel"):
        assert (
            client_of(cast.people[role]).get(reverse(f"pledges:{name}", args=[job.public_id])).status_code
            == 404
        )


def test_from_the_button_to_the_file(cast, campaign, three, client_of, post_form):
    client = client_of(cast.clerk)
    url = reverse("pledges:bookjob_order", args=[cast.ward.public_id])
    assert "3 bản đã đủ xác nhận" in client.get(url).content.decode()
    answer = post_form(client, url, {"form": "archive"})
    job = BookJob.objects.get()
    assert answer.url == job.get_absolute_url()
    assert "Đang chờ đến lượt" in client.get(answer.url).content.decode()
    made(job)
    assert "Tải tệp về" in client.get(answer.url).content.decode()
    fetched = client.get(reverse("pledges:bookjob_file", args=[job.public_id]))
    assert fetched["Content-Disposition"].startswith('attachment; filename="cam-ket-')
    assert fetched["Content-Type"] == "application/zip"
    body = b"".join(fetched.streaming_content)
    assert hashlib.sha256(body).hexdigest() == BookJob.objects.get().sha256
    acts = [act.kind for act in events.history(services.KIND, job.public_id)]
    assert acts == ["pledges.book.order", "pledges.book.make", "pledges.book.fetch"]


def test_the_worker_asks_again_whether_he_may(cast, campaign, three):
    job = order(cast, campaign)
    Appointment.objects.filter(user=cast.head).update(until=clock.today())
    assert made(job).error == services.NO_LONGER


def test_a_cancelled_order_publishes_nothing(cast, campaign, three, settings):
    job = order(cast, campaign, ARCHIVE)
    moment = clock.now()
    assert BookJob.objects.claim(
        job.pk, token="t" * 26, at=moment, lease_until=moment + timedelta(seconds=30)
    )
    services.cancel_book(job=job, by=afresh(cast.head))
    with pytest.raises(LeaseLost):
        services.make_book(BookJob.objects.get(pk=job.pk), Hold(BookJob, job.pk, "t" * 26))
    assert list((settings.MEDIA_ROOT / "books").iterdir()) == []
    with pytest.raises(StepRefused, match="Đã hủy"):
        services.cancel_book(job=job, by=afresh(cast.head))


def test_the_shelf_is_cleared_after_thirty_days(cast, campaign, three, client_of, settings):
    job = made(order(cast, campaign, ARCHIVE))
    fresh = made(order(cast, campaign, ARCHIVE, by=cast.clerk))
    BookJob.objects.filter(pk=job.pk).update(finished_at=clock.now() - timedelta(days=30, minutes=1))
    assert services.clear_shelf() == 1
    assert [place.name for place in (settings.MEDIA_ROOT / "books").iterdir()] == [fresh.path]
    page = client_of(cast.head).get(job.get_absolute_url()).content.decode()
    assert "mỗi tệp được giữ 30 ngày" in page
    assert client_of(cast.head).get(reverse("pledges:bookjob_file", args=[job.public_id])).status_code == 302


def test_a_file_that_is_not_what_was_made_is_not_given_out(cast, campaign, three, settings):
    job = made(order(cast, campaign, ARCHIVE))
    (settings.MEDIA_ROOT / "books" / job.path).write_bytes(b"PK something else")
    assert services.fetch_book(job=job, by=afresh(cast.head)) is None


def test_the_heir_finds_the_pledges_of_the_unit_before_it(cast, campaign, three):
    found = books.pledges_of(cast.root, campaign, clock.today().year, clock.today())
    assert set(found) == set(three)


@pytest.mark.parametrize("people", [1, 3])
def test_packing_takes_the_same_queries_for_one_and_for_three(
    cast, campaign, django_assert_num_queries, people, tmp_path
):
    for number in range(people):
        user = person(f"Lê Thị {number}", cast.ward)
        confirm(sign(user, campaign), cast.head)
    job = order(cast, campaign, ARCHIVE)
    found = BookJob.objects.select_related("unit", "campaign").get(pk=job.pk)
    with django_assert_num_queries(11):
        archive.pack(found, tmp_path / "made", clock.today(), lambda done: None)
