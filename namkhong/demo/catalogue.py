"""Which units stand below the first level, in the order in which a growing demo province takes them in.

Places come from the official lists of `data/units`: schools and health stations bear the names of the communes before
July 2025. Which agencies have which divisions, branches and centres is made up to be plausible, and marked so.
"""

import csv
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

from django.conf import settings

from namkhong.demo import profiles
from namkhong.demo.profiles import Profile

OLD_COMMUNES = Path("data/units/hue_units_map_2025-01_to_2025-07.csv")
# Communes of the mountains, by their official codes: A Lưới 1–5, Khe Tre, Nam Đông, Long Quảng.
HIGHLANDS = frozenset({"20044", "20050", "20056", "20071", "20101", "20161", "20179", "20182"})

DIVISIONS = {
    "VPUBND-TP": ["Phòng Tổng hợp", "Phòng Hành chính - Tổ chức", "Phòng Nội chính", "Phòng Kinh tế"],
    "SNV-2025": [
        "Phòng Công chức, viên chức", "Phòng Tổ chức, biên chế", "Phòng Lao động, việc làm", "Phòng Người có công",
    ],
    "STP": ["Phòng Xây dựng và kiểm tra văn bản", "Phòng Hành chính tư pháp", "Phòng Bổ trợ tư pháp"],
    "STC-2025": ["Phòng Quản lý ngân sách", "Phòng Đăng ký kinh doanh", "Phòng Quản lý giá và công sản", "Phòng Đầu tư"],
    "SCT": ["Phòng Quản lý thương mại", "Phòng Quản lý năng lượng", "Phòng Quản lý công nghiệp"],
    "SNNMT": ["Phòng Kế hoạch - Tài chính", "Phòng Đất đai", "Phòng Môi trường", "Phòng Khoáng sản"],
    "SXD-2025": ["Phòng Quản lý xây dựng", "Phòng Quy hoạch - Kiến trúc", "Phòng Quản lý vận tải", "Phòng Nhà ở"],
    "SKHCN-2025": ["Phòng Quản lý khoa học", "Phòng Chuyển đổi số", "Phòng Bưu chính, viễn thông"],
    "SVHTT": ["Phòng Quản lý văn hóa", "Phòng Quản lý thể dục thể thao", "Phòng Báo chí, xuất bản"],
    "SDL": ["Phòng Quản lý lữ hành", "Phòng Quy hoạch phát triển du lịch"],
    "SGDDT": [
        "Phòng Tổ chức cán bộ", "Phòng Giáo dục mầm non", "Phòng Giáo dục phổ thông", "Phòng Kế hoạch - Tài chính",
        "Phòng Quản lý chất lượng",
    ],
    "SYT": ["Phòng Tổ chức cán bộ", "Phòng Nghiệp vụ y", "Phòng Nghiệp vụ dược", "Phòng Bảo trợ xã hội"],
    "SNGV": ["Phòng Hợp tác quốc tế", "Phòng Lãnh sự"],
    "BDT": ["Phòng Chính sách dân tộc", "Phòng Tuyên truyền và địa bàn"],
    "TTTP": ["Phòng Nghiệp vụ 1", "Phòng Nghiệp vụ 2", "Phòng Giám sát, kiểm tra và xử lý sau thanh tra"],
    "BQLKKT": ["Phòng Quản lý đầu tư", "Phòng Quy hoạch, xây dựng", "Phòng Quản lý doanh nghiệp"],
    "VPHDND": ["Phòng Công tác Quốc hội", "Phòng Công tác HĐND"],
}  # fmt: skip
BELOW_AGENCIES = {
    "SYT": [
        (profiles.HOSPITAL, "Bệnh viện", "Đa khoa Bình Điền"), (profiles.HOSPITAL, "Trung tâm Y tế", "khu vực Thuận Hóa"),
        (profiles.HOSPITAL, "Bệnh viện", "Y học cổ truyền"), (profiles.HOSPITAL, "Trung tâm Y tế", "khu vực A Lưới"),
        (profiles.HOSPITAL, "Bệnh viện", "Phổi"), (profiles.HOSPITAL, "Bệnh viện", "Mắt"),
        (profiles.HOSPITAL, "Trung tâm Y tế", "khu vực Phú Lộc"), (profiles.HOSPITAL, "Bệnh viện", "Đa khoa Chân Mây"),
        (profiles.HOSPITAL, "Trung tâm Y tế", "khu vực Phong Điền"), (profiles.HOSPITAL, "Trung tâm Y tế", "khu vực Phú Vang"),
        (profiles.HOSPITAL, "Trung tâm Y tế", "khu vực Hương Trà"), (profiles.HOSPITAL, "Trung tâm Y tế", "khu vực Hương Thủy"),
        (profiles.CENTRE, "Trung tâm", "Kiểm soát bệnh tật"), (profiles.CENTRE, "Trung tâm", "Cấp cứu 115"),
    ],
    "SGDDT": [
        (profiles.HIGH_SCHOOL, "Trường THPT", name)
        for name in (
            "A Lưới", "Phong Điền", "Thuận An", "Phú Bài", "Nam Đông", "Vinh Lộc", "Bình Điền", "Hương Thủy", "Hương Vinh",
            "Tam Giang", "Vinh Xuân", "Hà Trung", "Hương Lâm", "Hồng Vân", "Thừa Lưu", "Phú Lộc", "Hóa Châu", "An Lương Đông",
        )
    ],
    "SNV-2025": [(profiles.CENTRE, "Trung tâm", "Dịch vụ việc làm"), (profiles.CENTRE, "Trung tâm", "Lưu trữ lịch sử")],
    "STP": [(profiles.CENTRE, "Trung tâm", "Trợ giúp pháp lý nhà nước")],
    "SCT": [(profiles.CENTRE, "Trung tâm", "Khuyến công và Xúc tiến thương mại")],
    "SNNMT": [
        (profiles.BRANCH, "Chi cục", "Kiểm lâm"), (profiles.BRANCH, "Chi cục", "Thủy lợi"), (profiles.BRANCH, "Chi cục", "Thủy sản"),
        (profiles.CENTRE, "Trung tâm", "Khuyến nông"), (profiles.BRANCH, "Chi cục", "Trồng trọt và Bảo vệ thực vật"),
        (profiles.CENTRE, "Trung tâm", "Kỹ thuật tài nguyên và môi trường"), (profiles.BRANCH, "Chi cục", "Chăn nuôi và Thú y"),
    ],
    "SXD-2025": [(profiles.CENTRE, "Trung tâm", "Kiểm định chất lượng xây dựng"), (profiles.CENTRE, "Trung tâm", "Quản lý bến xe")],
    "SKHCN-2025": [(profiles.CENTRE, "Trung tâm", "Giám sát, điều hành đô thị thông minh"), (profiles.BRANCH, "Chi cục", "Tiêu chuẩn Đo lường Chất lượng")],
    "SVHTT": [(profiles.CENTRE, "Thư viện", "Tổng hợp"), (profiles.CENTRE, "Trung tâm", "Văn hóa, nghệ thuật"), (profiles.CENTRE, "Bảo tàng", "Lịch sử")],
    "SDL": [(profiles.CENTRE, "Trung tâm", "Xúc tiến du lịch")],
    "VPUBND-TP": [(profiles.CENTRE, "Trung tâm", "Phục vụ hành chính công thành phố")],
    "BQLKKT": [(profiles.CENTRE, "Trung tâm", "Quản lý hạ tầng khu kinh tế")],
}  # fmt: skip


@dataclass(frozen=True)
class Candidate:
    """A unit that may stand below `parent` (a source key). `lines` are those of its letterhead."""

    source_key: str
    parent: str
    name: str
    lines: tuple[str, ...]
    profile: Profile
    rank: int
    note: str = ""


@dataclass(frozen=True)
class FirstLevel:
    """What the catalogue must know of a unit that is there: the commune's area, or the agency's name."""

    source_key: str
    name: str
    area: str
    gso_code: str

    @property
    def is_commune(self) -> bool:
        return bool(self.area)


def candidates(first_level: list[FirstLevel]) -> list[Candidate]:
    """In the order of taking them in: lower rank first, and within a rank as the list of authorities goes."""
    places = _old_places()
    found: list[Candidate] = []
    for unit in first_level:
        found += _of_commune(unit, places[unit.gso_code]) if unit.is_commune else _of_agency(unit)
    return sorted(found, key=lambda one: one.rank)


def _old_places() -> dict[str, list[tuple[str, str]]]:
    """Communes of June 2025 (code, bare name) by the code of the commune they went into."""
    found: dict[str, list[tuple[str, str]]] = {}
    with (settings.BASE_DIR / OLD_COMMUNES).open(encoding="utf-8", newline="") as file:
        for row in csv.DictReader(file):
            found.setdefault(row["new_code"], []).append((row["old_code"], _bare(row["old_name"])))
    return found


def _bare(name: str) -> str:
    for word in ("Phường ", "Xã ", "Thị trấn "):
        if name.startswith(word):
            return name.removeprefix(word)
    return name


def _of_commune(unit: FirstLevel, places: list[tuple[str, str]]) -> Iterator[Candidate]:
    area = unit.area
    economy = "Phòng Kinh tế, Hạ tầng và Đô thị" if area.startswith("phường") else "Phòng Kinh tế"
    yield _below(unit, "vhxh", "Phòng Văn hóa - Xã hội", area, profiles.DIVISION, 1)
    yield _below(unit, "tyt", "Trạm Y tế", area, profiles.HEALTH_STATION, 2)
    yield _below(unit, "kt", economy, area, profiles.DIVISION, 3)
    yield _below(unit, "vp", "Văn phòng HĐND và UBND", area, profiles.OFFICE, 4)
    yield _below(unit, "ttpvhcc", "Trung tâm Phục vụ hành chính công", area, profiles.COUNTER, 7)
    own = area.removeprefix("phường ").removeprefix("xã ")
    # The first school is that of the place the commune is named after, where there was one.
    for place, (code, name) in enumerate(sorted(places, key=lambda place: place[1] != own)):
        rank = 10 * place
        yield _below(unit, f"th-{code}", "Trường Tiểu học", name, profiles.PRIMARY, rank + 2)
        yield _below(unit, f"mn-{code}", "Trường Mầm non", name, profiles.KINDERGARTEN, rank + 8)
        yield _below(unit, f"thcs-{code}", "Trường THCS", name, profiles.SECONDARY, rank + 9)
        yield _below(unit, f"th2-{code}", "Trường Tiểu học số 2", name, profiles.PRIMARY, rank + 80)
        yield _below(unit, f"mn2-{code}", "Trường Mầm non số 2", name, profiles.KINDERGARTEN, rank + 81)
        if place:
            yield _below(
                unit, f"tyt-{code}", "Trạm Y tế", f"khu vực {name}", profiles.HEALTH_STATION, rank + 7
            )


def _below(  # noqa: PLR0917 - a table of rows reads best without names
    unit: FirstLevel, key: str, words: str, of: str, profile: Profile, rank: int
) -> Candidate:
    note = "xếp dưới UBND cấp xã, cần Sở Nội vụ xác minh" if profile is profiles.HEALTH_STATION else ""
    return Candidate(
        source_key=f"demo:{unit.gso_code}:{key}",
        parent=unit.source_key,
        name=f"{words} {of}",
        lines=(words.upper(), of.upper()),
        profile=profile,
        rank=rank,
        note=note,
    )


def _of_agency(unit: FirstLevel) -> Iterator[Candidate]:
    code = unit.source_key.partition(":")[2]
    office = [] if unit.name.startswith("Văn phòng") or code not in DIVISIONS else ["Văn phòng"]
    for place, words in enumerate([*DIVISIONS.get(code, [])[:1], *office, *DIVISIONS.get(code, [])[1:]]):
        profile = profiles.OFFICE if words == "Văn phòng" else profiles.DIVISION
        key, lines = f"demo:{code}:p{place}", (words.upper(), unit.name.upper())
        name = f"{words} {unit.name}" if words == "Văn phòng" else f"{words} - {unit.name}"
        yield Candidate(key, unit.source_key, name, lines, profile, 1 if place == 0 else 4 + 2 * place)
    for place, (profile, words, name) in enumerate(BELOW_AGENCIES.get(code, [])):
        key, lines = f"demo:{code}:d{place}", (words.upper(), name.upper())
        rank = 3 + place if profile.family in {profiles.SCHOOL, profiles.HEALTH} else 6 + 3 * place
        yield Candidate(key, unit.source_key, f"{words} {name}", lines, profile, rank)
