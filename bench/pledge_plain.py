"""The baseline of bench_pledge_pdf, frozen: WeasyPrint called once per pledge, as one would begin.

The same text as the portal's pledge with its evidence page, the same PDF/UA, fonts of the system, automatic columns,
cell borders, the QR code as the path that `ledger.qr` draws. Runs as a process of its own:
`python -m bench.pledge_plain` reads one JSON list of pages from standard input and prints seconds of processor and
bytes made.
"""

import json
import sys
import time
from html import escape

CSS = """
@page { size: A4; margin: 20mm 15mm 20mm 30mm; @top-center { content: counter(page); font: 14pt "Liberation Serif" } }
@page :first { @top-center { content: none } }
html { font: 14pt/1.3 "Liberation Serif" }
body, p, h1, h2, h3 { margin: 0 }
p { margin-top: 6pt; text-align: justify; text-indent: 1cm }
h1, h2, h3 { font-size: 14pt }
.nation, .title { text-align: center; margin-bottom: 12pt }
.nation p { text-align: center; text-indent: 0; font-weight: bold }
.block { display: inline-block }
.rule { border-top: 0.75pt solid #000; margin-top: 1.5pt }
.date { text-align: right; font-style: italic }
.to { margin: 0 auto; border: 0 }
.to td { border: 0 }
table { border-collapse: collapse; margin-top: 8pt; width: 100% }
td, th { border: 0.5pt solid #000; padding: 2pt 3pt; vertical-align: top; font-size: 12pt; text-align: left }
.parties td, .check td { border: 0; text-align: center }
.parties p, .check p { text-indent: 0; text-align: center; font-size: 11pt; margin: 0 }
.check p { text-align: left }
.evidence { break-before: page }
.evidence p { text-indent: 0; font-size: 12pt }
"""


def page(paper, when, qr) -> str:
    """`paper` is a PledgePaper with evidence, `when` prints a moment and a day, `qr` is a `ledger.qr.QrCode`."""
    parties = "".join(
        f"<td><p><strong>{escape(one.party)}</strong></p><p><em>Xác nhận điện tử</em></p>"
        f"<p><strong>{escape(one.name)}</strong></p><p>{escape(one.post)}</p><p>lúc {when.moment(one.confirmed_at)}</p>"
        f"<p>{one.short_digest}</p></td>"
        for one in paper.confirmations
    )
    sheet = [
        '<div class="nation"><p>CỘNG HÒA XÃ HỘI CHỦ NGHĨA VIỆT NAM</p>',
        '<div class="block"><p>Độc lập - Tự do - Hạnh phúc</p><div class="rule"></div></div></div>',
        f'<p class="date">{paper.place}, {when.statutory(paper.dated_on)}</p>',
        f'<div class="title"><div class="block"><h1>BẢN CAM KẾT<br>{escape(paper.subject)}</h1><div class="rule">',
        '</div></div></div><table class="to"><tr><td>Kính gửi:</td><td>',
        "".join(f"- {escape(one)}<br>" for one in paper.addressed_to),
        f"</td></tr></table><p>Tôi tên là: <strong>{escape(paper.person_name)}</strong></p>",
        f"<p>Chức vụ, chức danh: {escape(paper.person_post)}</p><p>Đơn vị công tác: {escape(paper.unit_name)}</p>",
        f"<p>{escape(paper.opening)}</p>",
        "".join(f"<p>{place}. {escape(one)}</p>" for place, one in enumerate(paper.commitments, start=1)),
        "<p>Nội dung cụ thể gắn với nhiệm vụ được giao:</p>",
        "".join(f"<p>{escape(one)}</p>" for one in [*paper.own_paragraphs, *paper.closing]),
        f'<table class="parties"><tr>{parties}</tr></table>',
        f'<table class="check"><tr><td><svg viewBox="0 0 {qr.side} {qr.side}" width="22mm" height="22mm">',
        f'<path d="{qr.path}"/></svg></td><td><p>Mã kiểm tra: <strong>{paper.check_code}</strong></p>',
        f"<p>Kiểm tra bản này: quét mã hoặc mở {paper.check_page}</p><p>Dưới mỗi tên là thời điểm xác nhận và phần đầu "
        "mã băm SHA-256 của nội dung đã xác nhận. Xác nhận điện tử không phải là chữ ký số.</p></td></tr></table>",
        _evidence(paper),
    ]
    title = escape(paper.document_title)
    return f'<html lang="vi"><head><title>{title}</title></head><body>{"".join(sheet)}</body></html>'


def _evidence(paper) -> str:
    known = paper.evidence
    rows = "".join(
        f"<tr><th colspan=2>{place}. {escape(one.party)}: {escape(one.name)}</th></tr>"
        f"<tr><td>Chức vụ khi xác nhận:</td><td>{escape(one.post)}</td></tr>"
        f"<tr><td>Thời điểm:</td><td>{one.moment}</td></tr><tr><td>Hình thức:</td><td>{one.channel}</td></tr>"
        f"<tr><td>Bằng chứng:</td><td>{one.proof}</td></tr>"
        f"<tr><td>Đã xác nhận nội dung có mã băm SHA-256:</td><td>{one.digest}</td></tr>"
        for place, one in enumerate(known.parties, start=1)
    )
    return (
        '<section class="evidence"><h2>TRANG MINH CHỨNG XÁC NHẬN ĐIỆN TỬ</h2>'
        f"<p><em>Kèm theo bản cam kết mang mã kiểm tra <strong>{paper.check_code}</strong></em></p>"
        f"<p>Nội dung: {escape(paper.subject)}</p><p>Người cam kết: <strong>{escape(paper.person_name)}</strong>, "
        f"{escape(paper.person_post)}, {escape(paper.unit_name)}</p><p>Bản lời cam kết: {escape(known.wording)}</p>"
        f"<p>Mã băm SHA-256 của nội dung:</p><p>{known.digest}</p><table>{rows}</table>"
        "<p><em>Xác nhận điện tử: người có tên đăng nhập bằng tài khoản của mình, xem toàn văn nội dung rồi xác nhận, "
        "với mật khẩu hoặc mã xác thực đã nhập trong vòng 10 phút trước đó. Xác nhận điện tử không phải là chữ ký số "
        "của người xác nhận.</em></p><p><em>Tệp PDF này mang chữ ký số của hệ thống (xác nhận toàn vẹn): chỉ cho biết "
        "tệp không bị sửa từ khi hệ thống lập ra, không phải là chữ ký của người nào và không thay cho chữ ký của "
        f"người nào.</em></p><p><em>Kiểm tra: mở {paper.check_page}, nhập mã kiểm tra, hoặc chọn chính tệp PDF này."
        "</em></p></section>"
    )


def main() -> None:
    from weasyprint import CSS as Style
    from weasyprint import HTML

    made = 0
    for one in json.load(sys.stdin):
        made += len(HTML(string=one).write_pdf(stylesheets=[Style(string=CSS)], pdf_variant="pdf/ua-1"))
    print(json.dumps({"seconds": time.process_time(), "bytes": made}))


if __name__ == "__main__":
    main()
