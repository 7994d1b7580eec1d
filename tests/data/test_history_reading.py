"""A broken file of acts is refused in one sentence that says where and what; a whole one is understood."""

import pytest

from tests.data.small_history import SmallHistory
from units import history
from units.loader import BrokenFile

HEAD = "code,name,level,parent_code\n"
ON, KIND, OLD, NEW, PARENT, PARTS, DECISION, DECIDED_ON, VERIFIED = range(9)


@pytest.fixture
def small(tmp_path):
    return SmallHistory(tmp_path)


def test_rows_of_one_merger_are_one_act_with_what_is_not_verified(small):
    first = small.read().acts[0]
    assert (first.line, first.predecessors, first.heirs) == (
        2,
        ("hue-2019:11", "hue-2019:12"),
        (("hue-2020:11", 1),),
    )
    assert not first.is_verified
    assert first.note == "nguồn: báo; chưa xác minh; cùng tên"


def test_everybody_of_the_first_list_is_founded_from_the_top_down(small):
    founded = small.read().founded
    assert [row.name for row, _above in founded] == [
        "UBND tỉnh Thừa Thiên Huế",
        "Sở Nội vụ",
        "UBND huyện Phong Điền",
        "UBND huyện Nam Đông",
        "UBND xã Điền Môn",
        "UBND xã Điền Hương",
        "UBND thị trấn Phong Điền",
        "UBND thị trấn Khe Tre",
    ]
    above = {row.source_key: key for row, key in founded}
    assert (above["hue-2019:46"], above["hue-2019:1"], above["hue-2019:21"]) == (
        "",
        "hue-2019:46",
        "hue-2019:2",
    )
    town = next(row for row, _above in founded if row.source_key == "hue-2019:13")
    assert (town.area_name, town.place, town.head_title) == (
        "thị trấn Phong Điền",
        "Phong Điền",
        "Chủ tịch UBND thị trấn",
    )
    assert town.header_lines == ["ỦY BAN NHÂN DÂN", "THỊ TRẤN PHONG ĐIỀN"]


def test_a_code_that_changed_goes_with_the_unit_and_is_no_act(small):
    """As xã Lâm Đớt in 2021: the later list knows the same commune by another code."""
    path = small.folder / history.LISTS["hue-2021"]
    path.write_text(
        "code,name,level,parent_code\n46,Tỉnh,tinh,\n1,Huyện Phong Điền,huyen,46\n19,Xã Phong Thạnh,xa,1\n"
    )
    small.acts.insert(
        2, ["2021-07-01", "recoding", "hue-2020:11", "hue-2021:19", *[""] * 4, "nguồn: hai danh mục", ""]
    )
    found = small.read()
    assert found.rows["hue-2020:11"].gso_code == "19"
    assert len(found.acts) == 8


def test_moves_below_the_heirs_of_a_split_belong_to_it(small):
    split = ["2024-01-01", "split", "hue-2019:1", "", "", "1", "NQ 1", "", "nguồn: báo", ""]
    small.acts[2:2] = [
        [*split[:NEW], "hue-2019:2", *split[PARENT:]],
        [*split[:NEW], "hue-agency:SNV", *split[PARENT:]],
        ["2024-01-01", "move", "hue-2019:13", "", "hue-agency:SNV", "", "NQ 1", "", "nguồn: báo", ""],
    ]
    small.acts[5:] = []
    with pytest.raises(BrokenFile, match="sau dòng cuối"):
        small.read()
    lines = history._lines(small.file)
    (split_act,) = [act for act in history._acts(lines, "acts.csv") if act.kind == "split"]
    assert split_act.children == {"hue-2019:13": 1}


def changed(row, column, value):
    def change(small):
        small.acts[row][column] = value

    return change


def removed(row):
    def change(small):
        del small.acts[row]

    return change


@pytest.mark.parametrize(
    ("change", "said"),
    [
        (changed(0, ON, "1/2/2020"), "dòng 2: “1/2/2020” không phải ngày"),
        (changed(3, ON, "2019-06-01"), "dòng 5: các dòng phải theo thứ tự ngày"),
        (changed(0, KIND, "nhap"), "dòng 2: không có loại “nhap”"),
        (changed(0, NEW, ""), "dòng 2: thiếu hoặc thừa đơn vị trước, đơn vị sau"),
        (changed(3, NEW, "hue-2020:11"), "dòng 5: thiếu hoặc thừa đơn vị trước, đơn vị sau"),
        (changed(3, PARENT, ""), "dòng 5: chuyển cơ quan chủ quản phải có cột parent"),
        (changed(0, PARTS, "3"), "dòng 2: cột parts là số nguyên dương, chỉ khi chia, tách"),
        (changed(0, VERIFIED, "có lẽ"), "dòng 2: cột verified phải là"),
        (changed(0, DECISION, ""), "dòng 2: cột decision để trống"),
        (changed(2, DECIDED_ON, "30/11/2024"), "dòng 4: “30/11/2024” không phải ngày"),
        (changed(1, DECISION, "NQ 835"), "dòng 3: khác dòng 2 của cùng một lần sắp xếp"),
        (changed(0, OLD, "hue-2019:99"), "dòng 2: hue-2019:99 không hoạt động vào ngày 01/02/2020"),
        (changed(5, OLD, "hue-2019:11"), "dòng 7: hue-2019:11 không hoạt động vào ngày 01/07/2025"),
        (changed(0, NEW, "hue-2020:99"), "dòng 2: không có đơn vị hue-2020:99 trong danh sách nào"),
        (changed(5, NEW, "hue-2019:11"), "dòng 7: hue-2019:11 đã kết thúc"),
        (changed(3, PARENT, "hue-2019:46"), "dòng 5: cấp trên hue-2019:46 không hoạt động"),
        (removed(8), r"sau dòng cuối, các đơn vị còn lại khác hue_in_force.csv \(hue-2019:1\)"),
    ],
)
def test_a_broken_row_is_named_with_its_line_and_fault(small, change, said):
    change(small)
    with pytest.raises(BrokenFile, match=said) as caught:
        small.read()
    assert str(caught.value).startswith("acts.csv")
    assert "\n" not in str(caught.value)


@pytest.mark.parametrize(
    ("file", "text", "said"),
    [
        ("hue_units_2019.csv", "mã,tên\n", "hue_units_2019.csv, dòng 1: các cột phải là code, name"),
        (
            "hue_units_2019.csv",
            f"{HEAD}1,Huyện Phong Điền,xa,46\n",
            "dòng 2: “Huyện Phong Điền” không phải cấp",
        ),
        ("hue_units_2019.csv", f"{HEAD}1,Huyện\n", "dòng 2: số ô không khớp"),
        ("hue_former.csv", "source_key\n", "hue_former.csv, dòng 1: các cột phải là"),
    ],
)
def test_a_broken_list_is_named_too(small, file, text, said):
    (small.folder / file).write_text(text, encoding="utf-8")
    with pytest.raises(BrokenFile, match=said):
        small.read()


def test_a_file_in_another_encoding_is_not_guessed_at(small):
    small.file.write_bytes("dòng".encode("utf-16"))
    with pytest.raises(BrokenFile, match="không phải văn bản UTF-8"):
        history.read(small.folder / "acts.csv", small.folder)
