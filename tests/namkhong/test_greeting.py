"""What `make run` shows in the terminal."""

import socket

from namkhong.greeting import Greeting, _bar, table
from scripts.run import free_port

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


def test_a_busy_port_is_passed_over():
    first = free_port()
    with socket.socket() as taken:
        taken.bind(("127.0.0.1", first))
        taken.listen()
        assert free_port() > first
