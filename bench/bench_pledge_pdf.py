"""Pledge PDFs in bulk, per core: ours as the worker makes them against WeasyPrint called once per pledge.

Both are processes of their own, measured in seconds of processor from their start to their end: a hundred pledges each,
the same text, two pages with the evidence, PDF/UA. Printed besides: what a sealed pledge takes with its sealing, and
the peak memory of the rendering processes at 500 and 2,000 pledges (or at as many as are asked for): it must stay flat.
Usage: python -m bench.bench_pledge_pdf [PLEDGES] [ROUNDS]      (2,000 pledges by default; try 30000)
"""

import json
import resource
import statistics
import subprocess
import sys
import tempfile
import time
from collections.abc import Callable
from datetime import UTC, date, datetime, timedelta
from functools import partial
from types import SimpleNamespace

import django

django.setup()

from django.conf import settings  # noqa: E402 - needs the settings

from bench import pledge_plain  # noqa: E402
from documents.layout import Confirmation, Evidence, PledgePaper, Witnessed  # noqa: E402
from documents.press import render_all  # noqa: E402
from documents.seal import read_seal, seal  # noqa: E402
from documents.seal_keys import make_own_key  # noqa: E402
from documents.typeset import pledge_sheet  # noqa: E402
from ledger.qr import qr_code  # noqa: E402
from vietnamese.dates import moment, statutory_date  # noqa: E402

NAME, GOAL, FLOOR = "pledge-pdf", 10.0, 1.5
BATCH, SEALED = 100, 20
FAMILY, GIVEN = ("Nguyễn", "Trần", "Lê", "Tôn Nữ", "Hồ"), ("An", "Bình", "Ẩn", "Huyền Trân", "Ưng", "Mỹ Lệ")
POSTS = ("Giáo viên", "Chuyên viên", "Nhân viên văn thư", "Điều dưỡng hạng III")
OWN = (
    "",
    "Không dạy thêm trái quy định.",
    "Trả lời hồ sơ của người dân trong 02 ngày làm việc, không hẹn lại quá một lần.",
)
WHEN = SimpleNamespace(moment=moment, statutory=statutory_date)
COMMITMENTS = (
    "Không cửa quyền, hách dịch, gây khó khăn, phiền hà;",
    "Không quan liêu, vô cảm, vô trách nhiệm;",
    "Không tham nhũng, lãng phí, lợi ích nhóm;",
    "Không xu nịnh, chạy chọt, gian dối;",
    "Không lợi dụng chức vụ, quyền hạn trong thực thi công vụ.",
)


def pledge(number: int) -> PledgePaper:
    """Each of another person at another moment, with words of his own or none."""
    name = f"{FAMILY[number % 5]} {GIVEN[number % 6]} {number}"
    post = POSTS[number % 4]
    at = datetime(2026, 11, 20, 1, tzinfo=UTC) + timedelta(seconds=number)
    digest = f"{number:064x}"
    code = "-".join(f"{number:020d}"[at : at + 5] for at in range(0, 20, 5))
    people = (("Người cam kết", name, post), ("Thủ trưởng đơn vị", "Lê Văn Ưu", "Hiệu trưởng"))
    people += (("Công đoàn cơ sở", "Trần Thị Huệ", "Chủ tịch Công đoàn cơ sở"),)
    proof = f"nhập mật khẩu của mình lúc {moment(at)} (giờ Việt Nam, +07:00)"
    own = OWN[number % 3] or "Hoàn thành công việc được giao đúng hạn."
    return PledgePaper(
        place="Huế",
        dated_on=date(2026, 11, 20),
        subject="Thực hiện Cuộc vận động “Cán bộ, công chức, viên chức\nnói không với tiêu cực” năm 2026",
        addressed_to=(
            "Hiệu trưởng Trường THCS Chu Văn An",
            "Ban Chấp hành Công đoàn cơ sở Trường THCS Chu Văn An",
        ),
        person_name=name,
        person_post=post,
        unit_name="Trường THCS Chu Văn An, phường Vỹ Dạ",
        opening="Sau khi được quán triệt nội dung Cuộc vận động, tôi cam kết thực hiện nghiêm “Năm không”:",
        commitments=COMMITMENTS,
        own_text=own,
        closing=("Nếu vi phạm, tôi xin chịu trách nhiệm trước cơ quan và pháp luật.",),
        confirmations=tuple(
            Confirmation(label, who, as_what, at, digest)
            for label, (_, who, as_what) in zip(
                ("THỦ TRƯỞNG ĐƠN VỊ", "TM. BCH CÔNG ĐOÀN", "NGƯỜI CAM KẾT"),
                (people[1], people[2], people[0]),
                strict=True,
            )
        ),
        check_code=code,
        check_url=f"https://namkhong.hue.gov.vn/kiem-tra/{code}/",
        evidence=Evidence(
            "Lời cam kết năm 2026, phiên bản 1",
            1,
            digest,
            tuple(Witnessed(party, who, what, at, digest, proof=proof) for party, who, what in people),
        ),
    )


def ours(first: int) -> list[bytes]:
    return render_all([pledge_sheet(pledge(number)) for number in range(first, first + BATCH)])


def plain(first: int) -> None:
    papers = [pledge(number) for number in range(first, first + BATCH)]
    pages = [pledge_plain.page(paper, WHEN, qr_code(paper.check_url)) for paper in papers]
    command = [sys.executable, "-W", "ignore", "-m", "bench.pledge_plain"]
    subprocess.run(command, input=json.dumps(pages).encode(), check=True, stdout=subprocess.DEVNULL)


def children_seconds(work: Callable[[], object]) -> float:
    """Seconds of processor of the processes that `work` starts."""
    before = resource.getrusage(resource.RUSAGE_CHILDREN)
    work()
    after = resource.getrusage(resource.RUSAGE_CHILDREN)
    return after.ru_utime + after.ru_stime - before.ru_utime - before.ru_stime


def sealing_seconds() -> float:
    """Of one pledge, in this process, where the key is."""
    bodies = ours(0)[:SEALED]
    seal(bodies[0])
    begin = time.process_time()
    sealed = [seal(body) for body in bodies]
    took = (time.process_time() - begin) / SEALED
    assert all(read_seal(body).is_ours for body in sealed)
    return took


def show_memory(sizes: list[int]) -> None:
    done = 0
    for size in sizes:
        while done < size:
            ours(done)
            done += BATCH
        peaks = [
            resource.getrusage(who).ru_maxrss / 1024
            for who in (resource.RUSAGE_CHILDREN, resource.RUSAGE_SELF)
        ]
        print(
            f"after {done} pledges: peak {peaks[0]:.0f} MB in a rendering process, {peaks[1]:.0f} MB here",
            flush=True,
        )


def main() -> None:
    most = int(sys.argv[1]) if len(sys.argv) > 1 else 2_000
    rounds = int(sys.argv[2]) if len(sys.argv) > 2 else 5
    with tempfile.TemporaryDirectory() as folder:
        settings.SEAL_FOLDER, settings.SEAL_PKCS12, settings.TSA_URL = folder, "", ""
        make_own_key()
        show_memory(sorted({min(500, most), min(2_000, most), most}))
        ratios, each = [], []
        for number in range(max(5, rounds)):
            mine = children_seconds(partial(ours, number * BATCH))
            ratios.append(children_seconds(partial(plain, number * BATCH)) / mine)
            each.append(mine / BATCH)
        ms = statistics.median(each) * 1000
        spread = ", ".join(f"{one:.2f}" for one in sorted(ratios))
        print(f"{BATCH} a child: {ms:.1f} ms of processor a pledge; rounds {spread}")
        seals = sealing_seconds() * 1000
        print(f"sealed: {ms + seals:.1f} ms of processor a pledge, {seals:.1f} ms of it the seal")
    ratio = statistics.median(ratios)
    print(f"bench {NAME}: ratio {ratio:.2f} (goal {GOAL}, floor {FLOOR})")
    sys.exit(ratio < FLOOR)


if __name__ == "__main__":
    main()
