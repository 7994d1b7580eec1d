"""The people every test knows by name and role, in a small but whole province."""

from dataclasses import dataclass, field

from tests.factories import appoint, make_union, make_unit, person, place
from tests.snapshot import Snapshot
from units.models import Category, Unit, User


@dataclass
class Cast:
    """root → Sở Nội vụ, Sở Y tế, two wards; below one ward a school (with a union) and a division (without papers)."""

    root: Unit
    home_affairs_unit: Unit
    other_agency: Unit
    ward: Unit
    other_ward: Unit
    school: Unit
    division: Unit
    people: dict[str, User] = field(default_factory=dict)

    def __getattr__(self, role: str) -> User:
        try:
            return self.__dict__["people"][role]
        except KeyError:
            raise AttributeError(role) from None

    @property
    def roles(self) -> list[str]:
        return list(self.people)


@Snapshot
def make_cast() -> Cast:
    kind = Unit.Kind
    root = make_unit(
        "UBND thành phố Huế",
        kind=kind.PROVINCE,
        area_name="thành phố Huế",
        abbr="UBND",
        header_lines=["ỦY BAN NHÂN DÂN", "THÀNH PHỐ HUẾ"],
    )
    snv = make_unit("Sở Nội vụ", abbr="SNV", header_lines=["SỞ NỘI VỤ"])
    syt = make_unit("Sở Y tế", abbr="SYT", header_lines=["SỞ Y TẾ"])
    ward = make_unit("UBND phường Kim Long", kind=kind.WARD, area_name="phường Kim Long", abbr="UBND")
    other = make_unit("UBND xã A Lưới 2", kind=kind.COMMUNE, area_name="xã A Lưới 2", abbr="UBND")
    school = make_unit("Trường Tiểu học Kim Long 1", kind=kind.SCHOOL)
    division = make_unit("Phòng Văn hóa - Xã hội phường Kim Long", kind=kind.DIVISION)
    place(root, None, in_scope=True, own=False, own_papers=True)
    for first in (snv, syt, ward, other):
        place(first, root)
    place(school, ward, own_papers=True, own=False)
    place(division, ward, own=False)
    make_union(school)
    cast = Cast(root, snv, syt, ward, other, school, division)
    cast.people = _people(cast)
    return cast


def _people(cast: Cast) -> dict[str, User]:
    officer, teacher = Category.CONG_CHUC, Category.VIEN_CHUC
    people = {
        "chair_of_province": person(
            "Nguyễn Văn Phương", cast.root, Category.CAN_BO, ("head", "Chủ tịch UBND thành phố")
        ),
        "leadership": person(
            "Trần Thị Hoài An", cast.root, Category.CAN_BO, ("leadership", "Phó Chủ tịch UBND thành phố")
        ),
        "standing_committee": person(
            "Lê Trường Lưu", cast.root, Category.CAN_BO, ("standing_committee", "Ủy viên Ban Thường vụ")
        ),
        "home_affairs_head": person("Phan Quốc Sơn", cast.home_affairs_unit, officer, ("head", "Giám đốc")),
        "home_affairs": person("Hoàng Thị Ngọc Ánh", cast.home_affairs_unit, officer),
        "head": person("Tôn Thất Đức", cast.ward, Category.CAN_BO, ("head", "Chủ tịch UBND phường")),
        "clerk": person("Nguyễn Thị Út", cast.ward, officer, ("clerk", "Cán bộ đầu mối")),
        "official": person("Kăn Lịch", cast.division, officer),
        "school_head": person("Công Tằng Tôn Nữ Ngọc Hiền", cast.school, teacher, ("head", "Hiệu trưởng")),
        "union_chair": person(
            "Hồ Văn Ưng", cast.school, teacher, ("union_chair", "Chủ tịch Công đoàn cơ sở")
        ),
        "school_official": person("Ưng Thị Ẩn", cast.school, teacher),
        "other_head": person("A Viết Nhâm", cast.other_ward, Category.CAN_BO, ("head", "Chủ tịch UBND xã")),
        "stranger": person("Đặng Văn Ông", cast.other_ward, officer),
    }
    appoint(people["home_affairs"], cast.home_affairs_unit, "home_affairs", "Chuyên viên", scope=cast.root)
    return people
