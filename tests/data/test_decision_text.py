"""The decision as data says what the decision says: every quotation is found in its text, nothing is left out."""

import re
import tomllib
import unicodedata
from collections import Counter
from pathlib import Path

import pytest
from django.conf import settings

FOLDER = Path(settings.BASE_DIR) / "data" / "campaigns"
DECISION = tomllib.loads((FOLDER / "2607.toml").read_text(encoding="utf-8"))
# One row for each version, year or campaign instead of an order.
UNNUMBERED = ("pledge_text", "self_review", "pledge_drive")
COMMITMENTS = [
    "Không cửa quyền, hách dịch, gây khó khăn, phiền hà",
    "Không quan liêu, vô cảm, vô trách nhiệm",
    "Không tham nhũng, lãng phí, lợi ích nhóm",
    "Không xu nịnh, chạy chọt, gian dối",
    "Không lợi dụng chức vụ, quyền hạn trong thực thi công vụ",
]


def original_text():
    """The received text on one line, without marks of bold and italics; what a page end broke is rejoined."""
    text = (FOLDER / "2607-nguyen-van.txt").read_text(encoding="utf-8").replace("*", "")
    return " ".join(re.sub(r"(?<=QĐ-)\n\n(?=UBND)", "", text).split())


ORIGINAL = original_text()


def quotations():
    campaign = DECISION["campaign"]
    for field in ("decision_subject", "plan_subject", "name", "alias", "signed_by", "decision_number"):
        yield f"campaign {field}", campaign[field]
    yield "reporting", DECISION["reporting"]["text"]
    for table in ("legal_bases", "targets", "commitments", "tasks"):
        for row in DECISION[table]:
            yield f"{table} {row['order']}", row["text"]
    for phase in DECISION["phases"]:
        yield f"phases {phase['number']}", phase["name"]
        for line in phase["text"].splitlines():
            yield f"phases {phase['number']}", line
    for group in DECISION["task_groups"]:
        yield f"task_groups {group['order']}", group["title"]
    yield "pledge", DECISION["pledge_text"][0]["leader_quote"]


QUOTATIONS = list(quotations())


@pytest.mark.parametrize("text", [text for _, text in QUOTATIONS], ids=[where for where, _ in QUOTATIONS])
def test_every_quotation_is_found_word_for_word_in_the_decision(text):
    assert text
    assert text in ORIGINAL


def test_the_five_commitments_stand_in_their_order_without_the_marks_that_end_their_lines():
    assert [row["text"] for row in DECISION["commitments"]] == COMMITMENTS
    assert [row["order"] for row in DECISION["commitments"]] == [1, 2, 3, 4, 5]


def test_part_four_has_six_groups_and_every_dash_of_each():
    assert [row["clause"] for row in DECISION["task_groups"]] == [
        "IV.1",
        "IV.2",
        "IV.3",
        "IV.4",
        "IV.5",
        "IV.6",
    ]
    clauses = [row["clause"] for row in DECISION["tasks"] if "group" in row]
    counts = {1: 5, 2: 5, 3: 3, 4: 4, 5: 3, 6: 5}
    assert clauses == [
        f"IV.{group}.{dash}" for group, count in counts.items() for dash in range(1, count + 1)
    ]
    assert Counter(row["group"] for row in DECISION["tasks"] if "group" in row) == counts


def test_part_five_has_its_five_numbered_duties_and_the_last_paragraph():
    clauses = [row["clause"] for row in DECISION["tasks"] if "group" not in row]
    assert clauses == ["V.1", "V.2", "V.3", "V.4", "V.5", "V.6"]


def test_nothing_of_part_four_is_left_out():
    """Title by title and task by task, in order, the part is used up."""
    part = ORIGINAL[
        ORIGINAL.index("IV. NHIỆM VỤ VÀ GIẢI PHÁP THỰC HIỆN") : ORIGINAL.index("V. TỔ CHỨC THỰC HIỆN")
    ]
    rebuilt = "IV. NHIỆM VỤ VÀ GIẢI PHÁP THỰC HIỆN "
    for group in DECISION["task_groups"]:
        rebuilt += f"{group['order']}. {group['title']} "
        rebuilt += "".join(
            f"- {row['text']} " for row in DECISION["tasks"] if row.get("group") == group["order"]
        )
    assert rebuilt == part


def test_nothing_of_part_five_is_left_out():
    part = ORIGINAL[
        ORIGINAL.index("có trách nhiệm: 1. Xây dựng kế hoạch") : ORIGINAL.rindex("/. TM. ỦY BAN NHÂN DÂN")
    ]
    *numbered, last = [row["text"] for row in DECISION["tasks"] if "group" not in row]
    rebuilt = "".join(f"{number}. {text} " for number, text in enumerate(numbered, 1)) + last
    assert part == "có trách nhiệm: " + rebuilt


def test_the_phases_follow_each_other_and_the_second_has_no_end():
    first, second = DECISION["phases"]
    assert first["until"] == second["since"]
    assert "until" not in second
    assert first["since"] == DECISION["campaign"]["decision_on"]


def test_targets_have_the_corridors_of_the_decision():
    targets = {row["code"]: row for row in DECISION["targets"]}
    assert list(targets) == ["T1", "T2", "T3", "T4", "T5", "T6"]
    corridor = {code: (row["direction"], row["floor"], row["ceiling"]) for code, row in targets.items()}
    assert corridor["T2"] == ("down", 3, 5)
    assert corridor["T3"] == ("up", 1, 2)
    assert (targets["T2"]["unit_of_change"], targets["T2"]["reading"]) == ("percent", "relative")
    assert (targets["T3"]["unit_of_change"], targets["T3"]["reading"]) == ("percentage_point", "difference")


def test_what_the_decision_does_not_say_is_marked_as_a_proposal():
    for table in ("recipients", "annexes", "indicators", "sections", *UNNUMBERED):
        assert {row["source"] for row in DECISION[table]} == {"đề xuất"}
    for table in ("legal_bases", "categories", "phases", "targets", "commitments", "task_groups", "tasks"):
        assert not [row for row in DECISION[table] if "source" in row]


@pytest.mark.parametrize(
    "table", [name for name, rows in DECISION.items() if isinstance(rows, list) and name not in UNNUMBERED]
)
def test_rows_are_numbered_without_gaps(table):
    orders = [(row.get("role", ""), row["order"]) for row in DECISION[table]]
    for role in {role for role, _ in orders}:
        mine = [order for other, order in orders if other == role]
        assert mine == list(range(1, len(mine) + 1))


def test_every_figure_refers_to_figures_targets_and_annexes_that_exist():
    figures = {row["code"]: row for row in DECISION["indicators"]}
    assert len(figures) == len(DECISION["indicators"]) == 53
    for row in figures.values():
        assert re.fullmatch(r"[a-z][a-z0-9_]*", row["code"])
        assert row["kind"] in ("count", "yes_no", "date")
        assert (row["kind"] == "count") == bool(row.get("unit_of_measure"))
        assert row.get("target", "T1") in {target["code"] for target in DECISION["targets"]}
        assert row.get("live", "headcount") in {
            "headcount",
            "pledged",
            "leaders",
            "leaders_pledged",
            "new_unpledged",
            "plan_sent",
            "reviewed",
            *(f"{kept}_{number}" for kept in ("kept", "not_kept") for number in range(1, 6)),
        }
        if "at_most" in row:
            assert figures[row["at_most"]]["kind"] == "count"
    assert [row["code"] for row in figures.values() if row.get("by_category")] == ["headcount", "pledged"]
    for target in DECISION["targets"]:
        assert target.get("numerator", "headcount") in figures
        assert target["denominator"] in {*figures, "units"}


def test_figures_are_numbered_inside_their_annexes():
    for annex in DECISION["annexes"]:
        numbers = [row["number"] for row in DECISION["indicators"] if row["annex"] == annex["number"]]
        assert numbers == [f"{annex['number']}.{place}" for place in range(1, len(numbers) + 1)]
    assert [row["number"] for row in DECISION["annexes"]] == ["I", "II", "III", "IV", "V", "VI"]


def test_each_of_the_five_commitments_has_its_figure_of_violations():
    labels = {row["code"]: row["label"] for row in DECISION["indicators"]}
    for number, text in enumerate(COMMITMENTS, 1):
        assert labels[f"violators_{number}"] == f"Trong đó vi phạm về {text.removeprefix('Không ')}"


def test_every_clause_named_by_a_row_is_a_clause_of_the_decision():
    known = {"QĐ", "II.2", "II.3", "III"}
    known |= {row["clause"] for table in ("task_groups", "tasks") for row in DECISION[table]}
    named = {
        row["clause"]
        for rows in DECISION.values()
        for row in (rows if isinstance(rows, list) else [rows])
        if "clause" in row
    }
    assert named <= known


def test_the_outline_has_a_section_for_each_group_of_tasks():
    sections = DECISION["sections"]
    assert [(row["number"], row["group"]) for row in sections if "group" in row] == [
        (f"II.{n}", n) for n in range(1, 7)
    ]
    assert [row["number"] for row in sections if row["level"] == 1] == ["I", "II", "III", "IV", "V"]
    for row in sections:
        assert row["level"] == row["number"].count(".") + 1


def test_the_leader_promises_in_the_words_of_the_decision():
    pledge = DECISION["pledge_text"][0]
    promised, quoted = pledge["leader_clause"].split(), pledge["leader_quote"].split()
    words = iter(promised)
    missing = [word for word in quoted[1:] if word not in words]
    assert missing == []


@pytest.mark.parametrize("name", ["2607.toml", "2607-nguyen-van.txt"])
def test_the_files_are_composed_text_with_plain_line_ends(name):
    text = (FOLDER / name).read_bytes().decode("utf-8")
    assert unicodedata.is_normalized("NFC", text)
    assert "\r" not in text
    assert "\u00a0" not in text


def test_texts_fit_the_columns_that_keep_them():
    assert max(len(row["label"]) for row in DECISION["indicators"]) <= 200
    assert max(len(row.get("help", "")) for row in DECISION["indicators"]) <= 300
    assert max(len(row["text"]) for row in DECISION["commitments"]) <= 200
    assert max(len(row["title"]) for row in DECISION["task_groups"] + DECISION["sections"]) <= 300
