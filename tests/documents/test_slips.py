"""Slips with one-time codes as a PDF: whose, by whom, for how long, and what stands on them."""

import os
import stat
import subprocess
from datetime import timedelta

import pytest
from django.urls import reverse

from documents import slipbox
from documents.models import SlipJob
from documents.services import slips as services
from ledger import clock, jobs
from ledger.models import Event
from ledger.workflow import StepRefused
from tests.factories import appoint, employ, make_unit, make_user, place
from units import activation
from units.models import ActivationCode, Appointment, User
from units.services import issue_codes


@pytest.fixture(autouse=True)
def own_folder(settings, tmp_path):
    settings.VAR = tmp_path


def newcomer(unit, name="Kăn Thị Ưu", **fields):
    user = make_user(name, **fields)
    user.set_unusable_password()
    user.save()
    employ(user, unit, "vien_chuc")
    return user


def with_code(unit, by, name="Kăn Thị Ưu"):
    user = newcomer(unit, name)
    issue_codes(users=[user], unit=unit, by=by)
    user.refresh_from_db()
    return user


def code_of(user) -> str:
    return activation.code_of(user.public_id, user.activation.nonce)


def printed(job) -> SlipJob:
    jobs.run(services.KIND, job.pk)
    job.refresh_from_db()
    return job


def done(cast, by=None) -> SlipJob:
    """An order whose file lies in the box; what stands in it is shown by the first test."""
    file = slipbox.keep(b"%PDF-1.7 slips")
    return SlipJob.objects.create(unit=cast.ward, by=by or cast.clerk, slips=1, status="done", file=file)


def text_of(body: bytes) -> str:
    found = subprocess.run(["pdftotext", "-layout", "-", "-"], input=body, capture_output=True, check=True)
    return found.stdout.decode()


def test_from_the_page_to_the_paper(cast, client_of, post_form):
    people = [with_code(cast.school, cast.clerk, f"Kăn Thị Ưu {number}") for number in range(9)]
    client = client_of(cast.clerk)
    page = client.get(reverse("units:unit_codes", args=[cast.ward.public_id])).content.decode()
    order = reverse("documents:slips_order", args=[cast.ward.public_id])
    assert order in page
    assert "<strong>9</strong> phiếu đang có hiệu lực, 2 trang" in client.get(order).content.decode()
    detail = post_form(client, order).url
    assert 'hx-get="' in client.get(detail).content.decode(), "the worker's work, watched"
    job = printed(SlipJob.objects.get())
    assert reverse("documents:slips_file", args=[job.public_id]) in client.get(detail).content.decode()
    answer = client.get(reverse("documents:slips_file", args=[job.public_id]))
    assert answer["Content-Type"] == "application/pdf" and "no-store" in answer["Cache-Control"]
    text = text_of(answer.content)
    assert not any(code_of(person) in str(SlipJob.objects.values().get()) for person in people)
    assert all(code_of(person) in text and person.username in text for person in people)
    assert "Trường Tiểu học Kim Long 1" in text and "127.0.0.1:8000/kich-hoat" in text
    assert text.count("PHIẾU KÍCH HOẠT TÀI KHOẢN") == 9 and text.count("\f") == 2
    assert list(Event.objects.filter(kind__startswith="documents.").values_list("kind", flat=True)) == [
        "documents.print_slips",
        "documents.fetch_slips",
    ]


def test_the_picture_leads_to_the_portal_and_holds_no_code(cast):
    person = with_code(cast.school, cast.clerk)
    assert services.activation_address() == "http://127.0.0.1:8000/kich-hoat/"
    assert code_of(person) not in services.activation_address()


def test_the_file_is_for_the_portal_alone_outside_the_database_and_burns_after_a_day(cast, monkeypatch):
    job = done(cast)
    path = slipbox._folder() / job.file
    assert stat.S_IMODE(path.stat().st_mode) == 0o600
    assert stat.S_IMODE(path.parent.stat().st_mode) == 0o700
    monkeypatch.setenv(clock.OFFSET_VARIABLE, str(25 * 3600))
    assert slipbox.fetch(job.file) is None, "too old, although still there"
    assert slipbox.burn_old() == 1 and not path.exists()


def test_a_file_that_is_gone_is_said_to_be_gone(cast, client_of):
    job = done(cast)
    (slipbox._folder() / job.file).unlink()
    page = client_of(cast.clerk).get(reverse("documents:slips_file", args=[job.public_id]), follow=True)
    assert "chỉ được giữ trong 24 giờ" in page.content.decode()


@pytest.mark.parametrize("name", ["", "../secret.key", "x" * 25, "X" * 26])
def test_the_box_gives_out_nothing_but_its_own_files(name, tmp_path):
    (tmp_path / "secret.key").write_text("khóa")
    (tmp_path / "slips").mkdir()
    assert slipbox.fetch(name) is None


def test_nobody_else_opens_the_order_or_its_file_not_even_home_affairs(cast, client_of):
    job = done(cast)
    for role in ("head", "home_affairs", "other_head", "official"):
        client = client_of(getattr(cast, role))
        for route in ("slips_detail", "slips_file"):
            assert client.get(reverse(f"documents:{route}", args=[job.public_id])).status_code == 404


def test_who_lost_the_post_meanwhile_gets_no_slips(cast, client_of):
    with_code(cast.school, cast.clerk)
    job = services.order_slips(unit=cast.ward, by=cast.clerk)
    Appointment.objects.filter(user=cast.clerk).update(until=clock.today())
    assert printed(job).error == services.NO_LONGER and not job.file
    earlier = done(cast)
    file = client_of(cast.clerk).get(reverse("documents:slips_file", args=[earlier.public_id]))
    assert file.status_code == 403


def test_slips_of_those_who_sign_for_others_are_printed_by_home_affairs_alone(cast):
    union_chair = cast.union_chair
    union_chair.set_unusable_password()
    union_chair.save()
    issue_codes(users=[union_chair], unit=cast.school, by=cast.home_affairs)
    with pytest.raises(StepRefused, match="Không có phiếu"):
        services.order_slips(unit=cast.ward, by=cast.clerk)
    assert services.order_slips(unit=cast.ward, by=cast.home_affairs).slips == 1


def test_an_order_under_way_is_not_given_twice(cast):
    with_code(cast.school, cast.clerk)
    first = services.order_slips(unit=cast.ward, by=cast.clerk)
    assert services.order_slips(unit=cast.ward, by=cast.clerk) == first


def test_too_many_for_one_file_are_refused_with_what_to_do(cast, monkeypatch):
    monkeypatch.setattr(services, "MOST", 1)
    for number in range(2):
        with_code(cast.school, cast.clerk, f"Người {number}")
    with pytest.raises(StepRefused, match="từng đơn vị trực thuộc"):
        services.order_slips(unit=cast.ward, by=cast.clerk)


@pytest.mark.parametrize("people", [1, 3])
def test_the_page_of_slips_takes_the_same_queries_for_one_and_for_three(
    cast, client_of, django_assert_num_queries, people
):
    for number in range(people):
        with_code(cast.school, cast.clerk, f"Người {number}")
    client = client_of(cast.clerk)
    with django_assert_num_queries(10):
        client.get(reverse("units:unit_codes", args=[cast.ward.public_id]))


# --- expiry, and who may give out a new slip


def test_codes_that_ran_out_are_listed_by_name_and_issued_anew(cast, client_of, post_form):
    person = with_code(cast.school, cast.clerk)
    old = code_of(person)
    ActivationCode.objects.update(expires_at=clock.now() - timedelta(days=1))
    client, address = client_of(cast.clerk), reverse("units:unit_codes", args=[cast.ward.public_id])
    page = client.get(address).content.decode()
    assert "Mã đã hết hạn" in page and f"Kăn Thị Ưu ({person.username}), hết hạn" in page and old not in page
    assert post_form(client, address).status_code == 302
    person = User.objects.get(pk=person.pk)
    page = client.get(address).content.decode()
    assert "Mã đã hết hạn" not in page and code_of(person) in page and code_of(person) != old


def renew(client_of, post_form, by, person) -> int:
    return post_form(client_of(by), reverse("units:user_renew_code", args=[person.public_id])).status_code


def test_in_a_unit_without_a_clerk_its_head_gives_the_new_slip_and_it_is_logged(cast, client_of, post_form):
    assert renew(client_of, post_form, cast.school_head, cast.school_official) == 302
    event = Event.objects.get(kind="units.renew_code")
    assert (event.object_id, event.person_id) == (cast.school_official.public_id, cast.school_head.public_id)


def test_so_does_the_clerk_of_the_parent_and_one_appointed_for_the_unit(cast, client_of, post_form):
    assert renew(client_of, post_form, cast.clerk, cast.school_official) == 302
    appoint(cast.stranger, cast.school, "clerk", "Cán bộ đầu mối")
    assert renew(client_of, post_form, cast.stranger, cast.school_official) == 302
    other = make_unit("Trường Mầm non Hương Long", kind="truong_hoc")
    place(other, cast.other_ward)
    elsewhere = newcomer(other)
    assert renew(client_of, post_form, cast.clerk, elsewhere) == 404


def test_the_folder_is_made_closed_even_where_it_stood_open(tmp_path):
    (tmp_path / "slips").mkdir(mode=0o755)
    slipbox.keep(b"%PDF-")
    assert stat.S_IMODE(os.stat(tmp_path / "slips").st_mode) == 0o700  # noqa: PTH116
