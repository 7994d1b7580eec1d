"""Sums over the tree: grouped by unit, climbed once, equal to counting every subtree by hand."""

from datetime import date

from hypothesis import given
from hypothesis import strategies as st

from reports.rollup.totals import add_up, cell, rate, with_wholes
from units.models import Placement
from units.tree import Tree

DAY = date(2026, 11, 15)
CODES = ("headcount:", "pledged:", "meetings:")


@st.composite
def trees(draw) -> Tree:
    """A tree of up to 12 units; unit 1 is the root, every other one hangs below an earlier one."""
    size = draw(st.integers(1, 12))
    parents = {1: None} | {unit: draw(st.integers(1, unit - 1)) for unit in range(2, size + 1)}
    return Tree(DAY, {unit: Placement(unit_id=unit, parent_id=parent) for unit, parent in parents.items()})


@st.composite
def reported_trees(draw):
    members = draw(trees())
    figures = st.dictionaries(st.sampled_from(CODES), st.integers(0, 10_000), max_size=3)
    values = draw(st.dictionaries(st.sampled_from(sorted(members.placements)), figures, max_size=12))
    return members, values


def below(members: Tree, top: int) -> list[int]:
    return [unit for unit in members.placements if top in members.path(unit)]


@given(reported_trees())
def test_every_node_has_the_sum_of_its_subtree_and_the_number_of_units_behind_it(reported):
    members, values = reported
    totals = add_up(values, members)
    for node in members.placements:
        under = [values[unit] for unit in below(members, node) if unit in values]
        by_hand = {
            code: [
                sum(cells[code] for cells in under if code in cells),
                sum(code in cells for cells in under),
            ]
            for code in CODES
            if any(code in cells for cells in under)
        }
        assert totals.at(node) == by_hand


@given(reported_trees())
def test_branches_add_up_to_the_whole(reported):
    members, values = reported
    totals = add_up(values, members)
    first = [unit for unit, row in members.placements.items() if row.parent_id == 1]
    for code in CODES:
        parts = [totals.at(unit).get(code, [0, 0]) for unit in first]
        own = values.get(1, {})
        whole = totals.at(1).get(code, [0, 0])
        assert whole == [
            sum(part[0] for part in parts) + own.get(code, 0),
            sum(part[1] for part in parts) + (code in own),
        ]


@given(st.lists(st.dictionaries(st.sampled_from(CODES), st.integers(0, 1000)), max_size=20))
def test_a_rate_counts_only_units_that_have_both_figures(units):
    both = [cells for cells in units if "pledged:" in cells and "headcount:" in cells]
    assert rate(units, "pledged", "headcount") == [
        sum(cells["pledged:"] for cells in both),
        sum(cells["headcount:"] for cells in both),
        len(both),
    ]


def test_the_whole_of_an_indicator_by_category_is_the_sum_of_its_categories():
    cells = {cell("headcount", "can_bo"): 3, cell("headcount", "vien_chuc"): 40, cell("meetings"): 2}
    assert with_wholes(cells, ["headcount", "pledged"]) == cells | {cell("headcount"): 43}
