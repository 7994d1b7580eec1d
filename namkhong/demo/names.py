"""Names such as people of Huế bear, put together by chance: none is meant to be a real person's."""

from namkhong.demo.dice import Dice

FAMILY = {
    "Nguyễn": 290, "Trần": 105, "Lê": 105, "Phạm": 40, "Phan": 52, "Hoàng": 46, "Huỳnh": 10, "Võ": 38, "Đặng": 32,
    "Hồ": 42, "Trương": 28, "Ngô": 22, "Dương": 16, "Bùi": 16, "Đỗ": 16, "Đoàn": 12, "Cao": 12, "Châu": 8, "Mai": 11,
    "Hà": 9, "Văn": 8, "Lương": 6, "Đinh": 7, "Trịnh": 5, "Thái": 6, "Tống": 4, "La": 3, "Lý": 4, "Ưng": 2,
    "Nguyễn Khoa": 5, "Nguyễn Đăng": 6, "Hồ Đắc": 4, "Thân Trọng": 4, "Hà Thúc": 4, "Lê Bá": 5, "Trần Đình": 6,
    "Đặng Huy": 3,
}  # fmt: skip
ROYAL = 0.045
ROYAL_MEN = {"Tôn Thất": 60, "Nguyễn Phước": 22, "Nguyễn Phúc": 6, "Vĩnh": 5, "Bửu": 4, "Bảo": 3}
ROYAL_WOMEN = {
    "Tôn Nữ": 42, "Công Tằng Tôn Nữ": 20, "Công Huyền Tôn Nữ": 12, "Huyền Tôn Nữ": 6, "Nguyễn Phước": 14,
    "Tôn Nữ Thị": 6,
}  # fmt: skip
MIDDLE_MEN = [
    "Văn", "Văn", "Văn", "Đình", "Hữu", "Quang", "Xuân", "Đức", "Công", "Viết", "Minh", "Thanh", "Quốc", "Ngọc", "Duy",
    "Anh", "Thế", "Trọng", "Phước", "Nhật", "Hoàng", "Khắc", "Như", "Bảo", "Tấn", "",
]  # fmt: skip
MIDDLE_WOMEN = ["Thị", "Thị", "Thị", "Thị", "Thị", "", "Thị Mỹ", "Hoàng", "Ngọc", "Diệu", "Nguyễn"]
GIVEN_MEN = [
    "An", "Anh", "Ánh", "Ân", "Ấn", "Bảo", "Bình", "Chiến", "Chương", "Cường", "Danh", "Dũng", "Duy", "Đạt", "Định",
    "Đông", "Đức", "Giang", "Hải", "Hậu", "Hiền", "Hiếu", "Hòa", "Hoàng", "Hùng", "Huy", "Hưng", "Khánh", "Khoa",
    "Kiên", "Lâm", "Lập", "Linh", "Long", "Lộc", "Luân", "Lực", "Mẫn", "Minh", "Nam", "Nghĩa", "Nhân", "Nhật", "Phong",
    "Phú", "Phúc", "Phương", "Quân", "Quang", "Quý", "Sang", "Sĩ", "Sơn", "Sỹ", "Tài", "Tâm", "Tân", "Thạch", "Thái",
    "Thành", "Thảo", "Thắng", "Thi", "Thiện", "Thịnh", "Thông", "Thuận", "Thủy", "Thụy", "Tiến", "Tín", "Toàn", "Trí",
    "Triều", "Trung", "Trường", "Tú", "Tuấn", "Tùng", "Út", "Ưu", "Văn", "Vinh", "Vũ", "Vương", "Vỹ", "Ý",
]  # fmt: skip
FIRST_OF_TWO = [
    "Minh", "Quang", "Hoàng", "Gia", "Anh", "Đăng", "Nhật", "Trung", "Chí", "Thành", "Quốc", "Bảo", "Thiên", "Hồng",
]  # fmt: skip
GIVEN_WOMEN = [
    "An", "Anh", "Ánh", "Ẩn", "Bé", "Bích", "Châu", "Chi", "Cúc", "Diễm", "Diệu", "Dung", "Duyên", "Đào", "Giang", "Hà",
    "Hải", "Hạnh", "Hằng", "Hiền", "Hiếu", "Hoa", "Hòa", "Hoài", "Hồng", "Huệ", "Hương", "Hường", "Huyền", "Khánh",
    "Khuyên", "Kiều", "Lài", "Lan", "Lành", "Lệ", "Liên", "Liễu", "Linh", "Loan", "Ly", "Mai", "Mận", "Minh", "My",
    "Mỹ", "Nga", "Ngân", "Ngọc", "Nguyên", "Nhàn", "Nhạn", "Nhi", "Nhung", "Nữ", "Oanh", "Phúc", "Phương", "Phượng",
    "Quế", "Quý", "Quyên", "Quỳnh", "Sen", "Sương", "Tâm", "Thanh", "Thảo", "Thơ", "Thơm", "Thu", "Thủy", "Thúy",
    "Thùy", "Thư", "Thương", "Tình", "Trà", "Trang", "Trâm", "Trinh", "Tuyền", "Tuyết", "Út", "Uyên", "Vân", "Vi", "Vy",
    "Xuân", "Ý", "Yến",
]  # fmt: skip
BEFORE_WOMEN = [
    "Thanh", "Thu", "Ngọc", "Minh", "Kim", "Phương", "Diệu", "Hồng", "Mỹ", "Hoài", "Bích", "Ái", "Quỳnh", "Thùy",
    "Như", "Bảo", "Tuyết", "Xuân", "Lan", "Cẩm", "Tường", "Đông",
]  # fmt: skip

# Tà Ôi, Pa Cô, Bru - Vân Kiều and Cơ Tu of A Lưới and Nam Đông.
HIGHLAND_FAMILY = {
    "Hồ": 40, "Kăn": 6, "A Viết": 10, "Ra Pát": 8, "Lê": 4, "Nguyễn": 6, "Trần": 3, "A Rất": 4, "A Moong": 3, "Ta Dưr": 4,
    "Ta Rương": 3, "Blúp": 2, "Pơloong": 2, "Ra Đươi": 2, "Pa Riêl": 2, "Kê": 2, "A Đớt": 1, "Quỳnh": 2, "Viên": 2,
}  # fmt: skip
HIGHLAND_MEN = [
    "A Bắc", "A Hơn", "A Nun", "A Ting", "Văn Nghĩa", "Văn Hợp", "Xuân Thạch", "Văn Sa", "Đức Mơ", "Văn Niêng", "Xuân Lới",
    "Văn Dươn", "Xuân Treng", "Văn Ngờm", "Minh Đời", "Quốc Phia", "Văn Ku Đơng", "Mạnh Giang", "Thanh Phiên",
]  # fmt: skip
HIGHLAND_WOMEN = [
    "Thị Kăn Đờn", "Thị Kăn Nghi", "Thị Kăn Hương", "Thị Lịch", "Thị Sương", "Thị Mươn", "Thị Bôn", "Thị Ngọc Hà", "Thị Thêm",
    "Thị Nhiếp", "Thị Tư Rưn", "Thị Dần", "Thị Ka Lan", "Thị Nới", "Thị Blươi", "Thị Hrê", "Thị Tâm", "Thị Kim Oanh",
]  # fmt: skip
# Written with an apostrophe, as some families do.
HIGHLAND_RARE = ["Ka'Nhơi", "Y'Lăng", "A'Ting", "Thị H'Rưn", "Kăn N'Đưng"]


class Names:
    """Full names, one after another. The same name may come twice, as it does in life."""

    def __init__(self, dice: Dice) -> None:
        self.dice = dice

    def next(self, *, highland: bool = False, woman: bool | None = None) -> str:
        if woman is None:
            woman = self.dice.happens(0.56)
        if highland and self.dice.happens(0.6):
            return self._highland(woman)
        if self.dice.happens(ROYAL):
            return self._royal(woman)
        return self._common(woman)

    def _common(self, woman: bool) -> str:
        middle = self.dice.choice(MIDDLE_WOMEN if woman else MIDDLE_MEN)
        return _joined(self.dice.weighted(FAMILY), middle, *self._given(woman))

    def _royal(self, woman: bool) -> str:
        family = self.dice.weighted(ROYAL_WOMEN if woman else ROYAL_MEN)
        return _joined(family, *self._given(woman, two=0.75))

    def _highland(self, woman: bool) -> str:
        family = self.dice.weighted(HIGHLAND_FAMILY)
        if self.dice.happens(0.04):
            return _joined(family, self.dice.choice(HIGHLAND_RARE))
        given = self.dice.choice(HIGHLAND_WOMEN if woman else HIGHLAND_MEN)
        # “Kăn” already says that it is a woman's name; “Hồ Thị Kăn …” and “Kăn …” are both written.
        return _joined(
            family, given.removeprefix("Thị Kăn ").removeprefix("Thị ") if family == "Kăn" else given
        )

    def _given(self, woman: bool, two: float = 0.4) -> list[str]:
        """One word or two, never the same word twice."""
        last = self.dice.choice(GIVEN_WOMEN if woman else GIVEN_MEN)
        first = self.dice.choice(BEFORE_WOMEN if woman else FIRST_OF_TWO)
        return [first, last] if first != last and self.dice.happens(two) else [last]


def _joined(*words: str) -> str:
    kept: list[str] = []
    for word in " ".join(words).split():
        if not kept or kept[-1] != word:
            kept.append(word)
    return " ".join(kept)
