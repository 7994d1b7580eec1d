"""Sample papers to look at and to test on. `python -m tests.documents.samples FOLDER` prints them all as PDF."""

import sys
from datetime import UTC, date, datetime
from pathlib import Path

from documents.layout import (
    Annex,
    Clause,
    Column,
    Confirmation,
    Evidence,
    EvidencePaper,
    Figure,
    Header,
    Paragraph,
    PledgePaper,
    Point,
    Recipients,
    Row,
    Section,
    Signature,
    SigningMode,
    StatutoryPaper,
    Table,
    Title,
    Witnessed,
    signing_lines,
)
from documents.layout.evidence import BY_FILE
from documents.press import Sheet, render_all
from documents.typeset import evidence_sheet, pledge_sheet, report_html

COMMITMENTS = (
    "Không cửa quyền, hách dịch, gây khó khăn, phiền hà;",
    "Không quan liêu, vô cảm, vô trách nhiệm;",
    "Không tham nhũng, lãng phí, lợi ích nhóm;",
    "Không xu nịnh, chạy chọt, gian dối;",
    "Không lợi dụng chức vụ, quyền hạn trong thực thi công vụ.",
)
BASES = (
    "Căn cứ Quyết định số 2607/QĐ-UBND ngày 23 tháng 10 năm 2019 của Ủy ban nhân dân tỉnh Thừa Thiên Huế về việc ban "
    "hành Kế hoạch phát động, triển khai thực hiện Cuộc vận động “Cán bộ, công chức, viên chức nói không với tiêu cực”",
    "Căn cứ Kế hoạch số 12/KH-SNV ngày 05 tháng 01 năm 2026 của Sở Nội vụ triển khai Cuộc vận động năm 2026",
)
SUBJECT = "Kết quả thực hiện Cuộc vận động “Cán bộ, công chức, viên chức\nnói không với tiêu cực” năm 2026"
NARRATIVE = (
    "Các cơ quan, đơn vị, địa phương đã tổ chức quán triệt nội dung Cuộc vận động đến toàn thể cán bộ, công chức, viên "
    "chức và người lao động; Ủy ban nhân dân các xã, phường đã niêm yết công khai năm nội dung “không” tại bộ phận "
    "tiếp nhận và trả kết quả. Ưu điểm nổi bật là tỷ lệ ký cam kết đạt 96,3%, tăng 2,1 điểm phần trăm so với năm 2025; "
    "ông Ẩn và bà Nguyễn Phước Công Huyền Tôn Nữ Thúy Diễm là hai gương điển hình."
)
UNITS = (
    "Sở Nội vụ", "Sở Tài chính", "Sở Xây dựng", "Sở Nông nghiệp và Môi trường", "Sở Khoa học và Công nghệ",
    "Sở Du lịch", "Sở Văn hóa và Thể thao", "Trung tâm Bảo tồn Di tích Cố đô Huế",
    "Ban Quản lý Khu kinh tế, công nghiệp",
    "UBND phường Kim Long", "UBND phường Vỹ Dạ", "UBND xã A Lưới 4", "UBND xã Chân Mây - Lăng Cô",
    "UBND phường Ưu Điềm",
)  # fmt: skip


def progress_table() -> Table:
    return Table(
        caption="Tổng hợp kết quả theo khối",
        unit="Đơn vị tính: người",
        columns=(
            Column("TT", 10, "center"),
            Column("Khối", 55, heading=True),
            Column("Tổng số", 25, "right"),
            Column("Đã ký", 25, "right"),
            Column("Tỷ lệ", 25, "right"),
            Column("Số đơn vị có số liệu", 25, "right"),
        ),
        rows=(
            Row(("1", "Sở, ban, ngành", "1.250", "1.204", "96,3%", "14/14")),
            Row(("2", "Phường", "1.020", "1.001", "98,1%", "20/21")),
            Row(("3", "Xã", "734", "688", "93,7%", "17/19")),
            Row(("", "Cộng", "3.004", "2.893", "96,3%", "51/54"), "total"),
        ),
        note="Ghi chú: UBND phường An Cựu, UBND xã Nam Đông, UBND xã Bình Điền chưa gửi báo cáo.",
    )


def wide_table(rows: int) -> Table:
    groups = ("Người đã ký cam kết", "Tuyên truyền", "Vi phạm đã xử lý theo từng nội dung")
    columns = [
        Column("TT", 9, "center"),
        Column("Cơ quan, đơn vị, địa phương", 55, heading=True),
        Column("Tổng số", 17, "right"),
        *(Column(title, 17, "right", group=groups[0]) for title in ("Đã ký", "Tỷ lệ", "Lãnh đạo")),
        *(Column(title, 17, "right", group=groups[1]) for title in ("Hội nghị", "Lượt người")),
        *(Column(f"Không {number}", 14, "right", group=groups[2]) for number in range(1, 6)),
        Column("Ghi chú", 26),
    ]
    body = [Row(("Sở, ban, ngành",), "group")]
    for place in range(1, rows + 1):
        if place == rows // 2:
            body.append(Row(("Xã, phường",), "group"))
        name = UNITS[place % len(UNITS)]
        late = "Quá hạn 3 ngày" if place % 17 == 0 else ""
        body.append(
            Row(
                (
                    str(place),
                    name,
                    "1.234",
                    "1.188",
                    "96,3%",
                    "12",
                    "4",
                    "1.102",
                    "0",
                    "1",
                    "0",
                    "0",
                    "0",
                    late,
                )
            )
        )
    body.append(
        Row(
            ("", "Cộng", "74.040", "71.280", "96,3%", "720", "240", "66.120", "0", "60", "0", "0", "0", ""),
            "total",
        )
    )
    return Table("", tuple(columns), tuple(body), unit="Đơn vị tính: người", numbered=True)


def chart() -> Figure:
    from django.template import Context, Engine

    bars = [(2022, 71), (2023, 80), (2024, 88), (2025, 94), (2026, 96)]
    marks = [
        {"year": year, "share": share, "left": 30 + 95 * place, "middle": 55 + 95 * place, "top": 125 - share}
        for place, (year, share) in enumerate(bars)
    ]
    source = (
        '<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 500 150"><title>Tỷ lệ ký cam kết qua các năm</title>'
        '{% for m in marks %}<rect x="{{ m.left }}" y="{{ m.top }}" width="50" height="{{ m.share }}" fill="#555"/>'
        '<text x="{{ m.middle }}" y="{{ m.top|add:"-5" }}" font-size="12" text-anchor="middle">{{ m.share }}%</text>'
        '<text x="{{ m.middle }}" y="142" font-size="12" text-anchor="middle">{{ m.year }}</text>{% endfor %}</svg>'
    )
    svg = Engine().from_string(source).render(Context({"marks": marks}))
    return Figure(
        "Tỷ lệ ký cam kết tăng 2,1 điểm phần trăm so với năm 2025", svg, "Nguồn: số liệu trên Cổng."
    )


def sections() -> tuple[Section, ...]:
    return (
        Section(
            "Công tác lãnh đạo, chỉ đạo, triển khai",
            clauses=(
                Clause("Đặc điểm tình hình", blocks=(Paragraph(NARRATIVE),)),
                Clause(text="Đã ban hành 61 kế hoạch, 12 văn bản đôn đốc."),
                Clause(
                    "Tổ chức phát động, quán triệt, ký cam kết",
                    points=tuple(Point(f"Nội dung thứ {n} của việc tổ chức.") for n in range(1, 7)),
                ),
            ),
        ),
        Section(
            "Kết quả thực hiện",
            blocks=(
                Paragraph(NARRATIVE),
                progress_table(),
                Paragraph("Số liệu chi tiết tại Phụ lục kèm theo."),
                chart(),
            ),
        ),
        Section("Đánh giá chung", clauses=(Clause("Ưu điểm", blocks=(Paragraph(NARRATIVE),) * 3),)),
        Section("Phương hướng, nhiệm vụ năm 2027", blocks=(Paragraph(NARRATIVE),) * 2),
        Section(
            "Kiến nghị, đề xuất", blocks=(Paragraph("Đề nghị Ủy ban nhân dân thành phố xem xét, chỉ đạo."),)
        ),
    )


def report(**changes) -> StatutoryPaper:
    """Sở Nội vụ to UBND, as bản trình ký: number and day unknown, two annexes across."""
    content = {
        "header": Header(
            superior_lines=("UBND THÀNH PHỐ HUẾ",),
            agency_lines=("SỞ NỘI VỤ",),
            number_symbol="BC-SNV",
            place="Huế",
            year=2026,
        ),
        "title": Title("BÁO CÁO", SUBJECT),
        "issuer": "Sở Nội vụ thành phố Huế",
        "recipients_to": ("Ủy ban nhân dân thành phố Huế",),
        "legal_bases": BASES,
        "opening": (Paragraph("Sở Nội vụ báo cáo kết quả thực hiện Cuộc vận động năm 2026 như sau:"),),
        "sections": sections(),
        "signature": Signature(("GIÁM ĐỐC",)),
        "recipients": Recipients(("Các sở, ban, ngành", "UBND các xã, phường"), "VT, CCVC"),
        "annexes": (
            Annex("Kết quả triển khai và ký cam kết", (wide_table(14),)),
            Annex("Kết quả tuyên truyền", (wide_table(60),)),
        ),
        "demo": True,
    }
    return StatutoryPaper(**content | changes)


def issued_report() -> StatutoryPaper:
    """UBND (no superior line) to Ban Thường vụ, numbered and dated, signed by a deputy, several recipients."""
    return report(
        header=Header(
            agency_lines=("ỦY BAN NHÂN DÂN", "THÀNH PHỐ HUẾ"),
            number_symbol="BC-UBND",
            number="5",
            place="Huế",
            year=2026,
            dated_on=date(2026, 2, 3),
        ),
        issuer="Ủy ban nhân dân thành phố Huế",
        recipients_to=("Ban Thường vụ Thành ủy", "Thường trực Hội đồng nhân dân thành phố", "Bộ Nội vụ"),
        signature=Signature(
            signing_lines(
                "Phó Chủ tịch", mode=SigningMode.DEPUTY, head_post="Chủ tịch", collective="Ủy ban nhân dân"
            ),
            "Nguyễn Thị Ẩn",
        ),
        annexes=(Annex("Kết quả thực hiện", (progress_table(), wide_table(30)), landscape=False),),
        demo=False,
    )


def plan() -> StatutoryPaper:
    """A KẾ HOẠCH of a health station under a long-named agency."""
    return report(
        header=Header(
            superior_lines=("UBND THÀNH PHỐ HUẾ",),
            agency_lines=("SỞ NÔNG NGHIỆP", "VÀ MÔI TRƯỜNG"),
            number_symbol="KH-SNNMT",
            place="Huế",
            year=2026,
        ),
        title=Title("KẾ HOẠCH", "Thực hiện Cuộc vận động “Năm không” năm 2026"),
        issuer="Sở Nông nghiệp và Môi trường",
        recipients_to=(),
        annexes=(),
    )


def pledge(**changes) -> PledgePaper:
    """An official's pledge with head and union, all confirmed."""
    at = datetime(2026, 11, 15, 3, 24, tzinfo=UTC)
    digest = "9f2c4e1ab07d55338c6e1f90a2b4d7e85566778899aabbccddeeff0011223344"
    content = {
        "place": "Huế",
        "dated_on": date(2026, 1, 5),
        "subject": "Thực hiện Cuộc vận động “Cán bộ, công chức, viên chức\nnói không với tiêu cực” năm 2026",
        "addressed_to": ("Hiệu trưởng Trường THCS Chu Văn An", "Ban Chấp hành Công đoàn cơ sở"),
        "person_name": "Công Tằng Tôn Nữ Thúy Ẩn",
        "person_post": "Giáo viên",
        "unit_name": "Trường THCS Chu Văn An, phường Vỹ Dạ",
        "opening": "Sau khi được quán triệt nội dung Cuộc vận động, tôi cam kết thực hiện nghiêm “Năm không”:",
        "commitments": COMMITMENTS,
        "own_text": "Không dạy thêm trái quy định.\nPhản hồi phụ huynh trong 02 ngày làm việc.",
        "closing": ("Nếu vi phạm, tôi xin chịu trách nhiệm trước cơ quan và pháp luật.",),
        "confirmations": (
            Confirmation("THỦ TRƯỞNG ĐƠN VỊ", "Lê Văn Ưu", "Hiệu trưởng", at, digest),
            Confirmation("TM. BCH CÔNG ĐOÀN", "Trần Thị Huệ", "Chủ tịch Công đoàn cơ sở", at, digest),
            Confirmation("NGƯỜI CAM KẾT", "Công Tằng Tôn Nữ Thúy Ẩn", "Giáo viên", at, digest),
        ),
        "check_code": "7K3WQ-P5M2X-9HJTR-4DBNC",
        "check_url": "https://namkhong.hue.gov.vn/kiem-tra/7K3WQ-P5M2X-9HJTR-4DBNC/",
        "demo": True,
    }
    return PledgePaper(**content | changes)


def pledge_to_head() -> PledgePaper:
    """Without a union, the head not yet in, and the longest name."""
    return pledge(
        person_name="Nguyễn Phước Công Tằng Tôn Nữ Huyền Trân Thúy Diễm",
        addressed_to=("Giám đốc Sở Du lịch",),
        confirmations=(Confirmation("THỦ TRƯỞNG ĐƠN VỊ"), pledge().confirmations[-1]),
    )


DIGEST = "9f2c4e1ab07d55338c6e1f90a2b4d7e85566778899aabbccddeeff0011223344"


def evidence(**changes) -> Evidence:
    at = datetime(2026, 11, 15, 3, 24, 5, tzinfo=UTC)
    by_password = "nhập mật khẩu lúc 10:23:41 ngày 15/11/2026 (giờ Việt Nam, +07:00)"
    content = {
        "wording": "Lời cam kết năm 2026, phiên bản 2",
        "round": 1,
        "digest": DIGEST,
        "parties": (
            Witnessed(
                "Người cam kết", "Công Tằng Tôn Nữ Thúy Ẩn", "Giáo viên", at, DIGEST, proof=by_password
            ),
            Witnessed("Thủ trưởng đơn vị", "Lê Văn Ưu", "Hiệu trưởng", at, DIGEST, proof=by_password),
            Witnessed(
                "Công đoàn cơ sở", "Trần Thị Huệ", "Chủ tịch Công đoàn cơ sở", at, DIGEST, proof=by_password
            ),
        ),
    }
    return Evidence(**content | changes)


def pledge_with_evidence(**changes) -> PledgePaper:
    return pledge(**{"evidence": evidence()} | changes)


def evidence_alone() -> EvidencePaper:
    """For a pledge whose PDF its owner signed with his own certificate."""
    whole = pledge()
    return EvidencePaper(
        subject=whole.subject,
        person_name=whole.person_name,
        person_post=whole.person_post,
        unit_name=whole.unit_name,
        pledge_code="5N7Q2-8RTVW-X4Y6Z-1A3B5",
        evidence=evidence(channel=BY_FILE, file_sha256="c0ffee" + DIGEST[6:]),
        check_code=whole.check_code,
        check_url=whole.check_url,
        demo=True,
    )


PAPERS = {
    "report": report,
    "issued": issued_report,
    "plan": plan,
    "pledge": pledge,
    "pledge-to-head": pledge_to_head,
    "pledge-with-evidence": pledge_with_evidence,
    "evidence": evidence_alone,
}


def sheet_of(name: str) -> Sheet:
    """The sample of that name as the press takes it."""
    paper = PAPERS[name]()
    if isinstance(paper, PledgePaper):
        return pledge_sheet(paper)
    if isinstance(paper, EvidencePaper):
        return evidence_sheet(paper)
    return Sheet(report_html(paper), paper.document_title)


def main(folder: str) -> None:
    for name in PAPERS:
        Path(folder, f"{name}.pdf").write_bytes(render_all([sheet_of(name)])[0])


if __name__ == "__main__":
    import django

    django.setup()
    main(sys.argv[1])
