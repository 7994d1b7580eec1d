"""What a letter says: that something waits and where to log in; nobody's name, nothing of the matter (feature Z13)."""

from collections.abc import Callable, Iterable
from datetime import date
from email.utils import parseaddr

from django.conf import settings
from django.core.mail import EmailMessage
from django.db.models import Count

from ledger.register import Register
from notices.models import Digest

SUBJECT = "Cổng Năm Không: có việc đang chờ ông/bà"
GREETING = "Kính gửi ông/bà,\n\nTrên Cổng Năm Không đang có việc chờ ông/bà:"
CLOSING = (
    "Thư do cổng tự động gửi, mỗi ngày nhiều nhất một thư; xin không trả lời thư này. Cổng không bao giờ hỏi mật "
    "khẩu qua thư. Đổi hoặc xóa địa chỉ nhận thư tại mục “Thư điện tử” của tài khoản."
)

# Kind of a line → of these people, to whom it still applies on that day. A letter is asked before it leaves: who has
# done his part meanwhile gets none. Lines of a kind that nobody entered hold.
still: Register[Callable[[Iterable[int]], set[int]]] = Register("notices.still")


def letter(digest: Digest, address: str, sentences: list[str]) -> EmailMessage:
    """`Message-ID` is the digest's own, so that a mail server that sees it twice knows it."""
    said = "\n".join(f"- {sentence}" for sentence in sentences)
    body = f"{GREETING}\n\n{said}\n\nĐăng nhập để xem: {settings.BASE_URL}/\n\n{CLOSING}\n"
    domain = parseaddr(settings.DEFAULT_FROM_EMAIL)[1].rpartition("@")[2] or "localhost"
    headers = {"Message-ID": f"<{digest.public_id}@{domain}>", "Auto-Submitted": "auto-generated"}
    return EmailMessage(SUBJECT, body, settings.DEFAULT_FROM_EMAIL, [address], headers=headers)


def holding(kind: str, user_ids: set[int]) -> set[int]:
    asked = dict(still).get(kind)
    return asked(user_ids) if asked else user_ids


def tally(on: date) -> list[tuple[str, int]]:
    """The letters of a day by what became of them, for who answers for the mail; one query, no addresses."""
    rows = Digest.objects.filter(on=on).order_by().values_list("status").annotate(Count("pk"))
    counts = dict(rows)
    return [(str(status.label), counts[status.value]) for status in Digest.Status if status.value in counts]
