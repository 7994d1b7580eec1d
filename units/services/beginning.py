"""The first day of a real province: one account of Sở Nội vụ, which then gives out all others."""

from django.db import transaction

from ledger import clock
from ledger.workflow import StepRefused
from units import activation
from units.models import Category, Post, Unit, User
from units.services.accounts import issue_codes
from units.services.people import employ
from units.services.posts import appoint


@transaction.atomic
def start_province(*, username: str, full_name: str, home_affairs_key: str) -> tuple[User, str]:
    """The first Home Affairs official and the one-time code. Raises StepRefused on demo data or a second start."""
    if User.objects.filter(is_demo=True).exists():
        raise StepRefused("Cơ sở dữ liệu này chứa dữ liệu minh họa: hãy bắt đầu với một cơ sở dữ liệu mới.")
    if Post.objects.filter(kind=Post.Kind.HOME_AFFAIRS, appointments__isnull=False).exists():
        raise StepRefused("Sở Nội vụ đã có tài khoản: người đó cấp các tài khoản khác trên trang của đơn vị.")
    unit = Unit.objects.filter(source_key=home_affairs_key).first()
    root = Unit.objects.filter(kind=Unit.Kind.PROVINCE, until__isnull=True).first()
    if unit is None or root is None:
        raise StepRefused(
            "Chưa có đơn vị nào: chạy `manage.py load_history` rồi `manage.py load_units` trước."
        )
    user = User(username=username.upper(), full_name=full_name)
    user.set_unusable_password()
    user.save()
    today = clock.today()
    employ(user=user, unit=unit, category=Category.CONG_CHUC, since=today, by=None)
    post, _ = Post.objects.get_or_create(
        unit=unit, kind=Post.Kind.HOME_AFFAIRS, title="Chuyên viên", defaults={"scope": root}
    )
    appoint(post=post, user=user, since=today, by=None)
    issue_codes(users=[user], unit=unit, by=None)
    user.refresh_from_db()
    return user, activation.code_of(user.public_id, user.activation.nonce)
