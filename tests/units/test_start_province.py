"""`manage.py start_province`: the first account of a real province."""

import io

import pytest
from django.core.management import CommandError, call_command

from tests.factories import make_unit, place
from units.models import Post, Unit, User

pytestmark = pytest.mark.django_db


def start(**options: str) -> str:
    out = io.StringIO()
    call_command("start_province", username="001", full_name="Lê Thị An", stdout=out, **options)
    return out.getvalue()


def test_without_units_it_says_what_to_load_and_in_which_order():
    with pytest.raises(CommandError, match=r"load_history.*rồi.*load_units"):
        start()
    assert not User.objects.exists()


def test_the_first_person_is_of_home_affairs_for_the_whole_province():
    province = make_unit("UBND thành phố Huế", kind=Unit.Kind.PROVINCE)
    place(province, None)
    place(make_unit("Sở Nội vụ", source_key="hue-agency:SNV-2025"), province)
    said = start()
    user = User.objects.get()
    assert user.works_for_home_affairs and not user.has_usable_password()
    assert Post.objects.get(kind=Post.Kind.HOME_AFFAIRS).scope == province
    assert "Mã kích hoạt (dùng một lần, 30 ngày)" in said
    with pytest.raises(CommandError, match="Sở Nội vụ đã có tài khoản"):
        start()
