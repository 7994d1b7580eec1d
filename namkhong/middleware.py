"""Headers that every answer carries, error pages too, and the log line of every request."""

from collections.abc import Callable

from django.conf import settings
from django.http import HttpRequest, HttpResponse
from django_structlog.middlewares import RequestMiddleware

Handler = Callable[[HttpRequest], HttpResponse]


class SafeHeadersMiddleware:
    """Outermost: even what another middleware refuses (a wrong Host) is answered safely (rule R35)."""

    def __init__(self, get_response: Handler) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        response = self.get_response(request)
        response.headers.setdefault("X-Content-Type-Options", "nosniff")
        response.headers.setdefault("Referrer-Policy", settings.SECURE_REFERRER_POLICY)
        response.headers.setdefault("Cross-Origin-Opener-Policy", "same-origin")
        response.headers.setdefault("Cross-Origin-Resource-Policy", "same-origin")
        response.headers.setdefault("X-Frame-Options", settings.X_FRAME_OPTIONS)
        return response


class PrivatePagesMiddleware:
    """Whatever belongs to a session is kept by no cache, neither the browser's nor a proxy's (rule R35)."""

    def __init__(self, get_response: Handler) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        response = self.get_response(request)
        cookie = settings.SESSION_COOKIE_NAME
        if cookie in request.COOKIES or cookie in response.cookies:
            response.headers["Cache-Control"] = "no-store, private"
        return response


class RequestLogMiddleware(RequestMiddleware):
    """One line per request: method and path. Query strings hold what people search for and are left out (rule R42)."""

    @staticmethod
    def format_request(request: HttpRequest) -> str:
        return f"{request.method} {request.path}"


def client_address(request: HttpRequest) -> str:
    """The address that the outermost of our own proxies saw (rule R37).

    What a client itself writes into X-Forwarded-For stands further left and is not believed; without proxies the
    header is not read at all.
    """
    count = settings.TRUSTED_PROXIES
    told = request.META.get("HTTP_X_FORWARDED_FOR", "").split(",")
    passed = [part.strip() for part in told if part.strip()]
    if count and len(passed) >= count:
        return passed[-count]
    return request.META.get("REMOTE_ADDR", "")
