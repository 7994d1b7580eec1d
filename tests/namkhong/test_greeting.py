"""What `make run` shows in the terminal."""

import json
import socket

from namkhong.greeting import Greeting, _bar, table
from scripts.run import free_port
from tests.factories import make_user
from units.services.factors import give_demo_device

ACCOUNTS = [
    {
        "role": "Thủ trưởng",
        "username": "CB001",
        "password": "bốn-từ",
        "name": "Hồ Văn Hạnh",
        "unit": "xã A Lưới 1",
    },
    {"role": "Công chức", "username": "CB23456", "password": "x", "name": "Kê Sửu", "unit": "Sở Nội vụ"},
]


def test_accounts_stand_in_columns_under_their_names():
    lines = table(ACCOUNTS).splitlines()
    assert [lines[0].index(word) for word in ("Tên đăng nhập", "Mật khẩu", "Đơn vị")] == [
        lines[2].index(word) for word in ("CB001", "bốn-từ", "xã A")
    ]
    assert lines[3].index("Kê Sửu") == lines[2].index("Hồ Văn Hạnh")


def test_the_bar_is_full_only_at_the_end():
    assert _bar(0, 0).endswith("] 0/?")
    assert "·" in _bar(9, 10)
    assert "·" not in _bar(10, 10)


def test_no_passwords_are_printed_where_there_is_no_demo_province(settings, tmp_path):
    settings.VAR = tmp_path
    said = []
    assert Greeting(say=said.append, is_terminal=False).show_accounts()
    assert said == ["\nCtrl-C để dừng."]


def test_accounts_with_a_second_factor_are_told_with_the_command_that_prints_their_code(
    db, settings, tmp_path
):
    settings.VAR = tmp_path
    asked, other = make_user("Người Một", is_demo=True), make_user("Người Hai", is_demo=True)
    give_demo_device(user=asked)
    rows = [{"role": "Sở Nội vụ", "username": asked.username}, {"role": "Khác", "username": other.username}]
    (tmp_path / "demo-accounts.json").write_text(json.dumps(rows))
    said: list[str] = []
    Greeting(say=said.append, is_terminal=False).show_accounts()
    told = said[1]
    assert f"Sở Nội vụ: make code ACCOUNT={asked.username}" in told
    assert other.username not in told


def test_a_busy_port_is_passed_over():
    first = free_port()
    with socket.socket() as taken:
        taken.bind(("127.0.0.1", first))
        taken.listen()
        assert free_port() > first
