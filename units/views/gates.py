"""What stops a person who is signed in before the page itself is asked: entered into `ledger.views.gates` (apps.py)."""

from urllib.parse import urlencode

from django.contrib.auth import logout
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse

from ledger.views import PortalView, ask_to_sign_in, typed_in
from units import sessions

POST_ENDED = "Phiên làm việc đã kết thúc vì chức vụ sau không còn: {posts}. Đăng nhập lại để làm việc tiếp."
IDLE_TOO_LONG = "Phiên trên máy dùng chung đã tự kết thúc sau 15 phút không thao tác."


def leave_nothing(response: HttpResponse) -> HttpResponse:
    """Takes from the browser what pages have left there; cookies go with the session (and only ours, not those of
    other systems under the same domain)."""
    response.headers["Clear-Site-Data"] = '"cache", "storage"'
    return response


def session_holds(request: HttpRequest, view: PortalView) -> HttpResponse | None:
    """A session ends when a post ends (rule R21), and on a shared machine when nobody is there any more."""
    if gone := sessions.ended_posts(request):
        return _end(request, POST_ENDED.format(posts="; ".join(gone)))
    if sessions.has_idled(request.session):
        return leave_nothing(_end(request, IDLE_TOO_LONG))
    return None


def factor_given(request: HttpRequest, view: PortalView) -> HttpResponse | None:
    """Without the second factor, where one is needed, no page answers but those that take it (`before_factor`)."""
    if getattr(view, "before_factor", False) or not sessions.awaits_factor(request):
        return None
    back = request.get_full_path() if hasattr(view, "get") else reverse("home")
    address = f"{reverse('factor_check')}?{urlencode({'next': back})}"
    if typed := typed_in(request):
        return render(request, "errors/factor_first.html", {"typed": typed, "address": address}, status=401)
    if "HX-Request" in request.headers:
        return HttpResponse(status=204, headers={"HX-Refresh": "true"})
    return redirect(address)


def _end(request: HttpRequest, sentence: str) -> HttpResponse:
    logout(request)
    return ask_to_sign_in(request, sentence)
