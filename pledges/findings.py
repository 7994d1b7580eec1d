"""What was found in a file that came back signed, in plain sentences: for the person, the head, and the evidence."""

from dataclasses import dataclass
from datetime import datetime

from ledger import clock
from pledges.models import SignedFile

V = SignedFile.Verdict
TONES: dict[str, str] = {V.ACCEPTED: "done"}
TITLES: dict[str, str] = {
    V.ACCEPTED: "Chữ ký số hợp lệ",
    V.UNSIGNED: "Tệp không có chữ ký số",
    V.ALTERED: "Nội dung đã bị thay đổi",
    V.FOREIGN: "Không phải bản đã tải về",
    V.INVALID: "Chữ ký số không hợp lệ",
    V.UNREADABLE: "Không đọc được tệp",
}
# By verdict and reason: what is wrong, and what to do.
WORDS: dict[tuple[str, str], str] = {
    (
        V.ACCEPTED,
        "",
    ): "Tệp bắt đầu bằng đúng từng byte của bản cổng đã lập; phía sau chỉ có chữ ký số. Tệp được lưu "
    "nguyên vẹn.",
    (
        V.UNSIGNED,
        "",
    ): "Tệp là đúng bản đã tải về nhưng chưa ký. Mở tệp bằng công cụ ký số, ký, lưu lại, rồi tải lên "
    "tệp đã ký.",
    (
        V.ALTERED,
        "saved_again",
    ): "Tệp được lập từ bản đã tải về nhưng không còn nguyên từng byte: nội dung bị sửa, hoặc "
    "một phần mềm đã lưu lại hay in lại tệp. Tải lại bản để ký và ký thẳng trên bản đó.",
    (
        V.ALTERED,
        "replaced",
    ): "Phía sau bản đã tải về có một văn bản khác thay vào. Tải lại bản để ký và ký thẳng trên bản đó.",
    (
        V.ALTERED,
        "added",
    ): "Ngoài chữ ký số, tệp còn có nội dung được thêm vào (ghi chú, ô nhập, chữ hoặc hình). Tải "
    "lại bản để ký, không ghi chú, không điền gì, rồi ký.",
    (
        V.ALTERED,
        "after_signing",
    ): "Nội dung của tệp bị thay đổi sau khi ký, nên chữ ký số không còn khớp. Ký lại từ bản để ký.",
    (
        V.ALTERED,
        "covered",
    ): "Hình chữ ký che một phần lớn của trang, có thể che mất nội dung. Ký lại với hình chữ ký "
    "nhỏ, đặt dưới “NGƯỜI CAM KẾT”.",
    (
        V.FOREIGN,
        "",
    ): "Tệp tải lên là văn bản khác, hoặc là bản để ký của một lần trước. Tải lại bản để ký ở trang này, "
    "ký bản đó rồi tải lên.",
    (
        V.INVALID,
        "broken",
    ): "Chữ ký số trong tệp bị hỏng, dùng thuật toán không còn an toàn, hoặc không bao trùm cả "
    "văn bản. Ký lại từ bản để ký; nếu vẫn vậy, báo nơi cấp chứng thư số.",
    (V.INVALID, "expired"): "Chứng thư số dùng để ký đã hết hạn. Gia hạn chứng thư rồi ký lại.",
    (
        V.INVALID,
        "not_yet",
    ): "Chứng thư số dùng để ký chưa tới ngày có hiệu lực. Kiểm tra ngày của chứng thư và của máy tính.",
    (
        V.INVALID,
        "untrusted",
    ): "Chứng thư số không do tổ chức mà thành phố tin cậy cấp, hoặc đã bị thu hồi. Dùng chứng "
    "thư do cơ quan nhà nước hoặc tổ chức được cấp phép cấp.",
    (
        V.INVALID,
        "unchecked",
    ): "Chưa đối chiếu được chứng thư số với nguồn tin cậy, và cổng được đặt để không nhận khi "
    "chưa đối chiếu. Ký điện tử trên cổng, hoặc báo Sở Nội vụ.",
    (V.UNREADABLE, "locked"): "Tệp có đặt mật khẩu. Ký lại từ bản để ký, không đặt mật khẩu.",
    (V.UNREADABLE, "not_pdf"): "Tệp không phải là PDF. Tải lên tệp PDF đã ký.",
    (V.UNREADABLE, "large"): "Tệp nặng quá 10 MB. Ký lại từ bản để ký, với hình chữ ký nhỏ.",
    (
        V.UNREADABLE,
        "costly",
    ): "Mở tệp này tốn quá nhiều bộ nhớ hoặc thời gian nên đã dừng. Ký lại từ bản để ký.",
    (
        V.UNREADABLE,
        "damaged",
    ): "Tệp bị hỏng hoặc tải lên chưa hết. Tải lên lại; nếu vẫn vậy, ký lại từ bản để ký.",
}
TIMES = {
    "token": "theo dấu thời gian của tổ chức cấp dấu thời gian",
    "claim": "theo đồng hồ máy của người ký, không có dấu thời gian",
}
TRUST = {
    "trusted": "Chứng thư do tổ chức mà thành phố tin cậy cấp.",
    "untrusted": "Chứng thư không do tổ chức mà thành phố tin cậy cấp.",
    "unchecked": "Chưa đối chiếu được với nguồn tin cậy: cổng chưa được khai báo tổ chức cấp chứng thư nào.",
}
NOT_ASKED = "Cổng không tra cứu qua mạng xem chứng thư có bị thu hồi hay không."


@dataclass(frozen=True)
class Found:
    """One file, ready to be shown: `facts` as pairs of label and value, `warnings` what a reader must not miss."""

    tone: str
    title: str
    words: str
    facts: list[dict[str, str]]
    warnings: list[str]
    at: datetime


def found_in(file: SignedFile, person_name: str) -> Found:
    findings, verdict = file.findings, file.verdict
    words = WORDS.get((verdict, findings.get("reason", "")), "")
    signatures = findings.get("signatures", [])
    facts, warnings = [], []
    if signatures:
        own = signatures[findings.get("signer", 0)]
        facts = _facts(own, len(signatures))
        if not findings.get("same_name"):
            warnings.append(
                f"Tên trong chứng thư số là “{own['name']}”, khác họ tên người cam kết “{person_name}”."
            )
        if verdict == V.ACCEPTED and own["trust"] != "trusted":
            warnings.append(TRUST[own["trust"]])
    return Found(TONES.get(verdict, "late"), TITLES[verdict], words, facts, warnings, file.at)


def _facts(own: dict[str, str], count: int) -> list[dict[str, str]]:
    rows = [
        ("Người ký theo chứng thư", own["name"] or "không ghi tên"),
        ("Tổ chức ghi trong chứng thư", own["organisation"]),
        ("Nơi cấp chứng thư", own["issuer"]),
        ("Số hiệu chứng thư", own["serial"]),
        ("Chứng thư có hiệu lực", f"{_day(own['valid_from'])} – {_day(own['valid_until'])}"),
        ("Thời điểm ký", _signed_at(own)),
        ("Đối chiếu", f"{TRUST[own['trust']]} {NOT_ASKED}"),
        ("Số chữ ký số trong tệp", str(count) if count > 1 else ""),
    ]
    return [{"label": label, "value": value} for label, value in rows if value]


def _signed_at(own: dict[str, str]) -> str:
    if not own["signed_at"]:
        return "không ghi trong chữ ký"
    moment = clock.local(datetime.fromisoformat(own["signed_at"]))
    return f"{moment:%H:%M} ngày {moment:%d/%m/%Y}, {TIMES[own['time_from']]}"


def _day(moment: str) -> str:
    return f"{clock.local(datetime.fromisoformat(moment)):%d/%m/%Y}"
