"""Lists and sheets to sign by hand, read from outside: what a clerk finds on the paper from the printer."""

import re

import pypdfium2
import pytest

from ledger import jobs
from pledges.models import BlankForm, Pledge
from pledges.parties import HEAD, OFFICIAL, UNION
from pledges.services import blankforms, signedfiles
from pledges.sheet import confirmations
from pledges.tosign import list_code
from tests.factories import person
from tests.pledges.acts import add, confirm, confirm_for_union, sign
from tests.pledges.test_signedfiles import order as order_draft
from tests.pledges.test_signedfiles import printed as printed_draft
from tests.pledges.test_signedlists import order


def pages_of(body: bytes) -> list[str]:
    pages = (page.get_textpage().get_text_range() for page in pypdfium2.PdfDocument(body))
    return [" ".join(page.split()) for page in pages]


def printed(blank: BlankForm) -> list[str]:
    assert jobs.run(blankforms.KIND, blank.pk)
    blank.refresh_from_db()
    assert blank.status == "done", blank.error
    return pages_of(blankforms.blank_bytes(blank))


def parties_on(page: str) -> list[str]:
    return re.findall(r"THỦ TRƯỞNG ĐƠN VỊ|THỦ TRƯỞNG CẤP TRÊN|TM\. BCH CÔNG ĐOÀN|NGƯỜI CAM KẾT", page)


@pytest.fixture
def teachers(cast):
    return [person(f"Trần Văn Giáo {number:02}", cast.school) for number in range(20)]


@pytest.mark.usefixtures("teachers")
def test_every_page_of_a_list_says_which_it_is_and_how_many_there_are(cast, campaign):
    blank = order(cast, campaign)
    pages = printed(blank)
    assert len(pages) > 1
    for number, page in enumerate(pages, start=1):
        assert f"Danh sách {list_code(blank)}" in page
        assert f"Trang {number}/{len(pages)}" in page


def test_the_signatures_of_head_and_union_stand_below_names_wherever_a_page_ends(cast, campaign):
    """Of growing length, so that a page would end before the signatures somewhere."""
    pages = set()
    for number in range(9):
        person(f"Trần Văn Giáo {number:02}", cast.school)
        blank = order(cast, campaign)
        found = printed(blank)
        pages.add(len(found))
        for words in (blank.content["people"][-2]["name"], "TM. BAN CHẤP HÀNH CÔNG ĐOÀN", "HIỆU TRƯỞNG"):
            assert words in found[-1]
    assert pages == {1, 2}


@pytest.mark.usefixtures("teachers")
def test_a_sheet_is_one_person_s_and_bears_the_code_and_no_number_of_a_page(cast, campaign):
    blank = order(cast, campaign, "sheets")
    pages = printed(blank)
    assert len(pages) == len(blank.content["people"]) == 22
    for number, (one, page) in enumerate(zip(blank.content["people"], pages, strict=True), start=1):
        assert page.startswith("CỘNG HÒA XÃ HỘI CHỦ NGHĨA VIỆT NAM")
        assert re.findall(r"Tôi tên là: (.+?) Chức vụ", page) == [one["name"]]
        assert f"Danh sách {list_code(blank)}, số {number}" in page


def test_a_sheet_names_the_parties_as_the_portal_s_own_paper_does(cast, campaign):
    (sheet,) = [
        page for page in printed(order(cast, campaign, "sheets")) if cast.school_official.full_name in page
    ]
    pledge = confirm(sign(cast.school_official, campaign), cast.school_head)
    pledge = confirm_for_union(pledge, cast.union_chair)
    assert parties_on(sheet) == labels(pledge) == ["THỦ TRƯỞNG ĐƠN VỊ", "TM. BCH CÔNG ĐOÀN", "NGƯỜI CAM KẾT"]


def test_a_leader_s_sheet_is_for_the_head_above(cast, campaign):
    sheets = printed(order(cast, campaign, "sheets", by=cast.head, unit=cast.ward))
    (sheet,) = [page for page in sheets if cast.school_head.full_name in page]
    pledge = confirm(sign(cast.school_head, campaign), cast.head)
    assert parties_on(sheet) == labels(pledge) == ["THỦ TRƯỞNG CẤP TRÊN", "NGƯỜI CAM KẾT"]


def labels(pledge: Pledge) -> list[str]:
    signatures = {row.party: row for row in pledge.signatures.all()}
    assert set(signatures) <= {HEAD, UNION, OFFICIAL}
    return [one.party for one in confirmations(pledge, signatures)]


def test_a_demonstration_list_says_so_on_every_page(cast, campaign):
    type(cast.school_head).objects.filter(pk=cast.school_head.pk).update(is_demo=True)
    for form in BlankForm.Form:
        assert all("DỮ LIỆU MINH HỌA" in page for page in printed(order(cast, campaign, form)))


def test_the_file_to_sign_with_a_certificate_leaves_room_for_it_on_the_page_of_the_code(cast, campaign):
    add(cast.school_head, cast.school, campaign, "Không dạy thêm trái quy định.")
    draft = printed_draft(order_draft(cast.school_official, campaign))
    last = pages_of(signedfiles.draft_bytes(draft))[-1]
    for words in ("NGƯỜI CAM KẾT", cast.school_official.full_name, draft.check_code):
        assert words in last


def test_a_signature_by_hand_has_20_mm(cast, campaign):
    blank = order(cast, campaign)
    printed(blank)
    page = pypdfium2.PdfDocument(blankforms.blank_bytes(blank))[0].get_textpage()
    above = page.search("(Ký, ghi rõ họ tên)").get_next()
    name = page.search(cast.school_head.full_name).get_next()
    assert above and name
    room = page.get_charbox(above[0])[1] - page.get_charbox(name[0])[3]
    assert room > 20 * 72 / 25.4
