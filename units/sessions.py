"""What a session carries beside the person: proofs, the posts held when it began, and whether the machine is shared.

Nothing here gives a right (rule R21): rights are read from posts at every request. A session only knows what ends it,
so that no request pays a query for it.
"""

from datetime import datetime, timedelta
from typing import Any

from django.http import HttpRequest

from ledger import clock
from units import factors
from units.models import User

POSTS = "posts_held"
FACTOR = "second_factor"
FACTOR_DUE = "second_factor_due"
SHARED = "shared_machine"
SEEN = "seen_at"

IDLE = timedelta(minutes=15)
SEEN_EVERY = timedelta(minutes=1)


def begin(session: Any, user: User, *, shared: bool = False) -> None:
    """After the password or the activation code. One query: whether the person has a second factor."""
    for key in (FACTOR, SHARED, SEEN):
        session.pop(key, None)
    session[POSTS] = held_by(user)
    session[FACTOR_DUE] = factors.device_of(user) is not None
    if shared:
        session[SHARED], session[SEEN] = True, clock.now().isoformat()
        # Until the browser is closed; the idle time is watched here.
        session.set_expiry(0)


def mark_factor(session: Any, device: Any) -> None:
    """`device` of django-otp has just accepted a code. Whoever loses the device loses all sessions (session_epoch)."""
    session[FACTOR] = device.persistent_id
    session[FACTOR_DUE] = False


def forget_factor(session: Any) -> None:
    session.pop(FACTOR, None)
    session[FACTOR_DUE] = False


def has_given_factor(session: Any) -> bool:
    return bool(session.get(FACTOR))


def awaits_factor(request: HttpRequest) -> bool:
    """Before this request goes on, a code is to be given, or a device to be set up: Home Affairs always, leadership
    when it acts, and whoever has a device.
    """
    session: Any = request.session
    user: Any = request.user
    if has_given_factor(session):
        return False
    acting = request.method == "POST" and user.leads_the_province
    return bool(session.get(FACTOR_DUE) or user.works_for_home_affairs or acting)


def ended_posts(request: HttpRequest) -> list[str]:
    """Posts that the person held in this session and does not hold any more. New ones are watched from now on."""
    session: Any = request.session
    user: Any = request.user
    known, now = session.get(POSTS, {}), held_by(user)
    gone = [title for key, title in known.items() if key not in now]
    if not gone and known.keys() != now.keys():
        session[POSTS] = now
    return gone


def is_shared(session: Any) -> bool:
    return bool(session.get(SHARED))


def has_idled(session: Any) -> bool:
    """Nobody was at the shared machine for a quarter of an hour; otherwise notes that somebody is."""
    if not is_shared(session):
        return False
    moment = clock.now()
    since = moment - datetime.fromisoformat(session[SEEN])
    if since > IDLE:
        return True
    if since > SEEN_EVERY:
        session[SEEN] = moment.isoformat()
    return False


def held_by(user: User) -> dict[str, str]:
    return {str(vars(post)["appointment_id"]): f"{post.title}, {post.unit.name}" for post in user.posts_today}
