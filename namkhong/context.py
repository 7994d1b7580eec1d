"""What every page knows: whose province this is, what the user may go to, and whether the data is for show."""

from django.urls import reverse

from ledger.prepared import Prepared
from units import sessions
from units.models import Unit, User

# Roll-ups belong to the menu of rounds, whose address is not above theirs.
ROLLUPS = "/bao-cao/tong-hop/"


_PROVINCE = Prepared(
    lambda: (
        Unit.objects.filter(kind=Unit.Kind.PROVINCE, until__isnull=True)
        .order_by("pk")
        .values_list("name", flat=True)[:1]
    )
)
_MADE_UP = Prepared(lambda: User.objects.filter(is_demo=True).values_list("is_demo", flat=True)[:1])


def portal(request) -> dict:
    user = getattr(request, "user", None)
    known = user is not None and user.is_authenticated
    # Who has still to give the second factor has no menu: every page of it would send him back.
    inside = known and not sessions.awaits_factor(request)
    return {
        "province_name": _province_name(),
        "demo_data": bool(_MADE_UP.first()),
        "nav_items": _navigation(user, request.path) if inside else [],
        "user_post": _post(user) if known else "",
        "shared_machine": known and sessions.is_shared(request.session),
    }


def _province_name() -> str:
    return _PROVINCE.first() or "Cuộc vận động"


def _post(user) -> str:
    post = next(iter(user.posts_today), None)
    return f"{post.title}, {post.unit.name}" if post else ""


def _navigation(user, path: str) -> list[dict]:
    rows = [
        ("Việc cần làm", reverse("home"), True),
        (
            "Bản cam kết",
            reverse("pledges:pledge_list"),
            bool(user.posts_of("head", "union_chair", "clerk")) or user.works_for_home_affairs,
        ),
        ("Tỷ lệ ký", reverse("pledges:rate_list"), user.has_perm("pledges.view_rates")),
        ("Kế hoạch", reverse("campaigns:unitplan_list"), bool(user.posts_today)),
        (
            "Báo cáo",
            reverse("reports:unitreport_list"),
            bool(user.posts_of("head", "clerk")) or user.works_for_home_affairs,
        ),
        ("Tổng hợp", reverse("reports:round_list"), user.has_perm("reports.view_board")),
        ("Đơn vị", reverse("units:unit_list"), bool(user.posts_today)),
    ]
    shown = [(label, url) for label, url, may in rows if may]
    path = path.replace(ROLLUPS, reverse("reports:round_list"), 1)
    here = max((url for _, url in shown if path.startswith(url) and url != "/"), key=len, default=path)
    return [{"label": label, "url": url, "current": url == here} for label, url in shown]
