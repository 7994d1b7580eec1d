from datetime import date
from tests.pledges.acts import *
from tests.pledges.conftest import on_day
from ledger import jobs
from pledges.models import *
from tests.browser.conftest import assert_accessible, assert_fits, assert_touchable


def shots(page, picture, name):
    for w in (360, 1280):
        page.set_viewport_size({"width": w, "height": 800})
        picture(page, f"tmp-{name}-{w}")
        assert_fits(page)
    page.set_viewport_size({"width": 360, "height": 800})
    assert_touchable(page)
    assert_accessible(page)


def test_shots(open_page, live_server, cast, campaign, picture, on_day):
    U = live_server.url
    o = cast.school_official
    o.job_title = "Giáo viên"
    o.save()
    page = open_page(U + "/", width=360, by=o)
    shots(page, picture, "home-unsigned")
    page.get_by_role("link", name="Ký cam kết").click()
    shots(page, picture, "sign")
    page.get_by_label("Nội dung cụ thể").fill(
        "Không dạy thêm trái quy định.\nTrả lời phụ huynh trong 02 ngày làm việc."
    )
    page.get_by_role("button", name="Ký cam kết").click()
    shots(page, picture, "signed")
    p = Pledge.objects.get(user=o)
    hp = open_page(U + "/", width=360, by=cast.school_head)
    shots(hp, picture, "home-head")
    hp.goto(U + p.get_absolute_url() + "tra-lai/")
    shots(hp, picture, "return")
    hp.goto(U + p.get_absolute_url() + "xac-nhan/")
    shots(hp, picture, "countersign")
    sign(cast.union_chair, campaign)
    hp.get_by_role("button", name="Xác nhận").click()
    shots(hp, picture, "head-after")
    p.refresh_from_db()
    hp.goto(U + "/cam-ket/")
    shots(hp, picture, "list")
    p = confirm_for_union(p, cast.union_chair)
    page.goto(U + p.get_absolute_url())
    shots(page, picture, "complete-waiting")
    job = PaperJob.objects.get()
    jobs.run("pledges.paper", job.pk)
    job.refresh_from_db()
    print(job.status, job.error)
    page.get_by_role("link", name="Mở bản PDF").first.wait_for()
    shots(page, picture, "complete")
    open("/tmp/pledge.pdf", "wb").write(page.request.get(U + p.get_absolute_url() + "ban-pdf/").body())
    h = sign(cast.school_head, campaign, "Công khai thu chi.")
    h = send_back(h, cast.head, "Bổ sung việc công khai thu, chi.")
    hp.goto(U + h.get_absolute_url())
    shots(hp, picture, "returned")
    hp.goto(U + "/cam-ket/ky/")
    shots(hp, picture, "sign-again")
    c = open_page(U + "/cam-ket/ky/", width=360, by=cast.chair_of_province)
    shots(c, picture, "province")
    page.goto(U + "/")
    shots(page, picture, "home-signed")
    h = sign(cast.school_head, campaign, "Công khai thu chi. " * 20)
    h = confirm(h, cast.head)
    jobs.run("pledges.paper", PaperJob.objects.latest("pk").pk)
    open("/tmp/leader.pdf", "wb").write(hp.request.get(U + h.get_absolute_url() + "ban-pdf/").body())
