from datetime import UTC, date, datetime

import pytest
from django import forms
from django.template import Context, Template

from vietnamese.templatetags import vietnamese as filters


def test_a_date_field_reads_the_day_first():
    field = forms.DateField()
    for typed in ("05/11/2026", "05-11-2026", "2026-11-05"):
        assert field.clean(typed) == date(2026, 11, 5)


@pytest.mark.parametrize("typed", ["31/02/2026", "11/13/2026", "11/13/26", "Nov 5 2026"])
def test_a_date_field_refuses_what_is_no_day_of_the_calendar(typed):
    with pytest.raises(forms.ValidationError):
        forms.DateField().clean(typed)


def test_pages_print_dates_and_numbers_as_people_here_write_them():
    page = Template("{{ day }} {{ day|date:'SHORT_DATE_FORMAT' }} {{ rate }} {{ rate|floatformat:'1g' }}")
    printed = page.render(Context({"day": date(2026, 11, 5), "rate": 1234567.5}))
    assert printed == "05/11/2026 05/11/2026 1234567,5 1.234.567,5"


def test_the_filters_load_by_the_name_of_the_language():
    page = Template("{% load vietnamese %}{{ day|statutory_date }} {{ done|share:all }} {{ n|grouped }}")
    printed = page.render(Context({"day": date(2026, 2, 5), "done": 1204, "all": 1250, "n": 1234}))
    assert printed == "ngày 05 tháng 02 năm 2026 1.204/1.250 (96,3%) 1.234"


def test_every_filter_prints_its_value():
    assert filters.statutory_date(date(2026, 1, 5)) == "ngày 05 tháng 01 năm 2026"
    assert filters.short_date(date(2026, 1, 5)) == "05/01/2026"
    assert filters.moment(datetime(2026, 11, 15, 3, 24, tzinfo=UTC)) == "10:24 ngày 15/11/2026"
    assert filters.grouped(1234) == "1.234"
    assert filters.share(3, 8) == "3/8"


def test_filters_print_nothing_for_a_missing_value_and_zero_for_zero():
    assert filters.statutory_date(None) == filters.short_date(None) == filters.moment(None) == ""
    assert filters.grouped(None) == filters.share(None, 8) == filters.share(3, None) == ""
    assert filters.grouped(0) == "0"
    assert filters.share(0, 0) == "0/0"
