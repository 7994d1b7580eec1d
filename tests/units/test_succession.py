"""Figures of an earlier year on the units of a later day, and the line of succession."""

from datetime import date

import pytest
from hypothesis import given
from hypothesis import strategies as st

from tests.factories import make_unit
from tests.units.acts import DAY, dissolve, existing, merge, new, rename, split, unit_called
from units import succession
from units.models import Reorganisation
from units.services import correct_reorganisation
from units.succession import Share, apportioned, carried

NEXT = date(2026, 8, 1)
BEFORE = date(2026, 1, 1)


def share(predecessor: int, successor: int | None, parts: int = 1, *, act: int = 1, on: date = DAY) -> Share:
    return Share(on, act, predecessor, successor, parts)


# --- Arithmetic


def test_a_merger_sums():
    figures = carried({1: 300, 2: 20, 9: 5}, [share(1, 3), share(2, 3)])
    assert figures.values == {3: 320, 9: 5} and not figures.estimated and not figures.lost


def test_a_split_divides_by_parts_exactly_and_says_that_it_is_an_estimate():
    figures = carried({1: 100}, [share(1, 2, 1), share(1, 3, 1), share(1, 4, 1)])
    assert figures.values == {2: 34, 3: 33, 4: 33} and figures.estimated == {2, 3, 4}


def test_nothing_divided_is_exactly_nothing():
    assert not carried({1: 0}, [share(1, 2), share(1, 3)]).estimated


def test_a_unit_that_continues_keeps_its_part():
    figures = carried({1: 10}, [share(1, 2, 3), share(1, 1, 7)])
    assert figures.values == {1: 7, 2: 3} and figures.estimated == {1, 2}


def test_an_estimate_stays_one_down_the_line():
    rows = [share(1, 2, 3), share(1, 1, 7), share(2, 5, act=2, on=NEXT), share(4, 5, act=2, on=NEXT)]
    figures = carried({1: 10, 4: 100}, rows)
    assert figures.values == {1: 7, 5: 103} and figures.estimated == {1, 5}


def test_two_acts_of_one_day_follow_each_other():
    figures = carried({1: 4, 2: 6}, [share(1, 2), share(2, 3, act=2)])
    assert figures.values == {3: 10}


def test_what_a_dissolved_unit_had_is_named_not_dropped():
    figures = carried({1: 4, 2: 6}, [share(1, 2), share(2, None, act=2, on=NEXT)])
    assert figures.values == {} and figures.lost == {2: 10} and figures.total == 10


@given(st.integers(-(10**9), 10**9), st.lists(st.integers(1, 10**6), min_size=1, max_size=9))
def test_apportioning_conserves_exactly_and_never_strays_by_one(value, parts):
    shares = apportioned(value, parts)
    assert sum(shares) == value
    for got, part in zip(shares, parts, strict=True):
        assert abs(got * sum(parts) - value * part) < sum(parts)


@st.composite
def histories(draw) -> tuple[dict[int, int], list[Share]]:
    """Figures of up to eight units and a random history of mergers, splits and dissolutions over them."""
    figures = {key: draw(st.integers(0, 10**6)) for key in range(draw(st.integers(1, 8)))}
    living, rows, fresh = set(figures), [], 100
    for act in range(draw(st.integers(0, 8))):
        if not living:
            break
        on = date(2025, 1, 1 + act // 2)
        olds = draw(st.lists(st.sampled_from(sorted(living)), min_size=1, max_size=3, unique=True))
        many = draw(st.integers(0, 3)) if len(olds) == 1 else 1
        news = list(range(fresh, fresh + many))
        if many > 1 and draw(st.booleans()):
            news.append(olds[0])
        fresh += many
        parts = [draw(st.integers(1, 50)) for _ in news]
        for old in olds:
            rows += [Share(on, act, old, key, part) for key, part in zip(news, parts, strict=True)]
            if not news:
                rows.append(Share(on, act, old, None, 1))
        living = living - set(olds) | set(news)
    return figures, rows


@given(histories())
def test_whatever_happened_not_one_is_lost_or_added(history):
    figures, rows = history
    rebased = carried(figures, rows)
    assert rebased.total == sum(figures.values())
    assert rebased == carried(dict(reversed(figures.items())), rows), "the same whatever the order of figures"
    assert all(value >= 0 for value in (*rebased.values.values(), *rebased.lost.values()))


# --- On real rows


def test_figures_of_2024_on_todays_tree_are_the_sums_of_the_predecessors(cast, django_assert_num_queries):
    merge(cast.ward, cast.other_ward, into=new("UBND phường Phú Xuân"))
    heir = unit_called("UBND phường Phú Xuân")
    with django_assert_num_queries(1):
        figures = succession.rebase({cast.ward.pk: 300, cast.other_ward.pk: 20}, BEFORE, NEXT)
    assert figures.values == {heir.pk: 320}
    assert succession.rebase({cast.ward.pk: 300}, BEFORE, BEFORE).values == {cast.ward.pk: 300}
    assert succession.rebase({heir.pk: 7}, DAY, NEXT).values == {heir.pk: 7}, "figured after the act"


def test_what_was_joined_is_not_told_apart_again(cast):
    with pytest.raises(ValueError, match="cannot be taken back"):
        succession.rebase({cast.ward.pk: 1}, NEXT, BEFORE)


def test_an_annulled_succession_is_no_longer_followed(cast):
    act = merge(cast.ward, cast.other_ward, into=new("UBND phường Phú Xuân"))
    correct_reorganisation(act=act, decision="Công văn", reason="Nhầm", by=None)
    assert succession.rebase({cast.ward.pk: 300}, BEFORE, NEXT).values == {cast.ward.pk: 300}
    assert succession.line(cast.ward).is_alone


def test_the_line_of_a_unit_from_its_earliest_predecessor_to_its_latest_heir(cast, django_assert_num_queries):
    merge(cast.ward, cast.other_ward, into=new("UBND phường Phú Xuân"))
    middle = unit_called("UBND phường Phú Xuân")
    split(middle, new("UBND phường Đông"), new("UBND phường Tây"), on=date(2026, 8, 1))
    east, west = unit_called("UBND phường Đông"), unit_called("UBND phường Tây")
    rename(cast.other_agency, "Sở Y tế và Dân số")
    with django_assert_num_queries(2):
        line = succession.line(middle)
    assert [[unit.name for unit in layer] for layer in line.layers] == [
        ["UBND phường Kim Long", "UBND xã A Lưới 2"],
        ["UBND phường Phú Xuân"],
        ["UBND phường Đông", "UBND phường Tây"],
    ]
    assert len(line.edges) == 4
    end = succession.line(east)
    assert [len(layer) for layer in end.layers] == [2, 1, 1] and west not in end.layers[-1]


def test_a_unit_that_gave_up_a_part_and_took_it_back_has_a_line_without_end(cast):
    split(cast.ward, new("UBND phường Đông"), continues=True)
    merge(unit_called("UBND phường Đông"), into=existing(cast.ward), on=date(2026, 8, 1))
    line = succession.line(cast.ward)
    assert sum(len(layer) for layer in line.layers) == 2 and len(line.edges) == 3
    assert succession.rebase({cast.ward.pk: 11}, BEFORE, date(2026, 9, 1)).values == {cast.ward.pk: 11}


def test_a_dissolved_unit_ends_its_line(cast):
    dissolve(cast.ward, existing(cast.other_ward))
    line = succession.line(cast.ward)
    assert [edge.successor for edge in line.edges] == [None] and not line.is_alone
    assert succession.rebase({cast.ward.pk: 9}, BEFORE, NEXT).lost == {cast.ward.pk: 9}


def test_a_unit_to_which_nothing_happened_stands_alone(cast):
    assert succession.line(make_unit("Sở Du lịch")).is_alone
    assert not Reorganisation.objects.exists()
