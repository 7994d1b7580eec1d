"""The press is fed hostile pages, starved, hurried and moved about (rule R30)."""

import hashlib
import http.server
import json
import os
import subprocess
import sys
import threading
import time
from pathlib import Path

import pytest

from documents import press
from documents.press import (
    Limits,
    PressRefused,
    Sheet,
    job_for_child,
    page_count,
    papers_in,
    render,
    render_all,
)
from documents.typeset import pledge_sheet, report_html
from tests.documents import samples

ROOT = Path(__file__).resolve().parents[2]
PAGE = "<h1>Báo cáo</h1><p>Ủy ban nhân dân, Ưu, Ẩn, ệ</p>"


@pytest.fixture
def internal_server():
    """A server that nobody outside should reach; yields its address and the list of what was asked of it."""
    asked = []

    class Handler(http.server.BaseHTTPRequestHandler):
        def do_GET(self):
            asked.append(self.path)
            self.send_response(200)
            self.end_headers()

        def log_message(self, *args):
            pass

    server = http.server.ThreadingHTTPServer(("127.0.0.1", 0), Handler)
    threading.Thread(target=server.serve_forever, daemon=True).start()
    yield f"http://127.0.0.1:{server.server_port}", asked
    server.shutdown()


VECTORS = {
    "img": '<img src="{url}/img">',
    "img-srcset": '<img srcset="{url}/a 2x" src="{url}/b">',
    "link": '<link rel="stylesheet" href="{url}/css">',
    "attachment": '<link rel="attachment" href="{url}/a"><a rel="attachment" href="{url}/b">x</a>',
    "import": "<style>@import url({url}/import);</style>",
    "background": '<style>p {{ background: url("{url}/bg") }}</style><p>x</p>',
    "font": '<style>@font-face {{ font-family: X; src: url("{url}/f") }} p {{ font-family: X }}</style><p>x</p>',
    "content": '<style>p::before {{ content: url("{url}/c") }}</style><p>x</p>',
    "list": '<style>li {{ list-style-image: url("{url}/l") }}</style><ul><li>x</li></ul>',
    "object": '<object data="{url}/o"></object>',
    "embed": '<embed src="{url}/e">',
    "svg-image": '<svg viewBox="0 0 9 9"><image href="{url}/i" width="9" height="9"/></svg>',
    "svg-use": '<svg viewBox="0 0 9 9"><use href="{url}/u.svg#x"/></svg>',
    "svg-style": '<svg viewBox="0 0 9 9"><style>@import url({url}/s);</style><rect width="9" height="9"/></svg>',
    "base": '<base href="{url}/"><img src="relative">',
    "meta": '<meta http-equiv="refresh" content="0;url={url}/m">',
}


@pytest.mark.parametrize("vector", sorted(VECTORS))
def test_the_press_fetches_nothing_from_the_network(vector, internal_server):
    address, asked = internal_server
    try:
        body = render(VECTORS[vector].format(url=address), title="x")
    except PressRefused as refusal:
        assert "tài nguyên bên ngoài" in str(refusal)
    else:
        assert body.startswith(b"%PDF-")
    assert asked == []


def test_control_the_same_pages_reach_the_server_when_the_engine_is_left_as_shipped(internal_server):
    address, asked = internal_server
    page = "".join(VECTORS.values()).format(url=address)
    script = "import sys, weasyprint; weasyprint.HTML(string=sys.stdin.read()).write_pdf()"
    subprocess.run([sys.executable, "-c", script], input=page.encode(), check=True, capture_output=True)
    assert len(asked) >= 8


@pytest.mark.parametrize(
    "address", ["file://{path}", "data:text/plain,BI-MAT", "press:../{path}", "ftp://127.0.0.1/x"]
)
def test_a_file_of_the_machine_never_comes_into_a_paper(address, tmp_path):
    secret = tmp_path / "secret.txt"
    secret.write_text("BI-MAT")
    page = f'<link rel="attachment" href="{address.format(path=secret)}"><p>x</p>'
    with pytest.raises(PressRefused) as refused:
        render(page, title="x")
    assert "tài nguyên bên ngoài" in str(refused.value), vars(refused.value)


def test_a_relative_address_has_nothing_to_be_relative_to():
    render('<img src="/etc/passwd" alt=""><img src="secret.txt" alt="">', title="x")


@pytest.mark.parametrize(
    ("page", "sentence"),
    [
        ("<table><tr><td colspan=1000000000>x</td></tr></table>", "ô gộp không hợp lệ"),
        ("<table><tr><td colspan='&#49;000000000'>x</td></tr></table>", "ô gộp không hợp lệ"),
        ("<table><tr><td rowspan=99999999>x</td></tr></table>", "ô gộp không hợp lệ"),
        ("<table><col span=99999999><tr><td>x</td></tr></table>", "ô gộp không hợp lệ"),
        ("<table>" + "<tr><td>x" * 15_001 + "</table>", "15001 dòng"),
        ("<table><tr>" + "<td>x" * 200_001 + "</table>", "200001 ô"),
        ("<div>" * 200, "lồng nhau"),
    ],
)
def test_a_page_that_would_take_the_machine_is_refused_at_once(page, sentence):
    started = time.monotonic()
    with pytest.raises(PressRefused, match=sentence):
        render(page, title="x")
    assert time.monotonic() - started < 20


def test_a_page_too_long_is_refused_before_a_process_is_started(monkeypatch):
    monkeypatch.setattr(press, "CHILD", Path("/nowhere"))
    with pytest.raises(PressRefused, match="quá dài"):
        render("x" * 2000, title="x", limits=Limits(html_bytes=1000))


def test_behind_the_checks_stands_the_limit_of_memory():
    bomb = "<table><tr><td colspan=1000000000>x</td></tr></table>"
    with pytest.raises(PressRefused, match=r"bộ nhớ|quá lâu"):
        render(bomb, title="x", limits=Limits(span=10**10, memory_bytes=700 * 1024**2, cpu_seconds=60))


def test_work_without_end_is_ended_by_processor_time():
    page = "<table>" + "<tr>" + "<td>Ủy ban nhân dân</td>" * 10 + "</tr>" * 1 + "</table>"
    started = time.monotonic()
    with pytest.raises(PressRefused, match="quá lâu"):
        render(page * 400, title="x", limits=Limits(cpu_seconds=1))
    assert time.monotonic() - started < 30


def test_work_without_end_is_ended_by_the_clock_on_the_wall():
    started = time.monotonic()
    with pytest.raises(PressRefused, match="quá lâu"):
        render(PAGE * 500, title="x", limits=Limits(wall_seconds=0.3))
    assert time.monotonic() - started < 10


def test_a_child_that_dies_is_an_error_and_never_an_empty_paper(tmp_path, monkeypatch):
    child = tmp_path / "child.py"
    child.write_text(
        "import os, sys; sys.stdout.write('%PDF-'); sys.stdout.flush(); os.kill(os.getpid(), 11)"
    )
    monkeypatch.setattr(press, "CHILD", child)
    with pytest.raises(PressRefused, match="Không tạo được bản PDF"):
        render(PAGE, title="x")


def test_the_child_knows_nothing_of_our_environment(tmp_path, monkeypatch):
    child = tmp_path / "child.py"
    child.write_text(
        "import os, sys, json; sys.stdin.buffer.read()\n"
        "told = b'%PDF-' + json.dumps([dict(os.environ), sys.path, os.getcwd()]).encode()\n"
        "sys.stdout.buffer.write(len(told).to_bytes(8, 'big') + told)"
    )
    monkeypatch.setattr(press, "CHILD", child)
    monkeypatch.setenv("SECRET_KEY", "bi-mat")
    monkeypatch.setenv("DATABASE_URL", "postgres://bi-mat@localhost/x")
    environment, search_path, folder = json.loads(render(PAGE, title="x").removeprefix(b"%PDF-"))
    assert set(environment) <= {"FONTCONFIG_FILE", "TMPDIR", "LANG", "PYTHONHASHSEED", "LC_CTYPE", "PWD"}
    assert str(ROOT) not in search_path
    assert folder != str(ROOT)


def test_the_child_has_no_network_where_the_system_allows_it():
    """As root the namespace is always allowed; elsewhere the fetcher alone stands."""
    if os.geteuid() != 0:
        pytest.skip("an ordinary process may not leave the network")
    script = (
        "import sys; sys.path.insert(0, sys.argv[1]); import press_child as p; p.confine(10**10, 60); "
        "print(sorted(line.split(':')[0].strip() for line in open('/proc/net/dev') if ':' in line))"
    )
    done = subprocess.run(
        [sys.executable, "-c", script, str(ROOT / "documents")], capture_output=True, check=True, text=True
    )
    assert done.stdout.strip() == "['lo']"


def _direct(job: bytes, tmp_path: Path, **environment: str) -> bytes:
    fonts = tmp_path / "fonts.conf"
    fonts.write_text("<fontconfig></fontconfig>")
    done = subprocess.run(
        [sys.executable, "-s", "-P", str(press.CHILD)],
        input=job,
        capture_output=True,
        check=True,
        cwd=tmp_path,
        env={"FONTCONFIG_FILE": str(fonts), "TMPDIR": str(tmp_path), **environment},
    )
    return done.stdout


def test_equal_bytes_in_another_process_at_another_time_under_another_seed(tmp_path):
    html = report_html(samples.report(annexes=(samples.Annex("Số liệu", (samples.wide_table(20),)),)))
    stored = render(html, title="Báo cáo")
    job = job_for_child([Sheet(html, "Báo cáo")], limits=Limits())
    time.sleep(1.1)
    for number, environment in enumerate(
        (
            {"PYTHONHASHSEED": "1", "TZ": "America/New_York", "SOURCE_DATE_EPOCH": "1"},
            {
                "PYTHONHASHSEED": "4242",
                "TZ": "Asia/Ho_Chi_Minh",
                "SOURCE_DATE_EPOCH": "1900000000",
                "LANG": "vi_VN.UTF-8",
            },
        )
    ):
        folder = tmp_path / str(number)
        folder.mkdir()
        (paper,) = papers_in(_direct(job, folder, **environment))
        assert hashlib.sha256(paper).digest() == hashlib.sha256(stored).digest()


def test_many_papers_of_one_child_are_the_very_papers_that_each_would_be_alone():
    sheets = [samples.sheet_of("pledge-with-evidence"), samples.sheet_of("evidence"), Sheet(PAGE, "x")]
    sheets += [pledge_sheet(samples.pledge_with_evidence(person_name=f"Ưng Thị Ẩn {n}")) for n in range(4)]
    assert render_all(sheets) == [render_all([sheet])[0] for sheet in sheets]
    assert render_all([]) == []


def test_a_sheet_sees_its_own_pictures_and_no_other_sheet_s():
    page = '<img src="press:qr.png" alt="x">'
    with pytest.raises(PressRefused, match="tài nguyên bên ngoài"):
        render_all([Sheet(page, "x", {"qr.png": b"\x89PNG"}), Sheet(page.replace("qr.png", "0/qr.png"), "x")])


def test_a_child_that_makes_fewer_papers_than_asked_for_makes_none(tmp_path, monkeypatch):
    child = tmp_path / "child.py"
    child.write_text(
        "import sys; sys.stdin.buffer.read(); sys.stdout.buffer.write((5).to_bytes(8, 'big') + b'%PDF-')"
    )
    monkeypatch.setattr(press, "CHILD", child)
    with pytest.raises(PressRefused, match="Không tạo được bản PDF"):
        render_all([Sheet(PAGE, "x")] * 2)


def test_a_changed_letter_changes_the_bytes():
    assert render(PAGE, title="x") != render(PAGE.replace("Ưu", "Ửu"), title="x")


def test_letters_that_the_face_lacks_become_a_box_and_never_another_font(tmp_path):
    path = tmp_path / "x.pdf"
    path.write_bytes(render("<p>Tốt 👍 汉 và nối\u2011liền</p>", title="x"))
    text = subprocess.run(["pdftotext", path, "-"], capture_output=True, check=True, text=True).stdout
    assert "Tốt □ □ và nối-liền" in text
    assert (
        "Liberation" in subprocess.run(["pdffonts", path], capture_output=True, check=True, text=True).stdout
    )


def test_the_fonts_of_the_machine_do_not_exist_for_the_press(tmp_path):
    """Even for a letter that slips past the boxes: an old font of the same name must never be picked."""
    path = tmp_path / "x.pdf"
    path.write_bytes(
        render("<p>Tốt &#9992; và &#28450;</p><p style='font-family: DejaVu Sans'>Ẩn</p>", title="x")
    )
    fonts = subprocess.run(
        ["pdffonts", path], capture_output=True, check=True, text=True
    ).stdout.splitlines()[2:]
    assert len(fonts) == 1
    assert "Liberation-Serif" in fonts[0]


def test_pages_are_counted_from_the_bytes():
    assert page_count(render(PAGE, title="x")) == 1
    assert page_count(render(PAGE + '<section class="annex across-odd">x</section>', title="x")) == 2
    with pytest.raises(ValueError, match="not a PDF"):
        page_count(b"%PDF-1.7 nothing")
