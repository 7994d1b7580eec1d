"""The cast widened to every kind of right: substitutes, inspectors, lines, second posts, posts that ended."""

from datetime import date, timedelta

from ledger import clock
from tests.cast import Cast, make_cast
from tests.factories import appoint, employ, make_union, make_unit, make_user, person, place
from units.models import Appointment, Category, Post, ProfessionalLine, Unit

ROLES = [
    "nobody", "official", "clerk", "head", "school_official", "union_chair", "school_head", "other_head", "stranger",
    "home_affairs", "home_affairs_head", "leadership", "standing_committee", "chair_of_province",
    "deputy", "substitute_for_reports", "school_clerk", "accountant", "seconded", "line_head", "inspector",
    "foreign_head", "foreign_official", "parent_clerk", "former_head",
]  # fmt: skip
Manner = Appointment.Manner


def make_wide_cast() -> Cast:
    cast = make_cast()
    cast.foreign_school = school_of(cast.other_ward, "Trường Tiểu học A Lưới 2")
    today, teacher, officer = clock.today(), Category.VIEN_CHUC, Category.CONG_CHUC
    in_a_year = today + timedelta(days=365)
    people = {
        "deputy": person("Lê Văn Ẩn", cast.ward, Category.CAN_BO, ("deputy", "Phó Chủ tịch UBND phường")),
        "substitute_for_reports": person("Bùi Thị Ơn", cast.ward, officer),
        "school_clerk": person("Đoàn Thị Ê", cast.school, teacher, ("clerk", "Văn thư")),
        "accountant": person("Võ Thị Ý", cast.school, teacher, ("clerk", "Kế toán")),
        "seconded": make_user("Phạm Biệt Phái"),
        "line_head": person("Trần Kiêm Ngành", cast.other_agency, Category.CAN_BO, ("head", "Giám đốc")),
        "inspector": person("Hồ Thị Kiểm", cast.other_agency, officer),
        "foreign_head": person("Blup Thị Nhi", cast.foreign_school, teacher, ("head", "Hiệu trưởng")),
        "foreign_official": person("Kăn Sao", cast.foreign_school, teacher),
        "parent_clerk": person("Nguyễn Khoa Văn", cast.root, officer, ("clerk", "Cán bộ đầu mối")),
        "former_head": person("Ngô Đã Thôi", cast.ward, officer),
    }
    employ(people["seconded"], cast.ward)
    people["seconded"].employments.update(payroll_unit=cast.foreign_school)
    appoint(people["accountant"], cast.foreign_school, "clerk", "Kế toán kiêm nhiệm")
    substitute(people["substitute_for_reports"], cast.ward, in_a_year)
    appoint(
        people["inspector"],
        cast.home_affairs_unit,
        "inspector",
        "Thành viên đoàn",
        until=in_a_year,
        scope=cast.ward,
    )
    appoint(people["former_head"], cast.other_ward, "clerk", "Cán bộ đầu mối cũ", until=today)
    ProfessionalLine.objects.create(unit=cast.school, authority=cast.other_agency, since=date(2024, 1, 1))
    cast.people |= people
    return cast


def school_of(ward: Unit, name: str) -> Unit:
    school = make_unit(name, kind=Unit.Kind.SCHOOL)
    place(school, ward)
    make_union(school)
    return school


def substitute(user, unit: Unit, until: date) -> Appointment:
    """By authority of the head, in reports alone."""
    post = Post.objects.get(unit=unit, kind="head")
    given_by = post.appointments.get()
    return Appointment.objects.create(
        post=post,
        user=user,
        manner=Manner.BY_AUTHORITY,
        document="Giấy ủy quyền số 3",
        covers="Ký gửi báo cáo của Cuộc vận động",
        functions=["reports"],
        given_by=given_by,
        since=date(2024, 1, 1),
        until=until,
    )
