"""The policy of the portal: no route without a row, no row without a route."""

import re
from pathlib import Path

import pytest
from django.urls import URLPattern, URLResolver, get_resolver

from ledger.views import METHODS, PUBLIC, SIGNED_IN, PortalView
from namkhong.permissions import PERMISSIONS

ROOT = Path(__file__).resolve().parent.parent.parent


def routes(resolver=None, names: tuple[str, ...] = ()):
    """Every route as (name, view class)."""
    for entry in (resolver or get_resolver()).url_patterns:
        if isinstance(entry, URLResolver):
            yield from routes(entry, (*names, entry.namespace) if entry.namespace else names)
        elif isinstance(entry, URLPattern):
            yield ":".join([*names, entry.name or "?"]), getattr(entry.callback, "view_class", None)


ROUTES = sorted(routes(), key=lambda route: route[0])


def policy_of(view) -> dict[str, str]:
    return dict(view.permissions)


@pytest.mark.parametrize(("name", "view"), ROUTES, ids=[name for name, _ in ROUTES])
def test_every_route_and_method_has_a_row_in_the_policy(name, view):
    assert view is not None and issubclass(view, PortalView), f"{name} is not a portal view"
    for method in METHODS:
        if hasattr(view, method.lower()):
            declared = policy_of(view)[method]
            assert declared in {PUBLIC, SIGNED_IN} or declared in PERMISSIONS, f"{name} {method}"


def test_a_view_without_a_declared_policy_does_not_import():
    with pytest.raises(Exception, match="declares"):

        class Undeclared(PortalView):
            def get(self, request):
                raise NotImplementedError


def test_every_row_of_the_policy_is_asked_somewhere():
    used = {permission for _, view in ROUTES for permission in policy_of(view).values()}
    for app in ("units", "campaigns", "pledges", "reports", "namkhong", "templates"):
        for path in (ROOT / app).rglob("*.*"):
            if path.suffix in {".py", ".html"} and path.name != "permissions.py":
                used |= set(re.findall(r"[\"']([a-z]+\.[a-z_]+)[\"']", path.read_text()))
    assert set(PERMISSIONS) - used == set()


def test_an_unknown_permission_is_an_error_not_a_silent_no(cast):
    with pytest.raises(LookupError):
        cast.head.has_perm("reports.no_such_act")
