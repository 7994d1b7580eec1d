"""What is not possible is refused in one sentence, with nothing done."""

from datetime import date, timedelta

import pytest

from ledger import clock
from ledger.workflow import StepRefused
from tests.factories import make_unit, place
from tests.units.acts import (
    DAY,
    Kind,
    dissolve,
    existing,
    merge,
    move,
    new,
    orders,
    parent_of,
    rename,
    split,
    unit_called,
)
from units.models import Placement, Reorganisation, Succession, Unit
from units.services import reorganise


@pytest.fixture(autouse=True)
def nothing_is_done(cast):
    """Whatever a test here asks for in vain is called “Không thành”."""
    yield
    assert not Unit.objects.filter(name__startswith="Không thành").exists()


def refused(sentence: str):
    return pytest.raises(StepRefused, match=sentence)


def test_a_unit_that_ended_does_not_act_again(cast):
    merge(cast.ward, cast.other_ward, into=new("UBND phường Phú Xuân"))
    with refused("UBND phường Kim Long đã kết thúc từ ngày 01/07/2026"):
        rename(cast.ward, "Không thành", on=DAY + timedelta(days=9))
    with refused("UBND phường Kim Long đã kết thúc"):
        move(cast.school, to=cast.ward, on=DAY + timedelta(days=9))


def test_a_unit_cannot_take_part_before_it_exists(cast):
    with refused("UBND phường Kim Long có từ ngày 01/01/2024"):
        rename(cast.ward, "Không thành", on=date(2023, 6, 1))


def test_a_unit_does_not_end_on_the_day_it_began(cast):
    merge(cast.ward, cast.other_ward, into=new("UBND phường Phú Xuân"))
    with refused("bắt đầu chính từ ngày 01/07/2026"):
        rename(unit_called("UBND phường Phú Xuân"), "Không thành")


def test_an_act_before_what_was_done_later_contradicts_it(cast):
    move(cast.school, to=cast.other_ward)
    with refused("còn được sắp xếp từ ngày 01/07/2026"):
        rename(cast.school, "Không thành", on=date(2026, 3, 1))


def test_an_act_before_a_later_succession_contradicts_it(cast):
    merge(cast.other_ward, into=existing(cast.ward))
    with refused("UBND phường Kim Long còn được sắp xếp từ ngày 01/07/2026"):
        rename(cast.ward, "Không thành", on=date(2026, 3, 1))


def test_no_unit_stands_below_itself(cast):
    with refused("không thể trực thuộc một đơn vị nằm trong chính nó"):
        move(cast.ward, to=cast.ward)
    with refused("không thể trực thuộc một đơn vị nằm trong chính nó"):
        move(cast.ward, to=cast.school)
    with refused("không thể trực thuộc một đơn vị nằm trong chính nó"):
        merge(cast.ward, cast.other_ward, into=new("Không thành", parent=cast.school))


def test_a_move_entered_late_cannot_close_a_circle_on_a_later_day(cast):
    """On its own day the move is possible; later the unit above was itself moved below the one that moves."""
    move(cast.other_ward, to=cast.ward, on=DAY)
    with refused("không thể trực thuộc một đơn vị nằm trong chính nó"):
        move(cast.ward, to=cast.other_ward, on=date(2026, 3, 1))


def test_there_is_one_province(cast):
    with refused("Chỉ có một đơn vị ở cấp cao nhất"):
        reorganise(orders=orders(Kind.FOUNDING, heirs=[new("Không thành")]), by=None)


def test_the_province_is_neither_moved_nor_divided_nor_dissolved(cast):
    with refused("là cấp cao nhất"):
        move(cast.root, to=cast.ward)
    with refused("là cấp cao nhất"):
        split(cast.root, new("Không thành 1"), new("Không thành 2"))
    with refused("là cấp cao nhất"):
        dissolve(cast.root, existing(cast.ward))


def test_a_move_to_where_a_unit_stands_is_none(cast):
    with refused("đã trực thuộc UBND phường Kim Long"):
        move(cast.school, to=cast.ward)


@pytest.mark.parametrize("parts", [0, -1])
def test_every_part_is_more_than_nothing(cast, parts):
    with refused("phải lớn hơn 0"):
        split(cast.ward, new("Không thành 1", parts=parts), new("Không thành 2"))
    with refused("phải lớn hơn 0"):
        split(cast.ward, new("Không thành 1"), continues=True, rest_parts=parts)


def test_a_split_names_only_people_and_units_of_the_unit_that_is_split(cast):
    two = [new("Không thành 1"), new("Không thành 2")]
    with refused("Có 1 người được giao nơi đến không thuộc"):
        split(cast.ward, *two, people={cast.stranger.public_id: 1})
    with refused("Sở Y tế không trực thuộc|không có trên cổng|không trực thuộc đơn vị được sắp xếp"):
        split(cast.ward, *two, children={cast.other_agency.public_id: 1})
    with refused("một nơi không có trong việc sắp xếp"):
        split(cast.ward, *two, people={cast.clerk.public_id: 2})
    with refused("một nơi không có trong việc sắp xếp"):
        split(cast.ward, *two, people={cast.clerk.public_id: -1})
    with refused("Có 1 người ghi trong việc sắp xếp không có trên cổng"):
        split(cast.ward, *two, people={"nobody": 1})


def test_a_unit_that_ends_takes_nothing_over(cast):
    with refused("không thể tự tiếp nhận"):
        split(cast.ward, existing(cast.ward), new("Không thành"))
    with refused("không thể tự tiếp nhận"):
        dissolve(cast.ward, existing(cast.ward))
    with refused("ít nhất một đơn vị kết thúc"):
        merge(cast.ward, into=existing(cast.ward))


def test_numbers_of_units(cast):
    with refused("cần ít nhất hai đơn vị"):
        merge(cast.ward, into=new("Không thành"))
    with refused("chỉ có 1 đơn vị tiếp nhận"):
        reorganise(
            orders=orders(
                Kind.MERGER, cast.ward, cast.school, heirs=[new("Không thành"), new("Không thành b")]
            ),
            by=None,
        )
    with refused("ít nhất hai đơn vị tiếp nhận"):
        split(cast.ward, new("Không thành"))
    with refused("lập một đơn vị mới"):
        reorganise(orders=orders(Kind.RENAMING, cast.ward, heirs=[existing(cast.school)]), by=None)
    with refused("Cần chọn cơ quan chủ quản mới"):
        reorganise(orders=orders(Kind.MOVE, cast.school), by=None)


def test_an_act_rests_on_a_document(cast):
    without = orders(Kind.RENAMING, cast.ward, heirs=[new("Không thành")], decision=" ")
    with refused("Cần ghi số, ký hiệu của văn bản"):
        reorganise(orders=without, by=None)


def test_a_day_to_come_is_planned_not_done(cast):
    with refused("chưa đến; hãy lên lịch"):
        rename(cast.ward, "Không thành", on=clock.today() + timedelta(days=1))


def test_two_splits_of_one_unit_on_one_day_are_one_act(cast):
    """Shares of one day are shares of one whole."""
    split(cast.ward, new("UBND phường Đông"), continues=True)
    with refused("đã được tách trong ngày 01/07/2026"):
        split(cast.ward, new("Không thành"), continues=True)


def test_a_unit_that_gave_a_part_to_another_does_not_give_it_the_rest_on_that_day(cast):
    split(cast.ward, existing(cast.other_ward), continues=True)
    with refused("UBND phường Kim Long đã chuyển một phần cho UBND xã A Lưới 2 trong ngày 01/07/2026"):
        merge(cast.ward, into=existing(cast.other_ward))
    with refused("UBND phường Kim Long đã chuyển một phần cho UBND xã A Lưới 2 trong ngày 01/07/2026"):
        split(cast.ward, existing(cast.other_ward), new("Không thành"))
    merge(cast.ward, into=existing(cast.other_ward), on=DAY + timedelta(days=1))


def test_a_unit_is_not_loaded_twice_under_one_key(cast):
    with refused("trùng mã nguồn"):
        merge(cast.ward, cast.other_ward, into=new("Không thành", source_key=cast.school.source_key))


def test_what_will_move_below_a_unit_that_ends_moves_below_its_heir(cast):
    """A placement of a later day, in a row that no act wrote."""
    late = make_unit("Trạm Y tế phường Kim Long", kind=Unit.Kind.HEALTH_STATION)
    place(late, cast.other_agency, since=date(2024, 1, 1), until=date(2026, 9, 1))
    place(late, cast.ward, since=date(2026, 9, 1))
    merge(cast.ward, cast.other_ward, into=new("UBND phường Phú Xuân"))
    assert parent_of(late, date(2026, 9, 1)) == unit_called("UBND phường Phú Xuân")
    assert parent_of(late, date(2026, 8, 31)) == cast.other_agency


def test_refused_acts_leave_no_row(cast):
    rows = Placement.objects.count()
    with refused("2 người"):
        dissolve(cast.ward)
    assert Placement.objects.count() == rows
    assert not Reorganisation.objects.exists() and not Succession.objects.exists()
