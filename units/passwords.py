"""Passwords that anyone who knows the person or the campaign would try first (rule R36)."""

from django.core.exceptions import ValidationError

from vietnamese.keys import search_key

CONTEXT_WORDS = (
    "namkhong",
    "noikhong",
    "tieucuc",
    "canbo",
    "congchuc",
    "vienchuc",
    "matkhau",
    "thuathienhue",
    "sonoivu",
    "2607",
)


class NotGuessable:
    """Refuses passwords made of the person's own name or code, of the campaign's words, or of one letter repeated."""

    def validate(self, password: str, user=None) -> None:
        folded = search_key(password).replace(" ", "")
        words = [word for word in CONTEXT_WORDS if word in folded]
        name = search_key(user.full_name) if user is not None else ""
        own = [user.username.lower(), name.replace(" ", ""), *name.split()] if user is not None else []
        words += [word for word in own if len(word) >= 4 and word in folded]
        rest = folded
        for word in words:
            rest = rest.replace(word, "")
        if len(set(folded)) < 5 or (words and len(set(rest)) < 5):
            raise ValidationError(self.get_help_text(), code="guessable")

    def get_help_text(self) -> str:
        return "Mật khẩu quá dễ đoán: không dùng họ tên, mã số, tên cuộc vận động hay một ký tự lặp lại."
