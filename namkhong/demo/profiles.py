"""What sorts of units a province has: titles of those who lead them and of those who work in them."""

from collections.abc import Mapping
from dataclasses import dataclass

from units.models import Category, Unit

Kind = Unit.Kind
CAN_BO, CONG_CHUC = Category.CAN_BO, Category.CONG_CHUC
VIEN_CHUC, NGUOI_LAO_DONG = Category.VIEN_CHUC, Category.NGUOI_LAO_DONG

SCHOOL, HEALTH, SERVICE, AGENCY, COMMUNE = "school", "health", "service", "agency", "commune"


@dataclass(frozen=True, eq=False)
class Profile:
    """`family` says what the unit's people write about and where they move; `usual` how many they are.

    `staff`: title of the work → weight. `helpers` work by contract (người lao động).
    """

    kind: str
    family: str
    head: str
    deputy: str
    category: str
    usual: int
    staff: Mapping[str, float]
    helpers: tuple[str, ...] = ("Nhân viên phục vụ", "Nhân viên bảo vệ")
    helper_share: float = 0.04
    leading: str = ""
    own_papers: bool = True
    clerk_work: str = "Văn thư"
    abbr: str = ""
    deputies: int = 1

    @property
    def leading_category(self) -> str:
        return self.leading or self.category


OFFICE_WORK = {"Chuyên viên": 70, "Chuyên viên chính": 18, "Cán sự": 6, "Kế toán": 6}
ROOT_CORE = Profile(
    Kind.PROVINCE, COMMUNE, "", "", CONG_CHUC, 9, {"Chuyên viên cao cấp": 1}, leading=CAN_BO, deputies=3,
    clerk_work="Chuyên viên", helper_share=0,
)  # fmt: skip
COMMUNE_CORE = Profile(
    Kind.WARD, COMMUNE, "", "", CONG_CHUC, 6,
    {"Phó Chủ tịch HĐND": 3, "Trưởng ban HĐND": 3, "Chỉ huy trưởng Ban Chỉ huy quân sự": 2, "Chuyên viên": 6},
    helpers=("Nhân viên phục vụ",), leading=CAN_BO, clerk_work="Chuyên viên", deputies=2,
)  # fmt: skip
AGENCY_CORE = Profile(
    Kind.SPECIALISED, AGENCY, "", "", CONG_CHUC, 6, OFFICE_WORK, helpers=("Nhân viên lái xe",), deputies=2
)
SERVICE_CORE = Profile(
    Kind.PUBLIC_SERVICE, SERVICE, "", "", VIEN_CHUC, 30,
    {"Chuyên viên": 30, "Phóng viên": 12, "Biên tập viên": 8, "Nghiên cứu viên": 8, "Kế toán": 6, "Hướng dẫn viên": 10},
    helper_share=0.2, deputies=2,
)  # fmt: skip
DIVISION = Profile(
    Kind.DIVISION,
    AGENCY,
    "Trưởng phòng",
    "Phó Trưởng phòng",
    CONG_CHUC,
    4,
    OFFICE_WORK,
    own_papers=False,
    abbr="P",
)
OFFICE = Profile(
    Kind.DIVISION, AGENCY, "Chánh Văn phòng", "Phó Chánh Văn phòng", CONG_CHUC, 5,
    OFFICE_WORK | {"Văn thư": 8}, helpers=("Nhân viên lái xe", "Nhân viên phục vụ", "Nhân viên bảo vệ"),
    helper_share=0.16, own_papers=False, abbr="VP",
)  # fmt: skip
COUNTER = Profile(
    Kind.DIVISION,
    COMMUNE,
    "Giám đốc",
    "Phó Giám đốc",
    CONG_CHUC,
    4,
    OFFICE_WORK,
    own_papers=False,
    abbr="TTPVHCC",
)
BRANCH = Profile(
    Kind.ADMINISTRATIVE, AGENCY, "Chi cục trưởng", "Phó Chi cục trưởng", CONG_CHUC, 12, OFFICE_WORK, abbr="CC"
)
CENTRE = Profile(
    Kind.PUBLIC_SERVICE, SERVICE, "Giám đốc", "Phó Giám đốc", VIEN_CHUC, 12,
    {"Chuyên viên": 50, "Kỹ sư": 25, "Kế toán": 10}, helper_share=0.12, abbr="TT",
)  # fmt: skip
KINDERGARTEN = Profile(
    Kind.SCHOOL, SCHOOL, "Hiệu trưởng", "Phó Hiệu trưởng", VIEN_CHUC, 17,
    {"Giáo viên mầm non": 85, "Kế toán": 4, "Nhân viên y tế trường học": 4},
    helpers=("Nhân viên cấp dưỡng", "Nhân viên bảo vệ"), helper_share=0.16, abbr="MN",
)  # fmt: skip
PRIMARY = Profile(
    Kind.SCHOOL, SCHOOL, "Hiệu trưởng", "Phó Hiệu trưởng", VIEN_CHUC, 26,
    {"Giáo viên tiểu học": 88, "Kế toán": 4, "Nhân viên thư viện": 3, "Nhân viên thiết bị": 3},
    helpers=("Nhân viên bảo vệ", "Nhân viên phục vụ"), helper_share=0.06, abbr="TH",
)  # fmt: skip
SECONDARY = Profile(
    Kind.SCHOOL, SCHOOL, "Hiệu trưởng", "Phó Hiệu trưởng", VIEN_CHUC, 22,
    {"Giáo viên THCS": 88, "Kế toán": 4, "Nhân viên thư viện": 3, "Nhân viên thiết bị, thí nghiệm": 4},
    helpers=("Nhân viên bảo vệ", "Nhân viên phục vụ"), helper_share=0.06, abbr="THCS",
)  # fmt: skip
HIGH_SCHOOL = Profile(
    Kind.SCHOOL, SCHOOL, "Hiệu trưởng", "Phó Hiệu trưởng", VIEN_CHUC, 42,
    {"Giáo viên THPT": 88, "Kế toán": 3, "Nhân viên thư viện": 3, "Nhân viên thiết bị, thí nghiệm": 4},
    helpers=("Nhân viên bảo vệ", "Nhân viên phục vụ"), helper_share=0.05, abbr="THPT", deputies=2,
)  # fmt: skip
HEALTH_STATION = Profile(
    Kind.HEALTH_STATION, HEALTH, "Trưởng trạm", "Phó Trưởng trạm", VIEN_CHUC, 6,
    {"Điều dưỡng": 25, "Hộ sinh": 20, "Y sĩ": 25, "Bác sĩ": 15, "Dược sĩ": 12, "Cán bộ dân số": 8},
    helpers=("Nhân viên y tế",), clerk_work="Y sĩ", abbr="TYT",
)  # fmt: skip
HOSPITAL = Profile(
    Kind.PUBLIC_SERVICE, HEALTH, "Giám đốc", "Phó Giám đốc", VIEN_CHUC, 60,
    {"Điều dưỡng": 45, "Bác sĩ": 25, "Kỹ thuật y": 12, "Dược sĩ": 7, "Hộ sinh": 6, "Kế toán": 3, "Chuyên viên": 4},
    helpers=("Hộ lý", "Nhân viên bảo vệ", "Nhân viên lái xe"), helper_share=0.12, abbr="BV", deputies=2,
)  # fmt: skip
